package taxonomy_test

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

const address = "clarifai_taxonomy.test"

const places = `id,parent,name,name:de,name:ja,definition
world,,World,Welt,世界,Everything
europe,world,Europe,Europa,ヨーロッパ,
france,europe,France,Frankreich,フランス,
spain,europe,Spain,Spanien,スペイン,
`

// file writes a file outside the configuration and returns its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	rewrite(t, path, text)
	return path
}

func rewrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func body(source string) string {
	return "resource \"clarifai_taxonomy\" \"test\" {\n  name = \"places\"\n" + source + "\n}\n"
}

// relations returns those of the app, as they were created.
func relations(t *testing.T, env *acctest.Env) []string {
	t.Helper()
	var all []string
	for r, err := range env.Client.AllConceptRelations(t.Context(), env.App, "", clarifai.ListConceptRelationsQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r.SubjectConcept.ID+" "+r.Predicate+" "+r.ObjectConcept.ID)
	}
	return all
}

func applied(name string, value int64) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New("last_apply").AtMapKey(name), knownvalue.Int64Exact(value))
}

func TestAccTaxonomy_csv(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "places.csv", places)
	config := env.Config(body(fmt.Sprintf("  csv_file = %q", path)))
	env.Test(
		t,
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: acctest.Plans(
				address,
				plancheck.ResourceActionCreate,
				plancheck.ExpectKnownValue(address, tfjsonpath.New("changes"), knownvalue.StringRegexp(regexp.MustCompile("^4 to add, 0 to change"))),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				applied("relations_created", 3),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("counts").AtMapKey("names"), knownvalue.Int64Exact(8)),
			},
			Check: func(*terraform.State) error {
				l, err := env.Client.GetConceptLanguage(t.Context(), env.App, "france", "ja")
				if err != nil || l.Name != "フランス" {
					return fmt.Errorf("France is %+v in Japanese (%v)", l, err)
				}
				if n := len(relations(t, env)); n != 3 {
					return fmt.Errorf("%d relations, want 3", n)
				}
				// One call for the concepts, one for what is below each of two, one for the languages of each of four.
				for op, want := range map[string]int{
					"PostConcepts": 1, "PostConceptRelations": 2, "PostConceptLanguages": 4, "ListConceptLanguages": 0,
				} {
					if n := env.Count(op); n != want {
						return fmt.Errorf("%d calls of %s, want %d", n, op, want)
					}
				}
				return nil
			},
		},
		// The order and the spelling of the file do not matter.
		resource.TestStep{
			PreConfig: func() {
				lines := strings.Split(strings.TrimSpace(places), "\n")
				rewrite(t, path, strings.Join([]string{lines[0], lines[4], lines[3], lines[2], lines[1], ""}, "\r\n"))
			},
			Config:           config,
			ConfigPlanChecks: acctest.PlansNothing(),
		},
		// Moved, renamed, and one more.
		resource.TestStep{
			PreConfig: func() {
				rewrite(
					t,
					path,
					strings.NewReplacer("spain,europe,Spain", "spain,iberia,Spain", "Frankreich", "La France").Replace(places)+"iberia,europe,Iberia,,,\n",
				)
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				applied("concepts_created", 1),
				applied("relations_created", 2),
				applied("relations_deleted", 1),
				applied("names_written", 1),
			},
			Check: func(*terraform.State) error {
				l, err := env.Client.GetConceptLanguage(t.Context(), env.App, "france", "de")
				if err != nil || l.Name != "La France" {
					return fmt.Errorf("France is %+v in German (%v)", l, err)
				}
				return nil
			},
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateId: "places:csv_file:" + path,
			ImportStateVerifyIdentifierAttribute: "name", ImportStateVerifyIgnore: []string{"changes", "drift", "last_apply"},
		},
		resource.TestStep{
			ResourceName:  address,
			ImportState:   true,
			ImportStateId: "places:nonsense",
			ExpectError:   regexp.MustCompile(`not of the\s+form`),
		},
	)
	if n := len(relations(t, env)); n != 4 {
		t.Errorf("%d relations are left after abandoning, want 4", n)
	}
}

// Adopting a taxonomy that already exists changes nothing.
func TestAccTaxonomy_adopts(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "places.csv", places)
	config := env.Config(body(fmt.Sprintf("  csv_file = %q\n  refresh = \"full\"", path)))
	env.Test(t, resource.TestStep{Config: config})
	env.ResetCalls()
	env.Test(t, resource.TestStep{
		Config: config,
		ConfigStateChecks: []statecheck.StateCheck{
			applied("concepts_created", 0), applied("concepts_updated", 0), applied("names_written", 0),
			applied("relations_created", 0), applied("relations_deleted", 0),
		},
		Check: func(*terraform.State) error {
			for _, call := range env.Calls() {
				if call.Method != "GET" {
					return fmt.Errorf("%s was called", call.Op)
				}
			}
			return nil
		},
	})
}

func TestAccTaxonomy_drift(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "places.csv", places)
	config := func(extra string) string {
		return env.Config(body(fmt.Sprintf("  csv_file = %q\n%s", path, extra)))
	}
	meddle := func() {
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		_, err := env.Client.PatchConcepts(t.Context(), env.App, []clarifai.Concept{{ID: "spain", Name: "España"}}, clarifai.ActionOverwrite)
		must(err)
		_, err = env.Client.PatchConceptLanguages(
			t.Context(),
			env.App,
			"france",
			[]clarifai.ConceptLanguage{{ID: "de", Name: "Gallien"}},
			clarifai.ActionOverwrite,
		)
		must(err)
		_, err = env.Client.PostConceptRelations(
			t.Context(),
			env.App,
			"spain",
			[]clarifai.ConceptRelation{{ObjectConcept: &clarifai.Concept{ID: "france"}, Predicate: "synonym"}},
		)
		must(err)
		query := clarifai.ListConceptRelationsQuery{Predicate: "hyponym"}
		for r, err := range env.Client.AllConceptRelations(t.Context(), env.App, "france", query) {
			must(err)
			must(env.Client.DeleteConceptRelations(t.Context(), env.App, "france", []string{r.ID}))
		}
	}
	env.Test(t,
		resource.TestStep{Config: config(`  refresh = "full"`)},
		resource.TestStep{
			PreConfig:        meddle,
			Config:           config(`  refresh = "full"`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				applied("concepts_updated", 1),
				applied("names_written", 1),
				applied("relations_created", 1),
				applied("relations_deleted", 1),
			},
			Check: func(*terraform.State) error {
				if c := env.Concept(env.App.AppID, "spain"); c.Name != "Spain" {
					return fmt.Errorf("spain is called %q", c.Name)
				}
				return nil
			},
		},
		// An unmanaged relation is left alone.
		resource.TestStep{
			PreConfig: func() {
				_, err := env.Client.PostConceptRelations(
					t.Context(),
					env.App,
					"spain",
					[]clarifai.ConceptRelation{{ObjectConcept: &clarifai.Concept{ID: "france"}, Predicate: "synonym"}},
				)
				if err != nil {
					t.Fatal(err)
				}
			},
			Config: config("  refresh = \"full\"\n  exclusive_relations = false"),
			Check: func(*terraform.State) error {
				if n := len(relations(t, env)); n != 4 {
					return fmt.Errorf("%d relations, want 4", n)
				}
				return nil
			},
		},
	)
}

func TestAccTaxonomy_hcl(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(body(`
  deletion_policy = "delete"
  concepts = {
    world  = { name = "World", names = { de = "Welt" } }
    europe = { name = "Europe", parents = ["world"], definition = "A continent" }
    ue     = { synonyms = ["europe"] }
  }`)),
		ConfigStateChecks: []statecheck.StateCheck{applied("concepts_created", 3), applied("relations_created", 2), applied("names_written", 1)},
		Check: func(*terraform.State) error {
			if c := env.Concept(env.App.AppID, "europe"); c.Definition != "A continent" {
				return fmt.Errorf("europe is %+v", c)
			}
			return nil
		},
	})
	if left := relations(t, env); len(left) != 0 {
		t.Errorf("deletion_policy = delete left %q", left)
	}
}

func TestAccTaxonomy_skos(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "places.ttl", `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix p: <http://example.org/places/> .
p:world a skos:Concept ; skos:prefLabel "World"@en, "Welt"@de ; skos:narrower p:europe .
p:europe a skos:Concept ; skos:prefLabel "Europe"@en ; skos:altLabel "Old World"@en .
`)
	env.Test(t, resource.TestStep{
		Config:            env.Config(body(fmt.Sprintf("  skos_turtle_file = %q\n  alternative_labels_as_synonyms = true", path))),
		ConfigStateChecks: []statecheck.StateCheck{applied("concepts_created", 3), applied("relations_created", 2), applied("names_written", 1)},
	})
}

func TestAccTaxonomy_problems(t *testing.T) {
	env := acctest.New(t)
	for text, want := range map[string]string{
		"id,parent\na,c\nb,a\nc,b\n":             "a is below c is below b is below a",
		"id,parent\na,nope\n":                    `places.csv:2: parent "nope" of concept "a" is not in the taxonomy`,
		"id\na/b\n":                              `places.csv:2: id "a/b" cannot be used: it contains a slash`,
		"id\n" + strings.Repeat("x", 513) + "\n": `cannot be used: it has 513 characters`,
		"id,name:xx\na,b\n":                      `language "xx" is not one that Clarifai documents`,
		"id,name,name:en\na,b,c\n":               `which is the taxonomy's own`,
		"id,name\na,b\nc,d\xe4\n":                `places.csv:3: it is not UTF-8`,
	} {
		env.Test(t, resource.TestStep{
			Config:      env.Config(body(fmt.Sprintf("  csv_file = %q", file(t, "places.csv", text)))),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`(?s)` + strings.ReplaceAll(regexp.QuoteMeta(want), " ", `\s+`)), // messages are wrapped
		})
	}
	for source, want := range map[string]string{
		`csv_file = "/nonexistent/x.csv"`:             `File of the taxonomy not found`,
		"csv_file = \"a\"\n skos_turtle_file = \"b\"": `(?s)[Ee]xactly one`,
		``:                                       `(?s)[Ee]xactly one`,
		`concepts = { a = { parents = ["a"] } }`: `its own\s+parent`,
		"csv_file = \"a\"\n deletion_policy = \"everything\"": `abandon`,
	} {
		env.Test(t, resource.TestStep{Config: env.Config(body(source)), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for taxonomies that cannot work", n)
	}
}

// older are ids that concepts of older apps have and new ones do not.
const older = "id,parent,name\nsign,,Sign\ntraffic light,sign,Traffic light\nai.light:1,traffic light,\n猫,sign,Cat\nstatus,sign,\n"

// Existing concepts with ids of older apps are adopted without a warning, and their relations are deleted with the taxonomy.
func TestAccTaxonomy_adoptsOlderIDs(t *testing.T) {
	env := acctest.New(t)
	for id, name := range map[string]string{
		"traffic light": "Traffic light", "ai.light:1": "ai.light:1", "猫": "Cat", "status": "status",
	} {
		env.AddConcept(env.App.AppID, clarifai.Concept{ID: id, Name: name})
	}
	source := func(csv string) string {
		return env.Config(body(fmt.Sprintf("  deletion_policy = \"delete\"\n  csv = %q", csv)))
	}
	w := env.InProcess(t, source(older))
	output := acctest.Flat(w.MustRun(t, "apply", "-no-color", "-auto-approve"))
	if strings.Contains(output, "Clarifai may reject") || !strings.Contains(output, "4 of its 5 concepts exist") {
		t.Errorf("the apply said:\n%s", output)
	}
	if n := len(relations(t, env)); n != 4 {
		t.Errorf("%d relations, want 4", n)
	}
	w.NoChanges(t)
	w.Write(t, "main.tf", source(strings.Replace(older, "ai.light:1,traffic light", "ai.light:1,", 1)))
	if output := acctest.Flat(w.MustRun(t, "apply", "-no-color", "-auto-approve")); strings.Contains(output, "Clarifai may reject") {
		t.Errorf("the update said:\n%s", output)
	}
	if n := len(relations(t, env)); n != 3 {
		t.Errorf("%d relations after the update, want 3", n)
	}
	w.Write(t, "main.tf", source("id\nsign\n"))
	w.MustRun(t, "destroy", "-no-color", "-auto-approve")
	if left := relations(t, env); len(left) != 0 {
		t.Errorf("the destroy left %q", left)
	}
}

// Whether the service accepts such ids for new concepts is not known: the plan warns of those that it creates.
func TestAccTaxonomy_newIDs(t *testing.T) {
	const summary = "Clarifai may reject ids of new concepts"
	var many strings.Builder
	many.WriteString("id\ntraffic light\n")
	for i := range 12 {
		fmt.Fprintf(&many, "car %02d\n", i)
	}
	many.WriteString(strings.Repeat("x", 33) + "\n")
	start := func(t *testing.T, options ...acctest.Option) (*acctest.Env, *acctest.Workspace) {
		t.Helper()
		env := acctest.New(t, options...)
		env.AddConcept(env.App.AppID, clarifai.Concept{ID: "traffic light", Name: "traffic light"})
		return env, env.InProcess(t, env.Config(body(fmt.Sprintf("  csv = %q", many.String()))))
	}
	contains := func(t *testing.T, output string, wanted ...string) {
		t.Helper()
		for _, want := range wanted {
			if !strings.Contains(acctest.Flat(output), want) {
				t.Errorf("%q is not in:\n%s", want, output)
			}
		}
	}
	t.Run("accepted", func(t *testing.T) {
		env, w := start(t, acctest.Emulator(func(o *emulator.Options) { o.Dialects = []string{emulator.AnyConceptID} }))
		w.Write(t, "main.tf", env.Config(body(fmt.Sprintf("  csv = %q", strings.ReplaceAll(many.String(), strings.Repeat("x", 33), "car 12")))))
		output := w.MustRun(t, "apply", "-no-color", "-auto-approve")
		contains(t, output, summary, `The taxonomy "places" has 13 new concept ids outside Clarifai's rules: "car 00": it contains a space`,
			`"car 09": it contains a space ... and 3 more`)
		if strings.Contains(acctest.Flat(output), `"traffic light": it contains`) {
			t.Errorf("a warning about an existing concept:\n%s", output)
		}
		if output, code := w.Run(t, "plan", "-no-color", "-detailed-exitcode"); code != 0 || strings.Contains(output, summary) {
			t.Errorf("the next plan ended with %d:\n%s", code, output)
		}
		// An update warns of the concepts that it adds.
		w.Write(t, "main.tf", env.Config(body(fmt.Sprintf("  csv = %q", many.String()))))
		output = w.MustRun(t, "plan", "-no-color")
		contains(t, output, `has 1 new concept id outside Clarifai's rules: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": it has 33 characters`)
	})
	t.Run("rejected", func(t *testing.T) {
		env, w := start(t)
		output, code := w.Run(t, "apply", "-no-color", "-auto-approve")
		contains(t, output, summary, "has 13 new concept ids", "Incomplete taxonomy")
		if code == 0 || env.Concept(env.App.AppID, "traffic light") == nil {
			t.Errorf("the apply ended with %d", code)
		}
	})
	t.Run("app not known", func(t *testing.T) {
		env, w := start(t)
		w.Write(t, "main.tf", env.Config("resource \"terraform_data\" \"app\" {\n  input = \"fleet\"\n}\n",
			body("  app_id = terraform_data.app.output\n  csv = \"id\\ntraffic light\\ncar\\n\"")))
		output := w.MustRun(t, "plan", "-no-color")
		contains(t, output, summary, "The app could not be read, so all concepts of the source count as new.",
			`has 1 new concept id outside Clarifai's rules: "traffic light": it contains a space`)
	})
	t.Run("word in a path", func(t *testing.T) {
		env, w := start(t)
		w.Write(t, "main.tf", env.Config(body("  csv = \"id\\nstatus\\ncar\\n\"")))
		output, code := w.Run(t, "apply", "-no-color", "-auto-approve")
		contains(t, output, "Invalid ids of new concepts", `so they could not be read: "status". Give them other ids.`)
		if code == 0 || env.Count("PostConcepts") != 0 {
			t.Errorf("the apply ended with %d", code)
		}
	})
}

// A name that the service rejects affects nothing else, and the next apply does the rest.
func TestAccTaxonomy_partialFailure(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "places.csv", places)
	config := env.Config(body(fmt.Sprintf("  csv_file = %q", path)))
	fault := env.MustFault(
		emulator.Fault{Op: "PostConceptLanguages", Path: "/spain/", Code: clarifai.StatusInvalidRequest, Details: "not today"},
	)
	env.Test(t,
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)Incomplete taxonomy "places".*\d of 15 changes failed`)},
		resource.TestStep{
			PreConfig: func() { env.ClearFaults(fault); env.ResetCalls() },
			Config:    config,
			Check: func(*terraform.State) error {
				l, err := env.Client.GetConceptLanguage(t.Context(), env.App, "spain", "de")
				if err != nil || l.Name != "Spanien" {
					return fmt.Errorf("Spain is %+v in German (%v)", l, err)
				}
				if n := env.Count("PostConcepts", "PostConceptRelations"); n != 0 {
					return fmt.Errorf("%d creates for what was there", n)
				}
				return nil
			},
		},
	)
}

// A first apply that fails in part must not end in a replacement that deletion_policy prevents.
func TestAccTaxonomy_partialFailurePrevented(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(body(fmt.Sprintf("  csv_file = %q\n  deletion_policy = \"prevent\"", file(t, "places.csv", places))))
	fault := env.MustFault(
		emulator.Fault{Op: "PostConceptLanguages", Path: "/spain/", Code: clarifai.StatusInvalidRequest, Details: "not today"},
	)
	env.Test(
		t,
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)Incomplete taxonomy "places".*\d of 15 changes failed`)},
		resource.TestStep{
			PreConfig:        func() { env.ClearFaults(fault) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
		},
		resource.TestStep{Config: env.Config(body(fmt.Sprintf("  csv_file = %q\n  deletion_policy = "+
			"\"abandon\"", file(t, "places.csv", places))))},
	)
}

// What was not sent before the time limit is counted, not listed as if the service had rejected it.
func TestAccTaxonomy_timeout(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	source := fmt.Sprintf("  csv_file = %q\n", file(t, "places.csv", places))
	fault := env.MustFault(emulator.Fault{Op: "PostConceptLanguages", Latency: emulator.Duration(time.Hour)})
	env.Test(t,
		resource.TestStep{
			Config: env.Config(body(source + "  timeouts = { create = \"2s\" }")),
			ExpectError: regexp.MustCompile(
				`(?s)Incomplete taxonomy.*The time limit of 2s.*timeouts\.create.*8 of 15 changes failed;` +
					`\s+the\s+others\s+are\s+done\.\s+The\s+next\s+apply\s+does\s+only\s+the\s+rest\.\s*$`,
			),
		},
		resource.TestStep{PreConfig: func() { env.ClearFaults(fault) }, Config: env.Config(body(source)), Check: env.Called(1, "PostConcepts")},
	)
}

func TestAccTaxonomy_large(t *testing.T) {
	env := acctest.New(t)
	var b strings.Builder
	b.WriteString("id,parent,name\nroot,,Root\n")
	for i := range 600 {
		parent := "root"
		if i >= 20 {
			parent = fmt.Sprintf("c%d", i%20)
		}
		fmt.Fprintf(&b, "c%d,%s,Concept %d\n", i, parent, i)
	}
	config := env.Config(body(fmt.Sprintf("  csv_file = %q", file(t, "large.csv", b.String()))))
	env.Test(t,
		resource.TestStep{
			Config: config,
			Check: func(*terraform.State) error {
				for op, want := range map[string]int{"PostConcepts": 5, "PostConceptRelations": 21} {
					if n := env.Count(op); n != want {
						return fmt.Errorf("%d calls of %s, want %d", n, op, want)
					}
				}
				return nil
			},
		},
		resource.TestStep{
			PreConfig:        func() { env.ResetCalls() },
			Config:           config,
			ConfigPlanChecks: acctest.PlansNothing(),
		},
	)
}

func TestAccTaxonomy_unknown(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "places.csv", places)
	env.Test(t, resource.TestStep{Config: env.Config(`
resource "terraform_data" "later" {
  input = "`+path+`"
}
`, body(`  csv_file = terraform_data.later.output`))})
}

// The plan shows what the apply does, with counts and the first changes.
func TestAccTaxonomy_planShowsChanges(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, env.Config(body(`  csv_file = "places.csv"`)))
	w.Write(t, "places.csv", places)
	output := strings.Join(strings.Fields(strings.ReplaceAll(w.MustRun(t, "plan", "-no-color"), "│", "")), " ")
	for _, want := range []string{
		`4 to add, 0 to change, 0 to replace, 0 to remove; names: 8 to add, 0 to change, 0 to remove; relations: 3 to add, 0 to change, ` +
			`0 to remove; 7 requests`,
		`add europe`,
		`add relation`,
	} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is not in the plan:\n%s", want, output)
		}
	}
}

// Concepts that other resources of the same run create first are adopted.
func TestAccTaxonomy_conceptsCreatedBefore(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{Config: env.Config(`
resource "clarifai_concept" "world" {
  id   = "world"
  name = "World"
}
resource "clarifai_concept" "europe" {
  id   = "europe"
  name = "Europe"
}
`, body(`
  concepts = {
    world  = { name = "World" }
    europe = { name = "Europe", parents = ["world"] }
  }
  depends_on = [clarifai_concept.world, clarifai_concept.europe]`)),
		ConfigStateChecks: []statecheck.StateCheck{applied("concepts_created", 0), applied("relations_created", 1)},
	})
}
