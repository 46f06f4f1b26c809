package inputs_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// hasTracking checks whether the tracking dataset exists.
func hasTracking(t *testing.T, e *acctest.Env, want bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		_, err := e.Client.GetDataset(t.Context(), e.App, "signs")
		if err != nil && !clarifai.IsNotFound(err) {
			return err
		}
		if (err == nil) != want {
			return fmt.Errorf("the tracking dataset exists: %t", !want)
		}
		return nil
	}
}

// Inputs that exist are imported as a manifest lists them, without any change at Clarifai. The first change creates
// the tracking dataset, and from then on removed rows are deletions.
func TestAccInputs_importManifest(t *testing.T) {
	e := acctest.New(t)
	e.PostDatasets(t, "day")
	for _, id := range []string{"a", "b", "c"} {
		e.PostInputs(t, clarifai.Input{ID: id, DatasetIDs: []string{"day"}, Data: &clarifai.Data{
			Text: &clarifai.Text{Raw: "text of " + id}, Concepts: []clarifai.Concept{acctest.Label("stop", 1)},
		}})
	}
	row := func(id string, value int) string {
		return fmt.Sprintf(`{"id":%q,"kind":"text","concepts":{"stop":%d},"datasets":["day"]}`, id, value)
	}
	m := newManifest(t, "rows.jsonl", row("a", 1), row("b", 1), row("c", 1))
	imports := fmt.Sprintf("import {\n  to = clarifai_inputs.test\n  id = %q\n}\n", "signs:manifest:"+m.path)
	e.Test(t,
		resource.TestStep{
			Config:           e.Config(m.block(), imports),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop),
			Check:            resource.ComposeTestCheckFunc(hasTracking(t, e, false), e.Called(4, "PostDatasets", "PostInputs")),
		},
		resource.TestStep{
			PreConfig:        func() { m.write(t, row("a", 1), row("b", 0), row("c", 1)) },
			Config:           e.Config(m.block(), imports),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check:            resource.ComposeTestCheckFunc(hasTracking(t, e, true), e.HasMembers("signs", "a", "b", "c")),
		},
		resource.TestStep{ // prevent is the deletion policy of what is imported
			PreConfig:   func() { m.write(t, row("a", 1), row("b", 0)) },
			Config:      e.Config(m.block(), imports),
			ExpectError: regexp.MustCompile(`deletion_policy is "prevent"`),
		},
		resource.TestStep{
			Config: e.Config(m.block(`deletion_policy = "delete"`), imports),
			Check: func(*terraform.State) error {
				if _, err := e.Client.GetInput(t.Context(), e.App, "c"); !clarifai.IsNotFound(err) {
					return errors.Join(errors.New("input c still exists"), err)
				}
				return nil
			},
		},
	)
}

// Inputs of an older app have ids that new ones cannot have. Rows can name them, but not create them.
func TestAccInputs_olderIDs(t *testing.T) {
	e := acctest.New(t)
	older := `{"apps":[{"id":"fleet","inputs":[{"id":"img.2019:1","data":{"text":{"raw":"a"},"concepts":[{"id":"stop"}]}}]}]}`
	if err := e.Load(strings.NewReader(older)); err != nil {
		t.Fatal(err)
	}
	m := newManifest(t, "rows.jsonl", `{"id":"img.2019:2","text":"b"}`)
	e.Test(t,
		resource.TestStep{Config: e.Config(m.block()), ExpectError: regexp.MustCompile(`(?s)rows.jsonl line 1.*img.2019:2.*contains '.'`)},
		resource.TestStep{
			PreConfig: func() { m.write(t, `{"id":"img.2019:1","kind":"text","concepts":{"stop":1}}`) },
			Config:    e.Config(m.block()),
			Check:     e.HasMembers("signs", "img.2019:1"),
		},
	)
}

// A row that sets no content needs an input that exists.
func TestAccInputs_rowsWithoutContent(t *testing.T) {
	e := acctest.New(t)
	e.PostInputs(t, clarifai.Input{ID: "a", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "a"}}})
	m := newManifest(t, "rows.jsonl", `{"id":"a","kind":"text","concepts":{"stop":1}}`, `{"id":"b","kind":"text"}`)
	e.Test(t,
		resource.TestStep{
			Config:      e.Config(m.block(`on_conflict = "overwrite"`)),
			ExpectError: regexp.MustCompile(`(?s)1 row has no content and no input.*b: no input has this id`),
		},
		resource.TestStep{
			PreConfig: func() { m.write(t, `{"id":"a","kind":"text","concepts":{"stop":1}}`) },
			Config:    e.Config(m.block(`on_conflict = "overwrite"`)),
			Check:     e.HasMembers("signs", "a"),
		},
	)
}
