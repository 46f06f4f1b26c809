package input_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// annotatedBlock is an image with annotations.
func annotatedBlock(annotations ...string) string {
	return `
resource "clarifai_input" "test" {
  id    = "metro"
  image = { url = "` + url + `" }
  annotations = [` + strings.Join(annotations, ", ") + `]
}
`
}

func carAt(top string) string {
	return `{
  concepts     = { car = 1 }
  bounding_box = { top_row = ` + top + `, left_col = 0.2, bottom_row = 0.9, right_col = 1.0 }
}`
}

const signPolygon = `{
  id       = "mine"
  concepts = { sign = 1 }
  polygon  = [{ row = 0.0, col = 0.0 }, { row = 0.0, col = 1.0 }, { row = 1.0, col = 1.0 }]
}`

// The list is exactly the set of the resource's own annotations; those of others stay.
func TestAccInput_annotations(t *testing.T) {
	env := acctest.New(t)
	lost := env.MustFault(emulator.Fault{Op: "PostAnnotations", Reset: emulator.AfterWork, Count: 1})
	others := func(n int64) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New("other_annotations"), knownvalue.Int64Exact(n))
	}
	three := env.Config(annotatedBlock(carAt("0.1"), carAt("0.5"), signPolygon))
	inPlace := acctest.Plans(address, plancheck.ResourceActionUpdate)
	env.Test(t,
		resource.TestStep{
			Config: three,
			Check: resource.ComposeTestCheckFunc(
				env.HasAnnotations("metro car 0.1 0.2 0.9 1", "metro car 0.5 0.2 0.9 1", "metro sign polygon of 3"),
				func(*terraform.State) error {
					if env.Struck(lost) != 1 {
						return fmt.Errorf("no response was lost")
					}
					return nil
				}),
			ConfigStateChecks: []statecheck.StateCheck{others(0)},
		},
		resource.TestStep{Config: three, ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop)},
		resource.TestStep{ // an annotator adds one, moves a box and deletes the polygon
			PreConfig: func() { annotate(t, env) },
			Config:    three, ConfigPlanChecks: inPlace,
			Check:             env.HasAnnotations("metro car 0.1 0.2 0.9 1", "metro car 0.5 0.2 0.9 1", "metro sign polygon of 3", "metro theirs"),
			ConfigStateChecks: []statecheck.StateCheck{others(1)},
		},
		resource.TestStep{ // a box moves, and the other and the polygon go
			Config: env.Config(annotatedBlock(carAt("0.3"))), ConfigPlanChecks: inPlace,
			Check: env.HasAnnotations("metro car 0.3 0.2 0.9 1", "metro theirs"),
		},
		resource.TestStep{ // the annotation with an id becomes one of another kind
			Config: env.Config(annotatedBlock(`{
  id           = "mine"
  concepts     = { car = 1 }
  bounding_box = { top_row = 0.0, left_col = 0.0, bottom_row = 0.5, right_col = 0.5 }
}`)), ConfigPlanChecks: inPlace,
			Check: env.HasAnnotations("metro car 0 0 0.5 0.5", "metro theirs"),
		},
		resource.TestStep{
			Config: env.Config(annotatedBlock(signPolygon)), ConfigPlanChecks: inPlace,
			Check: env.HasAnnotations("metro sign polygon of 3", "metro theirs"),
		},
		resource.TestStep{ // without the attribute nothing is managed any more
			Config: env.Config(block("id = \"metro\"\n" + urlLine)), ConfigPlanChecks: inPlace,
			Check: env.HasAnnotations("metro theirs"),
		},
	)
}

// annotate does what an annotator could do to the annotations of three.
func annotate(t *testing.T, env *acctest.Env) {
	t.Helper()
	if _, err := env.Client.PostAnnotations(t.Context(), env.App, []clarifai.Annotation{{ID: "x", InputID: "metro", Data: &clarifai.Data{
		Concepts: []clarifai.Concept{{ID: "theirs"}},
	}}}); err != nil {
		t.Fatal(err)
	}
	found, err := env.Client.ReadInputAnnotations(t.Context(), env.App, "metro")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range found {
		if a.ID == "mine" {
			err = env.Client.DeleteAnnotation(t.Context(), env.App, "metro", a.ID)
		} else if len(a.Data.Regions) > 0 && a.Data.Regions[0].RegionInfo.BoundingBox.TopRow == 0.5 {
			a.Data.Regions[0].RegionInfo.BoundingBox.TopRow = 0.6
			_, err = env.Client.PatchAnnotations(t.Context(), env.App, clarifai.PatchAnnotationsRequest{
				Annotations: []clarifai.Annotation{{ID: a.ID, InputID: "metro", Data: a.Data}}, Action: clarifai.ActionOverwrite,
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Annotations of every input type are created once and then planned without changes. A mask is sent again when its file
// changes.
func TestAccInput_annotationKinds(t *testing.T) {
	env := acctest.New(t)
	mask := filepath.Join(t.TempDir(), "mask.png")
	paint := func(content []byte) {
		if err := os.WriteFile(mask, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	paint(onePixel)
	config := env.Config(fmt.Sprintf(`
resource "terraform_data" "mask" {
  input = [{ concepts = { car = 1 }, mask = { file = %[2]q }, annotation_info = jsonencode({ by = "tool" }) }]
}

resource "clarifai_input" "unknown" {
  id          = "later"
  image       = { url = "https://samples.example.com/later.jpg" }
  annotations = terraform_data.mask.output
}

resource "clarifai_input" "test" {
  id    = "metro"
  image = { url = %[1]q }
  annotations = [
    { concepts = { night = 1, rain = 0 } },
    { concepts = { car = 1 }, mask = { file = %[2]q }, annotation_info = jsonencode({ by = "tool" }) },
    { concepts = { nose = 1 }, point = { row = 0.5, col = 0.25, visibility = "NOT_VISIBLE" } },
  ]
}

resource "clarifai_input" "text" {
  id          = "note"
  text        = { raw = "Der Zug fährt" }
  annotations = [{ concepts = { verb = 1 }, span = { char_start = 8, char_end = 13, raw_text = "fährt" }, status = "pending" }]
}

resource "clarifai_input" "video" {
  id    = "film"
  video = { url = "https://samples.example.com/film.mp4" }
  annotations = [
    { concepts = { car = 1 }, frame = { time_ms = 40, number = 1 }, track_id = "t",
      bounding_box = { top_row = 0.0, left_col = 0.0, bottom_row = 1.0, right_col = 1.0 } },
    { concepts = { dog = 1 }, time_segment = { begin_seconds = 0.5, end_seconds = 2.0 }, text = "woof" },
  ]
}
`, url, mask))
	all := env.HasAnnotations(
		"film 0.5 to 2 s dog",
		"film frame 1 car 0 0 1 1",
		"later car mask",
		"metro car mask",
		"metro night rain",
		"metro nose",
		"note verb 8 to 13",
	)
	env.Test(t,
		resource.TestStep{Config: config, Check: all},
		resource.TestStep{
			PreConfig: func() { paint(append(onePixel, 0)) },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				plancheck.ExpectResourceAction("clarifai_input.video", plancheck.ResourceActionNoop),
			}},
			Check: resource.ComposeTestCheckFunc(all, env.Called(2, "PatchAnnotations")),
		},
	)
}

func TestAccInput_annotationsInvalid(t *testing.T) {
	env := acctest.New(t)
	for annotations, want := range map[string]string{
		carAt("0.95"): `annotations\[0\] cannot be\s+used: the box is inverted`,
		`{ id = "x", concepts = { a = 1 } }, { id = "x", concepts = { b = 1 } }`: `Two annotations with id "x"`,
		`{ span = { char_start = 0, char_end = 3 } }`:                            `a span belongs to a\s+text`,
		`{ frame = { time_ms = 3 } }`:                                            `a frame belongs to a\s+video`,
		`{ point = { row = 0.1, col = 0.2 }, mask = { file = "m.png" } }`:        `at most one of\s+bounding_box`,
		`{ mask = { file = "none.png" } }`:                                       `Unable to read the mask`,
	} {
		env.Test(t, resource.TestStep{Config: env.Config(annotatedBlock(annotations)), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "clarifai_input" "test" {
  text        = { raw = "Hi" }
  annotations = [{ span = { char_start = 0, char_end = 3 } }]
}`),
		PlanOnly: true, ExpectError: regexp.MustCompile(`beyond the\s+text's 2`),
	})
}

// An import manages no annotations. Then those with ids of the configuration are adopted if they are the same, and are never
// overwritten if they are not.
func TestAccInput_annotationsAdopted(t *testing.T) {
	env := acctest.New(t)
	env.AddInput(env.App.AppID, clarifai.Input{ID: "metro", Data: &clarifai.Data{Image: &clarifai.Image{URL: url}}})
	if _, err := env.Client.PostAnnotations(t.Context(), env.App, []clarifai.Annotation{{ID: "mine", InputID: "metro",
		Data: &clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("sign", 1)}}}}); err != nil {
		t.Fatal(err)
	}
	imported := env.Config(`
import {
  to = clarifai_input.test
  id = "` + env.App.AppID + `/metro"
}

resource "clarifai_input" "test" {
  id    = "metro"
  image = { url = "` + url + `" }
`)
	env.Test(t,
		resource.TestStep{Config: imported + "}\n", Check: resource.ComposeTestCheckFunc(env.HasAnnotations("metro sign"))},
		resource.TestStep{
			Config:      imported + "annotations = [" + signPolygon + "]\n}\n",
			ExpectError: regexp.MustCompile(`(?s)Annotations of input "metro" already exist.*did not\s+create: mine`),
		},
		resource.TestStep{
			Config: imported + "annotations = [{ id = \"mine\", concepts = { sign = 1 } }]\ndeletion_policy = \"delete\"\n}\n",
			Check:  resource.ComposeTestCheckFunc(env.HasAnnotations("metro sign"), env.Called(0, "PatchAnnotations")),
		},
	)
}

// An apply that ends before the input is processed keeps it, and the next one creates the annotations.
func TestAccInput_annotationsResumed(t *testing.T) {
	const long = 5000 * time.Hour // more than is polled through within the timeout
	env := acctest.New(t, acctest.Async(long))
	config := env.Config(strings.Replace(annotatedBlock(carAt("0.1")), "annotations", `deletion_policy = "abandon"
  timeouts = { create = "400ms" }
  annotations`, 1))
	env.Test(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true, Check: env.HasAnnotations()},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(long) },
			Config:    config, ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: resource.ComposeTestCheckFunc(env.HasAnnotations("metro car 0.1 0.2 0.9 1"), env.Called(1, "PostInputs"),
				env.Called(0, "DeleteInput")),
		},
	)
}
