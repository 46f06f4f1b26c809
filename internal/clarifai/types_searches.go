package clarifai

import "time"

// Search is a query, run at once or stored under an id.
//
// Settable: id (fixed), save, and patchable: name, query, as_of, algorithm, min_value,
// visibility, metric. Output: application_id, git_hash, times.
type Search struct {
	ID            string       `json:"id,omitzero"` // needed when saved
	Name          string       `json:"name,omitzero"`
	Query         *Query       `json:"query,omitzero"`
	ApplicationID string       `json:"application_id,omitzero"`
	AsOf          time.Time    `json:"as_of,omitzero"` // look at annotations as they were then
	GitHash       string       `json:"git_hash,omitzero"`
	CreatedAt     time.Time    `json:"created_at,omitzero"`
	ModifiedAt    time.Time    `json:"modified_at,omitzero"`
	Algorithm     string       `json:"algorithm,omitzero"` // nearest_neighbor (default), brute_force or avg_concept_brute_force
	Save          bool         `json:"save,omitzero"`      // store it and do not run it
	MinValue      Float        `json:"min_value,omitzero"` // least score
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

// String is the official name.
func (m SearchMetric) String() string { return searchMetricNames.name(int32(m)) }

// Query is what a search looks for: inputs that pass all filters, ordered by the ranks.
type Query struct {
	Ands     []And    `json:"ands,omitempty"` // deprecated; PostSearches only
	Language string   `json:"language,omitzero"`
	Filters  []Filter `json:"filters,omitempty"`
	Ranks    []Rank   `json:"ranks,omitempty"`
}

// Filter is one condition on annotations, inputs or times. Its metadata keys are
// alternatives. A message that is there but empty asks for the kind: {"input":{"data":
// {"image":{}}}} means images.
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

// Rank orders hits by likeness to an annotation. Queries only.
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

// Output is what a model made of an input; here it occurs in [And] only.
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

// HitCount is how many hits a search would have. Output only.
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

// PostSearchesRequest is the deprecated way to search.
type PostSearchesRequest struct {
	Query      *Query      `json:"query,omitzero"`
	Searches   []Search    `json:"searches,omitempty"`
	Pagination *Pagination `json:"pagination,omitzero"`
}

// PostSearchesByIDRequest runs the stored search of the path.
type PostSearchesByIDRequest struct {
	Pagination *Pagination `json:"pagination,omitzero"`
}

// SingleSearchResponse carries one stored search.
type SingleSearchResponse struct {
	Envelope
	Search *Search `json:"search,omitzero"`
}

// MultiSearchResponse carries hits, counts or stored searches, depending on the call.
type MultiSearchResponse struct {
	Envelope
	ID        string     `json:"id,omitzero"`
	Hits      []Hit      `json:"hits"`
	Query     *Query     `json:"query,omitzero"`
	Searches  []Search   `json:"searches,omitempty"`
	HitCounts []HitCount `json:"hit_counts,omitempty"`
}
