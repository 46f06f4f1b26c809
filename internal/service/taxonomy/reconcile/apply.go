package reconcile

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// workers is how many requests about single concepts are sent at once; the client limits their rate too.
const workers = 16

// Result is what an apply did and what it could not do.
type Result struct {
	mu     sync.Mutex
	done   Counts
	total  int
	failed []failure

	languages map[string]*languageOutcome
	operation *progress.Operation
}

type failure struct {
	what string
	err  error
}

// languageOutcome tells a language that the service rejects from a concept that it rejects.
type languageOutcome struct {
	written, rejected int
	err               error
}

// Done returns what was done.
func (r *Result) Done() Counts { return r.done }

// Failed reports whether anything could not be done.
func (r *Result) Failed() bool { return len(r.failed) > 0 }

func (r *Result) fail(err error, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, failure{fmt.Sprintf(format, args...), err})
	r.operation.Add(1, 1)
}

// count adds to what was done.
func (r *Result) count(add func(*Counts)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.done.Total()
	add(&r.done)
	r.operation.Add(r.done.Total()-before, 0)
}

// Apply does what the diff says. It goes on after failures, so that a concept which the service rejects affects nothing else; the next
// apply does the rest.
func (t Target) Apply(ctx context.Context, d *Diff) *Result {
	total := d.Counts().Total()
	r := &Result{total: total, languages: map[string]*languageOutcome{},
		operation: progress.Start(ctx, t.Client.Clock(), t.What, "create, change and remove", total)}
	defer r.operation.End()
	t.createConcepts(ctx, d.create, r)
	t.updateConcepts(ctx, d.update, r)
	t.deleteRelations(ctx, d.unrelate, r)
	t.createRelations(ctx, d.relate, r)
	t.writeNames(ctx, d.names, r)
	return r
}

// repeat sends a request until its outcome is known, for as long as the client's retry timeout says. What is sent here may be sent
// twice: the service reports what exists already as a duplicate.
func (t Target) repeat(ctx context.Context, send func() error) error {
	const longest = 30 * time.Second
	clock := t.Client.Clock()
	began := clock.Now()
	for pause := 500 * time.Millisecond; ; pause = min(2*pause, longest) {
		err := send()
		if err == nil || !clarifai.IsOutcomeUnknown(err) || ctx.Err() != nil {
			return err
		}
		delay := pause/2 + rand.N(pause/2) //nolint:gosec // jitter needs no secrecy
		if clock.Now().Add(delay).Sub(began) > t.Client.RetryTimeout() || clock.Sleep(ctx, delay) != nil {
			return err
		}
	}
}

// createConcepts sends 128 in one request. If a request fails, its concepts are sent one by one, which the client puts into shared requests
// again; this tells which of them is to blame, and which exist already.
func (t Target) createConcepts(ctx context.Context, concepts []*graph.Concept, r *Result) {
	group := limited()
	for chunk := range slices.Chunk(concepts, clarifai.MaxItemsPerCall) {
		group.Go(func() error {
			sent := make([]clarifai.Concept, len(chunk))
			for i, c := range chunk {
				sent[i] = clarifai.Concept{ID: c.ID, Name: c.Name, Definition: c.Definition}
			}
			if _, err := t.Client.PostConcepts(ctx, t.App, sent); err == nil {
				r.count(func(c *Counts) { c.ConceptsCreated += len(chunk) })
				return nil
			}
			each(sent, func(concept clarifai.Concept) {
				err := t.repeat(ctx, func() error {
					_, err := t.Client.CreateConcept(ctx, t.App, concept)
					if clarifai.IsDuplicate(err) { // created since the comparison, or by a request whose response was lost
						_, err = t.Client.UpdateConcept(ctx, t.App, concept)
					}
					return err
				})
				if err != nil {
					r.fail(err, "concept %s", concept.ID)
					return
				}
				r.count(func(c *Counts) { c.ConceptsCreated++ })
			})
			return nil
		})
	}
	_ = group.Wait() // failures are in r
}

func (t Target) updateConcepts(ctx context.Context, concepts []Update, r *Result) {
	group := limited()
	for chunk := range slices.Chunk(concepts, clarifai.MaxItemsPerCall) {
		group.Go(func() error {
			sent := make([]clarifai.Concept, len(chunk))
			for i, c := range chunk {
				sent[i] = clarifai.Concept{ID: c.ID, Name: c.Name, Definition: c.Definition}
			}
			if _, err := t.Client.PatchConcepts(ctx, t.App, sent, clarifai.ActionOverwrite); err == nil {
				r.count(func(c *Counts) { c.ConceptsUpdated += len(chunk) })
				return nil
			}
			each(sent, func(concept clarifai.Concept) {
				if _, err := t.Client.UpdateConcept(ctx, t.App, concept); err != nil {
					r.fail(err, "concept %s", concept.ID)
					return
				}
				r.count(func(c *Counts) { c.ConceptsUpdated++ })
			})
			return nil
		})
	}
	_ = group.Wait() // failures are in r
}

// createRelations creates all relations of one concept in one request. Most are posted by the broader concept, which takes the fewest
// requests that a tree allows.
func (t Target) createRelations(ctx context.Context, edges []graph.Edge, r *Result) {
	bySubject := map[string][]clarifai.ConceptRelation{}
	for _, e := range edges {
		subject, predicate, object := e.Subject, e.Predicate, e.Object
		if postedFrom(e) != subject {
			subject, predicate, object = object, graph.Hypernym, subject
		}
		bySubject[subject] = append(bySubject[subject], clarifai.ConceptRelation{
			ObjectConcept: &clarifai.Concept{ID: object}, Predicate: predicate, KnowledgeGraphID: t.GraphID,
		})
	}
	group := limited()
	for subject, relations := range bySubject {
		for chunk := range slices.Chunk(relations, clarifai.MaxItemsPerCall) {
			group.Go(func() error {
				if _, err := t.Client.PostConceptRelations(ctx, t.App, subject, chunk); err == nil {
					r.count(func(c *Counts) { c.RelationsCreated += len(chunk) })
					return nil
				}
				each(chunk, func(relation clarifai.ConceptRelation) {
					err := t.repeat(ctx, func() error {
						_, err := t.Client.CreateConceptRelation(ctx, t.App, subject, relation)
						if clarifai.IsDuplicate(err) {
							return nil
						}
						return err
					})
					if err != nil {
						r.fail(err, "relation %s", graph.Canonical(subject, relation.Predicate, relation.ObjectConcept.ID))
						return
					}
					r.count(func(c *Counts) { c.RelationsCreated++ })
				})
				return nil
			})
		}
	}
	_ = group.Wait() // failures are in r
}

func (t Target) deleteRelations(ctx context.Context, relations []Relation, r *Result) {
	bySubject := map[string][]Relation{}
	for _, relation := range relations {
		bySubject[relation.Object] = append(bySubject[relation.Object], relation)
	}
	group := limited()
	for subject, all := range bySubject {
		for chunk := range slices.Chunk(all, clarifai.MaxItemsPerCall) {
			group.Go(func() error {
				ids := make([]string, len(chunk))
				for i, relation := range chunk {
					ids[i] = relation.ID
				}
				if err := t.Client.DeleteConceptRelations(ctx, t.App, subject, ids); err == nil {
					r.count(func(c *Counts) { c.RelationsDeleted += len(chunk) })
					return nil
				}
				each(chunk, func(relation Relation) {
					err := t.Client.RemoveConceptRelation(ctx, t.App, subject, relation.ID)
					if err != nil && !clarifai.IsNotFound(err) {
						r.fail(err, "relation %s", relation.Edge)
						return
					}
					r.count(func(c *Counts) { c.RelationsDeleted++ })
				})
				return nil
			})
		}
	}
	_ = group.Wait() // failures are in r
}

// writeNames writes the further languages of one concept in one request, or in two if some exist.
func (t Target) writeNames(ctx context.Context, all map[string]names, r *Result) {
	group := limited()
	for id, n := range all {
		group.Go(func() error {
			if add := t.withoutRejected(id, n.add, r); len(add) > 0 {
				if _, err := t.Client.PostConceptLanguages(ctx, t.App, id, add); err == nil {
					r.written(add)
				} else {
					for _, l := range add {
						t.writeName(ctx, id, l, r)
					}
				}
			}
			if len(n.update) > 0 {
				if _, err := t.Client.PatchConceptLanguages(ctx, t.App, id, n.update, clarifai.ActionOverwrite); err != nil {
					for _, l := range n.update {
						r.fail(err, "name of concept %s in %s", id, l.ID)
					}
				} else {
					r.written(n.update)
				}
			}
			return nil
		})
	}
	_ = group.Wait() // failures are in r
}

func (t Target) writeName(ctx context.Context, id string, l clarifai.ConceptLanguage, r *Result) {
	one := []clarifai.ConceptLanguage{l}
	err := t.repeat(ctx, func() error {
		_, err := t.Client.PostConceptLanguages(ctx, t.App, id, one)
		if clarifai.IsDuplicate(err) {
			_, err = t.Client.PatchConceptLanguages(ctx, t.App, id, one, clarifai.ActionOverwrite)
		}
		return err
	})
	if err == nil {
		r.written(one)
		return
	}
	if ctx.Err() == nil && !clarifai.IsOutcomeUnknown(err) {
		r.rejected(l.ID, err)
	}
	r.fail(err, "name of concept %s in %s", id, l.ID)
}

// written counts names that the service has accepted.
func (r *Result) written(all []clarifai.ConceptLanguage) {
	r.count(func(c *Counts) {
		c.NamesWritten += len(all)
		for _, l := range all {
			r.language(l.ID).written++
		}
	})
}

func (r *Result) rejected(language string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	outcome := r.language(language)
	outcome.rejected++
	outcome.err = err
}

func (r *Result) language(id string) *languageOutcome {
	if r.languages[id] == nil {
		r.languages[id] = &languageOutcome{}
	}
	return r.languages[id]
}

// withoutRejected leaves out names in a language that the service has rejected for several concepts and accepted for none: each of them
// would cost a request that cannot succeed.
func (t Target) withoutRejected(concept string, all []clarifai.ConceptLanguage, r *Result) []clarifai.ConceptLanguage {
	const enough = 3
	var kept []clarifai.ConceptLanguage
	for _, l := range all {
		r.mu.Lock()
		outcome := *r.language(l.ID)
		r.mu.Unlock()
		if outcome.written == 0 && outcome.rejected >= enough {
			r.fail(outcome.err, "name of concept %s in %s", concept, l.ID)
			continue
		}
		kept = append(kept, l)
	}
	return kept
}

// each calls do for all items at once, so that the client can put what they send into shared requests.
func each[T any](items []T, do func(T)) {
	var group sync.WaitGroup
	for _, item := range items {
		group.Go(func() { do(item) })
	}
	group.Wait()
}

func limited() *errgroup.Group {
	var group errgroup.Group
	group.SetLimit(workers)
	return &group
}

// Summary describes what ended the apply early, if anything did, how many changes failed, and the first ten with their reasons.
func (r *Result) Summary(cut string, detail func(error) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%d of %d changes failed; the others are done. The next apply does only the rest.", cut, len(r.failed), r.total)
	sent := slices.DeleteFunc(slices.Clone(r.failed), func(f failure) bool {
		return cut != "" && (errors.Is(f.err, context.Canceled) || errors.Is(f.err, context.DeadlineExceeded))
	})
	slices.SortFunc(sent, func(a, b failure) int { return strings.Compare(a.what, b.what) })
	for i, f := range sent {
		if i == diags.Shown {
			fmt.Fprintf(&b, "\n\nand %d more.", len(sent)-diags.Shown)
			break
		}
		fmt.Fprintf(&b, "\n\n%s: %s", f.what, detail(f.err))
	}
	return b.String()
}
