package conceptlanguage_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
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

const (
	address = "clarifai_concept_language.test"
	plural  = "clarifai_concept_languages.test"
)

// holds checks the languages that the service holds of a concept, as "code=name (definition)".
func holds(env *acctest.Env, concept string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for _, l := range env.ConceptLanguages("fleet", concept) {
			got = append(got, l.ID+"="+l.Name)
			if l.Definition != "" {
				got[len(got)-1] += " (" + l.Definition + ")"
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			return fmt.Errorf("the service holds %q, want %q", got, want)
		}
		return nil
	}
}

// withTruck is an Env with the concept truck.
func withTruck(t *testing.T, options ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	env.AddConcept("fleet", clarifai.Concept{ID: "truck"})
	return env
}

func language(body string) string {
	return `resource "clarifai_concept_language" "test" {
  concept_id = "truck"
` + body + `
}`
}

func several(body string) string {
	return `resource "clarifai_concept_languages" "test" {
  concept_id = "truck"
` + body + `
}`
}

func TestAccConceptLanguage_basic(t *testing.T) {
	env := withTruck(t)
	steps := []resource.TestStep{
		{
			Config: env.Config(language(`
  language   = "ja"
  name       = "トラック"
  definition = "貨物自動車"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("user_id"), knownvalue.StringExact("acme")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("allow_other_language"), knownvalue.Bool(false)),
			},
			Check: holds(env, "truck", "en=truck", "ja=トラック (貨物自動車)"),
		},
		{ResourceName: address, ImportState: true, ImportStateId: "truck/ja", ImportStateVerify: true,
			ImportStateVerifyIdentifierAttribute: "language"},
		{ResourceName: address, ImportState: true, ImportStateId: "acme/fleet/truck/ja", ImportStateVerify: true,
			ImportStateVerifyIdentifierAttribute: "language"},
		{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "fleet/truck/ja"},
	}
	if acctest.Has(acctest.ImportByIdentity) {
		steps = append(steps, resource.TestStep{ResourceName: address, ImportState: true,
			ImportStateKind: resource.ImportBlockWithResourceIdentity})
	}
	env.Test(t, steps...)
	if err := holds(env, "truck", "en=truck", "ja=トラック (貨物自動車)")(nil); err != nil {
		t.Errorf("destroying should only forget: %v", err)
	}
}

func TestAccConceptLanguage_update(t *testing.T) {
	env := withTruck(t)
	env.Test(t,
		resource.TestStep{Config: env.Config(language(`language = "fr"
 name = "camion"
 definition = "vieux"`))},
		resource.TestStep{
			Config: env.Config(language(`language = "fr"
 name = "poids lourd"
 definition = "neuf"`)),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check:            holds(env, "truck", "en=truck", "fr=poids lourd (neuf)"),
		},
		resource.TestStep{
			Config: env.Config(language(`language = "fr"
 name = "poids lourd"`)),
			ExpectError: regexp.MustCompile(`The API cannot clear definition`),
		},
		resource.TestStep{
			Config: env.Config(language(`language = "es"
 name = "camión"`)),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            holds(env, "truck", "en=truck", "fr=poids lourd (neuf)", "es=camión"),
		},
	)
}

// The entry in the default language exists from the creation of the concept, whatever language that is.
func TestAccConceptLanguage_default(t *testing.T) {
	env := withTruck(t)
	env.AddApp(clarifai.App{ID: "flotte", DefaultLanguage: "de"})
	env.AddConcept("flotte", clarifai.Concept{ID: "lkw"})
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "clarifai_concept_language" "test" {
  concept_id = "truck"
  language   = "en"
  name       = "lorry"
}
resource "clarifai_concept_language" "german" {
  app_id     = "flotte"
  concept_id = "lkw"
  language   = "de"
  name       = "Lastkraftwagen"
  definition = "befördert Lasten"
}
`),
		Check: func(*terraform.State) error {
			if n := env.Count("PostConceptLanguages"); n != 0 {
				return fmt.Errorf("%d posts of what is there already", n)
			}
			if k := env.Concept("flotte", "lkw"); k.Name != "Lastkraftwagen" || k.Definition != "befördert Lasten" {
				return fmt.Errorf("the concept is %+v", k)
			}
			return holds(env, "truck", "en=lorry")(nil)
		},
	})
}

// The name of a concept that a translation changes is no drift of the concept.
func TestAccConceptLanguage_withConcept(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(`
resource "clarifai_concept" "truck" { id = "truck" }
resource "clarifai_concept_language" "test" {
  concept_id = clarifai_concept.truck.id
  language   = "en"
  name       = "lorry"
}
`)
	env.Test(t, resource.TestStep{Config: config}, resource.TestStep{Config: config, PlanOnly: true})
}

// A translation that already exists is an error with its import block. With adopt_identical, one that
// equals the configuration is adopted; another one stays an error.
// Two resources that set different texts of one concept in one language are rejected, whichever they are.
func TestAccConceptLanguage_disagree(t *testing.T) {
	env := acctest.New(t)
	concept := `resource "clarifai_concept" "test" {
  id = "truck"
  name = "One"
}
`
	const german = `resource "clarifai_concept_language" "de" {
  concept_id = "truck"
  language = "de"
  name = "Lastwagen"
}
`
	english := func(name string) string {
		return fmt.Sprintf(`resource "clarifai_concept_language" "en" {
  concept_id = clarifai_concept.test.id
  language = "en"
  name = %q
}
`, name)
	}
	rejected := func(language string) *regexp.Regexp {
		return regexp.MustCompile(`(?s)Two resources disagree about the name of concept "truck" in\s+language "` + language + `"`)
	}
	env.Test(t,
		// The language of a new concept is not known at plan.
		resource.TestStep{Config: env.Config(concept, english("Two")), ExpectError: rejected("en")},
		resource.TestStep{Config: env.Config(concept, english("Two")), PlanOnly: true, ExpectError: rejected("en")},
		resource.TestStep{Config: env.Config(concept, english("One"))}, // both say the same
		resource.TestStep{
			Config: env.Config(concept, german, `resource "clarifai_concept_languages" "test" {
  concept_id = "truck"
  languages = { de = { name = "LKW" } }
}`),
			PlanOnly: true, ExpectError: rejected("de"),
		},
		resource.TestStep{
			Config: env.Config(concept, german, `resource "clarifai_taxonomy" "test" {
  name = "vehicles"
  concepts = { truck = { name = "One", names = { de = "LKW" } } }
}`),
			PlanOnly: true, ExpectError: rejected("de"),
		},
	)
}

func TestAccConceptLanguage_alreadyExists(t *testing.T) {
	env := withTruck(t)
	env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "fr", Name: "camion", Definition: "theirs"})
	identical := func(config string) string { return env.ConfigWith("adopt_identical = true", config) }
	same := language(`
  language = "fr"
  name     = "camion"`)
	different := language(`
  language = "fr"
  name     = "poids lourd"`)
	severalSame := several(`languages = { fr = { name = "camion" }, de = { name = "Lastwagen" } }`)
	severalDifferent := several(`languages = { fr = { name = "poids lourd" }, de = { name = "Lastwagen" } }`)
	one := regexp.MustCompile(`(?s)Translation "truck/fr" already exists.*import \{.*id = "acme/fleet/truck/fr"`)
	all := regexp.MustCompile(`(?s)Translations of concept "truck" already exists.*import \{.*id = "acme/fleet/truck".*languages\s+fr`)
	unchanged := holds(env, "truck", "en=truck", "fr=camion (theirs)")
	env.Test(t,
		resource.TestStep{Config: env.Config(same), ExpectError: one},
		resource.TestStep{Config: identical(different), ExpectError: one},
		resource.TestStep{Config: env.Config(severalSame), ExpectError: all},
		resource.TestStep{Config: identical(severalDifferent), ExpectError: all},
		resource.TestStep{Config: identical(same), Check: unchanged},
		resource.TestStep{Config: identical(severalSame), Check: holds(env, "truck", "en=truck", "fr=camion (theirs)", "de=Lastwagen")},
	)
}

// A replacement meets the translations that the same apply has removed from state, and updates them.
func TestAccConceptLanguage_replaced(t *testing.T) {
	env := withTruck(t)
	config := func(version, name string) string {
		return env.Config(fmt.Sprintf(`
resource "terraform_data" "version" { input = %[1]q }
resource "clarifai_concept_language" "test" {
  concept_id = "truck"
  language   = "fr"
  name       = %[2]q
  lifecycle { replace_triggered_by = [terraform_data.version] }
}
resource "clarifai_concept_languages" "test" {
  concept_id = "truck"
  languages  = { de = { name = %[2]q } }
  lifecycle { replace_triggered_by = [terraform_data.version] }
}
`, version, name))
	}
	env.Test(t,
		resource.TestStep{Config: config("1", "camion")},
		resource.TestStep{
			Config:           config("2", "poids lourd"),
			ConfigPlanChecks: acctest.Plans(plural, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            holds(env, "truck", "en=truck", "fr=poids lourd", "de=poids lourd"),
		},
	)
}

// What was created before an error stays in state, and the next apply continues with it.
func TestAccConceptLanguages_partial(t *testing.T) {
	env := withTruck(t)
	config := env.Config(several(`
  languages             = { fr = { name = "camion" }, xx = { name = "x" } }
  allow_other_languages = true`))
	env.Test(t,
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)Unable to create the languages.*not\s+supported`)},
		resource.TestStep{
			Config: env.Config(several(`languages = { fr = { name = "camion" } }`)),
			Check:  holds(env, "truck", "en=truck", "fr=camion"),
		},
	)
}

// An interrupt while the service creates a translation does not lose it.
func TestInterrupt(t *testing.T) {
	for typeName, config := range map[string]map[string]any{
		"clarifai_concept_language": {"concept_id": "truck", "language": "fr", "name": "camion", "allow_other_language": false},
		"clarifai_concept_languages": {
			"concept_id": "truck", "languages": map[string]any{"fr": map[string]any{"name": "camion"}}, "allow_other_languages": false,
		},
	} {
		t.Run(typeName, func(t *testing.T) {
			env := withTruck(t)
			ctx, interrupt := context.WithCancel(t.Context())
			env.Observe(func(call emulator.Call) { // before the response is sent
				if call.Op == "PostConceptLanguages" {
					interrupt()
				}
			})
			state, problems := env.Create(ctx, t, typeName, config)
			if ctx.Err() == nil || state.IsNull() || len(problems) > 0 {
				t.Errorf("interrupted: %v, state: %v, diagnostics: %v", ctx.Err(), state, problems)
			}
		})
	}
}

func TestAccConceptLanguage_drift(t *testing.T) {
	env := withTruck(t)
	config := env.Config(language(`language = "fr"
 name = "camion"`))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "fr", Name: "theirs", Definition: "not managed"})
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check:            holds(env, "truck", "en=truck", "fr=camion (not managed)"),
		},
		resource.TestStep{
			PreConfig:        func() { env.DeleteConceptLanguage("fleet", "truck", "fr") },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
			Check:            holds(env, "truck", "en=truck", "fr=camion"),
		},
	)
}

func TestAccConceptLanguage_lostResponse(t *testing.T) {
	env := withTruck(t)
	post := env.MustFault(emulator.Fault{Op: "PostConceptLanguages", Reset: emulator.AfterWork, Count: 2})
	env.Test(t, resource.TestStep{
		Config: env.Config(
			language(`language = "fr"
 name = "camion"`),
			`resource "clarifai_concept_languages" "test" {
 concept_id = "truck"
 languages = { de = { name = "Lastwagen" } }
}`,
		),
		Check: func(*terraform.State) error {
			if env.Struck(post) != 2 || len(env.ConceptLanguages("fleet", "truck")) != 3 {
				return fmt.Errorf("the fault struck %d times and the service holds %v", env.Struck(post), env.ConceptLanguages("fleet",
					"truck"))
			}
			return nil
		},
	})
}

func TestAccConceptLanguage_invalid(t *testing.T) {
	env := withTruck(t)
	for config, want := range map[string]string{
		language(`language = "tlh"
 name = "lup"`): `(?s)not a documented language.*allow_other_language = true`,
		language(`language = "zh-tw"
 name = "卡車"`): `Did you mean "zh-TW"`,
		language(`language = "fr"
 name = ""`): `at least 1`,
		language(`language = "fr"
 name = "x"
 definition = ""`): `at least 1`,
		language(`language = "fr"`): `name`,
		language(`language = "a/b"
 name = "x"`): `slash`,
		several(`languages = {}`):                            `at least 1`,
		several(`languages = { tlh = { name = "lup" } }`):    `allow_other_languages = true`,
		several(`languages = { fr = { name = "" } }`):        `at least 1`,
		several(`languages = { fr = { definition = "x" } }`): `name`,
	} {
		env.Test(t, resource.TestStep{Config: env.Config(config), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

// What the documentation does not list can be allowed; the service has the last word.
func TestAccConceptLanguage_other(t *testing.T) {
	env := withTruck(t, acctest.Emulator(func(o *emulator.Options) { o.MoreLanguages = []string{"tlh", "qya"} }))
	env.Test(t,
		resource.TestStep{
			Config: env.Config(language(`language = "xx"
 name = "x"
 allow_other_language = true`)),
			ExpectError: regexp.MustCompile(`(?s)Unable to create language "xx" of concept "truck".*not\s+supported`),
		},
		resource.TestStep{Config: env.Config(
			language(`language = "tlh"
 name = "lup"
 allow_other_language = true`),
			`resource "clarifai_concept_languages" "test" {
 concept_id = "truck"
 languages = { qya = { name = "lunca" } }
 allow_other_languages = true
}`,
		)},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
			ImportStateId: "truck/tlh"},
	)
}

func TestAccConceptLanguage_noConcept(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(language(`language = "fr"
 name = "camion"`)),
		ExpectError: regexp.MustCompile(`(?s)Unable to create language "fr" of concept "truck".*concept_id\s+'truck'\s+not\s+found`),
	}, resource.TestStep{
		Config: env.Config(`resource "clarifai_concept_languages" "test" {
 concept_id = "truck"
 languages = { fr = { name = "x" } }
}`),
		ExpectError: regexp.MustCompile(`(?s)Unable to create the languages of concept "truck".*not\s+found`),
	})
}

func TestAccConceptLanguages_basic(t *testing.T) {
	env := withTruck(t)
	env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "pl", Name: "ciężarówka"})
	config := env.Config(`
resource "clarifai_concept_languages" "test" {
  concept_id = "truck"
  languages = {
    en = { name = "truck", definition = "carries loads" }
    fr = { name = "camion" }
    ja = { name = "トラック", definition = "貨物自動車" }
    de = { name = "Lastwagen" }
  }
}
`)
	env.Test(t,
		resource.TestStep{
			Config: config,
			Check: func(*terraform.State) error {
				if lists, posts, patches := env.Count("ListConceptLanguages"), env.Count("PostConceptLanguages"),
					env.Count("PatchConceptLanguages"); posts != 1 || patches != 1 {
					return fmt.Errorf("%d lists, %d posts, %d patches; want one post and one patch", lists, posts, patches)
				}
				return holds(env, "truck", "en=truck (carries loads)", "fr=camion", "pl=ciężarówka", "de=Lastwagen", "ja=トラック (貨物自動車)")(nil)
			},
		},
		resource.TestStep{
			// One more is there than is managed, so an import shows it.
			ResourceName: plural, ImportState: true, ImportStateId: "truck",
			ImportStateCheck: func(states []*terraform.InstanceState) error {
				if got := states[0].Attributes["languages.%"]; got != "5" {
					return fmt.Errorf("%s languages were imported, want 5", got)
				}
				return nil
			},
		},
	)
}

func TestAccConceptLanguages_import(t *testing.T) {
	env := withTruck(t)
	steps := []resource.TestStep{
		{Config: env.Config(`
resource "clarifai_concept_languages" "test" {
  concept_id = "truck"
  languages = {
    en = { name = "truck" }
    ja = { name = "トラック", definition = "貨物自動車" }
  }
}
`)},
		{ResourceName: plural, ImportState: true, ImportStateId: "acme/fleet/truck", ImportStateVerify: true,
			ImportStateVerifyIdentifierAttribute: "concept_id"},
		{ResourceName: plural, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "truck"},
	}
	if acctest.Has(acctest.ImportByIdentity) {
		steps = append(steps, resource.TestStep{ResourceName: plural, ImportState: true,
			ImportStateKind: resource.ImportBlockWithResourceIdentity})
	}
	env.Test(t, steps...)
}

func TestAccConceptLanguages_update(t *testing.T) {
	env := withTruck(t)
	env.AddConcept("fleet", clarifai.Concept{ID: "van"})
	config := func(concept, languages string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_concept_languages" "test" {
 concept_id = %q
 languages = {
%s
}
}`, concept, languages))
	}
	env.Test(t,
		resource.TestStep{Config: config("truck", `fr = { name = "camion", definition = "vieux" }
 de = { name = "Lastwagen" }`)},
		resource.TestStep{
			Config: config("truck", `fr = { name = "camion", definition = "neuf" }
 es = { name = "camión" }`),
			ConfigPlanChecks: acctest.Plans(plural, plancheck.ResourceActionUpdate),
			Check:            holds(env, "truck", "en=truck", "de=Lastwagen", "fr=camion (neuf)", "es=camión"),
		},
		resource.TestStep{
			Config:      config("truck", `fr = { name = "camion" }`),
			ExpectError: regexp.MustCompile(`The API cannot clear definition`),
		},
		resource.TestStep{
			PreConfig: func() {
				env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "fr", Name: "theirs", Definition: "neuf"})
				env.DeleteConceptLanguage("fleet", "truck", "es")
			},
			Config: config("truck", `fr = { name = "camion", definition = "neuf" }
 es = { name = "camión" }`),
			ConfigPlanChecks: acctest.Plans(plural, plancheck.ResourceActionUpdate),
			Check:            holds(env, "truck", "en=truck", "de=Lastwagen", "fr=camion (neuf)", "es=camión"),
		},
		resource.TestStep{
			Config:           config("van", `fr = { name = "camionnette" }`),
			ConfigPlanChecks: acctest.Plans(plural, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            holds(env, "van", "en=van", "fr=camionnette"),
		},
	)
}

// A destroy that only removes translations from state says so, and nothing else does.
func TestAccConceptLanguages_removalFromStateWarns(t *testing.T) {
	env := withTruck(t, acctest.RealTime)
	config := func(languages string) string {
		return env.Config(`resource "clarifai_concept_languages" "test" {
 concept_id = "truck"
 languages = { `+languages+` }
}`,
			language(`language = "es"
 name = "camión"`))
	}
	w := env.Workspace(t, config(`fr = { name = "camion" }, de = { name = "Lastwagen" }`))
	w.MustRun(t, "apply", "-auto-approve")
	if output := w.MustRun(t, "plan"); strings.Contains(output, "removed from state") {
		t.Errorf("a plan that takes nothing away warns:\n%s", output)
	}
	w.Write(t, "main.tf", config(`fr = { name = "camion" }`))
	if output := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(output,
		"Removed from state, not deleted: translations of concept \"truck\" (de)") {
		t.Errorf("nothing says that the translation stays:\n%s", output)
	}
	output := w.MustRun(t, "destroy", "-auto-approve")
	for _, want := range []string{`not deleted: language "es" of concept "truck"`, `not deleted: translations of concept "truck" (fr)`} {
		if !strings.Contains(output, want) {
			t.Errorf("destroy does not say %q:\n%s", want, output)
		}
	}
	if err := holds(env, "truck", "en=truck", "de=Lastwagen", "fr=camion", "es=camión")(nil); err != nil {
		t.Error(err)
	}
}

func TestAccConceptLanguage_data(t *testing.T) {
	env := withTruck(t)
	env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "ja", Name: "トラック", Definition: "貨物自動車"})
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_concept_language" "one" {
  concept_id = "truck"
  language   = "ja"
}
data "clarifai_concept_languages" "all" { concept_id = "truck" }
output "one" { value = data.clarifai_concept_language.one.definition }
output "all" { value = { for code, l in data.clarifai_concept_languages.all.languages : code => l.name } }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("one", knownvalue.StringExact("貨物自動車")),
			statecheck.ExpectKnownOutputValue("all", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"en": knownvalue.StringExact("truck"), "ja": knownvalue.StringExact("トラック"),
			})),
		},
	}, resource.TestStep{
		Config: env.Config(`data "clarifai_concept_language" "none" {
  concept_id = "truck"
  language = "fr"
}`),
		ExpectError: regexp.MustCompile(`No language "fr" of a concept "truck" in app "fleet"`),
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_concept_languages" "none" { concept_id = "nope" }`),
		ExpectError: regexp.MustCompile(`No concept "nope" in app "fleet"`),
	})
}

// The API lists and adds translations by concept, so that one call a concept is
// the least that reading or adding them can take.
func TestAccConceptLanguage_calls(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	codes := []string{"ar", "bn", "da", "de", "es", "fi", "fr", "hi", "hu", "it", "ja", "ko", "nl", "no", "pa", "pl", "pt", "ru", "sv",
		"tr", "zh", "zh-TW"}
	const concepts = 5
	for i := range concepts {
		env.AddConcept("fleet", clarifai.Concept{ID: fmt.Sprintf("k%d", i)})
	}
	w := env.Workspace(t, env.Config(fmt.Sprintf(`
locals {
  all = merge([for i in range(%d) : { for code in ["%s"] : "k${i}/${code}" => { concept = "k${i}", code = code } }]...)
}
resource "clarifai_concept_language" "all" {
  for_each   = local.all
  concept_id = each.value.concept
  language   = each.value.code
  name       = each.key
}
`, concepts, strings.Join(codes, `", "`))))
	w.MustRun(t, "apply", "-auto-approve")
	n := concepts * len(codes)
	if posts := env.Count("PostConceptLanguages"); posts == 0 || posts > n*3/4 {
		t.Errorf("%d posts for %d translations", posts, n)
	}
	env.ResetCalls()
	w.NoChanges(t)
	if lists, calls := env.Count("ListConceptLanguages"), env.Count(); lists != concepts || calls != concepts {
		t.Errorf("%d list calls and %d in all to refresh %d translations of %d concepts, want %d", lists, calls, n, concepts, concepts)
	}
}

func TestAccConceptLanguage_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := withTruck(t)
	env.AddConcept("fleet", clarifai.Concept{ID: "van"})
	env.PutConceptLanguage("fleet", "truck", clarifai.ConceptLanguage{ID: "ja", Name: "トラック"})
	env.Test(t,
		resource.TestStep{Config: env.Config(language(`language = "fr"
 name = "camion"`))},
		resource.TestStep{
			Query: true,
			Config: `
list "clarifai_concept_language" "truck" {
  provider         = clarifai
  include_resource = true
  config {
    concept_id = "truck"
  }
}
list "clarifai_concept_language" "all" {
  provider = clarifai
}
`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_concept_language.truck", 3),
				querycheck.ExpectLength("clarifai_concept_language.all", 4),
				querycheck.ExpectIdentity("clarifai_concept_language.all", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"),
					"concept_id": knownvalue.StringExact("truck"), "language": knownvalue.StringExact("ja"),
				}),
			},
		},
	)
}
