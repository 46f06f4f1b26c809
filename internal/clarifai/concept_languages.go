package clarifai

import (
	"context"
	"iter"
	"net/http"
)

// GetConceptLanguage reads one translation; not found when there is none.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}/languages/{language}; answer SingleConceptLanguageResponse. [documented]
func (c *Client) GetConceptLanguage(ctx context.Context, app AppRef, conceptID, language string) (*ConceptLanguage, error) {
	var out SingleConceptLanguageResponse
	if err := c.do(ctx, call{
		op: "GetConceptLanguage", method: http.MethodGet, path: app.path("concepts", conceptID, "languages", language),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetConceptLanguage", "concept_language", out.ConceptLanguage)
}

// ListConceptLanguages reads one page of a concept's translations, of which one in the app's default language always is there.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}/languages; answer MultiConceptLanguageResponse. [documented]
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
	return walk(ctx, Page{PerPage: perPage}.size(), func(page Page) ([]ConceptLanguage, error) {
		return c.ListConceptLanguages(ctx, app, conceptID, page)
	}, func(l ConceptLanguage) string { return l.ID })
}

// PostConceptLanguages adds translations. One that is there already is a duplicate; an unknown language is 40003 or 11102 [inferred].
// POST /v2/users/{user}/apps/{app}/concepts/{concept}/languages; body PostConceptLanguagesRequest, answer MultiConceptLanguageResponse. [documented]
func (c *Client) PostConceptLanguages(ctx context.Context, app AppRef, conceptID string, languages []ConceptLanguage) ([]ConceptLanguage, error) {
	var out MultiConceptLanguageResponse
	if err := c.do(ctx, call{
		op: "PostConceptLanguages", method: http.MethodPost, path: app.path("concepts", conceptID, "languages"),
		in: PostConceptLanguagesRequest{ConceptLanguages: languages},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostConceptLanguages", "concept_languages", len(languages), out.ConceptLanguages)
}

// PatchConceptLanguages changes translations. Only overwrite is known; not found when one is unknown [inferred].
// PATCH /v2/users/{user}/apps/{app}/concepts/{concept}/languages; body PatchConceptLanguagesRequest, answer MultiConceptLanguageResponse. [documented]
func (c *Client) PatchConceptLanguages(ctx context.Context, app AppRef, conceptID string, languages []ConceptLanguage, action PatchAction) ([]ConceptLanguage, error) {
	var out MultiConceptLanguageResponse
	if err := c.do(ctx, call{
		op: "PatchConceptLanguages", method: http.MethodPatch, path: app.path("concepts", conceptID, "languages"),
		in: PatchConceptLanguagesRequest{ConceptLanguages: languages, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchConceptLanguages", "concept_languages", len(languages), out.ConceptLanguages)
}
