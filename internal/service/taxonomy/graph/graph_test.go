package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

func TestEdges(t *testing.T) {
	t.Parallel()
	g := graph.New()
	g.Add(&graph.Concept{ID: "b", Parents: []string{"a", "c"}, Synonyms: []string{"a"}})
	g.Add(&graph.Concept{ID: "a", Synonyms: []string{"b"}})
	g.Add(&graph.Concept{ID: "c", Parents: []string{"a"}})
	want := []graph.Edge{{"a", "synonym", "b"}, {"b", "hyponym", "a"}, {"b", "hyponym", "c"}, {"c", "hyponym", "a"}}
	if got := g.Edges(); !slices.Equal(got, want) {
		t.Errorf("edges are %v, want %v", got, want)
	}
	encoded, err := graph.EncodeEdges(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := graph.DecodeEdges(encoded); err != nil || !slices.Equal(got, want) {
		t.Errorf("decoded: %v, %v", got, err)
	}
	older := []graph.Edge{{"traffic light", "hyponym", "street sign"}}
	if encoded, err = graph.EncodeEdges(older); err != nil {
		t.Fatal(err)
	}
	if got, err := graph.DecodeEdges(encoded); err != nil || !slices.Equal(got, older) {
		t.Errorf("ids with spaces, decoded: %v, %v", got, err)
	}
	if _, err := graph.DecodeEdges([]byte("nonsense")); err == nil {
		t.Error("nonsense was decoded")
	}
	g.Add(&graph.Concept{ID: "d", Parents: []string{"a"}})
	if len(g.Edges()) != 5 {
		t.Error("a concept that is added later has no edges")
	}
}

func TestSetOwnLanguage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		concept graph.Concept
		want    string // problem
	}{
		"in place of a name": {graph.Concept{Name: "a", Names: map[string]graph.Text{"en": {"A", "About A"}, "de": {"Ah", ""}}}, ""},
		"the same again": {
			graph.Concept{Name: "A", Definition: "About A", Names: map[string]graph.Text{"en": {"A", "About A"}, "de": {"Ah", ""}}}, "",
		},
		"another name": {
			graph.Concept{Name: "B", Names: map[string]graph.Text{"en": {"A", ""}}},
			`concept "a" has the name "B", but "A" in language "en", which is the taxonomy's own`,
		},
		"another definition": {
			graph.Concept{Name: "A", Definition: "this", Names: map[string]graph.Text{"en": {"A", "that"}}},
			`concept "a" has the definition "this", but "that"`,
		},
		"nothing in the own": {graph.Concept{Name: "A", Definition: "About A", Names: map[string]graph.Text{"de": {"Ah", ""}}}, ""},
		"only a definition":  {graph.Concept{Name: "A", Names: map[string]graph.Text{"en": {"", "About A"}, "de": {"Ah", ""}}}, ""},
		"a name that is an id": {
			graph.Concept{Name: "a", Definition: "About A", Names: map[string]graph.Text{"en": {"A", ""}, "de": {"Ah", ""}}}, "",
		},
	} {
		g := graph.New()
		c.concept.ID = "a"
		g.Add(&c.concept)
		g.SetOwnLanguage("en")
		got := fmt.Sprint(g.Check(nil))
		if c.want != "" {
			if !strings.Contains(got, c.want) {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
			continue
		}
		if a := g.Get("a"); got != "[]" || a.Name != "A" || a.Definition != "About A" || !slices.Equal(g.Languages(), []string{"de"}) {
			t.Errorf("%s: %+v, %s", name, a, got)
		}
	}
}

func TestServiceLanguage(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"": "", "en": "en", "EN": "en", "en-GB": "en", "de_AT": "de",
		"pt-BR": "pt", "nb": "no", "nn-NO": "no", "no": "no", "uk": "uk", "sr-Latn": "sr",
		"zh": "zh", "zh-CN": "zh", "zh-SG": "zh", "zh-Hans": "zh", "zh-Hans-HK": "zh", "cmn": "zh", "cmn-Hant": "zh-TW",
		"zh-TW": "zh-TW", "zh-tw": "zh-TW", "zh-HK": "zh-TW", "zh-MO": "zh-TW", "zh-Hant": "zh-TW", "zh-Hant-HK": "zh-TW", "zh-Hant-CN": "zh-TW",
	} {
		if got := graph.ServiceLanguage(tag); got != want {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
	order := []string{"zh-TW", "zh-Hant", "zh-HK", ""}
	for i := range order[1:] {
		if graph.TagRank(order[i]) >= graph.TagRank(order[i+1]) {
			t.Errorf("%q does not come before %q", order[i], order[i+1])
		}
	}
}

func TestNewID(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long-", 20)
	a, b := graph.NewID(long, "a"), graph.NewID(long, "b")
	if len(a) != 32 || a == b || a != graph.NewID(long, "a") {
		t.Errorf("%q and %q", a, b)
	}
	for text, want := range map[string]string{"a b": "a-b", "Café & Bar": "Caf-Bar", "猫": "", "--x--": "x"} {
		if got := graph.NewID(text, ""); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if id := graph.HashID("x"); len(id) != 32 {
		t.Errorf("%q", id)
	}
}

func TestKeepLanguages(t *testing.T) {
	t.Parallel()
	g := graph.New()
	g.Add(&graph.Concept{ID: "a", Names: map[string]graph.Text{"de": {"A", ""}, "fr": {"A", ""}}})
	before := g.Digest()
	g.KeepLanguages([]string{"fr"})
	if g.Names() != 1 || !slices.Equal(g.Languages(), []string{"fr"}) || g.Digest() == before {
		t.Errorf("%v", g.Languages())
	}
}
