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
)

const address = "clarifai_annotation_deletion.test"

// annotated is an Env with n inputs that are labelled truck.
func annotated(t *testing.T, n int) *acctest.Env {
	t.Helper()
	env := acctest.New(t)
	for i := range n {
		env.AddInput(env.App.AppID, clarifai.Input{ID: fmt.Sprintf("i%d", i), Data: &clarifai.Data{
			Text: &clarifai.Text{Raw: fmt.Sprint(i)}, Concepts: []clarifai.Concept{{ID: "truck"}},
		}})
	}
	return env
}

// labels checks how many labels are left on all inputs together.
func labels(env *acctest.Env, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		n := 0
		for _, id := range env.Inputs(env.App.AppID) {
			n += len(env.Input(env.App.AppID, id).Data.Concepts)
		}
		if n != want {
			return fmt.Errorf("%d labels are left, want %d", n, want)
		}
		return nil
	}
}

func body(extra string) string {
	return "resource \"clarifai_annotation_deletion\" \"test\" {\n" + extra + "\n}\n"
}

func TestAccAnnotationDeletion_basic(t *testing.T) {
	env := annotated(t, 4)
	relabel := func() {
		for i := range 4 {
			env.EditInput(env.App.AppID, fmt.Sprintf("i%d", i), func(d *clarifai.Data) {
				one := clarifai.Float(1)
				d.Concepts = []clarifai.Concept{{ID: "truck", Value: &one}}
			})
		}
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`input_ids = ["i0", "i1"]`)), Check: labels(env, 2)},
		resource.TestStep{PreConfig: relabel, Config: env.Config(body(`input_ids = ["i0", "i1"]`)), Check: labels(env, 4)},
		resource.TestStep{
			Config:           env.Config(body("input_ids = [\"i0\", \"i1\"]\n triggers = { round = \"2\" }")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate)}},
			Check:            labels(env, 2),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: "x", ExpectError: regexp.MustCompile(`cannot be imported`)},
	)
}

// One id that is gone must not keep the others from being deleted.
func TestAccAnnotationDeletion_goneInput(t *testing.T) {
	env := annotated(t, 200)
	list := []string{`"gone"`}
	for i := range 200 {
		list = append(list, fmt.Sprintf("%q", fmt.Sprintf("i%d", i)))
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(body("input_ids = [" + strings.Join(list, ",") + "]")),
		Check: resource.ComposeAggregateTestCheckFunc(labels(env, 0), func(*terraform.State) error {
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
		resource.TestStep{Config: env.Config(body("input_ids = [\"i0\", \"i1\"]\n ids = [\"a\"]")), ExpectError: regexp.MustCompile(`do\s+not\s+match`)},
		resource.TestStep{Config: env.Config(body(`input_ids = []`)), ExpectError: regexp.MustCompile(`at least 1`)},
		resource.TestStep{Config: env.Config(body(`input_ids = ["a/b"]`)), ExpectError: regexp.MustCompile(`slash`)},
	)
	own := env.Annotations(env.App.AppID, "i1")
	if len(own) != 1 {
		t.Fatalf("the input has %d annotations, want its own one", len(own))
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(body(fmt.Sprintf("input_ids = [\"i1\"]\n ids = [%q]", own[0].ID))),
		Check:  labels(env, 1),
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
		Check: labels(env, 0),
	})
}

// An id that the service does not know is not kept quiet about: it may be a mistake.
func TestAccAnnotationDeletion_unknown(t *testing.T) {
	env := annotated(t, 1)
	w := env.Workspace(t, env.Config(body(`input_ids = ["i0", "typo"]`)))
	if output := w.MustRun(t, "apply", "-auto-approve", "-no-color"); !strings.Contains(output, "Nothing to delete for 1 of 2") || !strings.Contains(output, "these: typo.") {
		t.Errorf("got:\n%s", output)
	}
	if err := labels(env, 0)(nil); err != nil {
		t.Error(err)
	}
	w = env.Workspace(t, env.Config(body(`input_ids = ["i0"]`)))
	if output := w.MustRun(t, "apply", "-auto-approve"); strings.Contains(output, "Nothing to delete") {
		t.Errorf("got:\n%s", output)
	}
}
