package clarifai

import "time"

// Concept is a label: of an app, or on a piece of data.
//
// Settable: id (fixed), name, definition, visibility, keypoint_info, metadata, image (all
// patchable), vocab_id and, on data, value. Output: owner, language, created_at, extra_info.
type Concept struct {
	ID           string            `json:"id,omitzero"`
	Name         string            `json:"name,omitzero"`  // in the app's default language; defaults to the id
	Value        *Float            `json:"value,omitzero"` // 1 labelled so, 0 labelled not so; nil in requests means 1. The service always sends it
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

// KeypointEdge joins two keypoints by their indices.
type KeypointEdge struct {
	K1 uint32 `json:"k1,omitzero"`
	K2 uint32 `json:"k2,omitzero"`
}

// ConceptExtraInfo comes from concept searches that ask for it. Output only.
type ConceptExtraInfo struct {
	IsRankable bool `json:"is_rankable,omitzero"`
}

// ConceptCount counts the inputs labelled with a concept. Output only.
type ConceptCount struct {
	ID                 string              `json:"id,omitzero"`
	Name               string              `json:"name,omitzero"`
	ConceptTypeCount   *ConceptTypeCount   `json:"concept_type_count,omitzero"` // whatever the inputs' state
	DetailConceptCount *DetailConceptCount `json:"detail_concept_count,omitzero"`
}

// ConceptTypeCount counts labels by sign. Output only.
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
	UseCases          []WorkflowModelUseCase `json:"use_cases,omitempty"`  // any of them; leaves app concepts out
	Model             *Model                 `json:"model,omitzero"`
	Workflow          *Workflow              `json:"workflow,omitzero"`
	IgnoreAppConcepts bool                   `json:"ignore_app_concepts,omitzero"`
}

// WorkflowModelUseCase narrows a concept search to models of a kind.
type WorkflowModelUseCase int32

// Kinds of models to search.
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
