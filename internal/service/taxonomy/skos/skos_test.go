package skos_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/skos"
)

// render writes a taxonomy: problems if there are any; else a concept a line, "id=name: definition [language=name] <parents ~synonyms",
// and a line for everything that was skipped, "- key number: examples".
func render(g *graph.Graph) string {
	var b strings.Builder
	if problems := g.Check(graph.Documented); len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintln(&b, "!", p)
		}
		return strings.TrimSpace(b.String())
	}
	concepts := g.Concepts()
	slices.SortFunc(concepts, func(a, b *graph.Concept) int { return strings.Compare(a.ID, b.ID) })
	for _, c := range concepts {
		fmt.Fprintf(&b, "%s=%s", c.ID, c.Name)
		if c.Definition != "" {
			fmt.Fprintf(&b, ": %s", c.Definition)
		}
		for _, language := range slices.Sorted(maps.Keys(c.Names)) {
			fmt.Fprintf(&b, " [%s=%s]", language, c.Names[language].Name)
		}
		for _, parent := range c.Parents {
			fmt.Fprintf(&b, " <%s", parent)
		}
		for _, other := range c.Synonyms {
			fmt.Fprintf(&b, " ~%s", other)
		}
		b.WriteByte('\n')
	}
	for _, s := range g.Skipped {
		fmt.Fprintf(&b, "- %s %d", s.Key, s.Count)
		if len(s.Examples) > 0 {
			fmt.Fprintf(&b, ": %s", strings.Join(s.Examples, "; "))
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

func file(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func options(change func(*skos.Options)) skos.Options {
	o := skos.Options{Known: graph.Documented}
	if change != nil {
		change(&o)
	}
	return o
}

// Vocabularies as they are published, with everything that is odd about them.
func TestRead_files(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		change     func(*skos.Options)
		want       string
	}{
		{"a language that the service does not know is skipped", "one-unknown-language.ttl", nil,
			"truck=Truck [de=Lastwagen]\nvan=Van [de=Lieferwagen]\n- names:uk 2"},
		{"languages are selected", "one-unknown-language.ttl", func(o *skos.Options) { o.Languages = []string{"de"} },
			"truck=Truck [de=Lastwagen]\nvan=Van [de=Lieferwagen]"},
		{"no further languages are selected", "one-unknown-language.ttl", func(o *skos.Options) { o.Languages = []string{} },
			"truck=Truck\nvan=Van"},
		{"any language is allowed", "one-unknown-language.ttl", func(o *skos.Options) { o.Known = nil },
			"! v:3 <https://example.org/v/truck>: language \"uk\" is not one that Clarifai documents (2 names, the first of concept \"truck\"); " +
				"select languages with languages, or set allow_other_languages"},
		{"the language is another one", "one-unknown-language.ttl", func(o *skos.Options) { o.Language = "fr" },
			"! v: 0 of its 2 concepts have a preferred label in language \"fr\"; labels are in de (2), en (2), uk (2). Set language"},
		{"Norwegian and traditional Chinese have their codes", "chinese-norwegian.ttl", nil,
			"city=City [no=by] [zh-TW=城市(繁)]\ntown=Town [zh-TW=市鎮]"},
		{"regions are ranked", "region.ttl", nil,
			"colour=Colour [de=Farbe]\n- language_variants 2"},
		{"the taxonomy's own region comes first", "region.ttl", func(o *skos.Options) { o.Language = "en-US" },
			"colour=Color [de=Farbe]\n- language_variants 2"},
		{"a selected region comes first", "region.ttl", func(o *skos.Options) { o.Languages = []string{"de-CH"} },
			"colour=Colour [de=Farb]\n- language_variants 2"},
		{"scripts are told apart", "script.ttl", nil,
			"city=City [zh=城市] [zh-TW=城市(繁)]\n- language_variants 2\n- names:sr 1"},
		{"a reference outside of the file is skipped", "reference-outside.ttl", nil,
			"truck=Truck\n- unknown_references 1: v:3 <https://example.org/v/truck>: broader concept <http://other.org/vehicle> is not in the file"},
		{"a reference outside of the file is an error", "reference-outside.ttl", func(o *skos.Options) { o.References = skos.Error },
			"! v:3 <https://example.org/v/truck>: broader concept <http://other.org/vehicle> is not in the file"},
		{"a narrower concept that was withdrawn", "reference-outside.jsonld", nil,
			"polo=Polo <sport\nsport=Sport\n- unknown_references 1: v <https://example.org/v/sport>: narrower concept " +
				"<https://example.org/v/withdrawn> is not in the file"},
		{"a parent that is something else", "parent-is-a-class.ttl", nil,
			"author=Author\n- unknown_references 1: v:5 <https://example.org/v/author>: broader concept <https://example.org/v/Role> is in the " +
				"file, but is no skos:Concept (its type is owl:Class)"},
		{"a deprecated concept is skipped", "deprecated.ttl", nil,
			"1002=New thing\n- deprecated_concepts 1: https://example.org/v/1001"},
		{"a deprecated concept is included, with rdfs:label", "deprecated.ttl", func(o *skos.Options) { o.Deprecated = skos.Include },
			"1001=Old thing\n1002=New thing"},
		{"a deprecated concept is an error", "deprecated.ttl", func(o *skos.Options) { o.Deprecated = skos.Error },
			"! v:5 <https://example.org/v/1001>: the concept is deprecated (owl:deprecated)"},
		{"labels of SKOS-XL", "xl.ttl", nil, "1001=Truck"},
		{"RDF/XML", "truck.rdf", nil, "truck=Truck"},
		{"a list of 101 members in brackets", "nested-list.ttl", nil, ""},
		{"blank nodes are an error", "blank-nodes.ttl", nil,
			"! v:3 (a blank node): concepts without an IRI (blank nodes) have nothing that an id can follow from: 3, the first with the label " +
				"\"Anonymous\". Give them IRIs, or set id_from = \"notation\""},
		{"blank nodes have no hash", "blank-nodes.ttl", func(o *skos.Options) { o.IDFrom = skos.IDFromHash },
			"! v:3 (a blank node): concepts without an IRI (blank nodes) have nothing that an id can follow from: 3, the first with the label " +
				"\"Anonymous\". Give them IRIs, or set id_from = \"notation\""},
		{"escapes in IRIs are decoded", "iri-escapes.nt", nil, "bar=Bar <caf\ncaf=Café"},
		{"a byte order mark before JSON", "bom.jsonld", nil, "a=A"},
		{"labels are trimmed", "trailing-space.ttl", nil, "a=Biofuel"},
		{"two notations", "two-notations.ttl", nil, "a=A"},
		{"two notations make no id", "two-notations.ttl", func(o *skos.Options) { o.IDFrom = skos.IDFromNotation },
			"! v:3 <https://example.org/v/a>: it has 2 notations, A1 and X1, and an id can follow from one only; use another id_from"},
		{"two labels with one tag, and a cycle", "clash.ttl", nil,
			"! v:3 <https://e/a>: there are two preferred labels in language \"en\": \"X\" and \"Y\"\n! v:3 <https://e/a>: concepts are above " +
				"themselves: a is below b is below a"},
		{"cut before the last dot", "cut.ttl", nil,
			"! v:2: it is not valid Turtle or N-Triples: the file ends within the statement that begins here; it may have been cut off"},
		{"ids that meet", "ids.ttl", nil,
			"! v:2 <urn:1>: its id would be \"1\", which is also that of <https://e/a/1>; use another id_from\n" +
				"! v:5 <https://e/b/1>: its id would be \"1\", which is also that of <https://e/a/1>; use another id_from"},
		{"SPARQL directives, tags in capitals", "sparql.ttl", nil, "a=A\nb=B [de=B] <a"},
		{"what else vocabularies hold", "clean.ttl", nil,
			"a=Ay [de=Ä] [zh=甲] <top <narrowonly\nb=multi\nline: d <top\nnarrowonly=N\ntop=Top\n- skos:altLabel 2\n- skos:editorialNote 1\n- " +
				"skos:related 1"},
		{"a label without a language is the taxonomy's own", "odd.ttl", func(o *skos.Options) { o.IDFrom = skos.IDFromHash },
			"! v:9 (a blank node): concepts without an IRI (blank nodes) have nothing that an id can follow from: 1, the first with the label " +
				"\"blank\". Give them IRIs, or set id_from = \"notation\""},
		{"collections, mappings and definitions are counted", "collections.ttl", nil,
			"bovine=Bovine: a\ncow=Cow ~bovine\nmilk=Milk\norgan=Organ\nudder=Udder: A gland <cow <organ\n" +
				"- collections 2\n- definitions 2\n- definitions_without_name 1\n- mappings 1\n- skos:altLabel 1\n- skos:closeMatch 1\n- " +
				"skos:related 1\n- skos:scopeNote 1"},
		{"collections become concepts", "collections.ttl", func(o *skos.Options) { o.Collections = skos.Include; o.Languages = []string{} },
			"bovine=Bovine: a\nbySource=Milk by source\ncow=Cow <bySource ~bovine\nlist=In order\nmilk=Milk <bySource\norgan=Organ " +
				"<list\nudder=Udder: A gland <cow <list <organ\n" +
				"- definitions 2\n- mappings 1\n- skos:altLabel 1\n- skos:closeMatch 1\n- skos:related 1\n- skos:scopeNote 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := skos.Read("v", file(t, c.file), rdf.Unknown, "", options(c.change))
			if c.want == "" {
				if problems := g.Check(graph.Documented); len(problems) > 0 || g.Len() != 101 {
					t.Errorf("%d concepts, %v", g.Len(), problems)
				}
				return
			}
			if got := render(g); got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

const head = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix p: <http://e/> .\n"

func TestRead_problems(t *testing.T) {
	t.Parallel()
	concept := func(name, more string) string {
		return name + " a skos:Concept ; skos:prefLabel \"x\"@en " + more + " .\n"
	}
	for name, c := range map[string]struct {
		text   string
		change func(*skos.Options)
		want   string
	}{
		"syntax": {head + "p:a a skos:Concept ;;; " +
			"nonsense\n", nil, `v:3: it is not valid Turtle or N-Triples: a predicate or "." is expected, not "nonsense"`},
		"the line": {head + concept("p:a", "") + concept("p:b", "") + "\np:b\n skos:broader p:a .\np:a skos:broader " +
			"p:b", nil, "v:8: it is not valid"},
		"no id": {
			head + concept("p:a", "") + concept("p:概念", ""), nil,
			`v:4 <http://e/概念>: the last part of its IRI, "概念", holds nothing that an id may hold`,
		},
		"no concepts": {head + "p:a a p:b .\n", nil, "v: it holds no skos:Concept"},
		"no labels":   {head + "p:a a skos:Concept .\n", nil, "v: none of its 1 concepts has a label"},
		"all deprecated": {"@prefix owl: <http://www.w3.org/2002/07/owl#> .\n" + head + concept("p:a", "; owl:deprecated "+
			"true"), nil, "v: all its concepts are deprecated"},
		"unlabelled": {head + concept("p:a", "") + "p:b a skos:Concept " +
			".\n", func(o *skos.Options) { o.Unlabelled = skos.Error }, "v:4 <http://e/b>: it has no label"},
		"only in another language": {head + concept("p:a", "") + "p:b a skos:Concept ; skos:prefLabel \"y\"@de " +
			".\n", func(o *skos.Options) { o.Unlabelled = skos.Error },
			`v:4 <http://e/b>: it has no preferred label in language "en", only in de`},
		"no notation": {head + concept("p:a", ""), func(o *skos.Options) { o.IDFrom = skos.IDFromNotation }, "v:3 <http://e/a>: it has " +
			"no notation"},
		"an odd notation": {
			head + concept("p:a", `; skos:notation "ä"`), func(o *skos.Options) { o.IDFrom = skos.IDFromNotation },
			`v:3 <http://e/a>: its notation "ä" holds nothing`,
		},
		"empty":            {"\xef\xbb\xbf\n", nil, "v: it is empty"},
		"HTML":             {"<!DOCTYPE html>\n<html>", nil, "v: it is an HTML page, not a vocabulary"},
		"a remote context": {`{"@context":"https://schema.org/","@id":"x"}`, nil, "would have to be fetched"},
		"broken JSON":      {"{\n\"a\": 1,\n}", nil, "v:2: it is not valid JSON-LD: it is not JSON"},
		"broken XML": {"<?xml version=\"1.0\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">", nil, "v:2: it is " +
			"not valid RDF/XML: the file ends within an element"},
	} {
		if got := render(skos.Read("v", c.text, rdf.Unknown, "", options(c.change))); !strings.Contains(got, "! "+c.want) &&
			!strings.Contains(got, c.want) {
			t.Errorf("%s: %q is not among:\n%s", name, c.want, got)
		}
	}
}

// An attribute for one format names the format that the file has, and what reads it.
func TestRead_formats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file   string
		format rdf.Format
		want   string
	}{
		{"truck.rdf", rdf.Turtle, "! v: it is RDF/XML, not Turtle or N-Triples; use skos_file"},
		{"truck.rdf", rdf.JSONLD, "! v: it is RDF/XML, not JSON-LD; use skos_file"},
		{"bom.jsonld", rdf.Turtle, "! v: it is JSON-LD, not Turtle or N-Triples; use skos_file"},
		{"xl.ttl", rdf.XML, "! v: it is Turtle or N-Triples, not RDF/XML; use skos_file"},
		{"iri-escapes.nt", rdf.Turtle, "bar=Bar <caf\ncaf=Café"},
		{"truck.rdf", rdf.XML, "truck=Truck"},
	} {
		if got := render(skos.Read("v", file(t, c.file), c.format, "use skos_file", options(nil))); got != c.want {
			t.Errorf("%s as %v: %s, want %s", c.file, c.format, got, c.want)
		}
	}
}

// The same vocabulary in four formats is the same taxonomy, and the order of its statements makes no difference.
func TestRead_orderAndFormat(t *testing.T) {
	t.Parallel()
	const turtle = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix p: <http://e/> .
p:world a skos:Concept ; skos:prefLabel "World"@en, "Welt"@de ; skos:narrower p:europe ; skos:notation "001" .
p:europe a skos:Concept ; skos:prefLabel "Europe"@en, "Europa"@de-AT, "歐洲"@zh-Hant ; skos:altLabel "Old World"@en ;
  skos:definition "A continent"@en ; skos:notation "150" .
p:france a skos:Concept ; skos:prefLabel "France"@en ; skos:broader p:europe ; skos:notation "250" ;
  skos:exactMatch <http://other.example/fr>, p:gaul .
p:gaul a skos:Concept ; skos:prefLabel "Gaul" ; skos:notation "250a" .
`
	const want = "Old-World=Old World ~europe\neurope=Europe: A continent [de=Europa] [zh-TW=歐洲] <world\n" +
		"france=France <europe ~gaul\ngaul=Gaul\nworld=World [de=Welt]\n- mappings 1"
	read := func(text string) *graph.Graph {
		return skos.Read("v", text, rdf.Unknown, "", options(func(o *skos.Options) { o.AltAsSynonyms = true }))
	}
	whole := read(turtle)
	if got := render(whole); got != want {
		t.Fatalf("got:\n%s\nwant:\n%s", got, want)
	}
	const jsonld = `{
  "@context": [{"p": "http://e/"}, "http://www.w3.org/2004/02/skos/core"],
  "@graph": [
    {"@id": "p:world", "@type": "Concept", "prefLabel": [{"@value": "World", "@language": "en"}, {"@value": "Welt", "@language": "de"}],
     "narrower": "p:europe"},
    {"@id": "p:europe", "@type": "Concept",
     "prefLabel": [{"@value": "Europe", "@language": "en"}, {"@value": "Europa", "@language": "de-AT"},
       {"@value": "歐洲", "@language": "zh-Hant"}],
     "altLabel": {"@value": "Old World", "@language": "en"}, "definition": {"@value": "A continent", "@language": "en"}, "notation": "150"},
    {"@id": "p:france", "@type": "Concept", "prefLabel": {"@value": "France", "@language": "en"},
     "broader": "p:europe", "exactMatch": ["http://other.example/fr", "p:gaul"]},
    {"@id": "p:gaul", "@type": "Concept", "prefLabel": "Gaul"}
  ]
}`
	const rdfxml = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://www.w3.org/2004/02/skos/core#" xml:base="http://e/x">
  <Concept rdf:about="world" xml:lang="en"><prefLabel>World</prefLabel><prefLabel xml:lang="de">Welt</prefLabel><narrower>
    <Concept rdf:about="europe"><prefLabel>Europe</prefLabel><prefLabel xml:lang="de-AT">Europa</prefLabel>
      <prefLabel xml:lang="zh-Hant">歐洲</prefLabel>
      <altLabel>Old World</altLabel><definition>A continent</definition></Concept></narrower></Concept>
  <rdf:Description rdf:about="france"><rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/><prefLabel>France</prefLabel>
    <broader rdf:resource="europe"/>
    <exactMatch rdf:resource="http://other.example/fr"/><exactMatch rdf:resource="gaul"/></rdf:Description>
  <Concept rdf:about="gaul"><prefLabel>Gaul</prefLabel></Concept>
</rdf:RDF>`
	statements := strings.SplitAfter(strings.TrimSuffix(turtle, "\n"), " .\n")
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(statements)-2, func(i, j int) { statements[2+i], statements[2+j] = statements[2+j], statements[2+i] })
	for name, text := range map[string]string{"JSON-LD": jsonld, "RDF/XML": rdfxml, "another order": strings.Join(statements, "\n")} {
		if g := read(text); g.Digest() != whole.Digest() {
			t.Errorf("%s is another taxonomy:\n%s", name, render(g))
		}
	}
	hashed := skos.Read("v", turtle, rdf.Unknown, "", options(func(o *skos.Options) { o.IDFrom = skos.IDFromHash }))
	if id := hashed.Concepts()[0].ID; len(id) != 32 || hashed.Len() != 4 {
		t.Errorf("%d concepts, the first %q", hashed.Len(), id)
	}
	if g := skos.Read("v", turtle, rdf.Unknown, "", options(func(o *skos.Options) { o.IDFrom = skos.IDFromNotation })); g.Get("250a") == nil ||
		g.Get("001") == nil {
		t.Errorf("ids from notations: %s", render(g))
	}
}

// Blank nodes get the same ids whatever the order of the file.
func TestRead_blankNodesWithNotations(t *testing.T) {
	t.Parallel()
	const a, b = "[] a skos:Concept ; skos:prefLabel \"A\"@en ; skos:altLabel \"Ay\"@en ; skos:notation \"1\" .\n", "_:b a skos:Concept ; " +
		"skos:prefLabel \"B\"@en ; skos:notation \"2\" .\n"
	change := func(o *skos.Options) { o.IDFrom = skos.IDFromNotation; o.AltAsSynonyms = true }
	first, second := skos.Read("v", head+a+b, rdf.Unknown, "", options(change)), skos.Read("v", head+b+a, rdf.Unknown, "", options(change))
	if got := render(first); got != "1=A\n2=B\nAy=Ay ~1" || first.Digest() != second.Digest() {
		t.Errorf("got:\n%s\nand\n%s", got, render(second))
	}
}

// A scheme with 22,000 top concepts is one statement of more than a megabyte.
func TestRead_largeStatement(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString(head + "p:a a skos:Concept ; skos:prefLabel \"A\"@en .\np:scheme a skos:ConceptScheme ; skos:hasTopConcept ")
	for i := range 22_000 {
		if i > 0 {
			b.WriteString(" ,\n  ")
		}
		fmt.Fprintf(&b, "<https://example.org/vocabulary/concept/%08d>", i)
	}
	b.WriteString(" .\n")
	if got := render(skos.Read("v", b.String(), rdf.Unknown, "", options(nil))); got != "a=A" {
		t.Errorf("got %.500s", got)
	}
}

// References are skipped with the first ten examples.
func TestRead_manyReferences(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head + "p:a a skos:Concept ; skos:prefLabel \"A\"@en .\n")
	for i := range 25 {
		fmt.Fprintf(&b, "p:a skos:narrower p:x%d .\n", i)
	}
	g := skos.Read("v", b.String(), rdf.Unknown, "", options(nil))
	if len(g.Skipped) != 1 || g.Skipped[0].Count != 25 || len(g.Skipped[0].Examples) != 10 || !g.Skipped[0].Notable {
		t.Errorf("skipped: %+v", g.Skipped)
	}
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) == 0 {
		f.Fatal("no files", err)
	}
	for _, name := range names {
		f.Add(file(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		g := skos.Read("v", text, rdf.Unknown, "", options(nil))
		if len(g.Check(graph.Documented)) == 0 && g.Len() == 0 {
			t.Error("neither concepts nor problems")
		}
		again := skos.Read("v", text, rdf.Unknown, "", options(nil))
		if g.Digest() != again.Digest() {
			t.Error("the same text gave two taxonomies")
		}
	})
}
