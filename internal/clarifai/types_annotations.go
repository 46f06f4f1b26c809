package clarifai

import "time"

// Annotation is labels on an input, made by a worker. Each input has one input-level
// annotation from birth, which carries its concepts, metadata and geo.
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

// Worker is who made an annotation; one member is set.
type Worker struct {
	User     *User     `json:"user,omitzero"`
	Model    *Model    `json:"model,omitzero"`
	Workflow *Workflow `json:"workflow,omitzero"`
}

// AnnotationFilter is a filter on annotations, on its own or embedded in datasets and
// their versions. Settable: id (the service makes one when absent), search (patchable),
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
