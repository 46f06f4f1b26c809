package taxonomy

import (
	"slices"
	"strings"
	"testing"
)

func problems(g *Graph) string {
	var b strings.Builder
	for _, p := range g.Check([]string{"en", "de", "fr", "ja", "zh-TW"}) {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}

const places = `id,parent,name,name:de,name:ja,definition,definition:de
world,,World,Welt,世界,Everything,Alles
europe,world,Europe,Europa,ヨーロッパ,,
france,europe,France,Frankreich,フランス,,
reunion,europe;africa,Réunion,,,,
africa,world,Africa,Afrika,,,
`

func TestReadCSV(t *testing.T) {
	t.Parallel()
	g := ReadCSV("places.csv", []byte("\xef\xbb\xbf"+places))
	if text := problems(g); text != "" {
		t.Fatal(text)
	}
	if g.Len() != 5 || !slices.Equal(g.Languages(), []string{"de", "ja"}) {
		t.Errorf("%d concepts in %v", g.Len(), g.Languages())
	}
	if got := g.concepts["world"].Names["de"]; got != (Text{"Welt", "Alles"}) {
		t.Errorf("world is %v in German", got)
	}
	var edges []string
	for _, e := range g.Edges() {
		edges = append(edges, e.String())
	}
	want := []string{"africa hyponym world", "europe hyponym world", "france hyponym europe", "reunion hyponym africa", "reunion hyponym europe"}
	if !slices.Equal(edges, want) {
		t.Errorf("edges are %q, want %q", edges, want)
	}
}

func TestProblemsSayWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"empty":            {"", "f.csv: the file is empty"},
		"no id column":     {"name\nx\n", "f.csv:1: there is no column id"},
		"unknown column":   {"id,colour\n", `f.csv:1: column "colour" is not known`},
		"column twice":     {"id,name,name\n", `f.csv:1: there are two columns "name"`},
		"empty id":         {"id,name\n,x\n", "f.csv:2: the cell id is empty"},
		"bad id":           {"id\nno spaces\n", `f.csv:2: id "no spaces" cannot be used`},
		"twice":            {"id\na\nb\na\n", `f.csv:4: concept "a" was given before, at f.csv:2`},
		"dangling":         {"id,parent\na,b\n", `f.csv:2: parent "b" of concept "a" is not in the taxonomy`},
		"own parent":       {"id,parent\na,a\n", `f.csv:2: concept "a" is its own parent`},
		"parent twice":     {"id,parent\na,\nb,a;a\n", `f.csv:3: parent "a" of concept "b" is given twice`},
		"circle":           {"id,parent\na,c\nb,a\nc,b\n", "a is below c is below b is below a"},
		"unknown language": {"id,name:xx\na,x\n", `f.csv:2: concept "a" has a name in language "xx"`},
		"nameless":         {"id,definition:de\na,x\n", `f.csv:2: concept "a" has a definition but no name in language "de"`},
		"quotes":           {"id,name\na,\"x\nb,y\n", "f.csv:2: extraneous or missing"},
		"semicolons":       {"id;name\na;x\n", "f.csv:1: cells must be separated by commas; here they seem to be by ';'"},
		"too many cells":   {"id\na,b\n", "f.csv:2: there are 2 cells, but only 1 columns"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := problems(ReadCSV("f.csv", []byte(c.text))); !strings.Contains(got, c.want) {
				t.Errorf("%q is not among:\n%s", c.want, got)
			}
		})
	}
}

const turtle = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix p: <http://example.org/places/> .
p:world a skos:Concept ; skos:prefLabel "World"@en, "Welt"@de ; skos:narrower p:europe ; skos:notation "001" .
p:europe a skos:Concept ; skos:prefLabel "Europe"@en, "Europa"@de-AT, "歐洲"@zh-Hant ; skos:altLabel "Old World"@en ;
  skos:definition "A continent"@en ; skos:notation "150" .
p:france a skos:Concept ; skos:prefLabel "France"@en ; skos:broader p:europe ; skos:notation "250" ;
  skos:exactMatch <http://other.example/fr>, p:gaul .
p:gaul a skos:Concept ; skos:prefLabel "Gaul" ; skos:notation "250a" .
`

const jsonld = `{
  "@context": [{"p": "http://example.org/places/"}, "http://www.w3.org/2004/02/skos/core"],
  "@graph": [
    {"@id": "p:world", "@type": "Concept", "prefLabel": [{"@value": "World", "@language": "en"}, {"@value": "Welt", "@language": "de"}], "narrower": "p:europe", "notation": "001"},
    {"@id": "p:europe", "@type": "Concept", "prefLabel": [{"@value": "Europe", "@language": "en"}, {"@value": "Europa", "@language": "de-AT"}, {"@value": "歐洲", "@language": "zh-Hant"}],
     "altLabel": {"@value": "Old World", "@language": "en"}, "definition": {"@value": "A continent", "@language": "en"}, "notation": "150"},
    {"@id": "p:france", "@type": "Concept", "prefLabel": {"@value": "France", "@language": "en"}, "broader": "p:europe", "notation": "250", "exactMatch": ["http://other.example/fr", "p:gaul"]},
    {"@id": "p:gaul", "@type": "Concept", "prefLabel": "Gaul", "notation": "250a"}
  ]
}`

func TestReadSKOS(t *testing.T) {
	t.Parallel()
	for format, read := range map[string]func(SKOSOptions) *Graph{
		"turtle": func(o SKOSOptions) *Graph { return ReadTurtle(t.Context(), "places.ttl", []byte(turtle), o) },
		"jsonld": func(o SKOSOptions) *Graph { return ReadJSONLD("places.jsonld", []byte(jsonld), o) },
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			g := read(SKOSOptions{AltAsSynonyms: true})
			if text := problems(g); text != "" {
				t.Fatal(text)
			}
			if got := g.concepts["europe"]; got.Name != "Europe" || got.Definition != "A continent" || got.Names["de"].Name != "Europa" || got.Names["zh-TW"].Name != "歐洲" {
				t.Errorf("europe is %+v", got)
			}
			var edges []string
			for _, e := range g.Edges() {
				edges = append(edges, e.String())
			}
			want := []string{"Old-World synonym europe", "europe hyponym world", "france hyponym europe", "france synonym gaul"}
			if !slices.Equal(edges, want) {
				t.Errorf("edges are %q, want %q", edges, want)
			}
			if g := read(SKOSOptions{IDFrom: idFromNotation}); g.concepts["250a"] == nil || g.Len() != 4 {
				t.Errorf("ids from notations: %v", g.order)
			}
			if g := read(SKOSOptions{IDFrom: idFromHash}); len(g.order[0]) != 32 {
				t.Errorf("ids from hashes: %v", g.order)
			}
			if text := problems(read(SKOSOptions{Language: "fr"})); !strings.Contains(text, `no preferred label in language "fr", only in de, en`) {
				t.Errorf("a language without labels: %s", text)
			}
		})
	}
}

func TestSKOSProblems(t *testing.T) {
	t.Parallel()
	const head = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix p: <http://example.org/> .\n"
	for name, c := range map[string]struct{ text, want string }{
		"syntax":     {head + "p:a a skos:Concept ;;; nonsense\n", ":3: it is not Turtle"},
		"line":       {head + "p:a a skos:Concept .\np:b a skos:Concept .\n\np:b\n skos:broader p:c .\n", "f.ttl:6 <http://example.org/b>: broader concept"},
		"lines":      {head + "p:a a skos:Concept ; skos:broader p:b .\np:b a skos:Concept ; skos:broader p:a .\n", "f.ttl:3 <http://example.org/a>: concepts are above themselves"},
		"no id":      {head + "p:a a skos:Concept .\np:概念 a skos:Concept .\n", `f.ttl:4 <http://example.org/概念>: the last part of its address, "概念", holds nothing that an id may hold`},
		"nothing":    {head + "p:a a p:b .\n", "there is no skos:Concept in it"},
		"dangling":   {head + "p:a a skos:Concept ; skos:broader p:b .\n", "broader concept <http://example.org/b> is not in the file"},
		"collision":  {head + "p:a a skos:Concept .\n<http://other.org/a> a skos:Concept .\n", "use another id_from"},
		"two labels": {head + `p:a a skos:Concept ; skos:prefLabel "x"@en, "y"@en .`, "two preferred labels"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := problems(ReadTurtle(t.Context(), "f.ttl", []byte(c.text), SKOSOptions{})); !strings.Contains(got, c.want) {
				t.Errorf("%q is not among:\n%s", c.want, got)
			}
		})
	}
	if got := problems(ReadJSONLD("f.jsonld", []byte(`{"@context":"https://schema.org/","@id":"x"}`), SKOSOptions{})); !strings.Contains(got, "would have to be fetched") {
		t.Errorf("a remote context: %s", got)
	}
	if got := problems(ReadJSONLD("f.jsonld", []byte("{\n\"a\": 1,\n}"), SKOSOptions{})); !strings.Contains(got, "f.jsonld:2: it is not JSON") {
		t.Errorf("broken JSON: %s", got)
	}
	for notation, want := range map[string]string{`"ä"`: `its notation "ä" holds nothing that an id may hold`, `""`: "it has no notation"} {
		g := ReadTurtle(t.Context(), "f.ttl", []byte(head+"p:a a skos:Concept ; skos:notation "+notation+" .\n"), SKOSOptions{IDFrom: idFromNotation})
		if got := problems(g); !strings.Contains(got, "f.ttl:3 <http://example.org/a>: "+want) {
			t.Errorf("notation %s: %s", notation, got)
		}
	}
	if got := problems(ReadTurtle(t.Context(), "f.ttl", []byte(head+"p:a a skos:Concept .\n<http://other.org/a> a skos:Concept .\n"), SKOSOptions{})); strings.Count(got, "\n") != 1 {
		t.Errorf("a collision is told more than once:\n%s", got)
	}
}

func TestNamesInTheOwnLanguage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"instead of a name": {"id,name:en,definition:en,name:de\na,A,About A,Ah\n", ""},
		"the same again":    {"id,name,name:en,definition,definition:en,name:de\na,A,A,About A,About A,Ah\n", ""},
		"another name":      {"id,name,name:en\na,A,B\n", `f.csv:2: concept "a" has the name "A", but "B" in language "en", which is the taxonomy's own`},
		"another meaning":   {"id,name,definition,definition:en\na,A,this,that\n", `f.csv:2: concept "a" has the definition "this", but "that"`},
	} {
		g := ReadCSV("f.csv", []byte(c.text))
		g.takeOwn("en")
		if got := problems(g); got != c.want && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if a := g.concepts["a"]; c.want == "" && (a.Name != "A" || a.Definition != "About A" || !slices.Equal(g.Languages(), []string{"de"})) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestShortened(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long-", 20)
	a, b := shortened(long, "a"), shortened(long, "b")
	if len(a) != 32 || a == b || a != shortened(long, "a") {
		t.Errorf("%q and %q", a, b)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(places))
	f.Fuzz(func(t *testing.T, text []byte) {
		g := ReadCSV("f.csv", text)
		g.Check(nil)
		if len(g.Edges()) > 0 && g.Len() == 0 {
			t.Error("relations of nothing")
		}
	})
}
