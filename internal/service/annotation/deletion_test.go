package annotation_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_annotation_deletion.test"

// annotated is an Env with n inputs that have an annotation each.
func annotated(t *testing.T, n int, options ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	for i := range n {
		env.AddInput(env.App.AppID, clarifai.Input{ID: fmt.Sprintf("i%d", i), Data: &clarifai.Data{
			Text: &clarifai.Text{Raw: fmt.Sprint(i)}, Concepts: []clarifai.Concept{{ID: "truck"}},
		}})
	}
	annotate(env, n)
	return env
}

// annotate gives the first n inputs the annotation "note", unless they have it.
func annotate(env *acctest.Env, n int) {
	for i := range n {
		id := fmt.Sprintf("i%d", i)
		if len(env.Annotations(env.App.AppID, id)) == 1 {
			env.AddAnnotation(env.App.AppID, clarifai.Annotation{
				ID: "note", InputID: id, Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "truck"}}},
			})
		}
	}
}

// missing makes the deletion of an annotation that does not exist an error.
var missing = acctest.Emulator(func(o *emulator.Options) { o.Dialects = append(o.Dialects, emulator.DeleteAnnotationsMissing) })

// annotations checks how many annotations are left on all inputs together, beside
// the input-level ones, which stay.
func annotations(env *acctest.Env, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		n := 0
		for _, id := range env.Inputs(env.App.AppID) {
			if len(env.Input(env.App.AppID, id).Data.Concepts) != 1 {
				return fmt.Errorf("input %s has lost its label", id)
			}
			n += len(env.Annotations(env.App.AppID, id)) - 1
		}
		if n != want {
			return fmt.Errorf("%d annotations are left, want %d", n, want)
		}
		return nil
	}
}

func body(extra string) string {
	return `resource "clarifai_annotation_deletion" "test" {
` + extra + `
}
`
}

func TestAccAnnotationDeletion_basic(t *testing.T) {
	env := annotated(t, 4)
	relabel := func() { annotate(env, 4) }
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`input_ids = ["i0", "i1"]`)), Check: annotations(env, 2)},
		resource.TestStep{PreConfig: relabel, Config: env.Config(body(`input_ids = ["i0", "i1"]`)), Check: annotations(env, 4)},
		resource.TestStep{
			Config: env.Config(body(`input_ids = ["i0", "i1"]
  triggers = { round = "2" }`)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionDestroyBeforeCreate)}},
			Check: annotations(env, 2),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: "x", ExpectError: regexp.MustCompile(`cannot be imported`)},
	)
}

// One id that is gone must not keep the others from being deleted.
func TestAccAnnotationDeletion_goneInput(t *testing.T) {
	env := annotated(t, 200, missing)
	list := []string{`"gone"`}
	for i := range 200 {
		list = append(list, fmt.Sprintf("%q", fmt.Sprintf("i%d", i)))
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(body("input_ids = [" + strings.Join(list, ",") + "]")),
		Check: resource.ComposeAggregateTestCheckFunc(annotations(env, 0), func(*terraform.State) error {
			if most := env.MaxBodyItems("DeleteAnnotations"); most > clarifai.MaxItemsPerCall {
				return fmt.Errorf("a call carried %d inputs", most)
			}
			if n := env.Count("DeleteAnnotations"); n > 2+2*8 {
				return fmt.Errorf("%d calls to find one id that is gone", n)
			}
			return nil
		}),
	})
}

func TestAccAnnotationDeletion_pairs(t *testing.T) {
	env := annotated(t, 2)
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`input_ids = ["i0", "i1"]
  ids = ["a"]`)),
			ExpectError: regexp.MustCompile(`do\s+not\s+match`)},
		resource.TestStep{Config: env.Config(body(`input_ids = []`)), ExpectError: regexp.MustCompile(`at least 1`)},
		resource.TestStep{Config: env.Config(body(`input_ids = ["a/b"]`)), ExpectError: regexp.MustCompile(`slash`)},
	)
	env.Test(t, resource.TestStep{
		Config: env.Config(body(`input_ids = ["i1"]
  ids = ["note"]`)),
		Check: annotations(env, 1),
	})
}

func TestAccDeleteAnnotations_action(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := annotated(t, 3)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
action "clarifai_delete_annotations" "all" {
  config {
    input_ids = ["i0", "i1", "i2"]
  }
}
resource "terraform_data" "round" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_delete_annotations.all]
    }
  }
}
`),
		Check: annotations(env, 0),
	})
}

// An id that the service does not know is not kept quiet about: it may be a mistake.
func TestAccAnnotationDeletion_unknown(t *testing.T) {
	env := annotated(t, 1, missing)
	w := env.Workspace(t, env.Config(body(`input_ids = ["i0", "typo"]`)))
	if output := w.MustRun(t, "apply", "-auto-approve", "-no-color"); !strings.Contains(output, "Nothing to delete for 1 of 2") ||
		!strings.Contains(output, "Not found: typo.") {
		t.Errorf("got:\n%s", output)
	}
	if err := annotations(env, 0)(nil); err != nil {
		t.Error(err)
	}
	w = env.Workspace(t, env.Config(body(`input_ids = ["i0"]`)))
	if output := w.MustRun(t, "apply", "-auto-approve"); strings.Contains(output, "Nothing to delete") {
		t.Errorf("got:\n%s", output)
	}
}
