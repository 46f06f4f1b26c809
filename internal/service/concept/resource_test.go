package concept_test

import (
	"context"
	"fmt"
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

const address = "clarifai_concept.test"

// holds checks an object at the service, not only in state.
var holds = acctest.Stored((*clarifai.Client).GetConcept)

func TestAccConcept_basic(t *testing.T) {
	env := acctest.New(t, acctest.LiveSafe)
	id := env.Name("truck")
	env.Test(t,
		resource.TestStep{
			Config: env.Config(fmt.Sprintf(`
resource "clarifai_concept" "test" {
  id             = %q
  name           = "Truck"
  definition     = "A motor vehicle that carries loads"
  metadata       = jsonencode({ wheels = 6 })
  adopt_existing = true # concepts of earlier runs cannot be deleted
}
`, id)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("user_id"), knownvalue.StringExact(env.App.UserID)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("visibility"), knownvalue.StringExact("PRIVATE")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("language"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
			},
			Check: holds(env, id, func(k *clarifai.Concept) error {
				if k.Name != "Truck" || k.Definition != "A motor vehicle that carries loads" {
					return fmt.Errorf("the service holds %+v", k)
				}
				return nil
			}),
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: id,
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id", ImportStateVerifyIgnore: []string{"adopt_existing"},
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: env.App.UserID + "/" + env.App.AppID + "/" + id,
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id", ImportStateVerifyIgnore: []string{"adopt_existing"},
		},
	)
	if _, err := env.Client.GetConcept(context.Background(), env.App, id); err != nil {
		t.Errorf("destroying should only forget: %v", err)
	}
}

func TestAccConcept_defaults(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(`resource "clarifai_concept" "test" { id = "truck" }`)
	steps := []resource.TestStep{
		{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact("truck")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("definition"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("metadata"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("deletion_policy"), knownvalue.StringExact("abandon")),
			},
		},
		{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "fleet/truck"},
	}
	if acctest.Has(acctest.ImportByIdentity) {
		steps = append(steps, resource.TestStep{ResourceName: address, ImportState: true,
			ImportStateKind: resource.ImportBlockWithResourceIdentity})
	}
	env.Test(t, steps...)
}

func TestAccConcept_update(t *testing.T) {
	env := acctest.New(t)
	config := func(body string) string {
		return env.Config(`resource "clarifai_concept" "test" {
  id = "truck"
` + body + `
}`)
	}
	env.Test(t,
		resource.TestStep{Config: config(`
  name       = "Truck"
  definition = "old"
  metadata   = jsonencode({ a = 1, b = { c = 2, d = 3 } })`)},
		resource.TestStep{
			Config: config(`
  name       = "Lorry"
  definition = "new"
  visibility = "ORG"
  metadata   = jsonencode({ b = { c = 5 } })`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: holds(env, "truck", func(k *clarifai.Concept) error {
				if k.Name != "Lorry" || k.Definition != "new" || k.Visibility.Gettable != clarifai.GettableOrg ||
					string(k.Metadata) != `{"b":{"c":5}}` {
					return fmt.Errorf("the service holds %+v", k)
				}
				return nil
			}),
		},
		resource.TestStep{
			// A name that is no longer said stays; metadata that is no longer said goes.
			Config:           config(`definition = "new"`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: holds(env, "truck", func(k *clarifai.Concept) error {
				if k.Name != "Lorry" || string(k.Metadata) != "{}" {
					return fmt.Errorf("the service holds %+v, metadata %s", k, k.Metadata)
				}
				return nil
			}),
		},
		resource.TestStep{Config: config(``), ExpectError: regexp.MustCompile(`The API cannot clear definition`)},
	)
}

func TestAccConcept_replace(t *testing.T) {
	env := acctest.New(t)
	env.AddApp(clarifai.App{ID: "other"})
	config := func(body string) string {
		return env.Config(`resource "clarifai_concept" "test" {
` + body + `
}`)
	}
	env.Test(t,
		resource.TestStep{Config: config(`id = "one"
 definition = "d"`)},
		resource.TestStep{Config: config(`id = "two"`), ConfigPlanChecks: acctest.Plans(address,
			plancheck.ResourceActionDestroyBeforeCreate)},
		resource.TestStep{Config: config(`id = "two"
 app_id = "other"`), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate)},
	)
	if got := fmt.Sprint(env.Concepts("fleet"), env.Concepts("other")); got != "[one two] [two]" {
		t.Errorf("the service holds %s: nothing can be deleted", got)
	}
}

func TestAccConcept_drift(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(`resource "clarifai_concept" "test" {
  id = "truck"
  name = "Truck"
}`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				env.EditConcept("fleet", "truck", func(k *clarifai.Concept) {
					k.Name, k.Definition, k.Metadata = "theirs", "not managed", clarifai.Struct(`{"not":"managed"}`)
				})
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: holds(env, "truck", func(k *clarifai.Concept) error {
				if k.Name != "Truck" || k.Definition != "not managed" || string(k.Metadata) != `{"not":"managed"}` {
					return fmt.Errorf("the service holds %+v", k)
				}
				return nil
			}),
		},
	)
}

// A concept can only go with its app.
func TestAccConcept_disappears(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(`resource "clarifai_concept" "test" { id = "truck" }`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				env.DeleteApp("fleet")
				env.AddApp(clarifai.App{ID: "fleet"})
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
		},
	)
}

func TestAccConcept_alreadyExists(t *testing.T) {
	env := acctest.New(t)
	// An input that is labelled with it makes a concept.
	env.AddInput("fleet", clarifai.Input{ID: "a", Data: &clarifai.Data{
		Text: &clarifai.Text{Raw: "x"}, Concepts: []clarifai.Concept{{ID: "truck"}},
	}})
	env.Test(t, resource.TestStep{
		Config: env.Config(`resource "clarifai_concept" "test" {
  id = "truck"
  name = "ours"
}`),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_concept\.NAME\s+acme/fleet/truck.*adopt_existing`),
	})
	if k := env.Concept("fleet", "truck"); k.Name != "truck" {
		t.Errorf("the unmanaged concept is now %+v", k)
	}
}

func TestAccConcept_adopt(t *testing.T) {
	env := acctest.New(t)
	env.AddConcept("fleet", clarifai.Concept{ID: "truck", Name: "old", Definition: "theirs",
		Visibility: &clarifai.Visibility{Gettable: clarifai.GettableOrg}})
	env.AddConcept("fleet", clarifai.Concept{ID: "Old.Style", Name: "kept", Metadata: clarifai.Struct(`{"a":1}`)})
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "clarifai_concept" "test" {
  id             = "truck"
  name           = "Truck"
  metadata       = jsonencode({ wheels = 6 })
  adopt_existing = true
}
resource "clarifai_concept" "as_it_is" {
  id             = "Old.Style"
  adopt_existing = true
}
resource "clarifai_concept" "new" {
  id             = "van"
  adopt_existing = true
}
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("visibility"), knownvalue.StringExact("ORG")),
			statecheck.ExpectKnownValue("clarifai_concept.as_it_is", tfjsonpath.New("name"), knownvalue.StringExact("kept")),
		},
		Check: func(*terraform.State) error {
			truck, old := env.Concept("fleet", "truck"), env.Concept("fleet", "Old.Style")
			if truck.Name != "Truck" || truck.Definition != "theirs" || string(truck.Metadata) != `{"wheels":6}` ||
				string(old.Metadata) != `{"a":1}` {
				return fmt.Errorf("the service holds %+v and %+v", truck, old)
			}
			return nil
		},
	})
}

// Adopting a taxonomy lists it; it does not try to create each concept.
func TestAccConcept_adoptMany(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	const n = 150
	for i := range n {
		env.AddConcept("fleet", clarifai.Concept{ID: fmt.Sprintf("k%03d", i)})
	}
	w := env.Workspace(t, env.ConfigWith(acctest.FewRequests, fmt.Sprintf(`
resource "clarifai_concept" "all" {
  for_each       = { for i in range(%d) : format("k%%03d", i) => "Concept ${i}" }
  id             = each.key
  name           = each.value
  adopt_existing = true
}
`, n)))
	w.MustRun(t, "apply", "-auto-approve")
	if creates, lists := env.Count("PostConcepts"), env.Count("ListConcepts"); creates != 0 || lists == 0 || lists > 2 {
		t.Errorf("%d creates and %d list pages, want none, and 1 or 2", creates, lists)
	}
	if patches := env.Count("PatchConcepts"); patches == 0 || patches > n/2 {
		t.Errorf("%d patches for %d concepts", patches, n)
	}
	if k := env.Concept("fleet", "k149"); k.Name != "Concept 149" {
		t.Errorf("an adopted concept is %+v", k)
	}
}

// An answer that is lost on the way must neither duplicate nor orphan anything.
func TestAccConcept_lostResponse(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostConcepts", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: env.Config(`resource "clarifai_concept" "test" {
  id = "truck"
  definition = "ours"
}`),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 1 || env.Count("PostConcepts") != 1 {
				return fmt.Errorf("the fault struck %d times, with %d creates; want 1 and 1", env.Struck(fault), env.Count("PostConcepts"))
			}
			return nil
		},
	})
}

func TestAccConcept_deletionPolicy(t *testing.T) {
	env := acctest.New(t)
	config := func(policy string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_concept" "test" {
  id = "truck"
  deletion_policy = %q
}`, policy))
	}
	env.Test(t,
		resource.TestStep{Config: config("prevent")},
		resource.TestStep{Config: config("prevent"), Destroy: true, ExpectError: regexp.MustCompile(`Deletion is prevented`)},
		resource.TestStep{Config: config("abandon")},
		resource.TestStep{Config: config("abandon"), Destroy: true},
	)
	if env.Concept("fleet", "truck") == nil {
		t.Error("a concept should stay")
	}
}

// Destroying says that it only removes the concept from state, at plan and at apply.
func TestAccConcept_removalFromStateWarns(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, env.Config(`resource "clarifai_concept" "test" { id = "truck" }`))
	w.MustRun(t, "apply", "-auto-approve")
	for _, command := range [][]string{{"plan", "-destroy"}, {"destroy", "-auto-approve"}} {
		if output := w.MustRun(t, command...); !strings.Contains(output, "Removed from state, not deleted: concept") {
			t.Errorf("%v does not say that the concept stays:\n%s", command, output)
		}
	}
	if output := w.MustRun(t, "plan"); strings.Contains(output, "removed from state") {
		t.Errorf("a plan that destroys nothing warns:\n%s", output)
	}
}

// A service that is older than metadata of concepts ignores it.
func TestAccConcept_noMetadata(t *testing.T) {
	env := acctest.New(t, acctest.RealTime, acctest.Emulator(func(o *emulator.Options) { o.OlderConcepts = true }))
	config := func(wheels int) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_concept" "test" {
  id = "truck"
  metadata = jsonencode({ wheels = %d })
}`, wheels))
	}
	w := env.Workspace(t, config(6))
	for _, wheels := range []int{6, 8} {
		w.Write(t, "main.tf", config(wheels))
		if output := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(output, "Metadata ignored by the service") {
			t.Errorf(`nothing says that metadata was ignored:
%s`, output)
		}
		w.NoChanges(t)
	}
}

func TestAccConcept_invalid(t *testing.T) {
	env := acctest.New(t)
	for body, want := range map[string]string{
		`id = "relations"`: `could not be read`,
		`id = "x"
 name = ""`: `at least 1`,
		`id = "x"
 definition = ""`: `at least 1`,
		`id = "x"
 metadata = "[1]"`: `Not a JSON object`,
		`id = "x"
 visibility = "SECRET"`: `PRIVATE`,
		`id = "x"
 deletion_policy = "delete"`: `abandon`,
		`id = "a/b"
 adopt_existing = true`: `slash`,
	} {
		env.Test(t, resource.TestStep{
			Config: env.Config(`resource "clarifai_concept" "test" {
 ` + body + `
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

// Whether the service accepts the ids of older concepts for new ones is not known.
func TestAccConcept_newIDWithSpaces(t *testing.T) {
	const config = `
resource "clarifai_concept" "test" { id = "rolls royce" }
`
	const warning = `The id "rolls royce" of the new concept does not follow Clarifai's rules: it contains a space`
	accepting := acctest.New(t, acctest.Emulator(func(o *emulator.Options) { o.Dialects = []string{emulator.AnyConceptID} }))
	w := accepting.InProcess(t, accepting.Config(config))
	if output := acctest.Flat(w.MustRun(t, "apply", "-no-color", "-auto-approve")); !strings.Contains(output, warning) {
		t.Errorf("no warning about the id:\n%s", output)
	}
	output, code := w.Run(t, "plan", "-no-color", "-detailed-exitcode")
	if code != 0 || strings.Contains(acctest.Flat(output), "Clarifai's rules") {
		t.Errorf("the next plan ended with %d:\n%s", code, output)
	}
	rejecting := acctest.New(t, acctest.Serial)
	output, code = rejecting.InProcess(t, rejecting.Config(config)).Run(t, "apply", "-no-color", "-auto-approve")
	if said := acctest.Flat(output); code == 0 || !strings.Contains(said, warning) || !strings.Contains(said, "Unable to create concept") {
		t.Errorf("apply ended with %d:\n%s", code, output)
	}
}

// Many concepts share calls, to create and to refresh.
func TestAccConcept_calls(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	const n = 150
	w := env.Workspace(t, env.ConfigWith(acctest.FewRequests, fmt.Sprintf(`
resource "clarifai_concept" "all" {
  for_each = { for i in range(%d) : format("k%%03d", i) => i }
  id       = each.key
}
`, n)))
	w.MustRun(t, "apply", "-auto-approve")
	if creates := env.Count("PostConcepts"); creates == 0 || creates > n/2 {
		t.Errorf("%d creates for %d concepts", creates, n)
	}
	env.ResetCalls()
	w.NoChanges(t)
	if calls := env.Count(); calls == 0 || calls > 16 {
		t.Errorf("%d calls to refresh %d concepts", calls, n)
	}
}

func TestAccConcept_data(t *testing.T) {
	env := acctest.New(t)
	for _, id := range []string{"truck", "tram", "van"} {
		env.AddConcept("fleet", clarifai.Concept{ID: id, Definition: "a " + id, Metadata: clarifai.Struct(`{"a":1}`)})
	}
	env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "fr", Name: "camion"})
	ids := func(want ...string) knownvalue.Check {
		var checks []knownvalue.Check
		for _, id := range want {
			checks = append(checks, knownvalue.StringExact(id))
		}
		return knownvalue.ListExact(checks)
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_concept" "one" { id = "truck" }
data "clarifai_concepts" "all" {}
data "clarifai_concepts" "some" { name = "tr*" }
data "clarifai_concepts" "first" {
  name  = "tr*"
  limit = 1
}
data "clarifai_concepts" "french" {
  name     = "cam*"
  language = "fr"
}
data "clarifai_concepts" "model" {
  name                = "v*"
  model_id            = "general"
  model_version_id    = "v1"
  ignore_app_concepts = true
}
data "clarifai_concepts" "workflow" {
  workflow_id         = "flow"
  workflow_version_id = "v1"
  use_cases           = ["CLASSIFICATION"]
  limit               = 2
}
data "clarifai_concepts" "none" { use_cases = ["DETECTION"] }
output "one" { value = data.clarifai_concept.one.definition }
output "metadata" { value = jsondecode(data.clarifai_concept.one.metadata).a }
output "all" { value = data.clarifai_concepts.all.concepts[*].id }
output "some" { value = data.clarifai_concepts.some.concepts[*].id }
output "first" { value = data.clarifai_concepts.first.concepts[*].id }
output "french" { value = data.clarifai_concepts.french.concepts[*].name }
output "model" { value = data.clarifai_concepts.model.concepts[*].id }
output "workflow" { value = data.clarifai_concepts.workflow.concepts[*].id }
output "none" { value = data.clarifai_concepts.none.concepts[*].id }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("one", knownvalue.StringExact("a truck")),
			statecheck.ExpectKnownOutputValue("metadata", knownvalue.Int64Exact(1)),
			statecheck.ExpectKnownOutputValue("all", ids("tram", "truck", "van")),
			statecheck.ExpectKnownOutputValue("some", ids("tram", "truck")),
			statecheck.ExpectKnownOutputValue("first", ids("tram")),
			statecheck.ExpectKnownOutputValue("french", ids("camion")),
			statecheck.ExpectKnownOutputValue("model", ids("van")),
			statecheck.ExpectKnownOutputValue("workflow", ids("tram", "truck")),
			statecheck.ExpectKnownOutputValue("none", ids()),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_concept" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No concept "nope" in app "fleet"`),
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_concepts" "none" { model_id = "missing-model" }`),
		ExpectError: regexp.MustCompile(`(?s)Unable to search the concepts.*missing-model`),
	})
	for body, want := range map[string]string{
		`model_id = "a"
  workflow_id = "b"`: `workflow_id`,
		`model_version_id = "a"`:   `model_id`,
		`use_cases = ["GUESSING"]`: `CLASSIFICATION`,
		`limit = 0`:                `at least 1`,
	} {
		env.Test(t, resource.TestStep{
			Config: env.Config(`data "clarifai_concepts" "bad" {
 ` + body + `
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
}

func TestAccConcept_counts(t *testing.T) {
	env := acctest.New(t)
	one, zero := clarifai.Float(1), clarifai.Float(0)
	for i, value := range []*clarifai.Float{&one, &one, &zero} {
		env.AddInput("fleet", clarifai.Input{ID: fmt.Sprint(i), Data: &clarifai.Data{
			Text: &clarifai.Text{Raw: fmt.Sprint(i)}, Concepts: []clarifai.Concept{{ID: "truck", Value: value}},
		}})
	}
	env.AddConcept("fleet", clarifai.Concept{ID: "van"})
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_concept_counts" "all" {}
output "truck" { value = data.clarifai_concept_counts.all.counts["truck"] }
output "van" { value = data.clarifai_concept_counts.all.counts["van"].positive }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("truck", knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"name": knownvalue.StringExact("truck"), "positive": knownvalue.Int64Exact(2), "negative": knownvalue.Int64Exact(1),
				"processed": knownvalue.ObjectExact(map[string]knownvalue.Check{"positive": knownvalue.Int64Exact(2),
					"negative": knownvalue.Int64Exact(1)}),
				"errors": knownvalue.ObjectExact(map[string]knownvalue.Check{"positive": knownvalue.Int64Exact(0),
					"negative": knownvalue.Int64Exact(0)}),
			})),
			statecheck.ExpectKnownOutputValue("van", knownvalue.Int64Exact(0)),
		},
	})
}

func TestAccConcept_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := acctest.New(t)
	for _, id := range []string{"truck", "tram", "van"} {
		env.AddConcept("fleet", clarifai.Concept{ID: id, Name: "the " + id})
	}
	env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "fr", Name: "camion"})
	env.Test(t,
		resource.TestStep{Config: env.Config(`resource "clarifai_concept" "test" { id = "another" }`)},
		resource.TestStep{
			Query: true,
			Config: `
list "clarifai_concept" "all" {
  provider         = clarifai
  include_resource = true
}
list "clarifai_concept" "french" {
  provider         = clarifai
  include_resource = true
  config {
    name     = "cam*"
    language = "fr"
  }
}
`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_concept.all", 4),
				querycheck.ExpectIdentity("clarifai_concept.all", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"),
					"id": knownvalue.StringExact("van"),
				}),
				querycheck.ExpectLength("clarifai_concept.french", 1),
				querycheck.ExpectIdentity("clarifai_concept.french", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"),
					"id": knownvalue.StringExact("truck"),
				}),
			},
		},
	)
}
