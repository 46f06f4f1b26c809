package conceptrelation_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
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

const address = "clarifai_concept_relation.test"

// withConcepts is an Env with concepts and the knowledge graph "kitchen".
func withConcepts(t *testing.T, options ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	for _, id := range []string{"honey", "food", "jam", "pup", "puppy"} {
		env.AddConcept("fleet", clarifai.Concept{ID: id})
	}
	if _, err := env.Client.PostKnowledgeGraphs(t.Context(), env.App, []clarifai.KnowledgeGraph{{ID: "kitchen"},
		{ID: "bees"}}); err != nil {
		t.Fatal(err)
	}
	env.ResetCalls()
	return env
}

// relation is a resource block.
func relation(name, subject, predicate, object string, more ...string) string {
	body := ""
	for _, line := range more {
		body += "  " + line + "\n"
	}
	return fmt.Sprintf(`resource "clarifai_concept_relation" %q {
  subject_concept_id = %q
  predicate = %q
  object_concept_id = %q
%s}
`, name, subject, predicate, object, body)
}

// holds checks the relations that the service holds, as they were made.
func holds(env *acctest.Env, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := []string{}
		for _, r := range env.ConceptRelations("fleet") {
			text := r.SubjectConcept.ID + " " + r.Predicate + " " + r.ObjectConcept.ID
			if r.KnowledgeGraphID != "" {
				text += " @" + r.KnowledgeGraphID
			}
			got = append(got, text)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			return fmt.Errorf("the service holds %q, want %q", got, want)
		}
		return nil
	}
}

var unchanged = acctest.PlansNothing()

func TestAccConceptRelation_basic(t *testing.T) {
	env := withConcepts(t)
	steps := []resource.TestStep{
		{
			Config: env.Config(relation("test", "honey", "hyponym", "food")),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{32}$`))),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("user_id"), knownvalue.StringExact("acme")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("visibility"), knownvalue.StringExact("PRIVATE")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("knowledge_graph_id"), knownvalue.Null()),
			},
			Check: holds(env, "food hypernym honey"),
		},
		{
			ResourceName: address, ImportState: true, ImportStateVerify: true,
			// An import by id has the direction in which the service stores the relation.
			ImportStateVerifyIgnore: []string{"subject_concept_id", "predicate", "object_concept_id"},
		},
	}
	for _, id := range []string{"honey/hyponym/food", "fleet/honey/hyponym/food", "acme/fleet/honey/hyponym/food"} {
		steps = append(steps,
			resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true},
			resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: id})
	}
	if acctest.Has(acctest.ImportByIdentity) {
		steps = append(steps, resource.TestStep{ResourceName: address, ImportState: true,
			ImportStateKind: resource.ImportBlockWithResourceIdentity})
	}
	env.Case(t, resource.TestCase{Steps: steps, CheckDestroy: holds(env)})
}

// Whichever side it is declared from, it is the same relation.
func TestAccConceptRelation_canonical(t *testing.T) {
	env := withConcepts(t)
	env.Test(t,
		resource.TestStep{Config: env.Config(relation("test", "food", "hypernym", "honey")), Check: holds(env, "food hypernym honey")},
		resource.TestStep{Config: env.Config(relation("test", "honey", "hyponym",
			"food")), ConfigPlanChecks: unchanged, Check: holds(env, "food hypernym honey")},
		resource.TestStep{Config: env.Config(relation("test", "puppy", "synonym",
			"pup")), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate), Check: holds(env,
			"puppy synonym pup")},
		resource.TestStep{Config: env.Config(relation("test", "pup", "synonym", "puppy")), ConfigPlanChecks: unchanged},
		resource.TestStep{Config: env.Config(relation("test", "pup", "synonym", "puppy")), PlanOnly: true},
	)
}

// An import may see the relation from the other side than the configuration.
func TestAccConceptRelation_importInverse(t *testing.T) {
	env := withConcepts(t)
	id := env.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	for _, importID := range []string{id, "acme/fleet/" + id, "honey/hyponym/food", "food/hypernym/honey"} {
		env.Test(t,
			resource.TestStep{
				Config: env.Config(relation("test", "food", "hypernym", "honey"),
					fmt.Sprintf(`import {
  to = clarifai_concept_relation.test
  id = %q
}
`, importID)),
				ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop),
				Check:            holds(env, "honey hyponym food"),
			},
			resource.TestStep{ // leave it for the next one
				Config: env.Config(`removed {
  from = clarifai_concept_relation.test
  lifecycle {
    destroy = false
  }
}
`),
			},
		)
	}
	if err := holds(env, "honey hyponym food")(nil); err != nil {
		t.Fatal(err)
	}
	if got := env.ConceptRelations("fleet")[0].ID; got != id {
		t.Errorf("the relation was replaced: its id is %s, was %s", got, id)
	}
}

func TestAccConceptRelation_importByIdentity(t *testing.T) {
	acctest.Require(t, acctest.ImportByIdentity)
	env := withConcepts(t)
	id := env.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	for _, identity := range []string{
		fmt.Sprintf("id = %q", id),
		`subject_concept_id = "food"
 predicate = "hypernym"
 object_concept_id = "honey"`,
	} {
		env.Test(t,
			resource.TestStep{
				Config: env.Config(relation("test", "honey", "hyponym", "food"),
					`import {
  to = clarifai_concept_relation.test
  identity = {
`+identity+`
}
}
`),
				ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"), "id": knownvalue.StringExact(id),
					"subject_concept_id": knownvalue.Null(), "predicate": knownvalue.Null(), "object_concept_id": knownvalue.Null(),
					"knowledge_graph_id": knownvalue.Null(),
				})},
			},
			resource.TestStep{
				Config: env.Config(`removed {
  from = clarifai_concept_relation.test
  lifecycle {
    destroy = false
  }
}
`),
			},
		)
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(relation("test", "honey", "hyponym", "food"),
			`import {
  to = clarifai_concept_relation.test
  identity = {
 subject_concept_id = "food"
}
}
`),
		PlanOnly:    true,
		ExpectError: regexp.MustCompile(`Invalid import id`),
	})
}

func TestAccConceptRelation_importRejections(t *testing.T) {
	env := withConcepts(t)
	env.AddConceptRelation("fleet", "honey", "hyponym", "food", "kitchen")
	env.AddConceptRelation("fleet", "food", "hypernym", "honey", "bees")
	for id, want := range map[string]string{
		"jam/hyponym/food":         `has\s+no\s+relation\s+"jam"\s+hyponym\s+of\s+"food"`,
		"nope":                     `(?s)has\s+no\s+relation\s+"nope".*clarifai_concept_relations\s+shows`,
		"honey/hyponim/food":       `(?s)was\s+read\s+as\s+user\s+"honey".*one\s+of\s+hypernym,\s+hyponym,\s+synonym`,
		"honey/hyponym/food":       `(?s)several\s+knowledge\s+graphs.*graph`,
		"honey/hyponym/":           `Invalid import id`,
		"a/b/c/d":                  `Invalid import id`,
		"honey/hyponym/food/other": `has\s+no\s+relation`,
	} {
		env.Test(t, resource.TestStep{
			Config: env.Config(relation("test", "honey", "hyponym", "food", `knowledge_graph_id = "kitchen"`),
				fmt.Sprintf(`import {
  to = clarifai_concept_relation.test
  id = %q
}
`, id)),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(relation("test", "honey", "hyponym", "food", `knowledge_graph_id = "kitchen"`),
			`import {
  to = clarifai_concept_relation.test
  id = "honey/hyponym/food/kitchen"
}
`),
		ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop),
	})
}

func TestAccConceptRelation_replace(t *testing.T) {
	env := withConcepts(t)
	replace := acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate)
	env.Test(t,
		resource.TestStep{Config: env.Config(relation("test", "honey", "hyponym", "food"))},
		resource.TestStep{Config: env.Config(relation("test", "jam", "hyponym", "food")), ConfigPlanChecks: replace, Check: holds(env,
			"food hypernym jam")},
		resource.TestStep{Config: env.Config(relation("test", "jam", "hyponym", "honey")), ConfigPlanChecks: replace, Check: holds(env,
			"honey hypernym jam")},
		resource.TestStep{Config: env.Config(relation("test", "jam", "hypernym", "honey")), ConfigPlanChecks: replace, Check: holds(env,
			"jam hypernym honey")},
		resource.TestStep{Config: env.Config(relation("test", "jam", "hypernym",
			"honey", `knowledge_graph_id = "kitchen"`)), ConfigPlanChecks: replace, Check: holds(env, "jam hypernym honey @kitchen")},
		resource.TestStep{Config: env.Config(relation("test", "jam", "hypernym",
			"honey", `knowledge_graph_id = "kitchen"`, `visibility = "ORG"`)), ConfigPlanChecks: replace},
		// Said otherwise and put elsewhere at once is still a replacement.
		resource.TestStep{Config: env.Config(relation("test", "honey", "hyponym",
			"jam", `visibility = "ORG"`)), ConfigPlanChecks: replace, Check: holds(env, "jam hypernym honey")},
	)
}

func TestAccConceptRelation_disappears(t *testing.T) {
	env := withConcepts(t)
	config := env.Config(relation("test", "honey", "hyponym", "food"))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { env.DeleteConceptRelation("fleet", env.ConceptRelations("fleet")[0].ID) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
			Check:            holds(env, "food hypernym honey"),
		},
		resource.TestStep{ // destroying what is gone already is no error
			PreConfig: func() { env.DeleteConceptRelation("fleet", env.ConceptRelations("fleet")[0].ID) },
			Config:    config,
			Destroy:   true,
		},
	)
}

// A list that omits a relation twice does not remove it from state; one that omits it three times does.
func TestAccConceptRelation_omittedFromList(t *testing.T) {
	env := withConcepts(t)
	config := env.Config(relation("test", "honey", "hyponym", "food"))
	omit := func(times int) func() {
		return func() { env.MustFault(emulator.Fault{Op: "ListConceptRelations", Items: "missing", Count: times}) }
	}
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: omit(2), Config: config, PlanOnly: true},
		resource.TestStep{PreConfig: omit(3), Config: config, PlanOnly: true, ExpectNonEmptyPlan: true},
	)
}

func TestAccConceptRelation_alreadyExists(t *testing.T) {
	env := withConcepts(t)
	id := env.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	for _, config := range []string{relation("test", "honey", "hyponym", "food"), relation("test", "food", "hypernym", "honey")} {
		env.Test(t, resource.TestStep{
			Config:      env.Config(config),
			ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_concept_relation\.NAME\s+acme/fleet/` + id),
		})
	}
	if err := holds(env, "honey hyponym food")(nil); err != nil {
		t.Error(err)
	}
}

// With adopt_identical an existing relation is adopted, unless its visibility differs.
func TestAccConceptRelation_adoptIdentical(t *testing.T) {
	env := withConcepts(t)
	env.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	config := func(more ...string) string {
		return env.ConfigWith("adopt_identical = true", relation("test", "food", "hypernym", "honey", more...))
	}
	env.Test(t,
		resource.TestStep{Config: config(`visibility = "PUBLIC"`), ExpectError: regexp.MustCompile(`already exists`)},
		resource.TestStep{Config: config(), Check: holds(env, "honey hyponym food")},
	)
}

// An interrupt while the service creates a relation does not lose it.
func TestInterrupt(t *testing.T) {
	env := withConcepts(t)
	ctx, interrupt := context.WithCancel(t.Context())
	env.Observe(func(call emulator.Call) { // before the response is sent
		if call.Op == "PostConceptRelations" {
			interrupt()
		}
	})
	state, problems := env.Create(ctx, t, "clarifai_concept_relation", map[string]any{
		"subject_concept_id": "honey", "predicate": "hyponym", "object_concept_id": "food",
	})
	if ctx.Err() == nil || state.IsNull() || len(problems) > 0 {
		t.Errorf("interrupted: %v, state: %v, diagnostics: %v", ctx.Err(), state, problems)
	}
}

// The same relation declared twice is found at plan, from whichever side.
func TestAccConceptRelation_twiceAtPlan(t *testing.T) {
	env := withConcepts(t)
	for _, second := range []string{relation("b", "honey", "hyponym", "food"), relation("b", "food", "hypernym", "honey")} {
		env.Test(t, resource.TestStep{
			Config:      env.Config(relation("a", "honey", "hyponym", "food"), second),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`Relation declared twice`),
		})
	}
	env.Test(t, resource.TestStep{
		Config:      env.Config(relation("a", "pup", "synonym", "puppy"), relation("b", "puppy", "synonym", "pup")),
		PlanOnly:    true,
		ExpectError: regexp.MustCompile(`Relation declared twice`),
	})
	// Others are none of its business: another predicate, another graph.
	env.Test(t,
		resource.TestStep{Config: env.Config(
			relation("a", "honey", "hyponym", "food"), relation("b", "honey", "hypernym", "food"), relation("c", "honey", "synonym",
				"food"),
			relation("d", "honey", "hyponym", "food", `knowledge_graph_id = "kitchen"`),
		)},
		resource.TestStep{ // one that is there, and one more
			Config:      env.Config(relation("a", "honey", "hyponym", "food"), relation("z", "food", "hypernym", "honey")),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`Relation declared twice`),
		},
	)
}

// What only apply knows is found there, before it is created.
func TestAccConceptRelation_twiceAtApply(t *testing.T) {
	env := withConcepts(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "terraform_data" "subject" { input = "food" }
resource "clarifai_concept_relation" "a" {
  subject_concept_id = "honey"
  predicate          = "hyponym"
  object_concept_id  = terraform_data.subject.output
}
resource "clarifai_concept_relation" "b" {
  subject_concept_id = terraform_data.subject.output
  predicate          = "hypernym"
  object_concept_id  = "honey"
}
`),
		ExpectError: regexp.MustCompile(`Relation declared twice`),
	})
	if n := env.Count("PostConceptRelations"); n != 1 {
		t.Errorf("%d posts, want one", n)
	}
}

// Each relation is planned at plan and at apply, and one that is replaced twice
// at that: none of it may count as a second declaration.
func TestAccConceptRelation_plannedAgain(t *testing.T) {
	env := withConcepts(t)
	values := func(object string) string {
		return env.Config(fmt.Sprintf(`
resource "terraform_data" "object" { input = %q }
resource "clarifai_concept_relation" "test" {
  subject_concept_id = "honey"
  predicate          = "hyponym"
  object_concept_id  = terraform_data.object.output
}
`, object))
	}
	env.Test(t,
		resource.TestStep{Config: values("food")},
		resource.TestStep{Config: values("jam"), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check: holds(env, "jam hypernym honey")},
		resource.TestStep{Config: values("jam"), PlanOnly: true},
		resource.TestStep{
			Config: values("jam"), Taint: []string{address},
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate), Check: holds(env, "jam hypernym honey"),
		},
		resource.TestStep{ // moved, not declared again
			Config: env.Config(relation("renamed", "honey", "hyponym", "jam"),
				`moved {
  from = clarifai_concept_relation.test
  to = clarifai_concept_relation.renamed
}
`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("clarifai_concept_relation.renamed", plancheck.ResourceActionNoop),
			}},
		},
	)
}

// Renaming a resource without saying so destroys and creates. That is no double
// declaration; whether the service has made room in time depends on the order.
func TestAccConceptRelation_renamed(t *testing.T) {
	env := withConcepts(t)
	env.Test(t,
		resource.TestStep{Config: env.Config(relation("old", "honey", "hyponym", "food"))},
		resource.TestStep{
			Config:             env.Config(relation("new", "honey", "hyponym", "food")),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
	)
}

// One relation imported to two addresses is declared twice too.
func TestAccConceptRelation_importedTwice(t *testing.T) {
	env := withConcepts(t)
	id := env.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	config := ""
	for _, name := range []string{"a", "b"} {
		config += relation(name, "honey", "hyponym", "food") + fmt.Sprintf(`import {
  to = clarifai_concept_relation.%s
  id = %q
}
`, name, id)
	}
	env.Test(t, resource.TestStep{Config: env.Config(config), PlanOnly: true, ExpectError: regexp.MustCompile(`Relation declared twice`)})
}

// An answer that is lost on the way must neither duplicate nor orphan anything.
func TestAccConceptRelation_lostResponse(t *testing.T) {
	env := withConcepts(t)
	env.AddConceptRelation("fleet", "jam", "hyponym", "food", "")
	fault := env.MustFault(emulator.Fault{Op: "PostConceptRelations", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: env.Config(relation("test", "food", "hypernym", "honey")),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 1 || env.Count("PostConceptRelations") != 1 {
				return fmt.Errorf("the fault struck %d times, with %d posts; want 1 and 1", env.Struck(fault),
					env.Count("PostConceptRelations"))
			}
			return holds(env, "food hypernym honey", "jam hyponym food")(nil)
		},
	})
}

// One that was there before is not taken for ours because an answer was lost.
func TestAccConceptRelation_lostResponseOfDuplicate(t *testing.T) {
	env := withConcepts(t)
	env.AddConceptRelation("fleet", "jam", "hyponym", "food", "")
	env.MustFault(emulator.Fault{Op: "PostConceptRelations", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config:      env.Config(relation("test", "jam", "hyponym", "food")),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import`),
	})
	if err := holds(env, "jam hyponym food")(nil); err != nil {
		t.Error(err)
	}
}

// A bad relation fails alone, although it shares a call with others.
func TestAccConceptRelation_oneBad(t *testing.T) {
	env := withConcepts(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(
			relation("a", "food", "hypernym", "honey"), relation("b", "food", "hypernym", "jam"), relation("c", "food", "hypernym", "nope"),
		),
		ExpectError: regexp.MustCompile(`(?s)Unable to create relation "food" hypernym of "nope".*'nope'\s+not\s+found`),
	})
}

func TestAccConceptRelation_invalid(t *testing.T) {
	env := acctest.New(t)
	for config, want := range map[string]string{
		relation("test", "honey", "eats", "food"):                               `hypernym`,
		relation("test", "honey", "synonym", "honey"):                           `related to itself`,
		relation("test", "a/b", "synonym", "honey"):                             `slash`,
		relation("test", "honey", "synonym", "food", `visibility = "SECRET"`):   `PRIVATE`,
		relation("test", "honey", "synonym", "food", `knowledge_graph_id = ""`): `empty`,
		`resource "clarifai_concept_relation" "test" { predicate = "synonym" }`: `subject_concept_id`,
	} {
		env.Test(t, resource.TestStep{Config: env.Config(config), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

func TestAccConceptRelation_data(t *testing.T) {
	env := withConcepts(t)
	env.EditConcept("fleet", "food", func(k *clarifai.Concept) { k.Name = "Food" })
	env.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	env.AddConceptRelation("fleet", "food", "hypernym", "jam", "kitchen")
	env.AddConceptRelation("fleet", "pup", "synonym", "puppy", "")
	config := `
locals {
  says = { for name, d in {
    all        = data.clarifai_concept_relations.all
    food       = data.clarifai_concept_relations.food
    hypernyms  = data.clarifai_concept_relations.hypernyms
    hyponyms   = data.clarifai_concept_relations.hyponyms
    synonyms   = data.clarifai_concept_relations.synonyms
    of_honey   = data.clarifai_concept_relations.of_honey
    kitchen    = data.clarifai_concept_relations.kitchen
  } : name => join(", ", [for r in d.relations : "${r.subject_concept_id} ${r.predicate} ${r.object_concept_id}"]) }
}
output "says" { value = local.says }
output "names" { value = data.clarifai_concept_relations.kitchen.relations[0].subject_name }
`
	for name, body := range map[string]string{
		"all": "", "food": `concept_id = "food"`, "hypernyms": `predicate = "hypernym"`, "hyponyms": `predicate = "hyponym"`,
		"synonyms": `predicate = "synonym"`, "of_honey": `concept_id = "honey"
 predicate = "hypernym"`, "kitchen": `knowledge_graph_id = "kitchen"`,
	} {
		config += fmt.Sprintf(`data "clarifai_concept_relations" %q {
%s
}
`, name, body)
	}
	says := func(text string) knownvalue.Check { return knownvalue.StringExact(text) }
	env.Test(t, resource.TestStep{
		Config: env.Config(config),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("says", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"all":       says("honey hyponym food, food hypernym jam, pup synonym puppy"),
				"food":      says("food hypernym honey, food hypernym jam"),
				"hypernyms": says("food hypernym honey, food hypernym jam"),
				"hyponyms":  says("honey hyponym food, jam hyponym food"),
				"synonyms":  says("pup synonym puppy"),
				"of_honey":  says(""),
				"kitchen":   says("food hypernym jam"),
			})),
			statecheck.ExpectKnownOutputValue("names", knownvalue.StringExact("Food")),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_concept_relations" "none" { concept_id = "nope" }`),
		ExpectError: regexp.MustCompile(`No relations of concept "nope" in app "fleet"`),
	})
}

// Relations of one parent share requests, from whichever side they are declared.
func TestAccConceptRelation_calls(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	const n = 150
	env.AddConcept("fleet", clarifai.Concept{ID: "food"})
	for i := range n {
		env.AddConcept("fleet", clarifai.Concept{ID: fmt.Sprintf("k%03d", i)})
	}
	w := env.Workspace(t, env.ConfigWith(acctest.FewRequests, fmt.Sprintf(`
resource "clarifai_concept_relation" "all" {
  for_each           = { for i in range(%d) : format("k%%03d", i) => i }
  subject_concept_id = each.value %% 2 == 0 ? "food" : each.key
  predicate          = each.value %% 2 == 0 ? "hypernym" : "hyponym"
  object_concept_id  = each.value %% 2 == 0 ? each.key : "food"
}
`, n)))
	w.MustRun(t, "apply", "-auto-approve")
	if posts := env.Count("PostConceptRelations"); posts == 0 || posts >= n/2 {
		t.Errorf("%d posts for %d relations of one parent", posts, n)
	}
	if lists := env.Count("ListConceptRelations2"); lists == 0 || lists > 2 {
		t.Errorf("%d list pages before creating, want a full one and at most an empty one", lists)
	}
	env.ResetCalls()
	w.NoChanges(t)
	if calls := env.Count(); calls == 0 || calls > 8 {
		t.Errorf("%d calls to refresh %d relations, want at most 8", calls, n)
	}
	env.ResetCalls()
	w.MustRun(t, "destroy", "-auto-approve")
	if deletes := env.Count("DeleteConceptRelations"); deletes == 0 || deletes > n/2 {
		t.Errorf("%d deletes for %d relations of one parent", deletes, n)
	}
	if left := env.ConceptRelations("fleet"); len(left) != 0 {
		t.Errorf("%d relations are left", len(left))
	}
}

func TestAccConceptRelation_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := withConcepts(t)
	id := env.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	env.AddConceptRelation("fleet", "pup", "synonym", "puppy", "kitchen")
	identity := map[string]knownvalue.Check{
		"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"), "id": knownvalue.StringExact(id),
		"subject_concept_id": knownvalue.Null(), "predicate": knownvalue.Null(), "object_concept_id": knownvalue.Null(),
		"knowledge_graph_id": knownvalue.Null(),
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(relation("test", "jam", "hyponym", "food"))},
		resource.TestStep{
			Query: true,
			Config: `
list "clarifai_concept_relation" "all" {
  provider         = clarifai
  include_resource = true
}
list "clarifai_concept_relation" "food" {
  provider = clarifai
  config {
    concept_id = "food"
    predicate  = "hypernym"
  }
}
list "clarifai_concept_relation" "kitchen" {
  provider = clarifai
  config {
    knowledge_graph_id = "kitchen"
  }
}
`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_concept_relation.all", 3),
				querycheck.ExpectIdentity("clarifai_concept_relation.all", identity),
				querycheck.ExpectLength("clarifai_concept_relation.food", 2),
				querycheck.ExpectIdentity("clarifai_concept_relation.food", identity),
				querycheck.ExpectLength("clarifai_concept_relation.kitchen", 1),
			},
		},
	)
}

// If the service cannot be read, the plan is an error and the state is kept.
func TestAccConceptRelation_unreadable(t *testing.T) {
	env := withConcepts(t)
	config := env.Config(relation("test", "honey", "hyponym", "food"))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				for _, op := range []string{"ListConceptRelations", "ListConceptRelations2"} {
					env.MustFault(emulator.Fault{Op: op, Code: clarifai.StatusInsufficientScopes})
				}
			},
			Config:      config,
			ExpectError: regexp.MustCompile(`(?s)Unable to read relation "honey" hyponym of "food".*scopes`),
		},
		resource.TestStep{PreConfig: func() { env.ClearFaults() }, Config: config, ConfigPlanChecks: unchanged},
	)
	if err := holds(env)(nil); err != nil {
		t.Error(errors.Join(err, errors.New("destroying should have deleted it")))
	}
}
