package clarifai

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Model as this API's data layer refers to it: by id and version, with owner when foreign.
// Everything beside the reference is output here; models are managed elsewhere.
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

// TrainInfo tells what a model version was trained with. Output here.
type TrainInfo struct {
	Params          Struct   `json:"params,omitzero"`
	Dataset         *Dataset `json:"dataset,omitzero"`
	ResumeFromModel *Model   `json:"resume_from_model,omitzero"`
}

// ModelType describes a kind of model, among others the parameters that its evaluations take. Output only.
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

// ModelTypeFieldType is the kind of value a parameter takes.
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

// String is the official name.
func (t ModelTypeFieldType) String() string { return modelTypeFieldTypeNames.name(int32(t)) }

// EvaluationType is the kind of evaluation that models of a type go through.
type EvaluationType int32

var evaluationTypeNames = enumNames{
	"Undefined": 0, "Classification": 1, "Detection": 2, "Segmentation": 3, "Clustering": 4, "Tracker": 5, "Generation": 6,
}

// UnmarshalJSON accepts a number or a name.
func (t *EvaluationType) UnmarshalJSON(b []byte) error {
	return evaluationTypeNames.unmarshal(b, "EvaluationType", (*int32)(t))
}

// String is the official name.
func (t EvaluationType) String() string { return evaluationTypeNames.name(int32(t)) }

// Workflow as apps, workers and queries refer to it: by id and version. The rest is output;
// its nodes are left to whoever manages workflows.
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

// WorkflowVersion is a state of a workflow. In references only the id counts.
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
