// Package graph holds a taxonomy in memory: concepts, their names in several languages and the relations between them, as a file or the
// configuration states them. It checks the whole before anything is sent.
package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// Concept is one concept of a taxonomy.
type Concept struct {
	ID         string
	Name       string // in the taxonomy's own language
	Definition string
	Names      map[string]Text // in further languages, by the service's language code
	Parents    []string        // ids of broader concepts
	Synonyms   []string        // ids of concepts with the same meaning

	Where string // "places.csv:12", for messages
}

// Text is the name and the definition of a concept in one language.
type Text struct {
	Name       string
	Definition string
}

// Graph is a taxonomy: concepts by id, in the order in which they were read.
type Graph struct {
	// Skipped lists what the source holds and the taxonomy does not.
	Skipped []Skip

	order    []string
	concepts map[string]*Concept
	problems []Problem
	edges    []Edge // nil until Edges is called
}

// Skip counts one kind of things that are in a source and not in the taxonomy.
type Skip struct {
	Key      string   // short and stable, for the attribute "skipped"
	Text     string   // in words, without the number: "names in languages that ..."
	Count    int      // how many
	Examples []string // the first ten, where a reader has to find them
	Notable  bool     // whether a plan warns of it
}

// Problem is an error in a taxonomy, and where it is.
type Problem struct {
	Where string
	What  string
}

func (p Problem) String() string {
	if p.Where == "" {
		return p.What
	}
	return p.Where + ": " + p.What
}

// New returns an empty taxonomy.
func New() *Graph { return &Graph{concepts: map[string]*Concept{}} }

// Len is the number of concepts.
func (g *Graph) Len() int { return len(g.order) }

// Get returns a concept, or nil.
func (g *Graph) Get(id string) *Concept { return g.concepts[id] }

// Concepts returns all concepts in the order in which they were read.
func (g *Graph) Concepts() []*Concept {
	all := make([]*Concept, len(g.order))
	for i, id := range g.order {
		all[i] = g.concepts[id]
	}
	return all
}

// Problem records an error of the source.
func (g *Graph) Problem(where, format string, args ...any) {
	g.problems = append(g.problems, Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

// Add adds a concept. An id that comes twice is an error of the source.
func (g *Graph) Add(c *Concept) {
	if earlier := g.concepts[c.ID]; earlier != nil {
		g.Problem(c.Where, "concept %q was given before, at %s", c.ID, earlier.Where)
		return
	}
	if c.Names == nil {
		c.Names = map[string]Text{}
	}
	g.concepts[c.ID] = c
	g.order = append(g.order, c.ID)
	g.edges = nil
}

// Languages are the languages of further names.
func (g *Graph) Languages() []string {
	all := map[string]struct{}{}
	for _, c := range g.concepts {
		for language := range c.Names {
			all[language] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// KeepLanguages removes names in all languages but these.
func (g *Graph) KeepLanguages(languages []string) {
	for _, c := range g.concepts {
		maps.DeleteFunc(c.Names, func(language string, _ Text) bool { return !slices.Contains(languages, language) })
	}
}

// Names is the number of names in further languages.
func (g *Graph) Names() int {
	n := 0
	for _, c := range g.concepts {
		n += len(c.Names)
	}
	return n
}

// SetOwnLanguage makes the names in a language the names of the concepts. A concept that has another name already is an error, since the
// service holds one.
func (g *Graph) SetOwnLanguage(language string) {
	differs := func(c *Concept, what, kept, given string) {
		if given != "" && kept != given {
			g.Problem(c.Where, "concept %q has the %s %q, but %q in language %q, which is the taxonomy's own; remove "+
				"one", c.ID, what, kept, given, language)
		}
	}
	for _, c := range g.Concepts() {
		text, ok := c.Names[language]
		if !ok {
			continue
		}
		delete(c.Names, language)
		if c.Name == c.ID && text.Name != "" { // the id is only the default of the name
			c.Name = text.Name
		}
		c.Definition = cmp.Or(c.Definition, text.Definition)
		differs(c, "name", c.Name, text.Name)
		differs(c, "definition", c.Definition, text.Definition)
	}
}

// Check returns all problems: those of the source, and ids that no concept can have, definitions without a name, unknown references,
// repetitions, cycles, and languages other than the known ones. nil allows every language.
func (g *Graph) Check(known []string) []Problem {
	problems := slices.Clone(g.problems)
	report := func(c *Concept, format string, args ...any) {
		problems = append(problems, Problem{Where: c.Where, What: fmt.Sprintf(format, args...)})
	}
	for _, c := range g.Concepts() {
		if what := ids.ReferenceProblem(c.ID); what != "" {
			report(c, "id %q cannot be used: %s", c.ID, what)
		}
		for _, language := range slices.Sorted(maps.Keys(c.Names)) {
			if c.Names[language].Name == "" {
				report(c, "concept %q has a definition but no name in language %q", c.ID, language)
			}
		}
		g.checkReferences(c, "parent", c.Parents, report)
		g.checkReferences(c, "synonym", c.Synonyms, report)
	}
	if known != nil {
		problems = append(problems, g.unknownLanguages(known)...)
	}
	for _, cycle := range g.cycles() {
		problems = append(problems, Problem{
			Where: g.concepts[cycle[0]].Where,
			What:  "concepts are above themselves: " + strings.Join(append(cycle, cycle[0]), " is below "),
		})
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(line(a.Where), line(b.Where)) })
	return problems
}

func (g *Graph) checkReferences(c *Concept, what string, to []string, report func(*Concept, string, ...any)) {
	for i, id := range to {
		switch {
		case id == "": // its own problem has been reported
		case id == c.ID:
			report(c, "concept %q is its own %s", c.ID, what)
		case g.concepts[id] == nil:
			report(c, "%s %q of concept %q is not in the taxonomy", what, id, c.ID)
		case slices.Contains(to[:i], id):
			report(c, "%s %q of concept %q is given twice", what, id, c.ID)
		}
	}
}

// unknownLanguages returns one problem for each language, at the first concept that has a name in it.
func (g *Graph) unknownLanguages(known []string) []Problem {
	first, count := map[string]*Concept{}, map[string]int{}
	for _, c := range g.Concepts() {
		for language := range c.Names {
			if slices.Contains(known, language) {
				continue
			}
			if count[language]++; first[language] == nil {
				first[language] = c
			}
		}
	}
	var problems []Problem
	for _, language := range slices.Sorted(maps.Keys(count)) {
		c := first[language]
		problems = append(problems, Problem{Where: c.Where, What: fmt.Sprintf(
			"language %q is not one that Clarifai documents (%d names, the first of concept %q); select languages with languages, or set "+
				"allow_other_languages",
			language, count[language], c.ID)})
	}
	return problems
}

// line is the number in "file:12" or "file:12 <IRI>", which puts problems into the order of the file.
func line(where string) int {
	where, _, _ = strings.Cut(where, " <")
	n := 0
	if i := strings.LastIndexByte(where, ':'); i >= 0 {
		_, _ = fmt.Sscanf(where[i+1:], "%d", &n)
	}
	return n
}

// cycles returns the concepts that are, over others, above themselves; each cycle once.
func (g *Graph) cycles() [][]string {
	const (
		open = iota + 1
		closed
	)
	state := map[string]int{}
	var found [][]string
	var path []string
	var visit func(id string)
	visit = func(id string) {
		c := g.concepts[id]
		if c == nil || state[id] == closed {
			return
		}
		if state[id] == open {
			from := slices.Index(path, id)
			if len(path)-from > 1 { // a concept that is its own parent is reported as such
				found = append(found, slices.Clone(path[from:]))
			}
			return
		}
		state[id] = open
		path = append(path, id)
		for _, parent := range c.Parents {
			visit(parent)
		}
		path = path[:len(path)-1]
		state[id] = closed
	}
	for _, id := range g.order {
		visit(id)
	}
	return found
}

// Edge is a relation in the form in which the taxonomy writes it: the narrower concept is a hyponym of the broader one; of two synonyms the
// smaller id comes first.
type Edge struct {
	Subject, Predicate, Object string
}

// Predicates of the service.
const (
	Hyponym  = "hyponym"
	Hypernym = "hypernym"
	Synonym  = "synonym"
)

// Canonical returns the relation in the taxonomy's form.
func Canonical(subject, predicate, object string) Edge {
	if predicate == Hypernym {
		return Edge{object, Hyponym, subject}
	}
	if predicate == Synonym && object < subject {
		return Edge{object, Synonym, subject}
	}
	return Edge{subject, predicate, object}
}

// Edges returns all relations, each once, in order.
func (g *Graph) Edges() []Edge {
	if g.edges != nil {
		return g.edges
	}
	edges := make([]Edge, 0, len(g.order))
	for _, c := range g.concepts {
		for _, parent := range c.Parents {
			edges = append(edges, Canonical(c.ID, Hyponym, parent))
		}
		for _, other := range c.Synonyms {
			edges = append(edges, Canonical(c.ID, Synonym, other))
		}
	}
	slices.SortFunc(edges, Edge.Compare)
	g.edges = slices.Compact(edges)
	return g.edges
}

// Compare orders relations by subject, predicate and object.
func (e Edge) Compare(other Edge) int {
	return cmp.Or(cmp.Compare(e.Subject, other.Subject), cmp.Compare(e.Predicate, other.Predicate), cmp.Compare(e.Object, other.Object))
}

func (e Edge) String() string { return e.Subject + " " + e.Predicate + " " + e.Object }

// Digest is the SHA-256 of the taxonomy's content. The order and the format of the source make no difference.
func (g *Graph) Digest() string {
	hash := sha256.New()
	var text []byte
	for _, id := range slices.Sorted(maps.Keys(g.concepts)) {
		c := g.concepts[id]
		text = fmt.Appendf(text[:0], "%q %q %q\n", c.ID, c.Name, c.Definition)
		for _, language := range slices.Sorted(maps.Keys(c.Names)) {
			text = fmt.Appendf(text, " %q %q %q\n", language, c.Names[language].Name, c.Names[language].Definition)
		}
		hash.Write(text)
	}
	for _, e := range g.Edges() {
		hash.Write(fmt.Appendln(text[:0], e))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
