package concept

import (
	"context"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// maxListed limits how many concepts are listed to see which exist. In an app with more, the others
// are found when creating them fails.
const maxListed = 32_000

// rosterKey is the key of the roster in the provider's cache.
type rosterKey struct{}

// roster holds the concepts of apps as they were when they were first requested in this run. To adopt
// many concepts then takes a few list requests instead of a failing request for each.
type roster struct {
	mu   sync.Mutex
	apps map[clarifai.AppRef]map[string]*clarifai.Concept
}

// knownConcept returns a concept that existed before this run created concepts, or nil.
func (r *conceptResource) knownConcept(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id string,
) (*clarifai.Concept, error) {
	kept := r.Provider.Cached(rosterKey{}, func() any { return &roster{apps: map[clarifai.AppRef]map[string]*clarifai.Concept{}} })
	return kept.(*roster).get(ctx, client, app, id) //nolint:forcetypeassert // only this function stores it
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
		if len(concepts) == maxListed {
			break
		}
	}
	r.apps[app] = concepts
	return concepts[id], nil
}
