package clarifai

import (
	"context"
	"iter"
	"net/http"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// ConceptLanguage is a translation of a concept. Settable: id (the language code, fixed),
// name and definition (patchable). It cannot be deleted.
type ConceptLanguage struct {
	ID         string `json:"id,omitzero"`
	Name       string `json:"name,omitzero"`
	Definition string `json:"definition,omitzero"`
}

// PostConceptLanguagesRequest adds translations.
type PostConceptLanguagesRequest struct {
	ConceptLanguages []ConceptLanguage `json:"concept_languages"`
}

// PatchConceptLanguagesRequest changes translations.
type PatchConceptLanguagesRequest struct {
	ConceptLanguages []ConceptLanguage `json:"concept_languages"`
	Action           PatchAction       `json:"action,omitzero"` // overwrite
}

// SingleConceptLanguageResponse carries one translation.
type SingleConceptLanguageResponse struct {
	Envelope
	ConceptLanguage *ConceptLanguage `json:"concept_language,omitzero"`
}

// MultiConceptLanguageResponse carries translations.
type MultiConceptLanguageResponse struct {
	Envelope
	ConceptLanguages []ConceptLanguage `json:"concept_languages"`
}

// GetConceptLanguage reads one translation; not found if it does not exist.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}/languages/{language};
// response SingleConceptLanguageResponse. [documented]
func (c *Client) GetConceptLanguage(ctx context.Context, app AppRef, conceptID, language string) (*ConceptLanguage, error) {
	var out SingleConceptLanguageResponse
	if err := c.do(ctx, call{
		op: "GetConceptLanguage", method: http.MethodGet, path: app.path("concepts", conceptID, "languages", language),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetConceptLanguage", "concept_language", out.ConceptLanguage)
}

// ListConceptLanguages reads one page of a concept's translations. The one in the app's default language always exists.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}/languages; response MultiConceptLanguageResponse. [documented]
func (c *Client) ListConceptLanguages(ctx context.Context, app AppRef, conceptID string, page Page) ([]ConceptLanguage, error) {
	var out MultiConceptLanguageResponse
	if err := c.do(ctx, call{
		op: "ListConceptLanguages", method: http.MethodGet, path: app.path("concepts", conceptID, "languages"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.ConceptLanguages, nil
}

// AllConceptLanguages yields a concept's translations, page by page of perPage (0: 128).
func (c *Client) AllConceptLanguages(ctx context.Context, app AppRef, conceptID string, perPage uint32) iter.Seq2[ConceptLanguage, error] {
	return walk(ctx, Page{PerPage: perPage}, func(ctx context.Context, page Page) ([]ConceptLanguage, error) {
		return c.ListConceptLanguages(ctx, app, conceptID, page)
	}, conceptLanguageID)
}

// PostConceptLanguages adds translations. One that already exists is a duplicate; an unknown language is 40003 or 11102 [inferred].
// POST /v2/users/{user}/apps/{app}/concepts/{concept}/languages;
// body PostConceptLanguagesRequest, response MultiConceptLanguageResponse. [documented]
func (c *Client) PostConceptLanguages(
	ctx context.Context, app AppRef, conceptID string, languages []ConceptLanguage,
) ([]ConceptLanguage, error) {
	var out MultiConceptLanguageResponse
	if err := c.do(ctx, call{
		op: "PostConceptLanguages", method: http.MethodPost, path: app.path("concepts", conceptID, "languages"),
		in: PostConceptLanguagesRequest{ConceptLanguages: languages},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostConceptLanguages", "concept_languages", languages, out.ConceptLanguages, conceptLanguageID)
}

// PatchConceptLanguages changes translations. Only overwrite is known to work; not found if one does not exist [inferred].
// PATCH /v2/users/{user}/apps/{app}/concepts/{concept}/languages;
// body PatchConceptLanguagesRequest, response MultiConceptLanguageResponse. [documented]
func (c *Client) PatchConceptLanguages(
	ctx context.Context, app AppRef, conceptID string, languages []ConceptLanguage, action PatchAction,
) ([]ConceptLanguage, error) {
	var out MultiConceptLanguageResponse
	if err := c.do(ctx, call{
		op: "PatchConceptLanguages", method: http.MethodPatch, path: app.path("concepts", conceptID, "languages"),
		in: PatchConceptLanguagesRequest{ConceptLanguages: languages, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchConceptLanguages", "concept_languages", languages, out.ConceptLanguages, conceptLanguageID)
}

func conceptLanguageID(l ConceptLanguage) string { return l.ID }

var createConceptLanguages = write[ConceptLanguage, ConceptLanguage]{
	op: "PostConceptLanguages", id: conceptLanguageID, creates: true,
	send: func(ctx context.Context, c *Client, at scope, languages []ConceptLanguage) ([]Item[ConceptLanguage], error) {
		created, err := c.PostConceptLanguages(ctx, at.app, at.parent, languages)
		return matchItems("PostConceptLanguages", languages, created, conceptLanguageID, err)
	},
}

var updateConceptLanguages = write[ConceptLanguage, ConceptLanguage]{
	op: "PatchConceptLanguages", id: conceptLanguageID,
	send: func(ctx context.Context, c *Client, at scope, languages []ConceptLanguage) ([]Item[ConceptLanguage], error) {
		updated, err := c.PatchConceptLanguages(ctx, at.app, at.parent, languages, ActionOverwrite)
		return matchItems("PatchConceptLanguages", languages, updated, conceptLanguageID, err)
	},
}

// CreateConceptLanguage adds one translation: [Client.PostConceptLanguages] with up to 128 of the same concept.
func (c *Client) CreateConceptLanguage(
	ctx context.Context, app AppRef, concept string, language ConceptLanguage,
) (*ConceptLanguage, error) {
	return createConceptLanguages.one(ctx, c, &c.batchers.createConceptLanguage, scope{app: app, parent: concept}, language)
}

// UpdateConceptLanguage changes one translation: [Client.PatchConceptLanguages] with overwrite and up to 128 of the same
// concept.
func (c *Client) UpdateConceptLanguage(
	ctx context.Context, app AppRef, concept string, language ConceptLanguage,
) (*ConceptLanguage, error) {
	return updateConceptLanguages.one(ctx, c, &c.batchers.updateConceptLanguage, scope{app: app, parent: concept}, language)
}

// ReadConceptLanguage reads one translation from the list of its concept's translations, which is short:
// [Client.ListConceptLanguages], and [Client.GetConceptLanguage] for translations that the list omits.
func (c *Client) ReadConceptLanguage(ctx context.Context, app AppRef, concept, language string) (*ConceptLanguage, error) {
	return c.caches.conceptLanguages.Get(ctx, scope{app: app, parent: concept}, language, cached(c, batch.Source[ConceptLanguage]{
		ID:        conceptLanguageID,
		SmallPage: defaultPerPage,
		Get: func(ctx context.Context, id string) (*ConceptLanguage, error) {
			return c.GetConceptLanguage(ctx, app, concept, id)
		},
		Page: func(ctx context.Context, number int) ([]ConceptLanguage, error) {
			page := longPage(number)
			page.PerPage = defaultPerPage
			return c.ListConceptLanguages(ctx, app, concept, page)
		},
	}))
}
