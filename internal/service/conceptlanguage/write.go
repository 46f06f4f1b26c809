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

// lookAgain bounds the reading back of what an interrupted call may have done.
const lookAgain = 30 * time.Second

// documentedDefault is the default language of an app that does not say otherwise.
const documentedDefault = "en"

// ownKey is where the apps' default languages of a run are kept.
type ownKey struct{}

// ownLanguages are the default languages of apps, each read once a run.
type ownLanguages struct {
	mu   sync.Mutex
	apps map[clarifai.AppRef]string
}

// ownLanguage is the app's default language, as one of its concepts tells it.
func ownLanguage(ctx context.Context, p *configure.Provider, client *clarifai.Client, app clarifai.AppRef, concept string) (string, error) {
	known := p.Cached(ownKey{}, func() any { return &ownLanguages{apps: map[clarifai.AppRef]string{}} }).(*ownLanguages) //nolint:forcetypeassert // just made
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

// put adds a translation, or changes the one that is there.
func put(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept, own string, want clarifai.ConceptLanguage) (*clarifai.ConceptLanguage, error) {
	if want.ID == own {
		// It exists from the concept's birth, as far as it is known.
		changed, err := client.UpdateConceptLanguage(ctx, app, concept, want)
		if !clarifai.IsNotFound(err) {
			return changed, err
		}
	}
	made, err := adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.ConceptLanguage, error) {
			return client.CreateConceptLanguage(ctx, app, concept, want)
		},
		func(ctx context.Context) (*clarifai.ConceptLanguage, error) {
			// An interrupt during the call must not lose what the call has made.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
			defer cancel()
			return client.GetConceptLanguage(ctx, app, concept, want.ID)
		},
		func(found *clarifai.ConceptLanguage) bool { return *found == want })
	if clarifai.IsDuplicate(err) {
		return client.UpdateConceptLanguage(ctx, app, concept, want)
	}
	return made, err
}

// putAll adds and changes translations of one concept in the fewest calls: one
// lists what is there, one adds what is not, one changes what differs. It gives
// what is there in the end.
func putAll(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string, want map[string]entry) (map[string]clarifai.ConceptLanguage, error) {
	const tries = 3
	for try := 1; ; try++ {
		have, err := all(ctx, client, app, concept)
		if err != nil {
			return nil, err
		}
		err = level(ctx, client, app, concept, have, want)
		// After a lost answer, and when somebody else was faster, what is there
		// now tells what is left to do.
		if err == nil || try == tries || !clarifai.IsOutcomeUnknown(err) && !clarifai.IsDuplicate(err) {
			return have, err
		}
	}
}

// all are the translations that a concept has.
func all(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string) (map[string]clarifai.ConceptLanguage, error) {
	have := map[string]clarifai.ConceptLanguage{}
	for l, err := range client.AllConceptLanguages(ctx, app, concept, clarifai.MaxItemsPerCall) {
		if err != nil {
			return nil, err
		}
		have[l.ID] = l
	}
	return have, nil
}

// level brings have to want, at the service and in the map.
func level(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string, have map[string]clarifai.ConceptLanguage, want map[string]entry) error {
	var add, change []clarifai.ConceptLanguage
	for code, e := range want {
		l := clarifai.ConceptLanguage{ID: code, Name: e.Name.ValueString(), Definition: e.Definition.ValueString()}
		switch there, ok := have[code]; {
		case !ok:
			add = append(add, l)
		case l.Name != there.Name || l.Definition != "" && l.Definition != there.Definition:
			change = append(change, l)
		}
	}
	byCode := func(a, b clarifai.ConceptLanguage) int { return strings.Compare(a.ID, b.ID) }
	take := func(answered []clarifai.ConceptLanguage, err error) error {
		for _, l := range answered {
			have[l.ID] = l
		}
		return err
	}
	if len(add) > 0 {
		slices.SortFunc(add, byCode)
		if err := take(client.PostConceptLanguages(ctx, app, concept, add)); err != nil {
			return err
		}
	}
	if len(change) > 0 {
		slices.SortFunc(change, byCode)
		return take(client.PatchConceptLanguages(ctx, app, concept, change, clarifai.ActionOverwrite))
	}
	return nil
}
