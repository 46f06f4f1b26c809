package taxonomy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// workers is how many calls about single concepts are under way at once; the
// client paces them all the same.
const workers = 16

// difference is what the service lacks of a taxonomy, and what it has too much.
type difference struct {
	create, change []*Concept
	relate         []Edge
	unrelate       []relation
	// names are the further languages to write, by concept: those to add and those to change.
	names map[string]nameChanges
	// unseen is how many concepts have names in further languages that were not looked at.
	unseen int
}

type relation struct {
	Edge
	id string
}

type nameChanges struct{ add, change []clarifai.ConceptLanguage }

func (d *difference) countNames() int {
	n := 0
	for _, c := range d.names {
		n += len(c.add) + len(c.change)
	}
	return n
}

func (d *difference) empty() bool {
	return len(d.create)+len(d.change)+len(d.relate)+len(d.unrelate)+d.countNames() == 0
}

// String says in words what is to be done.
func (d *difference) String() string {
	var parts []string
	add := func(n int, thing, what string) {
		if n > 0 {
			parts = append(parts, diags.Counted(n, thing)+" "+what)
		}
	}
	add(len(d.create), "concept", "to create")
	add(len(d.change), "concept", "to change")
	add(d.countNames(), "name", "in further languages to write")
	add(len(d.relate), "relation", "to create")
	add(len(d.unrelate), "relation", "to delete")
	text := "Compared with the service: " + strings.Join(parts, ", ") + "."
	if d.unseen > 0 {
		text += fmt.Sprintf(" Names in further languages of %s were not looked at now (refresh = %q).", diags.Counted(d.unseen, "existing concept"), refreshStructure)
	}
	return text + " The first:\n\n  " + strings.Join(d.first(), "\n  ")
}

// first are the first ten differences, in words.
func (d *difference) first() []string {
	const most = 10
	var texts []string
	add := func(format string, args ...any) {
		if len(texts) < most {
			texts = append(texts, fmt.Sprintf(format, args...))
		}
	}
	for _, r := range d.unrelate {
		add("delete relation %s", r.Edge)
	}
	for _, c := range d.change {
		add("change concept %s", c.ID)
	}
	for _, c := range d.create {
		add("create concept %s", c.ID)
	}
	for _, e := range d.relate {
		add("create relation %s", e)
	}
	for _, id := range slices.Sorted(maps.Keys(d.names)) {
		for _, l := range slices.Concat(d.names[id].add, d.names[id].change) {
			add("name concept %s in %s", id, l.ID)
		}
	}
	return texts
}

// scope is where a taxonomy lives and what of it is looked at.
type scope struct {
	client    *clarifai.Client
	app       clarifai.AppRef
	graphID   string
	exclusive bool
	languages bool // also look at the further languages, a call for each concept
}

// compare finds out what differs. It reads pages of 1,000 concepts and relations.
func (s scope) compare(ctx context.Context, g *Graph) (*difference, error) {
	d := &difference{names: map[string]nameChanges{}}
	there := map[string]clarifai.Concept{}
	for c, err := range s.client.AllConcepts(ctx, s.app, clarifai.ListConceptsQuery{Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}) {
		if err != nil {
			return nil, err
		}
		if g.concepts[c.ID] != nil {
			there[c.ID] = c
		}
	}
	var existing []*Concept
	for _, want := range g.Concepts() {
		has, ok := there[want.ID]
		switch {
		case !ok:
			d.create = append(d.create, want)
			if len(want.Names) > 0 {
				d.names[want.ID] = nameChanges{add: wire(want.Names)}
			}
			continue
		case has.Name != want.Name, want.Definition != "" && has.Definition != want.Definition:
			d.change = append(d.change, want)
		}
		if len(want.Names) > 0 {
			existing = append(existing, want)
		}
	}
	if s.languages {
		if err := s.compareLanguages(ctx, existing, d); err != nil {
			return nil, err
		}
	} else {
		d.unseen = len(existing)
	}
	return d, s.compareRelations(ctx, g, d)
}

func (s scope) compareRelations(ctx context.Context, g *Graph, d *difference) error {
	missing := map[Edge]bool{}
	for _, e := range g.Edges() {
		missing[e] = true
	}
	query := clarifai.ListConceptRelationsQuery{KnowledgeGraphID: s.graphID, Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}
	for r, err := range s.client.AllConceptRelations(ctx, s.app, "", query) {
		if err != nil {
			return err
		}
		if r.SubjectConcept == nil || r.ObjectConcept == nil || r.KnowledgeGraphID != s.graphID {
			continue
		}
		e := canonical(r.SubjectConcept.ID, r.Predicate, r.ObjectConcept.ID)
		if _, ours := missing[e]; ours {
			missing[e] = false
		} else if s.exclusive && g.concepts[e.Subject] != nil && g.concepts[e.Object] != nil {
			d.unrelate = append(d.unrelate, relation{Edge: e, id: r.ID})
		}
	}
	for _, e := range g.Edges() {
		if missing[e] {
			d.relate = append(d.relate, e)
		}
	}
	slices.SortFunc(d.unrelate, func(a, b relation) int { return compareEdges(a.Edge, b.Edge) })
	return nil
}

func (s scope) compareLanguages(ctx context.Context, existing []*Concept, d *difference) error {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, want := range existing {
		group.Go(func() error {
			has := map[string]clarifai.ConceptLanguage{}
			for l, err := range s.client.AllConceptLanguages(ctx, s.app, want.ID, 0) {
				if err != nil {
					return err
				}
				has[l.ID] = l
			}
			var changes nameChanges
			for _, l := range wire(want.Names) {
				switch there, ok := has[l.ID]; {
				case !ok:
					changes.add = append(changes.add, l)
				case there.Name != l.Name, l.Definition != "" && there.Definition != l.Definition:
					changes.change = append(changes.change, l)
				}
			}
			if len(changes.add)+len(changes.change) > 0 {
				mu.Lock()
				defer mu.Unlock()
				d.names[want.ID] = changes
			}
			return nil
		})
	}
	return group.Wait()
}

// wire are names as the API takes them, in order.
func wire(names map[string]Text) []clarifai.ConceptLanguage {
	var out []clarifai.ConceptLanguage
	for _, language := range slices.Sorted(maps.Keys(names)) {
		out = append(out, clarifai.ConceptLanguage{ID: language, Name: names[language].Name, Definition: names[language].Definition})
	}
	return out
}

// failures are things that could not be done, of many that were tried.
type failures struct {
	mu    sync.Mutex
	total int
	list  []failedPart
}

type failedPart struct {
	what string
	err  error
}

func (f *failures) add(err error, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, failedPart{fmt.Sprintf(format, args...), err})
}

// apply brings the service to what the taxonomy says. It goes on after failures,
// so that one bad concept costs only itself; the next apply does the rest.
func (s scope) apply(ctx context.Context, d *difference) *failures {
	f := &failures{total: len(d.create) + len(d.change) + d.countNames() + len(d.relate) + len(d.unrelate)}
	s.createConcepts(ctx, d.create, f)
	s.changeConcepts(ctx, d.change, f)
	s.deleteRelations(ctx, d.unrelate, f)
	s.createRelations(ctx, d.relate, f)
	s.writeNames(ctx, d.names, f)
	return f
}

// createConcepts sends 128 in a call. A call that is refused as a whole is made
// concept by concept, which tells which one is to blame.
func (s scope) createConcepts(ctx context.Context, concepts []*Concept, f *failures) {
	group := limited()
	for chunk := range slices.Chunk(concepts, clarifai.MaxItemsPerCall) {
		group.Go(func() error {
			sent := make([]clarifai.Concept, len(chunk))
			for i, c := range chunk {
				sent[i] = clarifai.Concept{ID: c.ID, Name: c.Name, Definition: c.Definition}
			}
			if _, err := s.client.PostConcepts(ctx, s.app, sent); err == nil {
				return nil
			}
			for i, c := range chunk {
				_, err := s.client.CreateConcept(ctx, s.app, sent[i])
				if clarifai.IsDuplicate(err) { // made since the comparison, or by a call whose answer got lost
					_, err = s.client.UpdateConcept(ctx, s.app, sent[i])
				}
				if err != nil {
					f.add(err, "concept %s", c.ID)
				}
			}
			return nil
		})
	}
	_ = group.Wait() // failures are in f
}

func (s scope) changeConcepts(ctx context.Context, concepts []*Concept, f *failures) {
	group := limited()
	for chunk := range slices.Chunk(concepts, clarifai.MaxItemsPerCall) {
		group.Go(func() error {
			sent := make([]clarifai.Concept, len(chunk))
			for i, c := range chunk {
				sent[i] = clarifai.Concept{ID: c.ID, Name: c.Name, Definition: c.Definition}
			}
			if _, err := s.client.PatchConcepts(ctx, s.app, sent, clarifai.ActionOverwrite); err == nil {
				return nil
			}
			for i, c := range chunk {
				if _, err := s.client.UpdateConcept(ctx, s.app, sent[i]); err != nil {
					f.add(err, "concept %s", c.ID)
				}
			}
			return nil
		})
	}
	_ = group.Wait() // failures are in f
}

// createRelations makes all relations of one concept in one call. Seen from the
// broader concept, those of all its narrower ones are its own, which takes the
// fewest calls a tree allows.
func (s scope) createRelations(ctx context.Context, edges []Edge, f *failures) {
	bySubject := map[string][]clarifai.ConceptRelation{}
	for _, e := range edges {
		subject, predicate, object := e.Subject, e.Predicate, e.Object
		if predicate == hyponym {
			subject, predicate, object = e.Object, hypernym, e.Subject
		}
		bySubject[subject] = append(bySubject[subject], clarifai.ConceptRelation{
			ObjectConcept: &clarifai.Concept{ID: object}, Predicate: predicate, KnowledgeGraphID: s.graphID,
		})
	}
	group := limited()
	for subject, relations := range bySubject {
		for chunk := range slices.Chunk(relations, clarifai.MaxItemsPerCall) {
			group.Go(func() error {
				if _, err := s.client.PostConceptRelations(ctx, s.app, subject, chunk); err == nil {
					return nil
				}
				for _, r := range chunk {
					if _, err := s.client.PostConceptRelations(ctx, s.app, subject, []clarifai.ConceptRelation{r}); err != nil && !clarifai.IsDuplicate(err) {
						f.add(err, "relation %s", canonical(subject, r.Predicate, r.ObjectConcept.ID))
					}
				}
				return nil
			})
		}
	}
	_ = group.Wait() // failures are in f
}

func (s scope) deleteRelations(ctx context.Context, relations []relation, f *failures) {
	bySubject := map[string][]string{}
	for _, r := range relations {
		bySubject[r.Object] = append(bySubject[r.Object], r.id)
	}
	group := limited()
	for subject, ids := range bySubject {
		for chunk := range slices.Chunk(ids, clarifai.MaxItemsPerCall) {
			group.Go(func() error {
				if err := s.client.DeleteConceptRelations(ctx, s.app, subject, chunk); err == nil {
					return nil
				}
				for _, id := range chunk {
					if err := s.client.DeleteConceptRelations(ctx, s.app, subject, []string{id}); err != nil && !clarifai.IsNotFound(err) {
						f.add(err, "relation %s of concept %s", id, subject)
					}
				}
				return nil
			})
		}
	}
	_ = group.Wait() // failures are in f
}

// writeNames writes the further languages of one concept in one call, or two
// where some are there already.
func (s scope) writeNames(ctx context.Context, names map[string]nameChanges, f *failures) {
	group := limited()
	for id, changes := range names {
		group.Go(func() error {
			if len(changes.add) > 0 {
				if _, err := s.client.PostConceptLanguages(ctx, s.app, id, changes.add); err != nil {
					s.eachName(ctx, id, changes.add, f)
				}
			}
			if len(changes.change) > 0 {
				if _, err := s.client.PatchConceptLanguages(ctx, s.app, id, changes.change, clarifai.ActionOverwrite); err != nil {
					f.add(err, "names of concept %s", id)
				}
			}
			return nil
		})
	}
	_ = group.Wait() // failures are in f
}

func (s scope) eachName(ctx context.Context, id string, names []clarifai.ConceptLanguage, f *failures) {
	for _, l := range names {
		one := []clarifai.ConceptLanguage{l}
		_, err := s.client.PostConceptLanguages(ctx, s.app, id, one)
		if clarifai.IsDuplicate(err) {
			_, err = s.client.PatchConceptLanguages(ctx, s.app, id, one, clarifai.ActionOverwrite)
		}
		if err != nil {
			f.add(err, "name of concept %s in %s", id, l.ID)
		}
	}
}

func limited() *errgroup.Group {
	var group errgroup.Group
	group.SetLimit(workers)
	return &group
}

// summary tells what cut the work off, if anything did, how many things failed, and
// the first ten that were tried with their reasons.
func (f *failures) summary(cut string, detail func(error) string) string {
	const most = 10
	var b strings.Builder
	fmt.Fprintf(&b, "%s%d of %d changes could not be made; the others are done. The next apply does only the rest.", cut, len(f.list), f.total)
	tried := slices.DeleteFunc(slices.Clone(f.list), func(part failedPart) bool {
		return cut != "" && (errors.Is(part.err, context.Canceled) || errors.Is(part.err, context.DeadlineExceeded))
	})
	for i, part := range tried {
		if i == most {
			fmt.Fprintf(&b, "\n\nand %d more.", len(tried)-most)
			break
		}
		fmt.Fprintf(&b, "\n\n%s: %s", part.what, detail(part.err))
	}
	return b.String()
}
