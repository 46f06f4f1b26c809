// Package taxonomy is about a whole graph of concepts as one object: read from a
// file or from the configuration, checked as a whole, and brought to the service
// in few calls.
package taxonomy

import (
	"cmp"
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
	Names      map[string]Text // in further languages
	Parents    []string        // ids of broader concepts
	Synonyms   []string        // ids of concepts that mean the same

	where string // "places.csv:12", for messages
}

// Text is what a concept is called in one language.
type Text struct {
	Name       string
	Definition string
}

// Graph is a taxonomy: concepts by id, in the order in which they were read.
type Graph struct {
	order    []string
	concepts map[string]*Concept
	problems []Problem
}

// Problem is something wrong with a taxonomy, and where.
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

func newGraph() *Graph { return &Graph{concepts: map[string]*Concept{}} }

// Len is the number of concepts.
func (g *Graph) Len() int { return len(g.order) }

// Concepts are all concepts in the order in which they were read.
func (g *Graph) Concepts() []*Concept {
	all := make([]*Concept, len(g.order))
	for i, id := range g.order {
		all[i] = g.concepts[id]
	}
	return all
}

func (g *Graph) problem(where, format string, args ...any) {
	g.problems = append(g.problems, Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

// add takes a concept in, unless its id is taken.
func (g *Graph) add(c *Concept) {
	if earlier := g.concepts[c.ID]; earlier != nil {
		g.problem(c.where, "concept %q was given before, at %s", c.ID, earlier.where)
		return
	}
	g.concepts[c.ID] = c
	g.order = append(g.order, c.ID)
}

// Check finds everything that the service would refuse or that makes no sense:
// ids, missing names, references to nothing, repetitions and circles. Languages
// are those that the service knows, unless any is allowed.
func (g *Graph) Check(languages []string) []Problem {
	problems := slices.Clone(g.problems)
	report := func(c *Concept, format string, args ...any) {
		problems = append(problems, Problem{Where: c.where, What: fmt.Sprintf(format, args...)})
	}
	for _, c := range g.Concepts() {
		if what := ids.Problem(c.ID, ids.MaxLength); what != "" {
			report(c, "id %q cannot be used: %s", c.ID, what)
		}
		for _, language := range slices.Sorted(maps.Keys(c.Names)) {
			if languages != nil && !slices.Contains(languages, language) {
				report(c, "concept %q has a name in language %q, which the service does not know", c.ID, language)
			}
			if c.Names[language].Name == "" {
				report(c, "concept %q has a definition but no name in language %q", c.ID, language)
			}
		}
		for _, to := range []struct {
			kind string
			ids  []string
		}{{"parent", c.Parents}, {"synonym", c.Synonyms}} {
			for i, id := range to.ids {
				switch {
				case id == "": // what keeps it from having one was reported
				case id == c.ID:
					report(c, "concept %q is its own %s", c.ID, to.kind)
				case g.concepts[id] == nil:
					report(c, "%s %q of concept %q is not in the taxonomy", to.kind, id, c.ID)
				case slices.Contains(to.ids[:i], id):
					report(c, "%s %q of concept %q is given twice", to.kind, id, c.ID)
				}
			}
		}
	}
	for _, circle := range g.circles() {
		problems = append(problems, Problem{
			Where: g.concepts[circle[0]].where,
			What:  "concepts are above themselves: " + strings.Join(append(circle, circle[0]), " is below "),
		})
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(line(a.Where), line(b.Where)) })
	return problems
}

// takeOwn takes a name in the taxonomy's own language for the concept's name.
// That it has another already is a problem: the service holds one.
func (g *Graph) takeOwn(language string) {
	differs := func(c *Concept, kind, kept, given string) {
		if given != "" && kept != given {
			g.problem(c.where, "concept %q has the %s %q, but %q in language %q, which is the taxonomy's own; leave one out", c.ID, kind, kept, given, language)
		}
	}
	for _, c := range g.Concepts() {
		text, ok := c.Names[language]
		if !ok {
			continue
		}
		delete(c.Names, language)
		if c.Name == c.ID && text.Name != "" { // it is called by its id as long as nothing else is said
			c.Name = text.Name
		}
		c.Definition = cmp.Or(c.Definition, text.Definition)
		differs(c, "name", c.Name, text.Name)
		differs(c, "definition", c.Definition, text.Definition)
	}
}

// line is the number in "file:12" or "file:12 <address>", to put problems into the
// file's order.
func line(where string) int {
	where, _, _ = strings.Cut(where, " <")
	n := 0
	if i := strings.LastIndexByte(where, ':'); i >= 0 {
		_, _ = fmt.Sscanf(where[i+1:], "%d", &n)
	}
	return n
}

// circles are concepts that are, over others, above themselves; each circle once.
func (g *Graph) circles() [][]string {
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
			if len(path)-from > 1 { // a concept that is its own parent was reported as such
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

// Edge is a relation in the form in which the taxonomy makes it: the narrower
// concept is a hyponym of the broader one; of two synonyms the smaller id comes first.
type Edge struct {
	Subject, Predicate, Object string
}

// Predicates of the service.
const (
	hyponym  = "hyponym"
	hypernym = "hypernym"
	synonym  = "synonym"
)

// canonical turns an edge round where that says the same in the taxonomy's form.
func canonical(subject, predicate, object string) Edge {
	if predicate == hypernym {
		return Edge{object, hyponym, subject}
	}
	if predicate == synonym && object < subject {
		return Edge{object, synonym, subject}
	}
	return Edge{subject, predicate, object}
}

// Edges are all relations, each once, in order.
func (g *Graph) Edges() []Edge {
	edges := map[Edge]struct{}{}
	for _, c := range g.concepts {
		for _, parent := range c.Parents {
			edges[canonical(c.ID, hyponym, parent)] = struct{}{}
		}
		for _, other := range c.Synonyms {
			edges[canonical(c.ID, synonym, other)] = struct{}{}
		}
	}
	return slices.SortedFunc(maps.Keys(edges), compareEdges)
}

func compareEdges(a, b Edge) int {
	return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate), cmp.Compare(a.Object, b.Object))
}

func (e Edge) String() string { return e.Subject + " " + e.Predicate + " " + e.Object }

// Languages are all languages in which there are names, beside the taxonomy's own.
func (g *Graph) Languages() []string {
	all := map[string]struct{}{}
	for _, c := range g.concepts {
		for language := range c.Names {
			all[language] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// withoutRelations has the same concepts, unrelated.
func (g *Graph) withoutRelations() *Graph {
	bare := newGraph()
	for _, id := range g.order {
		bare.add(&Concept{ID: id})
	}
	return bare
}
