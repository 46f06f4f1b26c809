package annotations_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_annotation.test"

// getAnnotation reads an annotation of input i of the test's app.
var getAnnotation acctest.Get[clarifai.Annotation] = func(
	client *clarifai.Client, ctx context.Context, app clarifai.AppRef, id string,
) (*clarifai.Annotation, error) {
	return client.GetAnnotation(ctx, app, "i", id)
}

var (
	holds = acctest.Stored(getAnnotation)
	gone  = acctest.Gone(getAnnotation)
)

// annotated is an Env with an image i and a text t.
func annotated(t *testing.T, options ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	env.AddInput(env.App.AppID,
		clarifai.Input{ID: "i", Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://samples.clarifai.com/metro-north.jpg"}}})
	env.AddInput(env.App.AppID, clarifai.Input{ID: "t", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "The train was late."}}})
	return env
}

func config(env *acctest.Env, body string) string {
	return env.Config(`resource "clarifai_annotation" "test" {
  input_id = "i"
  id = "car-1"
` + body + `
}`)
}

const box = `concepts = { car = 1 }
  bounding_box = { top_row = 0.1, left_col = 0.2, bottom_row = 0.3000000001, right_col = 1.0 }
`

func boxIs(top, right float64) func(*clarifai.Annotation) error {
	return func(a *clarifai.Annotation) error {
		if len(a.Data.Regions) != 1 {
			return fmt.Errorf("the service holds %d regions", len(a.Data.Regions))
		}
		b := a.Data.Regions[0].RegionInfo.BoundingBox
		if b == nil || b.TopRow != clarifai.NewFloat(top) || b.RightCol != clarifai.NewFloat(right) {
			return fmt.Errorf("the service holds the box %+v", b)
		}
		return nil
	}
}

func TestAccAnnotation_basic(t *testing.T) {
	env := annotated(t)
	inPlace := acctest.Plans(address, plancheck.ResourceActionUpdate)
	env.Case(t, resource.TestCase{
		CheckDestroy: gone(env, "car-1"),
		Steps: []resource.TestStep{
			{
				Config: config(env, box+`annotation_info = jsonencode({ source = "survey", row = 1.0 })`),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("status"), knownvalue.StringExact("success")),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("worker_user_id"), knownvalue.NotNull()),
				},
				Check: holds(env, "car-1", boxIs(0.1, 1)),
			},
			{ResourceName: address, ImportState: true, ImportStateId: "i/car-1", ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id",
				ImportStateVerifyIgnore: []string{"bounding_box.bottom_row", "deletion_policy"}}, // shown as the 32-bit float that the API holds
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: env.App.AppID + "/i/car-1"},
			{
				Config:           config(env, strings.Replace(box, "0.1,", "0.15,", 1)+`annotation_info = jsonencode({ source = "survey" })`),
				ConfigPlanChecks: inPlace,
				Check:            holds(env, "car-1", boxIs(0.15, 1)),
			},
			{ // somebody moves the box
				PreConfig: func() {
					moved := clarifai.Annotation{ID: "car-1", InputID: "i",
						Data: &clarifai.Data{Regions: []clarifai.Region{{RegionInfo: &clarifai.RegionInfo{
							BoundingBox: &clarifai.BoundingBox{TopRow: 0.5, LeftCol: 0.2, BottomRow: 0.6, RightCol: 1},
						}}}}}
					if _, err := env.Client.PatchAnnotations(t.Context(), env.App, clarifai.PatchAnnotationsRequest{
						Annotations: []clarifai.Annotation{moved}, Action: clarifai.ActionOverwrite,
					}); err != nil {
						t.Fatal(err)
					}
				},
				Config:           config(env, strings.Replace(box, "0.1,", "0.15,", 1)+`annotation_info = jsonencode({ source = "survey" })`),
				ConfigPlanChecks: inPlace,
				Check:            holds(env, "car-1", boxIs(0.15, 1)),
			},
			{
				Config: config(env, `concepts = { car = 1 }
point = { row = 0.5, col = 0.5 }`),
				ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			},
			{ // somebody deletes it
				PreConfig: func() {
					if err := env.Client.DeleteAnnotation(t.Context(), env.App, "i", "car-1"); err != nil {
						t.Fatal(err)
					}
				},
				Config: config(env, `concepts = { car = 1 }
point = { row = 0.5, col = 0.5 }`),
				ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
			},
		},
	})
}

// Every kind of annotation is created, imported without a change, and listed.
func TestAccAnnotation_kinds(t *testing.T) {
	env := annotated(t)
	env.AddInput(env.App.AppID,
		clarifai.Input{ID: "v", Data: &clarifai.Data{Video: &clarifai.Video{URL: "https://samples.clarifai.com/beer.mp4"}}})
	mask := filepath.Join(t.TempDir(), "mask.png")
	writeMask := func(text string) {
		if err := os.WriteFile(mask, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	writeMask("one")
	kinds := map[string]string{
		"polygon":   `input_id = "i"; polygon = [{ row = 0, col = 0 }, { row = 0, col = 1 }, { row = 1, col = 0.5 }]`,
		"point":     `input_id = "i"; point = { row = 0.25, col = 0.75, visibility = "NOT_VISIBLE" }`,
		"keypoints": `input_id = "i"; keypoints = [{ row = 0.25, col = 0.75 }, { row = 0, col = 0, visibility = "NOT_PRESENT" }]`,
		"whole":     `input_id = "i"`,
		"caption":   `input_id = "i"; text = "a train"`,
		"span":      `input_id = "t"; span = { char_start = 4, char_end = 9, raw_text = "train" }`,
		"frame": `input_id = "v"; frame = { time_ms = 1000, number = 25 }; bounding_box = { top_row = 0, left_col = 0, bottom_row = ` +
			`0.5, right_col = 0.5 }; track_id = "one"`,
		"segment": `input_id = "v"; time_segment = { begin_seconds = 0.5, end_seconds = 2 }`,
	}
	var all, imports strings.Builder
	for name, body := range kinds {
		fmt.Fprintf(&all, `resource "clarifai_annotation" %[1]q {
  id = %[1]q
  concepts = { thing = 1, other = 0 }
  %[2]s
}
`, name, strings.ReplaceAll(body, "; ", "\n  "))
		input := regexp.MustCompile(`input_id = "(.)"`).FindStringSubmatch(body)[1]
		fmt.Fprintf(&imports, `import {
  to = clarifai_annotation.%s
  id = "%s/%s"
}
`, name, input, name)
	}
	withMask := fmt.Sprintf(`resource "clarifai_annotation" "mask" {
  id = "mask"
  input_id = "i"
  concepts = { thing = 1 }
  mask = { file = %q }
}
`, mask)
	env.Test(t,
		resource.TestStep{Config: env.Config(all.String() + withMask)},
		resource.TestStep{
			PreConfig:        func() { writeMask("two") },
			Config:           env.Config(all.String() + withMask),
			ConfigPlanChecks: acctest.Plans("clarifai_annotation.mask", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			Config: env.Config(all.String() + withMask + `
data "clarifai_annotations" "all" {}
data "clarifai_annotations" "text" { input_ids = ["t"] }
data "clarifai_annotation" "span" {
  input_id = "t"
  id       = "span"
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.clarifai_annotations.all", tfjsonpath.New("annotations"), knownvalue.ListSizeExact(len(kinds)+1)),
				statecheck.ExpectKnownValue("data.clarifai_annotations.text", tfjsonpath.New("annotations"), knownvalue.ListSizeExact(1)),
				statecheck.ExpectKnownValue("data.clarifai_annotation.span", tfjsonpath.New("span").AtMapKey("raw_text"),
					knownvalue.StringExact("train")),
			},
		},
		resource.TestStep{Config: env.Config(`removed {
  from = clarifai_annotation.mask
  lifecycle { destroy = false }
}
` +
			removed(kinds))},
		resource.TestStep{
			Config:           env.Config(all.String() + imports.String()),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{noOp(kinds)}},
		},
		// Destroying imported annotations is prevented otherwise.
		resource.TestStep{Config: env.Config(strings.ReplaceAll(all.String(), "  concepts", `  deletion_policy = "delete"
  concepts`))},
	)
}

func removed(kinds map[string]string) string {
	var b strings.Builder
	for name := range kinds {
		fmt.Fprintf(&b, `removed {
  from = clarifai_annotation.%s
  lifecycle { destroy = false }
}
`, name)
	}
	return b.String()
}

// noOp expects that the imports of all kinds change nothing.
type noOp map[string]string

func (n noOp) CheckPlan(ctx context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for name := range n {
		plancheck.ExpectResourceAction("clarifai_annotation."+name, plancheck.ResourceActionNoop).CheckPlan(ctx, req, resp)
		if resp.Error != nil {
			return
		}
	}
}

func TestAccAnnotation_lostResponse(t *testing.T) {
	env := annotated(t)
	fault := env.MustFault(emulator.Fault{Op: "PostAnnotations", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: config(env, box),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 1 || env.Count("PostAnnotations") != 1 {
				return fmt.Errorf("the fault struck %d times, and there were %d creates", env.Struck(fault), env.Count("PostAnnotations"))
			}
			return nil
		},
	})
}

func TestAccAnnotation_alreadyExists(t *testing.T) {
	env := annotated(t)
	_, err := env.Client.PostAnnotations(t.Context(), env.App, []clarifai.Annotation{{ID: "car-1", InputID: "i", Data: &clarifai.Data{
		Concepts: []clarifai.Concept{{ID: "theirs"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	env.Test(t, resource.TestStep{
		Config:      config(env, box),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_annotation\.NAME\s+acme/fleet/i/car-1`),
	})
	if a, err := env.Client.GetAnnotation(t.Context(), env.App, "i", "car-1"); err != nil || a.Data.Concepts[0].ID != "theirs" {
		t.Errorf("the existing annotation is now %+v (%v)", a, err)
	}
}

// Annotations of a collaborator wait for a review, which is neither a failure nor a change.
func TestAccAnnotation_awaitingReview(t *testing.T) {
	env := annotated(t)
	review := func() {
		_, err := env.Client.PatchAnnotations(t.Context(), env.App, clarifai.PatchAnnotationsRequest{
			Annotations: []clarifai.Annotation{{ID: "car-1", InputID: "i", Status: clarifai.Status{Code: 24157}}}, Action: clarifai.ActionMerge,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, status := range []string{"", `status = "success"`} {
		env.Test(t,
			resource.TestStep{Config: config(env, box+status)},
			resource.TestStep{PreConfig: review, Config: config(env, box+status), ConfigPlanChecks: acctest.PlansNothing()},
		)
	}
}

func TestAccAnnotation_invalid(t *testing.T) {
	env := annotated(t)
	for body, want := range map[string]string{
		`bounding_box = { top_row = 0.5, left_col = 0, bottom_row = 0.4, right_col = 1 }`: `inverted`,
		`bounding_box = { top_row = 0, left_col = 0, bottom_row = 1.5, right_col = 1 }`:   `between 0`,
		`polygon = [{ row = 0, col = 0 }, { row = 0, col = 1 }, { row = 0, col = 1 }]`:    `2\s+distinct`,
		`point = { row = 0, col = 0 }
  span = { char_start = 0, char_end = 1 }`: `at\s+most\s+one`,
		`span = { char_start = 4, char_end = 4 }`:               `ends\s+at\s+4`,
		`time_segment = { begin_seconds = 2, end_seconds = 1 }`: `time\s+segment`,
		`mask = {}`:                `exactly\s+one`,
		`status = "perfect"`:       `awaiting_review`,
		"concepts = { car = 1.5 }": `between 0`,
	} {
		env.Test(t, resource.TestStep{Config: config(env, body), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	env.Test(t, resource.TestStep{
		Config:      strings.Replace(config(env, box), `"i"`, `"none"`, 1),
		ExpectError: regexp.MustCompile(`No input "none"`),
	})
	own := env.Annotations(env.App.AppID, "i")[0]
	env.Test(t, resource.TestStep{
		Config: env.Config(fmt.Sprintf(`import {
  to = clarifai_annotation.test
  id = "i/%[1]s"
}
resource "clarifai_annotation" "test" {
  input_id = "i"
  id = %[1]q
}`, own.ID)),
		ExpectError: regexp.MustCompile(`belongs\s+to\s+the\s+input`),
	})
}

func TestAccAnnotation_list(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := annotated(t)
	env.Test(t,
		resource.TestStep{Config: config(env, box)},
		resource.TestStep{
			Query: true,
			Config: `
list "clarifai_annotation" "all" {
  provider         = clarifai
  include_resource = true
}
`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_annotation.all", 1),
				querycheck.ExpectIdentity("clarifai_annotation.all", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact(env.App.UserID), "app_id": knownvalue.StringExact(env.App.AppID),
					"input_id": knownvalue.StringExact("i"), "id": knownvalue.StringExact("car-1"),
				}),
			},
		},
	)
}
