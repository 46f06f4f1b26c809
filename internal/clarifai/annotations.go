package clarifai

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Annotation holds labels on an input, created by a worker. The service creates one input-level
// annotation with each input; it carries the input's concepts, metadata and geo location.
//
// Settable: id, input_id, input_level, task_id, worker (fixed), data, annotation_info,
// status (patchable). Output: times, consensus_info. In filters nearly every member acts
// as a condition; see [Filter].
type Annotation struct {
	ID                  string    `json:"id,omitzero"`
	InputID             string    `json:"input_id,omitzero"`
	Data                *Data     `json:"data,omitzero"`
	AnnotationInfo      Struct    `json:"annotation_info,omitzero"`
	UserID              string    `json:"user_id,omitzero"`                // deprecated for worker
	ModelVersionID      string    `json:"model_version_id,omitzero"`       // deprecated for worker
	EmbedModelVersionID string    `json:"embed_model_version_id,omitzero"` // deprecated
	Status              Status    `json:"status,omitzero"`
	CreatedAt           time.Time `json:"created_at,omitzero"`
	ModifiedAt          time.Time `json:"modified_at,omitzero"`
	Trusted             bool      `json:"trusted,omitzero"` // deprecated
	InputLevel          bool      `json:"input_level,omitzero"`
	ConsensusInfo       Struct    `json:"consensus_info,omitzero"`
	TaskID              string    `json:"task_id,omitzero"`
	Worker              *Worker   `json:"worker,omitzero"`
}

// Worker is who created an annotation; one member is set.
type Worker struct {
	User     *User     `json:"user,omitzero"`
	Model    *Model    `json:"model,omitzero"`
	Workflow *Workflow `json:"workflow,omitzero"`
}

// AnnotationFilter is a filter on annotations, on its own or embedded in datasets and
// their versions. Settable: id (assigned by the service if absent), search (patchable),
// of which only query.filters matter. What comes back has ids, times and defaults added.
type AnnotationFilter struct {
	ID         string    `json:"id,omitzero"`
	CreatedAt  time.Time `json:"created_at,omitzero"`
	ModifiedAt time.Time `json:"modified_at,omitzero"`
	UserID     string    `json:"user_id,omitzero"`
	AppID      string    `json:"app_id,omitzero"`
	Search     *Search   `json:"search,omitzero"`
}

// PostAnnotationsRequest adds annotations; each names its input.
type PostAnnotationsRequest struct {
	Annotations []Annotation `json:"annotations"`
}

// PatchAnnotationsRequest changes annotations.
type PatchAnnotationsRequest struct {
	Annotations       []Annotation `json:"annotations"`
	Action            PatchAction  `json:"action,omitzero"` // merge, overwrite or remove
	DeleteIfEmptyData bool         `json:"delete_if_empty_data,omitzero"`
}

// DeleteAnnotationsRequest deletes annotations: the pairs of ids and input_ids, or
// without ids all annotations of the inputs.
type DeleteAnnotationsRequest struct {
	IDs      []string `json:"ids,omitempty"`
	InputIDs []string `json:"input_ids"`
}

// PostAnnotationFiltersRequest creates annotation filters.
type PostAnnotationFiltersRequest struct {
	AnnotationFilters []AnnotationFilter `json:"annotation_filters"`
}

// PatchAnnotationFiltersRequest changes annotation filters.
type PatchAnnotationFiltersRequest struct {
	AnnotationFilters []AnnotationFilter `json:"annotation_filters"`
	Action            PatchAction        `json:"action,omitzero"` // overwrite
}

// DeleteAnnotationFiltersRequest deletes annotation filters.
type DeleteAnnotationFiltersRequest struct {
	AnnotationFilterIDs []string `json:"annotation_filter_ids"`
}

// SingleAnnotationResponse carries one annotation.
type SingleAnnotationResponse struct {
	Envelope
	Annotation *Annotation `json:"annotation,omitzero"`
}

// MultiAnnotationResponse carries annotations.
type MultiAnnotationResponse struct {
	Envelope
	Annotations []Annotation `json:"annotations"`
}

// SingleAnnotationFilterResponse carries one annotation filter.
type SingleAnnotationFilterResponse struct {
	Envelope
	AnnotationFilter *AnnotationFilter `json:"annotation_filter,omitzero"`
}

// MultiAnnotationFilterResponse carries annotation filters.
type MultiAnnotationFilterResponse struct {
	Envelope
	AnnotationFilters []AnnotationFilter `json:"annotation_filters"`
}

// MaxAnnotatedInputs is how many inputs one request to list annotations should name: their annotations then usually fit in
// few pages, and the address is not too long.
const MaxAnnotatedInputs = 100

// ListAnnotationsQuery selects annotations. If both IDs and InputIDs are given, they are pairs. The lists of workers are
// alternatives. A query cannot carry the statuses that the protobuf definition also has.
type ListAnnotationsQuery struct {
	Page
	IDs                []string
	InputIDs           []string
	UserIDs            []string
	ModelVersionIDs    []string
	WorkflowVersionIDs []string
	ListAllAnnotations bool // also those of other users and of models
	ReturnModelOutput  bool
	TaskID             string
}

func (q ListAnnotationsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.texts("ids", q.IDs)
	v.texts("input_ids", q.InputIDs)
	v.texts("user_ids", q.UserIDs)
	v.texts("model_version_ids", q.ModelVersionIDs)
	v.texts("workflow_version_ids", q.WorkflowVersionIDs)
	v.flag("list_all_annotations", q.ListAllAnnotations)
	v.flag("return_model_output", q.ReturnModelOutput)
	v.text("task_id", q.TaskID)
	return v.Values
}

func (r *MultiAnnotationResponse) itemStatuses() []Status {
	statuses := make([]Status, len(r.Annotations))
	for i := range r.Annotations {
		statuses[i] = r.Annotations[i].Status
	}
	return statuses
}

func annotationKey(a Annotation) string { return a.InputID + "\x00" + a.ID }

func annotationStatus(a Annotation) Status { return a.Status }

// GetAnnotation reads one annotation; not found when the input has none with this id.
// GET /v2/users/{user}/apps/{app}/inputs/{input}/annotations/{annotation}; response SingleAnnotationResponse. [protos]
func (c *Client) GetAnnotation(ctx context.Context, app AppRef, inputID, id string) (*Annotation, error) {
	var out SingleAnnotationResponse
	if err := c.do(ctx, call{
		op: "GetAnnotation", method: http.MethodGet, path: app.path("inputs", inputID, "annotations", id),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetAnnotation", "annotation", out.Annotation)
}

// ListAnnotations reads one page of annotations, oldest first; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/annotations; response MultiAnnotationResponse. [protos]
func (c *Client) ListAnnotations(ctx context.Context, app AppRef, query ListAnnotationsQuery) ([]Annotation, error) {
	var out MultiAnnotationResponse
	if err := c.do(ctx, call{
		op: "ListAnnotations", method: http.MethodGet, path: app.path("annotations"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Annotations, nil
}

// AllAnnotations yields annotations, page by page.
func (c *Client) AllAnnotations(ctx context.Context, app AppRef, query ListAnnotationsQuery) iter.Seq2[Annotation, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]Annotation, error) {
		query := query
		query.Page = page
		return c.ListAnnotations(ctx, app, query)
	}, annotationKey)
}

// PostAnnotations adds annotations, each of which names its input. If any is rejected, the error is that of the first one,
// and the others may exist.
// POST /v2/users/{user}/apps/{app}/annotations; body PostAnnotationsRequest, response MultiAnnotationResponse. [protos]
func (c *Client) PostAnnotations(ctx context.Context, app AppRef, annotations []Annotation) ([]Annotation, error) {
	var out MultiAnnotationResponse
	if err := c.postAnnotations(ctx, app, annotations, &out); err != nil {
		return nil, err
	}
	return addedAnnotations(annotations, &out)
}

// AddAnnotations is [Client.PostAnnotations] for callers with many annotations: of each in the response it decodes only ids
// and status.
func (c *Client) AddAnnotations(ctx context.Context, app AppRef, annotations []Annotation) error {
	var out briefAnnotationsResponse
	if err := c.postAnnotations(ctx, app, annotations, &out); err != nil {
		return err
	}
	full := MultiAnnotationResponse{Envelope: out.Envelope, Annotations: make([]Annotation, len(out.Annotations))}
	for i, a := range out.Annotations {
		full.Annotations[i] = Annotation{ID: a.ID, InputID: a.InputID, Status: a.Status}
	}
	_, err := addedAnnotations(annotations, &full)
	return err
}

type briefAnnotationsResponse struct {
	Envelope
	Annotations []struct {
		ID      string `json:"id"`
		InputID string `json:"input_id"`
		Status  Status `json:"status"`
	} `json:"annotations"`
}

func (r *briefAnnotationsResponse) itemStatuses() []Status {
	statuses := make([]Status, len(r.Annotations))
	for i := range r.Annotations {
		statuses[i] = r.Annotations[i].Status
	}
	return statuses
}

func (c *Client) postAnnotations(ctx context.Context, app AppRef, annotations []Annotation, out envelope) error {
	return c.do(ctx, call{
		op: "PostAnnotations", method: http.MethodPost, path: app.path("annotations"),
		in:    PostAnnotationsRequest{Annotations: annotations},
		items: len(annotations),
	}, out)
}

func addedAnnotations(sent []Annotation, out *MultiAnnotationResponse) ([]Annotation, error) {
	if err := rejectedAnnotation("PostAnnotations", sent, out); err != nil {
		return nil, err
	}
	return whole("PostAnnotations", "annotations", sent, out.Annotations, annotationKey)
}

var createAnnotations = write[Annotation, Annotation]{
	op: "PostAnnotations", id: annotationKey, creates: true,
	send: func(ctx context.Context, c *Client, at scope, annotations []Annotation) ([]Item[Annotation], error) {
		var out MultiAnnotationResponse
		if err := c.postAnnotations(ctx, at.app, annotations, &out); err != nil {
			return nil, err
		}
		if code := out.Status.Code; code == StatusSuccess || code == StatusAccepted {
			return matchItems("PostAnnotations", annotations, out.Annotations, annotationKey, nil)
		}
		return outcomes("PostAnnotations", out.Status, annotations, out.Annotations, annotationKey, annotationStatus)
	},
}

// CreateAnnotation adds one annotation: [Client.PostAnnotations] with up to 128, also of other inputs.
func (c *Client) CreateAnnotation(ctx context.Context, app AppRef, annotation Annotation) (*Annotation, error) {
	return createAnnotations.one(ctx, c, &c.batchers.createAnnotation, scope{app: app}, annotation)
}

// CreateAnnotations adds annotations, each like [Client.CreateAnnotation] and all at once.
func (c *Client) CreateAnnotations(ctx context.Context, app AppRef, annotations []Annotation) []error {
	errs := make([]error, len(annotations))
	var requests sync.WaitGroup
	for i := range annotations {
		requests.Go(func() { _, errs[i] = c.CreateAnnotation(ctx, app, annotations[i]) })
	}
	requests.Wait()
	return errs
}

var listInputAnnotations = write[string, []Annotation]{
	op: "ListAnnotations", id: stringID,
	send: func(ctx context.Context, c *Client, at scope, inputIDs []string) ([]Item[[]Annotation], error) {
		found := map[string][]Annotation{}
		for chunk := range chunkIDs(slices.Clone(inputIDs)) {
			query := ListAnnotationsQuery{Page: Page{PerPage: MaxPerPage}, InputIDs: chunk}
			for a, err := range c.AllAnnotations(ctx, at.app, query) {
				if err != nil {
					return nil, err
				}
				found[a.InputID] = append(found[a.InputID], a)
			}
		}
		items := make([]Item[[]Annotation], len(inputIDs))
		for i, id := range inputIDs {
			items[i].Value = found[id]
		}
		return items, nil
	},
}

// ReadInputAnnotations reads all annotations of one input, oldest first: [Client.ListAnnotations] for up to 128 inputs.
func (c *Client) ReadInputAnnotations(ctx context.Context, app AppRef, inputID string) ([]Annotation, error) {
	found, err := listInputAnnotations.one(ctx, c, &c.batchers.listInputAnnotations, scope{app: app}, inputID)
	if err != nil {
		return nil, err
	}
	return *found, nil
}

// PatchAnnotations changes annotations: merge, overwrite or remove. Annotations that become empty are deleted if the request
// says so. If any is rejected, the error is that of the first one, and the others may be changed.
// PATCH /v2/users/{user}/apps/{app}/annotations;
// body PatchAnnotationsRequest, response MultiAnnotationResponse. [protos]
func (c *Client) PatchAnnotations(ctx context.Context, app AppRef, request PatchAnnotationsRequest) ([]Annotation, error) {
	var out MultiAnnotationResponse
	if err := c.do(ctx, call{
		op: "PatchAnnotations", method: http.MethodPatch, path: app.path("annotations"), in: request, items: len(request.Annotations),
	}, &out); err != nil {
		return nil, err
	}
	if err := rejectedAnnotation("PatchAnnotations", request.Annotations, &out); err != nil {
		return nil, err
	}
	return out.Annotations, nil
}

// rejectedAnnotation returns the error of the first annotation that was rejected, if the response says that any was.
// Otherwise the status of an annotation is the status of its review and not of the request.
func rejectedAnnotation(op string, asked []Annotation, out *MultiAnnotationResponse) error {
	if code := out.Status.Code; code == StatusSuccess || code == StatusAccepted {
		return nil
	}
	items, err := outcomes(op, out.Status, asked, out.Annotations,
		annotationKey, annotationStatus)
	if err != nil {
		return err
	}
	for i, item := range items {
		if item.Err != nil {
			return fmt.Errorf("annotation %d of %d: %w", i+1, len(items), item.Err)
		}
	}
	return &Error{Op: op, Status: out.Status, OutcomeUnknown: true} // the response does not say which
}

// DeleteAnnotation deletes one annotation; not found when the input has none with this id.
// DELETE /v2/users/{user}/apps/{app}/inputs/{input}/annotations/{annotation}; response BaseResponse. [protos]
func (c *Client) DeleteAnnotation(ctx context.Context, app AppRef, inputID, id string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteAnnotation", method: http.MethodDelete, path: app.path("inputs", inputID, "annotations", id),
	}, &out)
}

// DeleteAnnotations deletes annotations: the given pairs of IDs and input IDs, or without IDs all annotations of the inputs.
// Lists of different lengths are rejected with 24155 or 11102 [inferred].
// DELETE /v2/users/{user}/apps/{app}/inputs/annotations;
// body DeleteAnnotationsRequest, response BaseResponse. [documented]
func (c *Client) DeleteAnnotations(ctx context.Context, app AppRef, request DeleteAnnotationsRequest) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteAnnotations", method: http.MethodDelete, path: app.path("inputs", "annotations"),
		in: request,
	}, &out)
}
