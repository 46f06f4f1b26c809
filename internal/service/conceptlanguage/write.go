package conceptlanguage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

// readBackTimeout limits reading back a translation after its request was interrupted.
const readBackTimeout = 30 * time.Second

// documentedDefault is the default language of an app that does not say otherwise.
const documentedDefault = "en"

// defaultLanguagesKey is the key of the default languages in the provider's cache.
type defaultLanguagesKey struct{}

// defaultLanguages holds the default language of each app, which is read once per run.
type defaultLanguages struct {
	mu   sync.Mutex
	apps map[clarifai.AppRef]string
}

// readDefaultLanguage returns the app's default language, which is the language of its concepts.
func readDefaultLanguage(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, app clarifai.AppRef, concept string,
) (string, error) {
	known := p.Cached(defaultLanguagesKey{}, func() any { return &defaultLanguages{apps: map[clarifai.AppRef]string{}} }).(*defaultLanguages) //nolint:forcetypeassert // only this function stores it
	known.mu.Lock()
	defer known.mu.Unlock()
	if language, ok := known.apps[app]; ok {
		return language, nil
	}
	found, err := client.ReadConcept(ctx, app, concept)
	if err != nil {
		return "", err
	}
	known.apps[app] = cmp.Or(found.Language, documentedDefault)
	return known.apps[app], nil
}

// createOrUpdate creates a translation, or updates the existing one.
func createOrUpdate(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept, defaultLanguage string, want clarifai.ConceptLanguage,
) (*clarifai.ConceptLanguage, error) {
	if want.ID == defaultLanguage {
		// Concepts always have it, as far as known.
		changed, err := client.UpdateConceptLanguage(ctx, app, concept, want)
		if !clarifai.IsNotFound(err) {
			return changed, err
		}
	}
	created, err := adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.ConceptLanguage, error) {
			return client.CreateConceptLanguage(ctx, app, concept, want)
		},
		func(ctx context.Context) (*clarifai.ConceptLanguage, error) {
			// Read back also if the request was interrupted.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackTimeout)
			defer cancel()
			return client.GetConceptLanguage(ctx, app, concept, want.ID)
		},
		func(found *clarifai.ConceptLanguage) bool { return *found == want })
	if clarifai.IsDuplicate(err) {
		return client.UpdateConceptLanguage(ctx, app, concept, want)
	}
	return created, err
}

// createOrUpdateAll creates and updates translations of one concept in the fewest requests: one lists
// the existing ones, one creates the missing ones, one updates those that differ. It returns all
// translations after that.
func createOrUpdateAll(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string, want map[string]entry,
) (map[string]clarifai.ConceptLanguage, error) {
	const tries = 3
	for try := 1; ; try++ {
		have, err := readAll(ctx, client, app, concept)
		if err != nil {
			return nil, err
		}
		err = apply(ctx, client, app, concept, have, want)
		// After a lost response or a concurrent change, list again to see what is left to do.
		if err == nil || try == tries || !clarifai.IsOutcomeUnknown(err) && !clarifai.IsDuplicate(err) {
			return have, err
		}
	}
}

// readAll returns all translations of a concept by language.
func readAll(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string,
) (map[string]clarifai.ConceptLanguage, error) {
	have := map[string]clarifai.ConceptLanguage{}
	for l, err := range client.AllConceptLanguages(ctx, app, concept, clarifai.MaxItemsPerCall) {
		if err != nil {
			return nil, err
		}
		have[l.ID] = l
	}
	return have, nil
}

// apply creates and updates translations so that have, and the service, contain want.
func apply(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string, have map[string]clarifai.ConceptLanguage, want map[string]entry,
) error {
	var add, change []clarifai.ConceptLanguage
	for code, e := range want {
		l := clarifai.ConceptLanguage{ID: code, Name: e.Name.ValueString(), Definition: e.Definition.ValueString()}
		switch existing, ok := have[code]; {
		case !ok:
			add = append(add, l)
		case l.Name != existing.Name || l.Definition != "" && l.Definition != existing.Definition:
			change = append(change, l)
		}
	}
	byCode := func(a, b clarifai.ConceptLanguage) int { return strings.Compare(a.ID, b.ID) }
	record := func(stored []clarifai.ConceptLanguage, err error) error {
		for _, l := range stored {
			have[l.ID] = l
		}
		return err
	}
	if len(add) > 0 {
		slices.SortFunc(add, byCode)
		if err := record(client.PostConceptLanguages(ctx, app, concept, add)); err != nil {
			return err
		}
	}
	if len(change) > 0 {
		slices.SortFunc(change, byCode)
		return record(client.PatchConceptLanguages(ctx, app, concept, change, clarifai.ActionOverwrite))
	}
	return nil
}
