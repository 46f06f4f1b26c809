package clarifai

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Search is a query that runs at once or is stored under an ID.
//
// Settable: id (fixed), save, and patchable: name, query, as_of, algorithm, min_value,
// visibility, metric. Output: application_id, git_hash, times.
type Search struct {
	ID            string       `json:"id,omitzero"` // required if the search is saved
	Name          string       `json:"name,omitzero"`
	Query         *Query       `json:"query,omitzero"`
	ApplicationID string       `json:"application_id,omitzero"`
	AsOf          time.Time    `json:"as_of,omitzero"` // search the annotations of this time
	GitHash       string       `json:"git_hash,omitzero"`
	CreatedAt     time.Time    `json:"created_at,omitzero"`
	ModifiedAt    time.Time    `json:"modified_at,omitzero"`
	Algorithm     string       `json:"algorithm,omitzero"` // nearest_neighbor (default), brute_force or avg_concept_brute_force
	Save          bool         `json:"save,omitzero"`      // store it and do not run it
	MinValue      Float        `json:"min_value,omitzero"` // lowest score of hits
	Visibility    *Visibility  `json:"visibility,omitzero"`
	Metric        SearchMetric `json:"metric,omitzero"`
}

// SearchMetric is how ranked searches measure distance.
type SearchMetric int32

// Metrics of ranked searches.
const (
	MetricNotSet            SearchMetric = 0
	MetricEuclideanDistance SearchMetric = 1 // default
	MetricCosineDistance    SearchMetric = 2 // with brute force only
)

var searchMetricNames = enumNames{"METRIC_NOT_SET": 0, "EUCLIDEAN_DISTANCE": 1, "COSINE_DISTANCE": 2}

// ParseSearchMetric reads a metric by its official name or number.
func ParseSearchMetric(text string) (m SearchMetric, err error) {
	err = m.UnmarshalJSON([]byte(text))
	return m, err
}

// UnmarshalJSON accepts a number or a name.
func (m *SearchMetric) UnmarshalJSON(b []byte) error {
	return searchMetricNames.unmarshal(b, "SearchMetric", (*int32)(m))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (m SearchMetric) MarshalJSON() ([]byte, error) { return searchMetricNames.marshal(int32(m)) }

func (m *SearchMetric) enum() (enumNames, *int32) { return searchMetricNames, (*int32)(m) }

// String is the official name.
func (m SearchMetric) String() string { return searchMetricNames.name(int32(m)) }

// Query is a search condition: inputs that pass all filters, ordered by the ranks.
type Query struct {
	Ands     []And    `json:"ands,omitempty"` // deprecated; PostSearches only
	Language string   `json:"language,omitzero"`
	Filters  []Filter `json:"filters,omitempty"`
	Ranks    []Rank   `json:"ranks,omitempty"`
}

// Filter is one condition on annotations, inputs or times. Its metadata keys are
// alternatives. A message that is present but empty matches the kind: {"input":{"data":
// {"image":{}}}} matches images.
type Filter struct {
	Negate               bool        `json:"negate,omitzero"`
	Annotation           *Annotation `json:"annotation,omitzero"`
	Input                *Input      `json:"input,omitzero"`
	LastUpdatedTimeRange *TimeRange  `json:"last_updated_time_range,omitzero"`
}

// TimeRange is a span of time, ends included; a nil end is open. Filters only.
type TimeRange struct {
	StartTime *time.Time `json:"start_time,omitzero"`
	EndTime   *time.Time `json:"end_time,omitzero"`
}

// Rank orders hits by similarity to an annotation. Queries only.
type Rank struct {
	Negate     bool        `json:"negate,omitzero"`
	Annotation *Annotation `json:"annotation,omitzero"`
}

// And is a condition of the deprecated form of queries.
type And struct {
	Input      *Input      `json:"input,omitzero"`
	Output     *Output     `json:"output,omitzero"`
	Negate     bool        `json:"negate,omitzero"`
	Annotation *Annotation `json:"annotation,omitzero"`
}

// Output is the result of a model for an input; it only occurs in [And].
type Output struct {
	ID               string    `json:"id,omitzero"`
	Status           Status    `json:"status,omitzero"`
	CreatedAt        time.Time `json:"created_at,omitzero"`
	Model            *Model    `json:"model,omitzero"`
	Input            *Input    `json:"input,omitzero"`
	Data             *Data     `json:"data,omitzero"`
	PromptTokens     uint32    `json:"prompt_tokens,omitzero"`
	CompletionTokens uint32    `json:"completion_tokens,omitzero"`
}

// Hit is one result of a search. Output only; without ranks the score is 1.
type Hit struct {
	Score      Float       `json:"score"`
	Input      *Input      `json:"input,omitzero"`
	Annotation *Annotation `json:"annotation,omitzero"`
	UserID     string      `json:"user_id,omitzero"`
	AppID      string      `json:"app_id,omitzero"`
}

// HitCount is the number of hits that a search would have. Output only.
type HitCount struct {
	EstimatedTotal Uint64 `json:"estimated_total,omitzero"`
}

// PostInputsSearchesRequest runs, counts or stores searches for inputs.
type PostInputsSearchesRequest struct {
	Searches   []Search    `json:"searches"`
	Pagination *Pagination `json:"pagination,omitzero"`
	OnlyCount  bool        `json:"only_count,omitzero"`
}

// PatchInputsSearchesRequest changes stored searches without running them.
type PatchInputsSearchesRequest struct {
	Searches []Search    `json:"searches"`
	Action   PatchAction `json:"action,omitzero"` // overwrite
}

// PostAnnotationsSearchesRequest runs or stores searches for annotations.
type PostAnnotationsSearchesRequest struct {
	Searches   []Search    `json:"searches"`
	Pagination *Pagination `json:"pagination,omitzero"`
}

// PatchAnnotationsSearchesRequest changes stored searches without running them.
type PatchAnnotationsSearchesRequest struct {
	Searches []Search    `json:"searches"`
	Action   PatchAction `json:"action,omitzero"` // overwrite
}

// PatchSearchesRequest changes stored searches without running them.
type PatchSearchesRequest struct {
	Searches []Search    `json:"searches"`
	Action   PatchAction `json:"action,omitzero"` // overwrite
}

// PostSearchesRequest runs searches in the deprecated form.
type PostSearchesRequest struct {
	Query      *Query      `json:"query,omitzero"`
	Searches   []Search    `json:"searches,omitempty"`
	Pagination *Pagination `json:"pagination,omitzero"`
}

// PostSearchesByIDRequest runs the stored search in the path.
type PostSearchesByIDRequest struct {
	Pagination *Pagination `json:"pagination,omitzero"`
}

// SingleSearchResponse carries one stored search.
type SingleSearchResponse struct {
	Envelope
	Search *Search `json:"search,omitzero"`
}

// MultiSearchResponse carries hits, counts or stored searches, depending on the request.
type MultiSearchResponse struct {
	Envelope
	ID        string     `json:"id,omitzero"`
	Hits      []Hit      `json:"hits"`
	Query     *Query     `json:"query,omitzero"`
	Searches  []Search   `json:"searches,omitempty"`
	HitCounts []HitCount `json:"hit_counts,omitempty"`
}

// SearchResult is the result of searches: hits, counts, or the searches that were stored.
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

// storesNothing reports whether searches only read: such a request may be sent again.
func storesNothing(searches []Search) bool {
	for _, s := range searches {
		if s.Save {
			return false
		}
	}
	return true
}

// PostInputsSearches runs searches for inputs, counts their hits, or stores them (save). The ID of a stored search that exists is a
// duplicate [inferred]. A bad search is 40002, a count of a ranked search 43006. Very deep pages are rejected.
// POST /v2/users/{user}/apps/{app}/inputs/searches;
// body PostInputsSearchesRequest, response MultiSearchResponse. [documented]
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

// PatchInputsSearches changes stored searches and does not run them. Only overwrite is known to work. The response may omit the
// searches [inferred].
// PATCH /v2/users/{user}/apps/{app}/inputs/searches;
// body PatchInputsSearchesRequest, response MultiSearchResponse. [documented]
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
// POST /v2/users/{user}/apps/{app}/annotations/searches;
// body PostAnnotationsSearchesRequest, response MultiSearchResponse. [protos]
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
// PATCH /v2/users/{user}/apps/{app}/annotations/searches;
// body PatchAnnotationsSearchesRequest, response MultiSearchResponse. [protos]
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

// GetSearch reads one stored search; not found if it does not exist. That it returns searches stored by PostInputsSearches
// is [inferred].
// GET /v2/users/{user}/apps/{app}/searches/{id}; response SingleSearchResponse. [protos]
func (c *Client) GetSearch(ctx context.Context, app AppRef, id string) (*Search, error) {
	var out SingleSearchResponse
	if err := c.do(ctx, call{op: "GetSearch", method: http.MethodGet, path: app.path("searches", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetSearch", "search", out.Search)
}

// ListSearches reads one page of stored searches; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/searches; response MultiSearchResponse. [protos]
func (c *Client) ListSearches(ctx context.Context, app AppRef, page Page) ([]Search, error) {
	var out MultiSearchResponse
	if err := c.do(ctx, call{
		op: "ListSearches", method: http.MethodGet, path: app.path("searches"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Searches, nil
}

// AllSearches yields the app's stored searches, page by page of perPage (0: 128).
func (c *Client) AllSearches(ctx context.Context, app AppRef, perPage uint32) iter.Seq2[Search, error] {
	return walk(ctx, Page{PerPage: perPage}, func(ctx context.Context, page Page) ([]Search, error) {
		return c.ListSearches(ctx, app, page)
	}, func(s Search) string { return s.ID })
}

// PatchSearches changes stored searches. Only overwrite is known to work; not found if one does not exist.
// PATCH /v2/users/{user}/apps/{app}/searches; body PatchSearchesRequest, response MultiSearchResponse. [protos]
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

// PostSearches runs searches in the deprecated form, which the service may reject. Prefer [Client.PostInputsSearches].
// POST /v2/users/{user}/apps/{app}/searches; body PostSearchesRequest, response MultiSearchResponse. [protos]
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

// PostSearchesByID runs a stored search; not found if it does not exist.
// POST /v2/users/{user}/apps/{app}/searches/{id}; body PostSearchesByIDRequest, response MultiSearchResponse. [protos]
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

// DeleteSearch deletes one stored search; not found if it does not exist [inferred].
// DELETE /v2/users/{user}/apps/{app}/searches/{id}; response BaseResponse. [protos]
func (c *Client) DeleteSearch(ctx context.Context, app AppRef, id string) error {
	var out BaseResponse
	return c.do(ctx, call{op: "DeleteSearch", method: http.MethodDelete, path: app.path("searches", id)}, &out)
}
