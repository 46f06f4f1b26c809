package concept

import (
	"context"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// maxKnown bounds what is listed to see which concepts exist. Of an app with
// more, the others are found when creating them fails.
const maxKnown = 32_000

// rosterKey is where the roster of a run is kept.
type rosterKey struct{}

// roster has the concepts of apps as they were when they were first asked for in
// this run. Adopting a taxonomy so costs a few list pages, not a call that fails
// for each concept.
type roster struct {
	mu   sync.Mutex
	apps map[clarifai.AppRef]map[string]*clarifai.Concept
}

// known gives a concept that existed when the run began to create concepts, or nil.
func (r *conceptResource) known(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id string) (*clarifai.Concept, error) {
	kept := r.Provider.Cached(rosterKey{}, func() any { return &roster{apps: map[clarifai.AppRef]map[string]*clarifai.Concept{}} })
	return kept.(*roster).get(ctx, client, app, id) //nolint:forcetypeassert // see above
}

func (r *roster) get(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id string) (*clarifai.Concept, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if concepts, listed := r.apps[app]; listed {
		return concepts[id], nil
	}
	concepts := map[string]*clarifai.Concept{}
	for concept, err := range client.AllConcepts(ctx, app, clarifai.ListConceptsQuery{Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}) {
		if err != nil {
			return nil, err
		}
		concepts[concept.ID] = &concept
		if len(concepts) == maxKnown {
			break
		}
	}
	r.apps[app] = concepts
	return concepts[id], nil
}
