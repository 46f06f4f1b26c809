package taxonomy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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

// published is a vocabulary as they are published: a language that the service does not know, regions, a reference to a withdrawn
// concept, a deprecated concept, a collection.
const published = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <https://example.org/goods/> .
:food a skos:Concept ; skos:prefLabel "Food"@en , "Lebensmittel"@de , "Їжа"@uk .
:dairy a skos:Concept ; skos:prefLabel "Dairy"@en , "Dairy produce"@en-GB , "Milchprodukte"@de ; skos:broader :food , :withdrawn .
:lard a skos:Concept ; skos:prefLabel "Lard"@en ; owl:deprecated true .
:shelf a skos:Collection ; skos:prefLabel "Shelf"@en ; skos:member :dairy .
`

func text(s string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)` + strings.ReplaceAll(regexp.QuoteMeta(s), " ", `\s+`)) // messages are wrapped
}

// A published vocabulary is applied as it is, and what is skipped is counted.
func TestAccTaxonomy_published(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "goods.ttl", published)
	config := func(more string) string { return env.Config(body(fmt.Sprintf("  skos_file = %q\n%s", path, more))) }
	skipped := func(want map[string]int64) statecheck.StateCheck {
		checks := map[string]knownvalue.Check{}
		for key, n := range want {
			checks[key] = knownvalue.Int64Exact(n)
		}
		return statecheck.ExpectKnownValue(address, tfjsonpath.New("skipped"), knownvalue.MapExact(checks))
	}
	env.Test(
		t,
		resource.TestStep{
			Config: config(""),
			ConfigPlanChecks: acctest.Plans(
				address,
				plancheck.ResourceActionCreate,
				plancheck.ExpectKnownValue(
					address,
					tfjsonpath.New("changes"),
					knownvalue.StringRegexp(regexp.MustCompile(
						`^2 to add, .*; names: 2 to add, .*; relations: 1 to add, .*; 4 requests, about 1s at 15 requests/s\n`)),
				),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				applied("concepts_created", 2), applied("names_written", 2), applied("relations_created", 1),
				skipped(map[string]int64{"names:uk": 1, "language_variants": 1, "unknown_references": 1, "deprecated_concepts": 1, "collections": 1}),
			},
		},
		resource.TestStep{Config: config(`
  languages           = []
  deprecated_concepts = "include"
  collections         = "include"`), ConfigStateChecks: []statecheck.StateCheck{
			applied("concepts_created", 2), applied("relations_created", 1),
			skipped(map[string]int64{"language_variants": 1, "unknown_references": 1}),
		}},
		resource.TestStep{Config: config(`  unknown_references = "error"`), PlanOnly: true, ExpectError: text(
			`broader concept <https://example.org/goods/withdrawn> is not in the file`)},
		resource.TestStep{
			Config:      config(`  languages = ["uk"]`),
			PlanOnly:    true,
			ExpectError: text(`Clarifai does not document the language "uk"`),
		},
		resource.TestStep{Config: env.Config(body(fmt.Sprintf("  skos_jsonld_file = "+
			"%q", path))), PlanOnly: true, ExpectError: text("it is Turtle or N-Triples, not JSON-LD; use skos_file")},
	)
}

// The warning of the plan has the numbers and the examples, once.
func TestAccTaxonomy_warnsOfSkipped(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, env.Config(body(`  skos_file = "goods.ttl"`)))
	w.Write(t, "goods.ttl", published)
	run := func(args ...string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(w.MustRun(t, append(args, "-no-color")...), "│", "")), " ")
	}
	output := run("plan")
	for _, want := range []string{
		`Parts of the vocabulary are not in the taxonomy "places"`,
		`1 names in language "uk", which Clarifai does not document`,
		`goods.ttl:5 <https://example.org/goods/dairy>: broader concept <https://example.org/goods/withdrawn> is not in the file`,
	} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is not in the plan:\n%s", want, output)
		}
	}
	run("apply", "-auto-approve")
	if again := run("plan"); strings.Contains(again, "Warning") && strings.Contains(again, "Parts of the vocabulary") {
		t.Errorf("a plan without changes warns again:\n%s", again)
	}
}

// A file that was cut is rejected, and nothing is deleted because of it.
func TestAccTaxonomy_cutFile(t *testing.T) {
	env := acctest.New(t)
	whole := strings.Replace(published, " , :withdrawn", "", 1)
	path := file(t, "goods.ttl", whole)
	config := env.Config(body(fmt.Sprintf("  skos_file = %q", path)))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:   func() { rewrite(t, path, whole[:strings.Index(whole, "skos:broader")+12]) },
			Config:      config,
			ExpectError: text("it may have been cut off"),
		},
		resource.TestStep{PreConfig: func() { rewrite(t, path, whole) }, Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

// What the service rejects is not counted as written, and a language that it rejects for every concept costs few requests.
func TestAccTaxonomy_rejectedLanguage(t *testing.T) {
	env := acctest.New(t)
	var b strings.Builder
	b.WriteString("id,name:de,name:uk\n")
	for i := range 40 {
		fmt.Fprintf(&b, "c%d,Begriff %d,Поняття %d\n", i, i, i)
	}
	env.Test(t,
		resource.TestStep{
			Config: env.Config(body(fmt.Sprintf("  csv_file = %q\n  allow_other_languages = true\n  deletion_policy = "+
				"\"delete\"", file(t, "c.csv", b.String())))),
			ExpectError: text("40 of 120 changes failed"),
		},
	)
	if n := env.Count("PostConceptLanguages"); n > 40+3*16 {
		t.Errorf("%d requests for the languages of 40 concepts", n)
	}
}

// relate creates a relation between two concepts, and these if they do not exist, outside of Terraform.
func relate(t *testing.T, env *acctest.Env, subject, object string) {
	t.Helper()
	_, _ = env.Client.PostConcepts(t.Context(), env.App, []clarifai.Concept{{ID: subject}, {ID: object}})
	relation := clarifai.ConceptRelation{ObjectConcept: &clarifai.Concept{ID: object}, Predicate: "hyponym"}
	if _, err := env.Client.PostConceptRelations(t.Context(), env.App, subject, []clarifai.ConceptRelation{relation}); err != nil {
		t.Fatal(err)
	}
}

// A destroy deletes the relations that were applied, and no others, although the file has been edited since.
func TestAccTaxonomy_destroyAfterEdit(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "t.csv", "id,parent\na,\nb,a\nc,a\n")
	config := env.Config(body(fmt.Sprintf("  csv_file = %q\n  deletion_policy = \"delete\"", path)))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				relate(t, env, "y", "x")
				rewrite(t, path, "id,parent\na,\nb,a\nx,\ny,x\n")
			},
			Config:  config,
			Destroy: true,
		},
	)
	if left := relations(t, env); len(left) != 1 || left[0] != "y hyponym x" {
		t.Errorf("the destroy left %q", left)
	}
}

// The same when the taxonomy is replaced and its file edited at once.
func TestAccTaxonomy_replaceAfterEdit(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "t.csv", "id,parent\na,\nb,a\nc,a\n")
	config := env.Config(body(fmt.Sprintf("  csv_file = %q\n  deletion_policy = \"delete\"", path)))
	renamed := strings.Replace(config, `"places"`, `"towns"`, 1)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				relate(t, env, "y", "x")
				rewrite(t, path, "id,parent\na,\nx,\n")
			},
			Config:           renamed,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionReplace),
			Check: func(*terraform.State) error {
				if left := relations(t, env); len(left) != 1 || left[0] != "y hyponym x" {
					return fmt.Errorf("the replacement left %q", left)
				}
				return nil
			},
		},
	)
}

// A destroy does not need the file, whatever the deletion policy.
func TestAccTaxonomy_destroyWithoutFile(t *testing.T) {
	for _, policy := range []string{"abandon", "delete"} {
		t.Run(policy, func(t *testing.T) {
			env := acctest.New(t)
			path := file(t, "t.csv", "id,parent\na,\nb,a\n")
			config := env.Config(body(fmt.Sprintf("  csv_file = %q\n  deletion_policy = %q", path, policy)))
			env.Test(t,
				resource.TestStep{Config: config},
				resource.TestStep{PreConfig: func() { remove(t, path) }, Config: config, ExpectError: text("File of the taxonomy not found")},
				resource.TestStep{Config: config, Destroy: true},
			)
			if left := relations(t, env); len(left) != map[string]int{"abandon": 1, "delete": 0}[policy] {
				t.Errorf("the destroy left %q", left)
			}
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// An imported taxonomy that was never applied has its relations in the file only: they are deleted if the file is the one of the state.
func TestAccTaxonomy_destroyImported(t *testing.T) {
	env := acctest.New(t)
	relate(t, env, "b", "a")
	path := file(t, "t.csv", "id,parent\na,\nb,a\n")
	config := env.Config(body(fmt.Sprintf("  csv_file = %q\n  deletion_policy = \"delete\"", path)))
	env.Test(t, resource.TestStep{
		Config: config + fmt.Sprintf("\nimport {\n  to = clarifai_taxonomy.test\n  id = \"places:csv_file:%s\"\n}\n", filepath.ToSlash(path)),
	})
	if left := relations(t, env); len(left) != 0 {
		t.Errorf("the destroy left %q", left)
	}
}

// With create_before_destroy, the old taxonomy's destroy keeps what the new one has in common with it.
func TestAccTaxonomy_createBeforeDestroy(t *testing.T) {
	env := acctest.New(t)
	path := file(t, "t.csv", "id,parent\na,\nb,a\nc,a\n")
	config := func(name string) string {
		return env.Config(strings.Replace(body(fmt.Sprintf("  csv_file = %q\n  deletion_policy = \"delete\"\n  lifecycle {\n    "+
			"create_before_destroy = true\n  }", path)), `"places"`, fmt.Sprintf("%q", name), 1))
	}
	env.Test(t,
		resource.TestStep{Config: config("old")},
		resource.TestStep{
			PreConfig:        func() { rewrite(t, path, "id,parent\na,\nb,a\nc,\n") },
			Config:           config("new"),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreateBeforeDestroy),
			Check: func(*terraform.State) error {
				if left := relations(t, env); len(left) != 1 || left[0] != "a hypernym b" && left[0] != "b hyponym a" {
					return fmt.Errorf("the replacement left %q", left)
				}
				return nil
			},
		},
		resource.TestStep{Config: config("new"), ConfigPlanChecks: acctest.PlansNothing()},
	)
	if left := relations(t, env); len(left) != 0 {
		t.Errorf("the destroy left %q", left)
	}
}

// Creates are repeated while their outcome is unknown, for as long as the retry timeout says.
func TestAccTaxonomy_retries(t *testing.T) {
	for name, fault := range map[string]emulator.Fault{
		"bad gateway": {HTTP: 502, Body: "<html>bad gateway</html>", Count: 6},
		"lost":        {Reset: "after", Count: 3},
	} {
		for _, op := range []string{"PostConcepts", "PostConceptRelations", "PostConceptLanguages"} {
			t.Run(name+" "+op, func(t *testing.T) {
				env := acctest.New(t)
				fault.Op = op
				env.MustFault(fault)
				env.Test(t, resource.TestStep{
					Config: env.Config(body("  csv = \"id,parent,name:de\\na,,Ah\\nb,a,\\n\"")),
					Check: func(*terraform.State) error {
						if n := len(relations(t, env)); n != 1 {
							return fmt.Errorf("%d relations", n)
						}
						return nil
					},
				})
			})
		}
	}
}

// An edit of a table in the configuration is planned with its exact changes.
func TestAccTaxonomy_csvText(t *testing.T) {
	env := acctest.New(t)
	planned := func(want string) resource.ConfigPlanChecks {
		return acctest.Plans(
			address,
			plancheck.ResourceActionUpdate,
			plancheck.ExpectKnownValue(address, tfjsonpath.New("changes"), knownvalue.StringExact(want)),
		)
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`  csv = "id,parent,name:de\na,,Ah\nb,a,Be\n"`))},
		resource.TestStep{
			Config: env.Config(body(`  csv = "id,parent,name,name:de\na,,A,Aah\nb,,,Be\nc,b,,\n"`)),
			ConfigPlanChecks: planned("1 to add, 1 to change, 0 to replace, 0 to remove; names: 0 to add, 1 to change, 0 to remove; " +
				"relations: 1 to add, 0 to change, 1 to remove; 5 requests, about 1s at 15 requests/s\n" +
				"remove relation b hyponym a\nchange a: name \"a\" -> \"A\"\nchange name a in de: name \"Ah\" -> \"Aah\"\nadd c\n" +
				"add relation c hyponym b"),
			ConfigStateChecks: []statecheck.StateCheck{
				applied("concepts_created", 1),
				applied("concepts_updated", 1),
				applied("names_written", 1),
				applied("relations_created", 1),
				applied("relations_deleted", 1),
			},
		},
		// Drift shows the same way.
		resource.TestStep{
			PreConfig: func() {
				renamed := []clarifai.Concept{{ID: "a", Name: "Alpha"}}
				if _, err := env.Client.PatchConcepts(t.Context(), env.App, renamed, clarifai.ActionOverwrite); err != nil {
					t.Fatal(err)
				}
			},
			Config: env.Config(body(`  csv = "id,parent,name,name:de\na,,A,Aah\nb,,,Be\nc,b,,\n"`)),
			ConfigPlanChecks: planned("0 to add, 1 to change, 0 to replace, 0 to remove; 1 request, about 1s at 15 requests/s\n" +
				"change a: name \"Alpha\" -> \"A\"\n" +
				"note: names in further languages of 2 existing concepts are compared by the apply"),
			ConfigStateChecks: []statecheck.StateCheck{applied("concepts_updated", 1)},
		},
	)
}

// Two taxonomies of one plan that state different things of one concept are an error; those that state the same are none.
func TestAccTaxonomy_conflicts(t *testing.T) {
	env := acctest.New(t)
	two := func(first, second string) string {
		return env.Config(fmt.Sprintf("resource \"clarifai_taxonomy\" \"one\" {\n  name = \"one\"\n  csv = %q\n}\nresource "+
			"\"clarifai_taxonomy\" \"two\" {\n  name = \"two\"\n  csv = %q\n}\n", first, second))
	}
	env.Test(
		t,
		resource.TestStep{Config: two("id,name\na,A\n", "id,name\na,B\n"), PlanOnly: true, ExpectError: text(`Concept "a" has the name`)},
		resource.TestStep{Config: two("id,parent\na,\nb,a\n", "id\na\nb\n"), PlanOnly: true, ExpectError: text(`has the relation "b hyponym a"`)},
		resource.TestStep{
			Config:      strings.Replace(two("id\na\n", "id\nb\n"), `"two"`+"\n  csv", `"one"`+"\n  csv", 1),
			PlanOnly:    true,
			ExpectError: text(`Two resources manage clarifai_taxonomy`),
		},
		resource.TestStep{Config: two("id,parent\na,\nb,a\n", "id,parent\na,\nc,a\n")},
	)
}

// recipes are the code blocks of a section of the guide.
func recipes(t *testing.T, section string) map[string]string {
	t.Helper()
	guide, err := os.ReadFile("../../../templates/guides/taxonomies.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(guide), "\n## "+section+"\n")
	if !ok {
		t.Fatalf("the guide has no section %q", section)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	blocks := map[string]string{}
	for part := range strings.SplitSeq(rest, "\n### ") {
		title, _, _ := strings.Cut(part, "\n")
		if _, code, ok := strings.Cut(part, "```terraform\n"); ok {
			blocks[title], _, _ = strings.Cut(code, "```")
		}
	}
	return blocks
}

// A taxonomy of the size of a large dictionary is planned with the pages that hold it.
func TestTaxonomy_dictionary(t *testing.T) {
	if testing.Short() {
		t.Skip("it creates 82,000 concepts")
	}
	env := acctest.New(t)
	var b strings.Builder
	b.WriteString("id,parent,name,definition\nn00000000,,entity,\n")
	for i := 1; i < 82_000; i++ {
		fmt.Fprintf(&b, "n%08d,n%08d,\"word %d, also called term %d\",the meaning of the word with the number %d in this "+
			"dictionary\n", i, i/100, i, i, i)
	}
	config := env.Config(body(fmt.Sprintf("  csv_file = %q", file(t, "dictionary.csv", b.String()))))
	env.Test(
		t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { env.ResetCalls() },
			Config:           config,
			ConfigPlanChecks: acctest.PlansNothing(),
			Check: func(*terraform.State) error {
				// The step refreshes more than once.
				if n := env.Count("ListConcepts"); n > 5*100 {
					return fmt.Errorf("%d requests for pages of 82 pages", n)
				}
				return nil
			},
		},
	)
}

// The recipes of the guide's section "A published vocabulary" work as they are written.
func TestAccTaxonomy_recipes(t *testing.T) {
	files := map[string]string{
		"goods.rdf": `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
<skos:Concept rdf:about="https://example.org/goods/food"><skos:prefLabel xml:lang="en">Food</skos:prefLabel>
  <skos:prefLabel xml:lang="de">Lebensmittel</skos:prefLabel></skos:Concept>
<skos:Concept rdf:about="https://example.org/goods/dairy"><skos:prefLabel xml:lang="en">Dairy</skos:prefLabel>
  <skos:broader rdf:resource="https://example.org/goods/food"/></skos:Concept>
</rdf:RDF>`,
		"taxonomy-with-ids.txt": "# Categories\n1 - Animals & Pet Supplies\n3237 - Animals & Pet Supplies > Live Animals\n",
		"content-taxonomy.tsv": "Relational ID System\t\t\t\nUnique ID\tParent\tName\tExtension\n150\t\tAttractions\tx\n151\t150\tBars & " +
			"Restaurants\t\n",
	}
	concepts := map[string]int64{"An excerpt in two languages": 2, "Paths in a text file": 2, "A table with other titles": 2}
	blocks := recipes(t, "A published vocabulary")
	for title, n := range concepts {
		t.Run(title, func(t *testing.T) {
			code, ok := blocks[title]
			if !ok {
				t.Fatalf("the section has no recipe %q", title)
			}
			env := acctest.New(t)
			dir := t.TempDir()
			for name, text := range files {
				rewrite(t, filepath.Join(dir, name), text)
			}
			name := regexp.MustCompile(`resource "clarifai_taxonomy" "(\w+)"`).FindStringSubmatch(code)
			env.Test(t, resource.TestStep{
				Config: env.Config(strings.ReplaceAll(code, "${path.module}", filepath.ToSlash(dir))),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("clarifai_taxonomy."+name[1], tfjsonpath.New("counts").AtMapKey("concepts"), knownvalue.Int64Exact(n)),
				},
			})
		})
	}
	if len(blocks) != len(concepts) {
		t.Errorf("%d recipes, %d of them run", len(blocks), len(concepts))
	}
}
