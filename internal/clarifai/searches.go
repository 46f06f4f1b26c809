package clarifai

import (
	"context"
	"iter"
	"net/http"
)

// SearchResult is what a search answers: hits, or counts, or the searches that were stored.
type SearchResult struct {
	ID        string
	Hits      []Hit
	Query     *Query
	Searches  []Search
	HitCounts []HitCount
}

func (r *MultiSearchResponse) result() *SearchResult {
	return &SearchResult{ID: r.ID, Hits: r.Hits, Query: r.Query, Searches: r.Searches, HitCounts: r.HitCounts}
}

// storesNothing tells whether searches only read: such a call may be sent again.
func storesNothing(searches []Search) bool {
	for _, s := range searches {
		if s.Save {
			return false
		}
	}
	return true
}

// PostInputsSearches runs searches for inputs, counts their hits, or stores them (save). A stored id that is taken is a duplicate
// [inferred]; a bad search is 40002, a count of a ranked search 43006, and very deep pages are refused.
// POST /v2/users/{user}/apps/{app}/inputs/searches; body PostInputsSearchesRequest, answer MultiSearchResponse. [documented]
func (c *Client) PostInputsSearches(ctx context.Context, app AppRef, request PostInputsSearchesRequest) (*SearchResult, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "PostInputsSearches", method: http.MethodPost, path: app.path("inputs", "searches"),
		in: request, repeatable: storesNothing(request.Searches),
	}, &out); err != nil {
		return nil, err
	}
	return out.result(), nil
}

// PatchInputsSearches changes stored searches and does not run them. Only overwrite is known. The answer may lack the searches
// [inferred].
// PATCH /v2/users/{user}/apps/{app}/inputs/searches; body PatchInputsSearchesRequest, answer MultiSearchResponse. [documented]
func (c *Client) PatchInputsSearches(ctx context.Context, app AppRef, searches []Search, action PatchAction) ([]Search, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "PatchInputsSearches", method: http.MethodPatch, path: app.path("inputs", "searches"),
		in: PatchInputsSearchesRequest{Searches: searches, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return out.Searches, nil
}

// PostAnnotationsSearches runs searches for annotations, or stores them (save); as [Client.PostInputsSearches].
// POST /v2/users/{user}/apps/{app}/annotations/searches; body PostAnnotationsSearchesRequest, answer MultiSearchResponse. [protos]
func (c *Client) PostAnnotationsSearches(ctx context.Context, app AppRef, request PostAnnotationsSearchesRequest) (*SearchResult, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "PostAnnotationsSearches", method: http.MethodPost, path: app.path("annotations", "searches"),
		in: request, repeatable: storesNothing(request.Searches),
	}, &out); err != nil {
		return nil, err
	}
	return out.result(), nil
}

// PatchAnnotationsSearches changes stored searches; as [Client.PatchInputsSearches].
// PATCH /v2/users/{user}/apps/{app}/annotations/searches; body PatchAnnotationsSearchesRequest, answer MultiSearchResponse. [protos]
func (c *Client) PatchAnnotationsSearches(ctx context.Context, app AppRef, searches []Search, action PatchAction) ([]Search, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "PatchAnnotationsSearches", method: http.MethodPatch, path: app.path("annotations", "searches"),
		in: PatchAnnotationsSearchesRequest{Searches: searches, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return out.Searches, nil
}

// GetSearch reads one stored search; not found when there is none. That searches stored through PostInputsSearches are
// readable here is [inferred].
// GET /v2/users/{user}/apps/{app}/searches/{id}; answer SingleSearchResponse. [protos]
func (c *Client) GetSearch(ctx context.Context, app AppRef, id string) (*Search, error) {
	var out SingleSearchResponse
	if err := c.do(ctx, call{op: "GetSearch", method: http.MethodGet, path: app.path("searches", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetSearch", "search", out.Search)
}

// ListSearches reads one page of stored searches; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/searches; answer MultiSearchResponse. [protos]
func (c *Client) ListSearches(ctx context.Context, app AppRef, page Page) ([]Search, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{op: "ListSearches", method: http.MethodGet, path: app.path("searches"), query: page.values()}, &out); err != nil {
		return nil, err
	}
	return out.Searches, nil
}

// AllSearches yields the app's stored searches, page by page of perPage (0: 128).
func (c *Client) AllSearches(ctx context.Context, app AppRef, perPage uint32) iter.Seq2[Search, error] {
	return walk(ctx, Page{PerPage: perPage}.size(), func(page Page) ([]Search, error) {
		return c.ListSearches(ctx, app, page)
	}, func(s Search) string { return s.ID })
}

// PatchSearches changes stored searches. Only overwrite is known; not found when one is unknown.
// PATCH /v2/users/{user}/apps/{app}/searches; body PatchSearchesRequest, answer MultiSearchResponse. [protos]
func (c *Client) PatchSearches(ctx context.Context, app AppRef, searches []Search, action PatchAction) ([]Search, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "PatchSearches", method: http.MethodPatch, path: app.path("searches"),
		in: PatchSearchesRequest{Searches: searches, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return out.Searches, nil
}

// PostSearches is the deprecated way to search, which the service may refuse. Prefer [Client.PostInputsSearches].
// POST /v2/users/{user}/apps/{app}/searches; body PostSearchesRequest, answer MultiSearchResponse. [protos]
func (c *Client) PostSearches(ctx context.Context, app AppRef, request PostSearchesRequest) (*SearchResult, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "PostSearches", method: http.MethodPost, path: app.path("searches"),
		in: request, repeatable: storesNothing(request.Searches),
	}, &out); err != nil {
		return nil, err
	}
	return out.result(), nil
}

// PostSearchesByID runs a stored search; not found when there is none.
// POST /v2/users/{user}/apps/{app}/searches/{id}; body PostSearchesByIDRequest, answer MultiSearchResponse. [protos]
func (c *Client) PostSearchesByID(ctx context.Context, app AppRef, id string, page Page) (*SearchResult, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "PostSearchesByID", method: http.MethodPost, path: app.path("searches", id),
		in: PostSearchesByIDRequest{Pagination: page.pagination()}, repeatable: true,
	}, &out); err != nil {
		return nil, err
	}
	return out.result(), nil
}

// DeleteSearch deletes one stored search; not found when there is none [inferred].
// DELETE /v2/users/{user}/apps/{app}/searches/{id}; answer BaseResponse. [protos]
func (c *Client) DeleteSearch(ctx context.Context, app AppRef, id string) error {
	var out BaseResponse
	return c.do(ctx, call{op: "DeleteSearch", method: http.MethodDelete, path: app.path("searches", id)}, &out)
}
