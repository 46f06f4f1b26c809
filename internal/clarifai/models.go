package clarifai

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Model is a reference to a model: its ID and version, and its owner if that is another user.
// All other fields are output here; models are not managed with this client.
type Model struct {
	ID             string          `json:"id,omitzero"`
	Name           string          `json:"name,omitzero"` // deprecated
	CreatedAt      time.Time       `json:"created_at,omitzero"`
	ModifiedAt     time.Time       `json:"modified_at,omitzero"`
	AppID          string          `json:"app_id"`
	ModelVersion   *ModelVersion   `json:"model_version,omitzero"`
	DisplayName    string          `json:"display_name,omitzero"` // deprecated
	UserID         string          `json:"user_id,omitzero"`
	ModelTypeID    string          `json:"model_type_id,omitzero"`
	Task           string          `json:"task,omitzero"`
	Visibility     *Visibility     `json:"visibility,omitzero"`
	Description    string          `json:"description,omitzero"`
	Notes          string          `json:"notes,omitzero"`
	Metadata       Struct          `json:"metadata,omitzero"`
	Presets        Struct          `json:"presets,omitzero"`
	Toolkits       []string        `json:"toolkits,omitempty"`
	UseCases       []string        `json:"use_cases,omitempty"`
	Languages      []string        `json:"languages,omitempty"`
	CheckConsents  []string        `json:"check_consents,omitempty"`
	IsStarred      bool            `json:"is_starred,omitzero"`
	StarCount      int32           `json:"star_count,omitzero"`
	BookmarkOrigin *BookmarkOrigin `json:"bookmark_origin,omitzero"`
	Image          *Image          `json:"image,omitzero"`
	Creator        string          `json:"creator,omitzero"`
	VersionCount   int32           `json:"version_count,omitzero"`
	DefaultEval    *EvalInfo       `json:"default_eval_info,omitzero"`
}

// ModelVersion is a trained state of a model. In references only the id counts; the rest is output.
type ModelVersion struct {
	ID                 string       `json:"id,omitzero"`
	CreatedAt          time.Time    `json:"created_at,omitzero"`
	ModifiedAt         time.Time    `json:"modified_at,omitzero"`
	CompletedAt        time.Time    `json:"completed_at,omitzero"`
	Status             Status       `json:"status,omitzero"`
	ActiveConceptCount uint32       `json:"active_concept_count,omitzero"`
	TotalInputCount    uint32       `json:"total_input_count,omitzero"`
	Metrics            *EvalMetrics `json:"metrics,omitzero"`
	Description        string       `json:"description,omitzero"`
	Visibility         *Visibility  `json:"visibility,omitzero"`
	AppID              string       `json:"app_id,omitzero"`
	UserID             string       `json:"user_id,omitzero"`
	Metadata           Struct       `json:"metadata,omitzero"`
	License            string       `json:"license,omitzero"`
	TrainInfo          *TrainInfo   `json:"train_info,omitzero"`
}

// TrainInfo describes the training of a model version. Output here.
type TrainInfo struct {
	Params          Struct   `json:"params,omitzero"`
	Dataset         *Dataset `json:"dataset,omitzero"`
	ResumeFromModel *Model   `json:"resume_from_model,omitzero"`
}

// ModelType describes a type of models and the parameters that its evaluations accept. Output only.
type ModelType struct {
	ID                       string           `json:"id,omitzero"`
	Title                    string           `json:"title,omitzero"`
	Description              string           `json:"description,omitzero"`
	InputFields              []string         `json:"input_fields,omitempty"`
	OutputFields             []string         `json:"output_fields,omitempty"`
	Trainable                bool             `json:"trainable,omitzero"`
	Creatable                bool             `json:"creatable,omitzero"`
	InternalOnly             bool             `json:"internal_only,omitzero"`
	ModelTypeFields          []ModelTypeField `json:"model_type_fields,omitempty"`
	RequiresSequentialFrames bool             `json:"requires_sequential_frames,omitzero"`
	EvaluationType           EvaluationType   `json:"evaluation_type,omitzero"`
}

// ModelTypeField describes one parameter of a model type. Output only.
type ModelTypeField struct {
	Path                 string                `json:"path,omitzero"` // such as eval_info.params.use_kfold
	FieldType            ModelTypeFieldType    `json:"field_type,omitzero"`
	DefaultValue         jsontext.Value        `json:"default_value,omitzero"`
	Description          string                `json:"description,omitzero"`
	Placeholder          string                `json:"placeholder,omitzero"`
	ModelTypeEnumOptions []ModelTypeEnumOption `json:"model_type_enum_options,omitempty"`
	InternalOnly         bool                  `json:"internal_only,omitzero"`
	Required             bool                  `json:"required,omitzero"`
	ModelTypeRangeInfo   *ModelTypeRangeInfo   `json:"model_type_range_info,omitzero"`
	Name                 string                `json:"name,omitzero"`
}

// ModelTypeRangeInfo bounds a numeric parameter. Output only.
type ModelTypeRangeInfo struct {
	Min  Float `json:"min,omitzero"`
	Max  Float `json:"max,omitzero"`
	Step Float `json:"step,omitzero"`
}

// ModelTypeEnumOption is one choice of an enumerated parameter. Output only.
type ModelTypeEnumOption struct {
	ID              string                     `json:"id,omitzero"`
	Aliases         []ModelTypeEnumOptionAlias `json:"aliases,omitempty"`
	Description     string                     `json:"description,omitzero"`
	ModelTypeFields []ModelTypeField           `json:"model_type_fields,omitempty"`
	InternalOnly    bool                       `json:"internal_only,omitzero"`
	Recommended     bool                       `json:"recommended,omitzero"`
}

// ModelTypeEnumOptionAlias is another spelling of a choice. Output only.
type ModelTypeEnumOptionAlias struct {
	IDInt          Int64  `json:"id_int,omitzero"`
	WildcardString string `json:"wildcard_string,omitzero"`
}

// ModelTypeFieldType is the type of a parameter's value.
type ModelTypeFieldType int32

var modelTypeFieldTypeNames = enumNames{
	"INVALID_MODEL_TYPE_FIELD_TYPE": 0, "BOOLEAN": 1, "STRING": 2, "NUMBER": 3, "ARRAY_OF_CONCEPTS": 4,
	"ARRAY_OF_CONCEPTS_WITH_THRESHOLD": 5, "RANGE": 7, "ENUM": 8, "COLLABORATORS": 9, "JSON": 10,
	"ARRAY_OF_NUMBERS": 11, "WORKFLOW_EMBED_MODELS": 12, "ARRAY_OF_STRINGS": 13, "RECURSIVE_ENUM": 14,
	"PYTHON_CODE": 15, "DATASET_ID": 16, "DATASET_VERSION_ID": 17, "ARRAY_OF_MODEL_CONCEPTS": 18, "DATASET": 19,
	"DATASET_VERSION": 20, "ENCRYPTED_STRING": 21, "CHECKPOINT_MODEL": 22, "ARRAY_OF_SECRETS": 23,
}

// UnmarshalJSON accepts a number or a name.
func (t *ModelTypeFieldType) UnmarshalJSON(b []byte) error {
	return modelTypeFieldTypeNames.unmarshal(b, "ModelTypeFieldType", (*int32)(t))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (t ModelTypeFieldType) MarshalJSON() ([]byte, error) {
	return modelTypeFieldTypeNames.marshal(int32(t))
}

func (t *ModelTypeFieldType) enum() (enumNames, *int32) { return modelTypeFieldTypeNames, (*int32)(t) }

// String is the official name.
func (t ModelTypeFieldType) String() string { return modelTypeFieldTypeNames.name(int32(t)) }

// EvaluationType is the kind of evaluation for models of a type.
type EvaluationType int32

var evaluationTypeNames = enumNames{
	"Undefined": 0, "Classification": 1, "Detection": 2, "Segmentation": 3, "Clustering": 4, "Tracker": 5, "Generation": 6,
}

// UnmarshalJSON accepts a number or a name.
func (t *EvaluationType) UnmarshalJSON(b []byte) error {
	return evaluationTypeNames.unmarshal(b, "EvaluationType", (*int32)(t))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (t EvaluationType) MarshalJSON() ([]byte, error) { return evaluationTypeNames.marshal(int32(t)) }

func (t *EvaluationType) enum() (enumNames, *int32) { return evaluationTypeNames, (*int32)(t) }

// String is the official name.
func (t EvaluationType) String() string { return evaluationTypeNames.name(int32(t)) }

// Workflow is a reference to a workflow, by ID and version, from apps, workers and queries. All other
// fields are output: workflows and their nodes are not managed with this client.
type Workflow struct {
	ID             string           `json:"id,omitzero"`
	AppID          string           `json:"app_id,omitzero"`
	UserID         string           `json:"user_id,omitzero"`
	CreatedAt      time.Time        `json:"created_at,omitzero"`
	ModifiedAt     time.Time        `json:"modified_at,omitzero"`
	Metadata       Struct           `json:"metadata,omitzero"`
	Visibility     *Visibility      `json:"visibility,omitzero"`
	Version        *WorkflowVersion `json:"version,omitzero"`
	Description    string           `json:"description,omitzero"`
	Notes          string           `json:"notes,omitzero"`
	IsStarred      bool             `json:"is_starred,omitzero"`
	StarCount      int32            `json:"star_count,omitzero"`
	UseCases       []string         `json:"use_cases"`
	CheckConsents  []string         `json:"check_consents"`
	BookmarkOrigin *BookmarkOrigin  `json:"bookmark_origin,omitzero"`
	Image          *Image           `json:"image,omitzero"`
}

// WorkflowVersion is a version of a workflow. References only need the ID.
type WorkflowVersion struct {
	ID          string      `json:"id,omitzero"`
	WorkflowID  string      `json:"workflow_id,omitzero"`
	AppID       string      `json:"app_id,omitzero"`
	UserID      string      `json:"user_id,omitzero"`
	CreatedAt   time.Time   `json:"created_at,omitzero"`
	ModifiedAt  time.Time   `json:"modified_at,omitzero"`
	Visibility  *Visibility `json:"visibility,omitzero"`
	Metadata    Struct      `json:"metadata,omitzero"`
	Description string      `json:"description,omitzero"`
	License     string      `json:"license,omitzero"`
}

// SingleModelResponse carries one model.
type SingleModelResponse struct {
	Envelope
	Model         *Model `json:"model,omitzero"`
	WorkflowCount int32  `json:"workflow_count,omitzero"`
}

// SingleModelVersionResponse carries one model version.
type SingleModelVersionResponse struct {
	Envelope
	ModelVersion *ModelVersion `json:"model_version,omitzero"`
}

// MultiModelVersionResponse carries model versions.
type MultiModelVersionResponse struct {
	Envelope
	ModelVersions []ModelVersion `json:"model_versions"`
}

// SingleModelTypeResponse carries one model type.
type SingleModelTypeResponse struct {
	Envelope
	ModelType *ModelType `json:"model_type,omitzero"`
}

// GetModelQuery selects parts of a model.
type GetModelQuery struct {
	VersionID        string
	Language         string // of the concept names
	TrainedBefore    bool
	AdditionalFields []string
}

func (q GetModelQuery) values() url.Values {
	v := parameters{url.Values{}}
	v.text("version_id", q.VersionID)
	v.text("language", q.Language)
	v.flag("trained_before", q.TrainedBefore)
	v.texts("additional_fields", q.AdditionalFields)
	return v.Values
}

// ListModelVersionsQuery selects versions of a model. SortBy is one of the ModelVersionSort values; descending unless SortAscending.
type ListModelVersionsQuery struct {
	Page
	ConceptIDs    []string
	TrainedOnly   bool
	MinReplicas   uint32
	SortAscending bool
	SortBy        ModelVersionSort
}

// ModelVersionSort is the key by which a list of model versions is sorted.
type ModelVersionSort string

// Sort keys of model versions.
const (
	ModelVersionSortStatusCode  ModelVersionSort = "sort_by_status_code"
	ModelVersionSortNumInputs   ModelVersionSort = "sort_by_num_inputs"
	ModelVersionSortDescription ModelVersionSort = "sort_by_description"
	ModelVersionSortCreatedAt   ModelVersionSort = "sort_by_created_at"
)

func (q ListModelVersionsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.texts("concept_ids", q.ConceptIDs)
	v.flag("trained_only", q.TrainedOnly)
	v.number("min_replicas", int64(q.MinReplicas))
	v.flag("sort_ascending", q.SortAscending)
	v.flag(string(q.SortBy), q.SortBy != "")
	return v.Values
}

// GetModel reads one model; 21200 if it does not exist.
// GET /v2/users/{user}/apps/{app}/models/{model}; response SingleModelResponse. [protos]
func (c *Client) GetModel(ctx context.Context, app AppRef, id string, query GetModelQuery) (*Model, error) {
	var out SingleModelResponse
	if err := c.do(ctx, call{
		op: "GetModel", method: http.MethodGet, path: app.path("models", id),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetModel", "model", out.Model)
}

// ListModelVersions reads one page of a model's versions; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/models/{model}/versions; response MultiModelVersionResponse. [protos]
func (c *Client) ListModelVersions(ctx context.Context, app AppRef, modelID string, query ListModelVersionsQuery) ([]ModelVersion, error) {
	var out MultiModelVersionResponse
	if err := c.do(ctx, call{
		op: "ListModelVersions", method: http.MethodGet, path: app.path("models", modelID, "versions"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.ModelVersions, nil
}

// GetModelVersion reads one version of a model; 21200 if it does not exist.
// GET /v2/users/{user}/apps/{app}/models/{model}/versions/{version}; response SingleModelVersionResponse. [protos]
func (c *Client) GetModelVersion(ctx context.Context, app AppRef, modelID, versionID string) (*ModelVersion, error) {
	var out SingleModelVersionResponse
	if err := c.do(ctx, call{
		op: "GetModelVersion", method: http.MethodGet, path: app.path("models", modelID, "versions", versionID),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetModelVersion", "model_version", out.ModelVersion)
}

// GetModelType reads one model type with the parameters that its evaluations accept.
// GET /v2/users/{user}/apps/{app}/models/types/{model_type}; response SingleModelTypeResponse. [protos]
func (c *Client) GetModelType(ctx context.Context, app AppRef, id string) (*ModelType, error) {
	var out SingleModelTypeResponse
	if err := c.do(ctx, call{op: "GetModelType", method: http.MethodGet, path: app.path("models", "types", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetModelType", "model_type", out.ModelType)
}
