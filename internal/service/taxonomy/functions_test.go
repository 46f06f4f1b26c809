package taxonomy_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

const vocabulary = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix p: <http://example.org/places/> .
p:europe a skos:Concept ; skos:prefLabel "Europe"@en, "Europa"@de ; skos:definition "A continent"@en, "Ein Kontinent"@de ;
  skos:notation "150" .
p:france a skos:Concept ; skos:prefLabel "France"@en, "Frankreich"@de ; skos:altLabel "Gaul"@en ; skos:broader p:europe ;
  skos:notation "250" .
`

const vocabularyJSON = `{
  "@context": [{"p": "http://example.org/places/"}, "http://www.w3.org/2004/02/skos/core"],
  "@graph": [
 
    {"@id": "p:europe", "@type": "Concept",
     "prefLabel": [{"@value": "Europe", "@language": "en"}, {"@value": "Europa", "@language": "de"}], "notation": "150",
     "definition": [{"@value": "A continent", "@language": "en"}, {"@value": "Ein Kontinent", "@language": "de"}]},
 
    {"@id": "p:france", "@type": "Concept",
     "prefLabel": [{"@value": "France", "@language": "en"}, {"@value": "Frankreich", "@language": "de"}],
     "altLabel": {"@value": "Gaul", "@language": "en"}, "broader": "p:europe", "notation": "250"}
  ]
}`

// concept checks one concept of a function's result.
func concept(name, definition knownvalue.Check, parents, synonyms []string, names, definitions map[string]string) knownvalue.Check {
	list := func(values []string) knownvalue.Check {
		checks := []knownvalue.Check{}
		for _, value := range values {
			checks = append(checks, knownvalue.StringExact(value))
		}
		return knownvalue.ListExact(checks)
	}
	byLanguage := func(values map[string]string) knownvalue.Check {
		checks := map[string]knownvalue.Check{}
		for language, value := range values {
			checks[language] = knownvalue.StringExact(value)
		}
		return knownvalue.MapExact(checks)
	}
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"name": name, "definition": definition, "parents": list(parents), "synonyms": list(synonyms),
		"names": byLanguage(names), "definitions": byLanguage(definitions),
	})
}

// output is a configuration that shows an expression over the text of a heredoc.
func output(env *acctest.Env, text, expression string) string {
	return env.Config(fmt.Sprintf("locals {\n  text = <<-EOT\n%s\nEOT\n}\noutput \"it\" {\n  value = %s\n}\n", text, expression))
}

func answers(check knownvalue.Check) []statecheck.StateCheck {
	return []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("it", check)}
}

// europe and france are what both formats say of these concepts.
var (
	europe = concept(knownvalue.StringExact("Europe"), knownvalue.StringExact("A continent"), nil, nil,
		map[string]string{"de": "Europa"}, map[string]string{"de": "Ein Kontinent"})
	france = concept(knownvalue.StringExact("France"), knownvalue.Null(), []string{"europe"}, nil,
		map[string]string{"de": "Frankreich"}, nil)
)

func TestAccTaxonomyCSV_function(t *testing.T) {
	env := acctest.New(t)
	const call = "provider::clarifai::taxonomy_csv(local.text)"
	env.Test(t,
		resource.TestStep{
			Config: output(env, "id,parent,name,definition,name:de,definition:de,synonym\neurope,,Europe,A continent,Europa,Ein "+
				"Kontinent,\nfrance,europe,France,,Frankreich,,\ngaul,,,,,,france", call),
			ConfigStateChecks: answers(knownvalue.MapExact(map[string]knownvalue.Check{
				"europe": europe,
				"france": france,
				"gaul":   concept(knownvalue.StringExact("gaul"), knownvalue.Null(), nil, []string{"france"}, nil, nil),
			})),
		},
		resource.TestStep{
			Config: output(env, "id,parent\na,b\nc,c", call),
			ExpectError: regexp.MustCompile(
				`(?s)Invalid value for "text"\s+parameter:\s+text:2:\s+parent\s+"b"\s+of\s+concept\s+"a"\s+is\s+not\s+in\s+the\s+taxonomy\n` +
					`.*text:3:\s+concept\s+"c"\s+is\s+its\s+own\s+parent\.\s`,
			),
		},
		resource.TestStep{
			Config:      output(env, "id\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1", call),
			ExpectError: regexp.MustCompile(`There\s+are\s+2\s+more\s+errors\.\s`),
		},
		resource.TestStep{
			Config:      output(env, "", "provider::clarifai::taxonomy_csv(null)"),
			ExpectError: regexp.MustCompile(`argument must not be\s+null`),
		},
	)
}

func TestAccTaxonomyCSV_functionUnknown(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "clarifai_concept" "root" { id = "europe" }
output "it" {
  value = provider::clarifai::taxonomy_csv("id,name\n${clarifai_concept.root.id},${clarifai_concept.root.created_at}")
}
`),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("it")}},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValueAtPath("it", tfjsonpath.New("europe").AtMapKey("name"), knownvalue.NotNull()),
		},
	})
}

// The result of a function suits for_each and the attribute concepts.
func TestAccTaxonomyCSV_functionUsed(t *testing.T) {
	env := acctest.New(t)
	const call = "provider::clarifai::taxonomy_csv(local.text)"
	env.Test(t,
		resource.TestStep{
			Config: output(env, places, "{ for id, concept in clarifai_concept.each : id => concept.name }") + `
resource "clarifai_concept" "each" {
  for_each   = ` + call + `
  id         = each.key
  name       = each.value.name
  definition = each.value.definition
}
`,
			ConfigStateChecks: answers(knownvalue.ObjectExact(map[string]knownvalue.Check{
				"world": knownvalue.StringExact("World"), "europe": knownvalue.StringExact("Europe"),
				"france": knownvalue.StringExact("France"), "spain": knownvalue.StringExact("Spain"),
			})),
		},
		resource.TestStep{
			Config: output(env, places, "length(clarifai_taxonomy.test.concepts)") + `
resource "clarifai_taxonomy" "test" {
  name     = "places"
  concepts = ` + call + `
}
`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("counts").AtMapKey("names"), knownvalue.Int64Exact(8)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("counts").AtMapKey("relations"), knownvalue.Int64Exact(3)),
			},
		},
	)
}

func TestAccTaxonomySKOS_function(t *testing.T) {
	env := acctest.New(t)
	plain := knownvalue.MapExact(map[string]knownvalue.Check{
		"europe": europe,
		"france": france,
	})
	germanByNotation := knownvalue.MapExact(map[string]knownvalue.Check{
		"150": concept(
			knownvalue.StringExact("Europa"),
			knownvalue.StringExact("Ein Kontinent"),
			nil,
			nil,
			map[string]string{"en": "Europe"},
			map[string]string{"en": "A continent"},
		),
		"250": concept(knownvalue.StringExact("Frankreich"), knownvalue.Null(), []string{"150"}, nil, map[string]string{"en": "France"}, nil),
	})
	call := func(arguments string) string {
		return "provider::clarifai::taxonomy_skos(local.text, " + arguments + ")"
	}
	rejected := func(text, arguments, want string) resource.TestStep {
		return resource.TestStep{Config: output(env, text, call(arguments)), ExpectError: regexp.MustCompile("(?s)" + want)}
	}
	env.Test(
		t,
		resource.TestStep{Config: output(env, vocabulary, call(`"turtle"`)), ConfigStateChecks: answers(plain)},
		resource.TestStep{Config: output(env, vocabularyJSON, call(`"jsonld"`)), ConfigStateChecks: answers(plain)},
		resource.TestStep{
			Config:            output(env, vocabulary, call(`"turtle", { language = "de", id_from = "notation" }`)),
			ConfigStateChecks: answers(germanByNotation),
		},
		resource.TestStep{
			Config: output(env, vocabulary, "keys("+call(`"turtle", { alternative_labels_as_synonyms = true }`)+")"),
			ConfigStateChecks: answers(knownvalue.ListExact([]knownvalue.Check{
				knownvalue.StringExact("Gaul"), knownvalue.StringExact("europe"), knownvalue.StringExact("france"),
			})),
		},
		resource.TestStep{Config: output(env, vocabulary, call(`"auto", { languages = "de, sv" }`)), ConfigStateChecks: answers(plain)},
		resource.TestStep{
			Config: output(env, vocabulary+"p:x a skos:Concept ; skos:broader p:europe "+
				".\n", "keys("+call(`"turtle", { languages = "", unlabelled_concepts = "skip" }`)+")"),
			ConfigStateChecks: answers(knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("europe"), knownvalue.StringExact("france")})),
		},
		rejected(vocabulary, `"n3"`, `Invalid value for "format"\s+parameter:\s+"n3"\s+is\s+not\s+a\s+format`),
		rejected(
			vocabulary,
			`"rdfxml"`,
			`Invalid value for "text"\s+parameter:\s+text:\s+it\s+is\s+Turtle\s+or\s+N-Triples,\s+not\s+RDF/XML;\s+use\s+the\s+format\s+"auto"`,
		),
		rejected(vocabulary+"p:france skos:broader p:gallia "+
			".\n", `"turtle"`, `broader\s+concept\s+<http://example.org/places/gallia>\s+is\s+not\s+in\s+the\s+file`),
		rejected(vocabulary+"p:x a skos:Concept .\n", `"turtle"`, `it\s+has\s+no\s+label`),
		rejected(
			vocabulary,
			`"turtle", { unknown_references = "maybe" }`,
			`unknown_references\s+is\s+"maybe";\s+it\s+must\s+be\s+one\s+of\s+skip,\s+error`,
		),
		rejected("@prefix skos: <http://x/> .\n\nnot turtle\n  at all "+
			".\n", `"turtle"`, `Invalid value for "text"\s+parameter:\s+text:3:\s+it\s+is\s+not\s+valid\s+Turtle`),
		rejected(
			"{\n\n  nothing",
			`"jsonld"`,
			`Invalid value for "text"\s+parameter:\s+text:3:\s+it\s+is\s+not\s+valid\s+JSON-LD:\s+it\s+is\s+not\s+JSON`,
		),
		rejected(vocabulary, `"turtle", { id_from = "name" }`, `Invalid value for "options"\s+parameter:\s+id_from\s+is\s+"name"`),
		rejected(vocabulary, `"turtle", { alternative_labels_as_synonyms = "some" }`, `alternative_labels_as_synonyms\s+is\s+"some"`),
		rejected(vocabulary, `"turtle", { colour = "red" }`, `"colour"\s+is\s+not\s+an\s+option`),
		rejected(vocabulary, `"turtle", {}, {}`, `there\s+can\s+only\s+be\s+one\s+map\s+of\s+options`),
		rejected(vocabulary, `null`, `argument must not be\s+null`),
	)
}
