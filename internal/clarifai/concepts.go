package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// Concept is a label. It belongs to an app or to a piece of data.
//
// Settable: id (fixed), name, definition, visibility, keypoint_info, metadata, image (all
// patchable), vocab_id and, on data, value. Output: owner, language, created_at, extra_info.
type Concept struct {
	ID           string            `json:"id,omitzero"`
	Name         string            `json:"name,omitzero"`  // in the app's default language; defaults to the id
	Value        *Float            `json:"value,omitzero"` // 1: has the concept; 0: does not have it; nil in requests means 1
	CreatedAt    time.Time         `json:"created_at,omitzero"`
	Language     string            `json:"language,omitzero"`
	AppID        string            `json:"app_id,omitzero"`
	Definition   string            `json:"definition,omitzero"`
	VocabID      string            `json:"vocab_id,omitzero"`
	Visibility   *Visibility       `json:"visibility,omitzero"`
	UserID       string            `json:"user_id,omitzero"`
	KeypointInfo *KeypointInfo     `json:"keypoint_info,omitzero"`
	ExtraInfo    *ConceptExtraInfo `json:"extra_info,omitzero"`
	Metadata     Struct            `json:"metadata,omitzero"`
	Image        *Image            `json:"image,omitzero"`
}

// KeypointInfo is the skeleton of a concept with keypoints. Settable and patchable.
type KeypointInfo struct {
	KeypointNames []string       `json:"keypoint_names,omitempty"`
	Skeleton      []KeypointEdge `json:"skeleton,omitempty"`
}

// KeypointEdge connects two keypoints, given by their indices.
type KeypointEdge struct {
	K1 uint32 `json:"k1,omitzero"`
	K2 uint32 `json:"k2,omitzero"`
}

// ConceptExtraInfo is returned by concept searches that ask for it. Output only.
type ConceptExtraInfo struct {
	IsRankable bool `json:"is_rankable,omitzero"`
}

// ConceptCount counts the inputs labelled with a concept. Output only.
type ConceptCount struct {
	ID                 string              `json:"id,omitzero"`
	Name               string              `json:"name,omitzero"`
	ConceptTypeCount   *ConceptTypeCount   `json:"concept_type_count,omitzero"` // of inputs in any state
	DetailConceptCount *DetailConceptCount `json:"detail_concept_count,omitzero"`
}

// ConceptTypeCount counts positive and negative labels. Output only.
type ConceptTypeCount struct {
	Positive uint32 `json:"positive"`
	Negative uint32 `json:"negative"`
}

// DetailConceptCount counts labels by the state of their inputs. Output only.
type DetailConceptCount struct {
	Processed  *ConceptTypeCount `json:"processed,omitzero"`
	ToProcess  *ConceptTypeCount `json:"to_process,omitzero"`
	Errors     *ConceptTypeCount `json:"errors,omitzero"`
	Processing *ConceptTypeCount `json:"processing,omitzero"`
}

// ConceptQuery is a search for concepts by name. Request only; set model or workflow, not both.
type ConceptQuery struct {
	Name              string                 `json:"name,omitzero"`        // * is a wildcard
	Language          string                 `json:"language,omitzero"`    // of the names; default en
	WorkflowID        string                 `json:"workflow_id,omitzero"` // deprecated for workflow
	UseCases          []WorkflowModelUseCase `json:"use_cases,omitempty"`  // any of them; excludes concepts of the app
	Model             *Model                 `json:"model,omitzero"`
	Workflow          *Workflow              `json:"workflow,omitzero"`
	IgnoreAppConcepts bool                   `json:"ignore_app_concepts,omitzero"`
}

// WorkflowModelUseCase limits a concept search to models for one purpose.
type WorkflowModelUseCase int32

// Purposes of models to search.
const (
	UseCaseNotSet         WorkflowModelUseCase = 0
	UseCaseClassification WorkflowModelUseCase = 1
	UseCaseDetection      WorkflowModelUseCase = 2
)

var useCaseNames = enumNames{"WORKFLOW_MODEL_USE_CASE_NOT_SET": 0, "CLASSIFICATION": 1, "DETECTION": 2}

// ParseWorkflowModelUseCase reads a use case by its official name or number.
func ParseWorkflowModelUseCase(text string) (u WorkflowModelUseCase, err error) {
	err = u.UnmarshalJSON([]byte(text))
	return u, err
}

// UnmarshalJSON accepts a number or a name.
func (u *WorkflowModelUseCase) UnmarshalJSON(b []byte) error {
	return useCaseNames.unmarshal(b, "WorkflowModelUseCase", (*int32)(u))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (u WorkflowModelUseCase) MarshalJSON() ([]byte, error) { return useCaseNames.marshal(int32(u)) }

func (u *WorkflowModelUseCase) enum() (enumNames, *int32) { return useCaseNames, (*int32)(u) }

// String is the official name.
func (u WorkflowModelUseCase) String() string { return useCaseNames.name(int32(u)) }

// ConceptExtraInfoRequest asks a concept search for extra_info. Request only.
type ConceptExtraInfoRequest struct {
	RankableModel *Model `json:"rankable_model,omitzero"`
}

// PostConceptsSearchesRequest searches concepts.
type PostConceptsSearchesRequest struct {
	ConceptQuery *ConceptQuery            `json:"concept_query,omitzero"`
	ExtraInfo    *ConceptExtraInfoRequest `json:"extra_info,omitzero"`
	Pagination   *Pagination              `json:"pagination,omitzero"`
}

// PostConceptsRequest creates concepts.
type PostConceptsRequest struct {
	Concepts []Concept `json:"concepts"`
}

// PatchConceptsRequest changes concepts.
type PatchConceptsRequest struct {
	Concepts []Concept   `json:"concepts"`
	Action   PatchAction `json:"action,omitzero"` // overwrite
}

// SingleConceptResponse carries one concept.
type SingleConceptResponse struct {
	Envelope
	Concept *Concept `json:"concept,omitzero"`
}

// MultiConceptResponse carries concepts.
type MultiConceptResponse struct {
	Envelope
	Concepts []Concept `json:"concepts"`
}

// MultiConceptCountResponse carries label counts.
type MultiConceptCountResponse struct {
	Envelope
	ConceptCounts []ConceptCount `json:"concept_counts"`
}

// ListConceptsQuery selects concepts.
type ListConceptsQuery struct {
	Page
	ID string // matches similar IDs
}

func (q ListConceptsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.text("id", q.ID)
	return v.Values
}

// ListModelConceptsQuery selects concepts of a model.
type ListModelConceptsQuery struct {
	Page
	VersionID string
	Search    string
}

func (q ListModelConceptsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.text("version_id", q.VersionID)
	v.text("search", q.Search)
	return v.Values
}

// GetConcept reads one concept; not found if the app has no concept with this ID.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}; response SingleConceptResponse. [documented]
func (c *Client) GetConcept(ctx context.Context, app AppRef, id string) (*Concept, error) {
	var out SingleConceptResponse
	if err := c.do(ctx, call{op: "GetConcept", method: http.MethodGet, path: app.path("concepts", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetConcept", "concept", out.Concept)
}

// ListConcepts reads one page of the app's concepts; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/concepts; response MultiConceptResponse. [protos]
func (c *Client) ListConcepts(ctx context.Context, app AppRef, query ListConceptsQuery) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "ListConcepts", method: http.MethodGet, path: app.path("concepts"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Concepts, nil
}

// AllConcepts yields the app's concepts, page by page.
func (c *Client) AllConcepts(ctx context.Context, app AppRef, query ListConceptsQuery) iter.Seq2[Concept, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]Concept, error) {
		query := query
		query.Page = page
		return c.ListConcepts(ctx, app, query)
	}, conceptID)
}

// ListModelConcepts reads one page of a model's concepts; an unknown model is 21200.
// GET /v2/users/{user}/apps/{app}/models/{model}/concepts; response MultiConceptResponse. [protos]
func (c *Client) ListModelConcepts(ctx context.Context, app AppRef, modelID string, query ListModelConceptsQuery) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "ListModelConcepts", method: http.MethodGet, path: app.path("models", modelID, "concepts"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Concepts, nil
}

// PostConcepts creates concepts, all or none [inferred]. An ID that exists is a duplicate, here with code 40003.
// POST /v2/users/{user}/apps/{app}/concepts; body PostConceptsRequest, response MultiConceptResponse. [protos]
func (c *Client) PostConcepts(ctx context.Context, app AppRef, concepts []Concept) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "PostConcepts", method: http.MethodPost, path: app.path("concepts"),
		in: PostConceptsRequest{Concepts: concepts},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostConcepts", "concepts", concepts, out.Concepts, conceptID)
}

// PatchConcepts changes concepts. Only overwrite is known to work; not found if one ID is unknown. The response may omit
// the visibility.
// PATCH /v2/users/{user}/apps/{app}/concepts; body PatchConceptsRequest, response MultiConceptResponse. [protos]
func (c *Client) PatchConcepts(ctx context.Context, app AppRef, concepts []Concept, action PatchAction) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "PatchConcepts", method: http.MethodPatch, path: app.path("concepts"),
		in: PatchConceptsRequest{Concepts: concepts, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchConcepts", "concepts", concepts, out.Concepts, conceptID)
}

// PostConceptsSearches finds concepts by name in the app or, if the request names one, in a model or workflow. A bad
// query is rejected with 40003, an unknown source with 21200 or 22102.
// POST /v2/users/{user}/apps/{app}/concepts/searches;
// body PostConceptsSearchesRequest, response MultiConceptResponse. [documented]
func (c *Client) PostConceptsSearches(ctx context.Context, app AppRef, request PostConceptsSearchesRequest) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "PostConceptsSearches", method: http.MethodPost, path: app.path("concepts", "searches"),
		in:         request,
		repeatable: true,
	}, &out); err != nil {
		return nil, err
	}
	return out.Concepts, nil
}

// AllConceptsSearches yields all that a concept search finds, page by page; the page of request.Pagination is not used.
func (c *Client) AllConceptsSearches(ctx context.Context, app AppRef, request PostConceptsSearchesRequest) iter.Seq2[Concept, error] {
	var size Page
	if request.Pagination != nil {
		size.PerPage = request.Pagination.PerPage
	}
	return walk(ctx, size, func(ctx context.Context, page Page) ([]Concept, error) {
		request := request
		request.Pagination = &Pagination{Page: page.Page, PerPage: page.PerPage}
		return c.PostConceptsSearches(ctx, app, request)
	}, func(k Concept) string { return k.UserID + "\x00" + k.AppID + "\x00" + k.ID })
}

// GetConceptCounts reads one page of label counts by concept; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/concepts/status; response MultiConceptCountResponse. [documented]
func (c *Client) GetConceptCounts(ctx context.Context, app AppRef, page Page) ([]ConceptCount, error) {
	var out MultiConceptCountResponse
	if err := c.do(ctx, call{
		op: "GetConceptCounts", method: http.MethodGet, path: app.path("concepts", "status"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.ConceptCounts, nil
}

// AllConceptCounts yields label counts by concept, page by page of perPage (0: 128).
func (c *Client) AllConceptCounts(ctx context.Context, app AppRef, perPage uint32) iter.Seq2[ConceptCount, error] {
	return walk(ctx, Page{PerPage: perPage}, func(ctx context.Context, page Page) ([]ConceptCount, error) {
		return c.GetConceptCounts(ctx, app, page)
	}, func(k ConceptCount) string { return k.ID })
}

// PostConceptMappingJobs starts jobs that map concepts of the app to the public knowledge graph. It returns their IDs, which no
// other request accepts. Release 10.5.1 removed it from the public protobuf definitions: the service may respond 11101, 10040 or 40036.
// POST /v2/users/{user}/apps/{app}/concepts/mappings/jobs;
// body PostConceptMappingJobsRequest, response MultiConceptMappingJobResponse. [documented]
func (c *Client) PostConceptMappingJobs(ctx context.Context, app AppRef, jobs []ConceptMappingJob) ([]string, error) {
	var out MultiConceptMappingJobResponse
	if err := c.do(ctx, call{
		op: "PostConceptMappingJobs", method: http.MethodPost, path: app.path("concepts", "mappings", "jobs"),
		in: PostConceptMappingJobsRequest{ConceptMappingJobs: jobs},
	}, &out); err != nil {
		return nil, err
	}
	return out.IDs, nil
}

func conceptID(k Concept) string { return k.ID }

var createConcepts = write[Concept, Concept]{
	op: "PostConcepts", id: conceptID, creates: true,
	send: func(ctx context.Context, c *Client, at scope, concepts []Concept) ([]Item[Concept], error) {
		created, err := c.PostConcepts(ctx, at.app, concepts)
		return matchItems("PostConcepts", concepts, created, conceptID, err)
	},
}

var updateConcepts = write[Concept, Concept]{
	op: "PatchConcepts", id: conceptID,
	send: func(ctx context.Context, c *Client, at scope, concepts []Concept) ([]Item[Concept], error) {
		updated, err := c.PatchConcepts(ctx, at.app, concepts, ActionOverwrite)
		return matchItems("PatchConcepts", concepts, updated, conceptID, err)
	},
}

// CreateConcept creates one concept: [Client.PostConcepts] with up to 128.
func (c *Client) CreateConcept(ctx context.Context, app AppRef, concept Concept) (*Concept, error) {
	return createConcepts.one(ctx, c, &c.batchers.createConcept, scope{app: app}, concept)
}

// UpdateConcept changes one concept: [Client.PatchConcepts] with overwrite and up to 128.
func (c *Client) UpdateConcept(ctx context.Context, app AppRef, concept Concept) (*Concept, error) {
	return updateConcepts.one(ctx, c, &c.batchers.updateConcept, scope{app: app}, concept)
}

// ReadConcept reads one concept: [Client.GetConcept] alone, [Client.ListConcepts] together with others.
func (c *Client) ReadConcept(ctx context.Context, app AppRef, id string) (*Concept, error) {
	return c.caches.concepts.Get(ctx, scope{app: app}, id, cached(c, batch.Source[Concept]{
		ID:  conceptID,
		Get: func(ctx context.Context, id string) (*Concept, error) { return c.GetConcept(ctx, app, id) },
		Page: func(ctx context.Context, number int) ([]Concept, error) {
			return c.ListConcepts(ctx, app, ListConceptsQuery{Page: longPage(number)})
		},
	}))
}
