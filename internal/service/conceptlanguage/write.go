package conceptlanguage

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

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
	known, _ := p.Cached(defaultLanguagesKey{}, func() any {
		return &defaultLanguages{apps: map[clarifai.AppRef]string{}}
	}).(*defaultLanguages)
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

// thing is a translation in the register of claims.
func thing(app clarifai.AppRef, concept, language string) claims.Thing {
	return claims.Thing{Kind: "translation", ID: strings.Join([]string{app.UserID, app.AppID, concept, language}, "/")}
}

// claimTexts registers the texts of a translation, which others must not set differently.
func claimTexts(p *configure.Provider, m *model) diag.Diagnostics {
	return claims.For(p).ClaimTexts(m.owner(), m.app(), m.ConceptID.ValueString(), m.Language.ValueString(),
		claims.Texts{Name: m.Name.ValueString(), Definition: m.Definition.ValueString()})
}

// create creates a translation. The entry in the default language always exists, as far as is known, and
// so does a translation that this run has removed from state: these are updated.
func create(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, plan *model,
) (*clarifai.ConceptLanguage, diag.Diagnostics) {
	app, concept, want := plan.app(), plan.ConceptID.ValueString(), plan.toAPI()
	defaultLanguage, err := readDefaultLanguage(ctx, p, client, app, concept)
	if err != nil {
		return nil, diag.Diagnostics{errorFor("create", plan, err)}
	}
	if _, removed := claims.For(p).WasRemoved(thing(app, concept, want.ID)); removed || want.ID == defaultLanguage {
		updated, err := client.UpdateConceptLanguage(ctx, app, concept, want)
		switch {
		case err == nil:
			return updated, nil
		case !clarifai.IsNotFound(err):
			return nil, diag.Diagnostics{errorFor("create", plan, err)}
		}
	}
	return adopt.CreateOnce(ctx, p, adopt.Spec[*clarifai.ConceptLanguage]{
		ResourceType: typeName, Noun: "translation", ID: concept + "/" + want.ID,
		ImportID: plan.owner().ID,
		Create: func(ctx context.Context) (*clarifai.ConceptLanguage, error) {
			return client.CreateConceptLanguage(ctx, app, concept, want)
		},
		Read: func(ctx context.Context) (*clarifai.ConceptLanguage, error) {
			return client.GetConceptLanguage(ctx, app, concept, want.ID)
		},
		Equal:   func(found *clarifai.ConceptLanguage) bool { return satisfies(*found, want) },
		Explain: func(err error) diag.Diagnostic { return errorFor("create", plan, err) },
	})
}

// satisfies reports whether a translation has everything that is configured.
func satisfies(have, want clarifai.ConceptLanguage) bool {
	return have.Name == want.Name && (want.Definition == "" || have.Definition == want.Definition)
}

// existing returns the languages that exist at the service although they are not in state. The entry in
// the default language always exists, and a translation that this run has removed from state still does:
// they are not among them.
func existing(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, m *pluralModel, have translations, prior map[string]entry,
) ([]string, error) {
	app, concept := m.app(), m.ConceptID.ValueString()
	var codes []string
	for code := range m.Languages {
		_, exists := have[code]
		_, managed := prior[code]
		_, removed := claims.For(p).WasRemoved(thing(app, concept, code))
		if exists && !managed && !removed {
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 {
		return nil, nil
	}
	defaultLanguage, err := readDefaultLanguage(ctx, p, client, app, concept)
	codes = slices.DeleteFunc(codes, func(code string) bool { return code == defaultLanguage })
	slices.Sort(codes)
	return codes, err
}

// createOrUpdateAll creates and updates translations of one concept in the fewest requests: one creates
// the missing ones, one updates those that differ from have. It returns all translations after that, also
// after an error.
func createOrUpdateAll(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string, have translations, want map[string]entry,
) (translations, error) {
	for retrier := client.NewRetrier(); ; {
		err := apply(ctx, client, app, concept, have, want)
		if err == nil || !clarifai.IsOutcomeUnknown(err) && !clarifai.IsDuplicate(err) {
			return have, err
		}
		// After a lost response or a concurrent change, list again to see what is left to do.
		now, readErr := adopt.ReadBack(ctx, func(ctx context.Context) (translations, error) {
			return readAll(ctx, client, app, concept)
		})
		if readErr != nil {
			return have, err
		}
		have = now
		if add, change := missing(have, want); len(add) == 0 && len(change) == 0 {
			return have, nil
		}
		if !retrier.Wait(ctx) {
			return have, err
		}
	}
}

// readAll returns all translations of a concept by language.
func readAll(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string,
) (translations, error) {
	have := translations{}
	for l, err := range client.AllConceptLanguages(ctx, app, concept, clarifai.MaxItemsPerCall) {
		if err != nil {
			return nil, err
		}
		have[l.ID] = l
	}
	return have, nil
}

// missing returns the translations that have lacks, and those that differ.
func missing(have translations, want map[string]entry) (add, change []clarifai.ConceptLanguage) {
	for _, code := range slices.Sorted(maps.Keys(want)) {
		l := want[code].toAPI(code)
		switch existing, ok := have[code]; {
		case !ok:
			add = append(add, l)
		case !satisfies(existing, l):
			change = append(change, l)
		}
	}
	return add, change
}

// apply creates and updates translations so that have, and the service, contain want.
func apply(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string, have translations, want map[string]entry,
) error {
	record := func(stored []clarifai.ConceptLanguage, err error) error {
		for _, l := range stored {
			have[l.ID] = l
		}
		return err
	}
	add, change := missing(have, want)
	if len(add) > 0 {
		if err := record(client.PostConceptLanguages(ctx, app, concept, add)); err != nil {
			return err
		}
	}
	if len(change) > 0 {
		return record(client.PatchConceptLanguages(ctx, app, concept, change, clarifai.ActionOverwrite))
	}
	return nil
}
