package evaluation_test

import (
	"context"
	"fmt"
	"regexp"
	"syscall"
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

const address = "clarifai_evaluation.test"

// labelled is an Env with a dataset "trucks" of 40 labelled inputs.
// Its evaluations take a while.
func labelled(t *testing.T, takes time.Duration) *acctest.Env {
	t.Helper()
	env := acctest.New(t, acctest.Async(takes))
	env.AddDataset(env.App.AppID, clarifai.Dataset{ID: "trucks"})
	for i := range 40 {
		id := fmt.Sprintf("i%d", i)
		env.AddInput(env.App.AppID, clarifai.Input{ID: id, Data: &clarifai.Data{
			Text:     &clarifai.Text{Raw: "text " + id},
			Concepts: []clarifai.Concept{{ID: []string{"truck", "van"}[i%2]}},
		}, DatasetIDs: []string{"trucks"}})
	}
	env.Clock.Advance(takes)
	return env
}

func body(extra string) string {
	return `
resource "clarifai_evaluation" "test" {
  model_id         = "truck-clf"
  model_version_id = "v7"
  dataset_id       = "trucks"
` + extra + `
}
`
}

func posts(env *acctest.Env, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if n := env.Count("PostEvaluations"); n != want {
			return fmt.Errorf("%d evaluations were started, want %d", n, want)
		}
		return nil
	}
}

func TestAccEvaluation_basic(t *testing.T) {
	env := labelled(t, time.Minute)
	env.Test(t,
		resource.TestStep{
			Config: env.Config(body(`
  id     = "e1"
  params = jsonencode({ use_kfold = false })
  fields = ["confusion_matrix", "label_counts"]`), `
output "matrix" { value = try(length(jsondecode(clarifai_evaluation.test.details["confusion_matrix"]).matrix) > 0, null) }
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("name"), knownvalue.StringExact("MODEL_EVALUATED")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("summary").AtMapKey("macro_avg_f1_score"), knownvalue.NotNull()),
				statecheck.ExpectKnownOutputValue("matrix", knownvalue.Bool(true)),
			},
			Check: posts(env, 1),
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: "e1", ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id",
			ImportStateVerifyIgnore: []string{"fields", "details"}, // what to show is the configuration's choice
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "e1",
			Config: env.Config(body(`
  id     = "e1"
  params = jsonencode({ use_kfold = false })`))},
	)
	if _, err := env.Client.GetEvaluation(context.Background(), env.App, "e1", clarifai.EvaluationFields{}); err != nil {
		t.Errorf("destroying should only forget: %v", err)
	}
}

// Averages over nothing are NaN in a response and null in state.
func TestAccEvaluation_notANumber(t *testing.T) {
	env := labelled(t, time.Minute)
	fault := env.MustFault(emulator.Fault{Op: "GetEvaluation", NaN: true})
	summary := tfjsonpath.New("summary")
	config := env.Config(body(`
  id     = "e1"
  fields = ["binary_metrics"]`))
	env.Test(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("name"), knownvalue.StringExact("MODEL_EVALUATED")),
				statecheck.ExpectKnownValue(address, summary.AtMapKey("macro_avg_f1_score"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, summary.AtMapKey("macro_avg_roc_auc"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("details").AtMapKey("binary_metrics"), knownvalue.NotNull()),
			},
		},
		resource.TestStep{
			PreConfig: func() {
				if env.Struck(fault) == 0 {
					t.Error("no response had NaN")
				}
				env.ClearFaults()
			},
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, summary.AtMapKey("macro_avg_f1_score"), knownvalue.NotNull()),
			},
		},
	)
}

func TestAccEvaluation_triggers(t *testing.T) {
	env := labelled(t, time.Minute)
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`triggers = { labels = "1" }`)), Check: posts(env, 1)},
		resource.TestStep{Config: env.Config(body(`triggers = { labels = "1" }`)), PlanOnly: true},
		resource.TestStep{
			Config: env.Config(body(`triggers = { labels = "2" }`)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionUpdate)}},
			Check: posts(env, 2),
		},
		resource.TestStep{Config: env.Config(body(`triggers = { labels = "2" }
  fields = ["test_set"]`)), Check: posts(env, 2)},
	)
}

func TestAccEvaluation_replace(t *testing.T) {
	env := labelled(t, time.Minute)
	other := func(id string) string {
		return env.Config(`
resource "clarifai_evaluation" "test" {
  model_id         = "truck-clf"
  model_version_id = "v8"
  dataset_id       = "trucks"
  ` + id + `
}
`)
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`id = "e1"`))},
		resource.TestStep{Config: other(`id = "e1"`), ExpectError: regexp.MustCompile(`cannot be replaced under the same id`)},
		resource.TestStep{
			Config: other(`id = "e2"`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionDestroyBeforeCreate)}},
			Check: posts(env, 2),
		},
	)
}

func TestAccEvaluation_gate(t *testing.T) {
	env := labelled(t, time.Minute)
	config := func(least string) string {
		return env.Config(body(`
  lifecycle {
    postcondition {
      condition     = self.summary.macro_avg_f1_score >= ` + least + `
      error_message = "The model has become worse."
    }
  }`))
	}
	env.Test(t,
		resource.TestStep{Config: config("0.5")},
		resource.TestStep{Config: config("0.999"), ExpectError: regexp.MustCompile("The model has become worse")},
	)
}

func TestAccEvaluation_alreadyExists(t *testing.T) {
	env := labelled(t, time.Minute)
	_, err := env.Client.PostEvaluations(t.Context(), env.App,
		[]clarifai.EvalMetrics{{ID: "e1", Model: &clarifai.Model{ID: "theirs", ModelVersion: &clarifai.ModelVersion{ID: "v"}}}})
	if err != nil {
		t.Fatal(err)
	}
	env.Test(t, resource.TestStep{
		Config:      env.Config(body(`id = "e1"`)),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_evaluation\.NAME\s+acme/fleet/e1`),
	})
	if err := posts(env, 1)(nil); err != nil { // the one above
		t.Error(err)
	}
}

func TestAccEvaluation_fails(t *testing.T) {
	env := labelled(t, time.Minute)
	env.MustFault(emulator.Fault{Object: "evaluation", Code: 21315, Details: "not enough labels"})
	env.Test(t, resource.TestStep{
		Config:      env.Config(body(``)),
		ExpectError: regexp.MustCompile(`(?s)Unable to\s+complete.*not\s+enough\s+labels.*21315`),
	})
}

func TestAccEvaluation_unknownModel(t *testing.T) {
	env := labelled(t, time.Minute)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "clarifai_evaluation" "test" {
  model_id         = "missing-model"
  model_version_id = "v7"
}
`),
		ExpectError: regexp.MustCompile(`(?s)Unable to start.*missing-model`),
	})
}

// A timeout loses nothing: the next apply resumes waiting for the same evaluation.
func TestAccEvaluation_timeout(t *testing.T) {
	const years = 10 * 365 * 24 * time.Hour
	env := labelled(t, years)
	config := env.Config(body(`timeouts = { create = "1s" }`))
	env.Test(t,
		resource.TestStep{
			Config:             config,
			ExpectNonEmptyPlan: true, // to wait on
			Check:              posts(env, 1),
		},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(years) },
			Config:    config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("name"), knownvalue.StringExact("MODEL_EVALUATED")),
			},
			Check: posts(env, 1),
		},
	)
}

func TestAccEvaluation_data(t *testing.T) {
	env := labelled(t, time.Minute)
	env.Test(t, resource.TestStep{
		Config: env.Config(body(`id = "e1"`), `
data "clarifai_evaluation" "one" {
  id     = clarifai_evaluation.test.id
  fields = ["test_set"]
}
data "clarifai_evaluations" "all" {
  sort_by          = "f1"
  eval_dataset_ids = ["trucks"]
  depends_on       = [clarifai_evaluation.test]
}
output "tested" { value = length(jsondecode(data.clarifai_evaluation.one.details["test_set"])) }
output "best" { value = data.clarifai_evaluations.all.evaluations[0].id }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("tested", knownvalue.Int64Exact(40)),
			statecheck.ExpectKnownOutputValue("best", knownvalue.StringExact("e1")),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_evaluation" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No evaluation "nope"`),
	})
}

func TestAccEvaluation_action(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := labelled(t, time.Minute)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
action "clarifai_evaluation" "now" {
  config {
    id               = "now"
    model_id         = "truck-clf"
    model_version_id = "v7"
    dataset_id       = "trucks"
  }
}
resource "terraform_data" "release" {
  input = "v7"
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_evaluation.now]
    }
  }
}
`),
		Check: func(*terraform.State) error {
			e, err := env.Client.GetEvaluation(context.Background(), env.App, "now", clarifai.EvaluationFields{})
			if err != nil {
				return err
			}
			if e.Status.Code != clarifai.StatusModelEvaluated {
				return fmt.Errorf("the action did not wait: status %d", e.Status.Code)
			}
			return nil
		},
	})
}

// Killed while it waits, the next apply resumes waiting for the same evaluation.
func TestAccEvaluation_killed(t *testing.T) {
	for name, id := range map[string]string{"own id": `id = "e1"`, "derived id": ""} {
		t.Run(name, func(t *testing.T) {
			clock := emulator.NewManualClock(time.Now())
			env := acctest.New(t, acctest.Emulator(func(o *emulator.Options) { o.Async, o.Clock = time.Hour, clock }))
			env.AddDataset(env.App.AppID, clarifai.Dataset{ID: "trucks"})
			env.AddInput(env.App.AppID, clarifai.Input{ID: "i", Data: &clarifai.Data{
				Text: &clarifai.Text{Raw: "text"}, Concepts: []clarifai.Concept{{ID: "truck"}},
			}, DatasetIDs: []string{"trucks"}})
			clock.Advance(time.Hour)
			w := env.Workspace(t, env.Config(body(id)))
			w.CutOff(t, env.Reached("GetEvaluation", 4), syscall.SIGKILL)
			clock.Advance(time.Hour)
			w.MustRun(t, "apply", "-auto-approve")
			if err := posts(env, 1)(nil); err != nil {
				t.Error(err)
			}
			w.NoChanges(t)
		})
	}
}
