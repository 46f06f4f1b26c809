package conceptmapping_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_concept_mapping_job.test"

func withConcepts(t *testing.T, options ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	for _, id := range []string{"truck", "van"} {
		env.AddConcept("fleet", clarifai.Concept{ID: id})
	}
	return env
}

func job(body string) string {
	return `resource "clarifai_concept_mapping_job" "test" {
` + body + `
}
`
}

func TestAccConceptMappingJob_basic(t *testing.T) {
	env := withConcepts(t)
	if _, err := env.Client.PostKnowledgeGraphs(t.Context(), env.App, []clarifai.KnowledgeGraph{{ID: "roads"}}); err != nil {
		t.Fatal(err)
	}
	replaces := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
		plancheck.ResourceActionDestroyBeforeCreate)}}
	anotherID := statecheck.CompareValue(compare.ValuesDiffer())
	id := func() statecheck.StateCheck { return anotherID.AddStateValue(address, tfjsonpath.New("id")) }
	first, second, third, fourth := id(), id(), id(), id()
	env.Test(t,
		resource.TestStep{
			Config: env.Config(job(`concept_ids = ["truck", "van"]`)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{32}$`))),
				first,
			},
		},
		resource.TestStep{Config: env.Config(job(`concept_ids = ["truck", "van"]
 knowledge_graph_id = "roads"`)), ConfigPlanChecks: replaces, ConfigStateChecks: []statecheck.StateCheck{second}},
		resource.TestStep{Config: env.Config(job(`concept_ids = ["truck"]
 knowledge_graph_id = "roads"`)), ConfigPlanChecks: replaces, ConfigStateChecks: []statecheck.StateCheck{third}},
		resource.TestStep{Config: env.Config(job(`concept_ids = ["truck"]
 knowledge_graph_id = "roads"
 triggers = { again = "1" }`)), ConfigPlanChecks: replaces, ConfigStateChecks: []statecheck.StateCheck{fourth}},
	)
	if n := env.Count("PostConceptMappingJobs"); n != 4 {
		t.Errorf("%d jobs were started, want 4", n)
	}
}

var gone = regexp.MustCompile(`(?s)Concept mapping jobs are not available.*withdrawn\s+from\s+the\s+public\s+API\s+in\s+2024`)

// Where the endpoint is gone the message says so, however the service puts it.
func TestAccConceptMappingJob_withdrawn(t *testing.T) {
	env := withConcepts(t, acctest.Emulator(func(o *emulator.Options) { o.Withdrawn = []string{"PostConceptMappingJobs"} }))
	env.Test(t, resource.TestStep{Config: env.Config(job(`concept_ids = ["truck"]`)), ExpectError: gone})
}

func TestAccConceptMappingJob_notImplemented(t *testing.T) {
	env := withConcepts(t)
	for _, fault := range []emulator.Fault{
		{Code: clarifai.StatusNotImplemented},
		{Code: 40036},
		{Code: clarifai.StatusMethodNotAllowed},
		{HTTP: http.StatusNotFound, Body: "<html>no such page</html>"},
	} {
		fault.Op = "PostConceptMappingJobs"
		name := env.MustFault(fault)
		env.Test(t, resource.TestStep{Config: env.Config(job(`concept_ids = ["truck"]`)), ExpectError: gone})
		if env.Struck(name) == 0 {
			t.Errorf("%+v did not strike", fault)
		}
		env.ClearFaults(name)
	}
}

// What is merely not there is not taken for that.
func TestAccConceptMappingJob_rejected(t *testing.T) {
	env := withConcepts(t)
	for body, want := range map[string]string{
		`concept_ids = ["truck", "nope"]`: `(?s)Unable to start the concept mapping job.*'nope'\s+not\s+found`,
		`concept_ids = ["truck"]
 knowledge_graph_id = "nope"`: `(?s)Unable to start the concept mapping job.*'nope'\s+not\s+found`,
	} {
		env.Test(t, resource.TestStep{Config: env.Config(job(body)), ExpectError: regexp.MustCompile(want)})
	}
	for body, want := range map[string]string{
		`concept_ids = []`:                 `at least 1`,
		`concept_ids = ["truck", "truck"]`: `duplicate`,
		`concept_ids = ["a/b"]`:            `slash`,
		`triggers = {}`:                    `concept_ids`,
	} {
		env.Test(t, resource.TestStep{Config: env.Config(job(body)), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
}

func TestAccConceptMappingJob_action(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := withConcepts(t, acctest.RealTime)
	w := env.Workspace(t, env.Config(`
action "clarifai_concept_mapping_job" "test" {
  config {
    concept_ids = ["truck", "van"]
  }
}
resource "terraform_data" "trigger" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_concept_mapping_job.test]
    }
  }
}
`))
	if output := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(output, "mapping of 2 concepts") {
		t.Errorf("nothing is said of the job:\n%s", output)
	}
	if n := env.Count("PostConceptMappingJobs"); n != 1 {
		t.Errorf("%d jobs were started, want 1", n)
	}
	env.MustFault(emulator.Fault{Op: "PostConceptMappingJobs", Code: clarifai.StatusNotImplemented})
	if output, code := w.Run(t, "apply", "-auto-approve",
		"-invoke=action.clarifai_concept_mapping_job.test"); code == 0 || !strings.Contains(output, "withdrawn") {
		t.Errorf("ended with %d:\n%s", code, output)
	}
}

// A job whose start is not confirmed counts as started: the API does not return jobs, so starting it again
// could run it twice.
func TestAccConceptMappingJob_lostResponse(t *testing.T) {
	env := withConcepts(t)
	env.MustFault(emulator.Fault{Op: "PostConceptMappingJobs", Reset: emulator.AfterWork, Count: 1})
	config := env.Config(job(`concept_ids = ["truck"]`))
	env.Test(t,
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact("unknown")),
		}},
		resource.TestStep{Config: config, PlanOnly: true},
	)
	if n := env.Count("PostConceptMappingJobs"); n != 1 {
		t.Errorf("%d jobs were started, want 1", n)
	}
}
