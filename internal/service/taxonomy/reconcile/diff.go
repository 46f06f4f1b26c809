// Package reconcile compares a taxonomy with an app and makes the app equal to it. It knows nothing of Terraform.
package reconcile

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// Target is the app that a taxonomy belongs to, and what of it is compared.
type Target struct {
	Client    *clarifai.Client
	What      string // the taxonomy, for messages
	App       clarifai.AppRef
	GraphID   string // of the knowledge graph; empty: the app's own
	Exclusive bool   // delete relations between concepts of the taxonomy that it does not have
	Languages bool   // compare names in further languages too, one request for each concept
	Exists    bool   // the app has the taxonomy, so that as many pages as it fills are read at once
}

// pages asks for pages of a list that holds n objects of the taxonomy, if that exists.
func (t Target) pages(n int) clarifai.Page {
	if !t.Exists {
		n = 0
	}
	return clarifai.Page{PerPage: clarifai.MaxPerPage, Expected: n}
}

// Snapshot is what exists, of the concepts of one taxonomy and of the relations between them.
type Snapshot struct {
	concepts  map[string]graph.Text
	languages map[string]map[string]graph.Text // by concept; nil: not read
	relations map[graph.Edge][]string          // ids
}

// SnapshotOf is what exists after g has been applied and nothing else has changed.
func SnapshotOf(g *graph.Graph) *Snapshot {
	s := &Snapshot{concepts: map[string]graph.Text{}, languages: map[string]map[string]graph.Text{}, relations: map[graph.Edge][]string{}}
	for _, c := range g.Concepts() {
		s.concepts[c.ID] = graph.Text{Name: c.Name, Definition: c.Definition}
		s.languages[c.ID] = c.Names
	}
	for _, e := range g.Edges() {
		s.relations[e] = []string{""}
	}
	return s
}

// Update is a concept whose name or definition differs.
type Update struct {
	*graph.Concept
	before graph.Text
}

// Relation is a relation of the app.
type Relation struct {
	graph.Edge
	ID string
}

// names are the names of one concept in further languages that are to be written.
type names struct {
	add, update []clarifai.ConceptLanguage
	before      map[string]graph.Text
}

// Diff is what an apply has to do.
type Diff struct {
	create   []*graph.Concept
	update   []Update
	relate   []graph.Edge
	unrelate []Relation
	names    map[string]names // by concept

	// Unread is the number of existing concepts with names in further languages that were not compared.
	Unread int
	// Existing is the number of concepts of the taxonomy that the app has.
	Existing int
}

// New returns the concepts that the diff creates.
func (d *Diff) New() []*graph.Concept { return d.create }

// Diff compares the taxonomy with the app. It reads pages of 1,000 concepts and of 1,000 relations.
func (t Target) Diff(ctx context.Context, g *graph.Graph) (*Diff, error) {
	s := &Snapshot{concepts: map[string]graph.Text{}}
	for c, err := range t.Client.AllConcepts(ctx, t.App, clarifai.ListConceptsQuery{Page: t.pages(g.Len())}) {
		if err != nil {
			return nil, err
		}
		if g.Get(c.ID) != nil {
			s.concepts[c.ID] = graph.Text{Name: c.Name, Definition: c.Definition}
		}
	}
	if t.Languages {
		if err := t.readLanguages(ctx, g, s); err != nil {
			return nil, err
		}
	}
	if err := t.readRelations(ctx, g, s); err != nil {
		return nil, err
	}
	return s.Diff(g, t.Exclusive), nil
}

// readLanguages reads the names of all existing concepts that the taxonomy has names in further languages for.
func (t Target) readLanguages(ctx context.Context, g *graph.Graph, s *Snapshot) error {
	var mu sync.Mutex
	s.languages = map[string]map[string]graph.Text{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, c := range g.Concepts() {
		if _, exists := s.concepts[c.ID]; !exists || len(c.Names) == 0 {
			continue
		}
		group.Go(func() error {
			all := map[string]graph.Text{}
			for l, err := range t.Client.AllConceptLanguages(ctx, t.App, c.ID, 0) {
				if err != nil {
					return err
				}
				all[l.ID] = graph.Text{Name: l.Name, Definition: l.Definition}
			}
			mu.Lock()
			defer mu.Unlock()
			s.languages[c.ID] = all
			return nil
		})
	}
	return group.Wait()
}

// readRelations reads the relations between concepts of the taxonomy.
func (t Target) readRelations(ctx context.Context, g *graph.Graph, s *Snapshot) error {
	s.relations = map[graph.Edge][]string{}
	query := clarifai.ListConceptRelationsQuery{KnowledgeGraphID: t.GraphID, Page: t.pages(len(g.Edges()))}
	for r, err := range t.Client.AllConceptRelations(ctx, t.App, "", query) {
		if err != nil {
			return err
		}
		if r.SubjectConcept == nil || r.ObjectConcept == nil || r.KnowledgeGraphID != t.GraphID {
			continue
		}
		e := graph.Canonical(r.SubjectConcept.ID, r.Predicate, r.ObjectConcept.ID)
		if g.Get(e.Subject) != nil && g.Get(e.Object) != nil {
			s.relations[e] = append(s.relations[e], r.ID)
		}
	}
	return nil
}

// Diff compares a taxonomy with what exists.
func (s *Snapshot) Diff(g *graph.Graph, exclusive bool) *Diff {
	d := &Diff{names: map[string]names{}}
	for _, want := range g.Concepts() {
		has, exists := s.concepts[want.ID]
		switch {
		case !exists:
			d.create = append(d.create, want)
			if len(want.Names) > 0 {
				d.names[want.ID] = names{add: toAPI(want.Names)}
			}
			continue
		case has.Name != want.Name, want.Definition != "" && has.Definition != want.Definition:
			d.update = append(d.update, Update{want, has})
		}
		d.Existing++
		if len(want.Names) == 0 {
			continue
		}
		if s.languages == nil {
			d.Unread++
			continue
		}
		if n := diffNames(want, s.languages[want.ID]); len(n.add)+len(n.update) > 0 {
			d.names[want.ID] = n
		}
	}
	wanted := make(map[graph.Edge]bool, len(g.Edges()))
	for _, e := range g.Edges() {
		wanted[e] = true
		if _, exists := s.relations[e]; !exists {
			d.relate = append(d.relate, e)
		}
	}
	if exclusive {
		for e, relationIDs := range s.relations {
			if wanted[e] {
				continue
			}
			for _, id := range relationIDs {
				d.unrelate = append(d.unrelate, Relation{e, id})
			}
		}
		slices.SortFunc(d.unrelate, func(a, b Relation) int { return a.Compare(b.Edge) })
	}
	return d
}

func diffNames(want *graph.Concept, has map[string]graph.Text) names {
	n := names{before: has}
	for _, l := range toAPI(want.Names) {
		switch there, ok := has[l.ID]; {
		case !ok:
			n.add = append(n.add, l)
		case there.Name != l.Name, l.Definition != "" && there.Definition != l.Definition:
			n.update = append(n.update, l)
		}
	}
	return n
}

// toAPI returns names as the API takes them, in order.
func toAPI(all map[string]graph.Text) []clarifai.ConceptLanguage {
	var out []clarifai.ConceptLanguage
	for _, language := range slices.Sorted(maps.Keys(all)) {
		out = append(out, clarifai.ConceptLanguage{ID: language, Name: all[language].Name, Definition: all[language].Definition})
	}
	return out
}

// Relations returns a diff that deletes exactly these relations, as far as they exist.
func (t Target) Relations(ctx context.Context, edges []graph.Edge) (*Diff, error) {
	unwanted := make(map[graph.Edge]bool, len(edges))
	for _, e := range edges {
		unwanted[e] = true
	}
	d := &Diff{}
	query := clarifai.ListConceptRelationsQuery{KnowledgeGraphID: t.GraphID, Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}
	for r, err := range t.Client.AllConceptRelations(ctx, t.App, "", query) {
		if err != nil {
			return nil, err
		}
		if r.SubjectConcept == nil || r.ObjectConcept == nil || r.KnowledgeGraphID != t.GraphID {
			continue
		}
		if e := graph.Canonical(r.SubjectConcept.ID, r.Predicate, r.ObjectConcept.ID); unwanted[e] {
			d.unrelate = append(d.unrelate, Relation{e, r.ID})
		}
	}
	return d, nil
}

func (d *Diff) countNames() int {
	n := 0
	for _, c := range d.names {
		n += len(c.add) + len(c.update)
	}
	return n
}

// Empty reports whether there is nothing to do.
func (d *Diff) Empty() bool {
	return len(d.create)+len(d.update)+len(d.relate)+len(d.unrelate)+d.countNames() == 0
}

// Counts are the numbers of one diff or of one apply.
type Counts struct {
	ConceptsCreated, ConceptsUpdated, NamesWritten, RelationsCreated, RelationsDeleted int
}

// Counts returns the number of planned changes.
func (d *Diff) Counts() Counts {
	return Counts{len(d.create), len(d.update), d.countNames(), len(d.relate), len(d.unrelate)}
}

// Total is the number of changes.
func (c Counts) Total() int {
	return c.ConceptsCreated + c.ConceptsUpdated + c.NamesWritten + c.RelationsCreated + c.RelationsDeleted
}

// Changes describes the planned changes and their cost at a rate of requests; 0 is no limit. The counts are of concepts.
func (d *Diff) Changes(rate float64) changes.Plan {
	p := changes.Plan{Requests: d.Requests(), Rate: rate}
	name, relation := changes.Part{Noun: "name"}, changes.Part{Noun: "relation"}
	for _, c := range d.create {
		p.Add.Add(c.ID, "")
	}
	for _, u := range d.update {
		p.Change.Add(u.ID, differences(u.before, graph.Text{Name: u.Name, Definition: u.Definition}))
	}
	for _, id := range slices.Sorted(maps.Keys(d.names)) {
		for _, l := range d.names[id].add {
			name.Add.Add(id+" in "+l.ID, fmt.Sprintf("%q", l.Name))
		}
		for _, l := range d.names[id].update {
			name.Change.Add(id+" in "+l.ID, differences(d.names[id].before[l.ID], graph.Text{Name: l.Name, Definition: l.Definition}))
		}
	}
	for _, e := range d.relate {
		relation.Add.Add(e.String(), "")
	}
	for _, r := range d.unrelate {
		relation.Remove.Add(r.String(), "")
	}
	p.Parts = []changes.Part{name, relation}
	if d.Unread > 0 {
		p.Notes = []string{fmt.Sprintf("names in further languages of %s are compared by the apply", diags.Counted(d.Unread, "existing concept"))}
	}
	return p
}

// differences are those between two texts, such as `name "Lorry" -> "Truck"`.
func differences(before, after graph.Text) string {
	var parts []string
	if before.Name != after.Name {
		parts = append(parts, fmt.Sprintf("name %q -> %q", before.Name, after.Name))
	}
	if after.Definition != "" && before.Definition != after.Definition {
		parts = append(parts, fmt.Sprintf("definition %q -> %q", before.Definition, after.Definition))
	}
	return strings.Join(parts, ", ")
}

// Requests is the number of requests that an apply takes if nothing fails.
func (d *Diff) Requests() int {
	pages := func(n int) int { return (n + clarifai.MaxItemsPerCall - 1) / clarifai.MaxItemsPerCall }
	n := pages(len(d.create)) + pages(len(d.update))
	related, unrelated := map[string]int{}, map[string]int{}
	for _, e := range d.relate {
		related[postedFrom(e)]++
	}
	for _, r := range d.unrelate {
		unrelated[r.Object]++
	}
	for _, count := range related {
		n += pages(count)
	}
	for _, count := range unrelated {
		n += pages(count)
	}
	for _, c := range d.names {
		n += min(len(c.add), 1) + min(len(c.update), 1)
	}
	return n
}

// postedFrom is the concept whose request creates a relation: of a broader and a narrower one, the broader one, since one request then
// creates the relations of all that is below it.
func postedFrom(e graph.Edge) string {
	if e.Predicate == graph.Hyponym {
		return e.Object
	}
	return e.Subject
}
