package clarifai

import "time"

// App is the container of everything else of this API.
//
// Settable: id (later only through PatchAppsIds), default_language, default_workflow,
// metadata, description, notes, sample_ms, visibility, image, is_template; all but the
// id can be patched. Output: the owner, the times, the tier, the stars, extra_info.
type App struct {
	ID                 string            `json:"id,omitzero"`
	Name               string            `json:"name,omitzero"` // obsolete: the id serves
	DefaultLanguage    string            `json:"default_language,omitzero"`
	DefaultWorkflowID  string            `json:"default_workflow_id,omitzero"` // deprecated for default_workflow
	DefaultWorkflow    *Workflow         `json:"default_workflow,omitzero"`    // the id is what counts
	UserID             string            `json:"user_id,omitzero"`
	CreatedAt          time.Time         `json:"created_at,omitzero"`
	ModifiedAt         time.Time         `json:"modified_at,omitzero"`
	LegalConsentStatus uint32            `json:"legal_consent_status,omitzero"`
	Metadata           Struct            `json:"metadata,omitzero"`
	Description        string            `json:"description,omitzero"`
	Notes              string            `json:"notes,omitzero"` // up to 64 KB
	SampleMs           uint32            `json:"sample_ms,omitzero"`
	Visibility         *Visibility       `json:"visibility,omitzero"`
	DataTierID         string            `json:"data_tier_id,omitzero"`
	IsStarred          bool              `json:"is_starred,omitzero"`
	StarCount          int32             `json:"star_count,omitzero"`
	Image              *Image            `json:"image,omitzero"`
	IsTemplate         *bool             `json:"is_template,omitzero"`
	ExtraInfo          *AppExtraInfo     `json:"extra_info,omitzero"`
	EmbeddingsStorage  EmbeddingsStorage `json:"embeddings_storage,omitzero"`
}

// AppExtraInfo comes when additional fields are asked for. Output only.
type AppExtraInfo struct {
	SearchRevisionMarker string             `json:"search_revision_marker,omitzero"`
	Counts               *AppResourceCounts `json:"counts,omitzero"`
}

// AppResourceCounts counts what an app holds. Output only.
type AppResourceCounts struct {
	Datasets  Int64 `json:"datasets,omitzero"`
	Models    Int64 `json:"models,omitzero"`
	Workflows Int64 `json:"workflows,omitzero"`
	Modules   Int64 `json:"modules,omitzero"`
	Inputs    Int64 `json:"inputs,omitzero"`
}

// EmbeddingsStorage is where an app keeps its embeddings.
type EmbeddingsStorage int32

// Storages of embeddings.
const (
	EmbeddingsStorageNotSet   EmbeddingsStorage = 0
	EmbeddingsStoragePostgres EmbeddingsStorage = 1
	EmbeddingsStorageQdrant   EmbeddingsStorage = 2
)

var embeddingsStorageNames = enumNames{"EMBEDDING_STORAGE_NOT_SET": 0, "POSTGRES": 1, "QDRANT": 2}

// UnmarshalJSON accepts a number or a name.
func (s *EmbeddingsStorage) UnmarshalJSON(b []byte) error {
	return embeddingsStorageNames.unmarshal(b, "EmbeddingsStorage", (*int32)(s))
}

// String is the official name.
func (s EmbeddingsStorage) String() string { return embeddingsStorageNames.name(int32(s)) }

// PostAppsRequest creates apps.
type PostAppsRequest struct {
	Apps []App `json:"apps"`
}

// PatchAppsRequest changes apps; Reindex asks for re-indexing after a change of the default workflow.
type PatchAppsRequest struct {
	Apps           []App                `json:"apps"`
	Action         PatchAction          `json:"action,omitzero"` // overwrite or remove
	MetadataAction *MetadataPatchAction `json:"metadata_action,omitzero"`
	Reindex        bool                 `json:"reindex,omitzero"`
}

// PatchAppRequest changes the app of the path.
type PatchAppRequest struct {
	App            *App                 `json:"app,omitzero"`
	Action         PatchAction          `json:"action,omitzero"` // overwrite or remove
	MetadataAction *MetadataPatchAction `json:"metadata_action,omitzero"`
	Reindex        bool                 `json:"reindex,omitzero"`
}

// PatchAppsIdsRequest renames exactly one app.
type PatchAppsIdsRequest struct {
	IDs    []IDUpdateSource `json:"ids"`
	Action PatchAction      `json:"action,omitzero"` // overwrite
}

// SingleAppResponse carries one app.
type SingleAppResponse struct {
	Envelope
	App *App `json:"app,omitzero"`
}

// MultiAppResponse carries apps.
type MultiAppResponse struct {
	Envelope
	Apps []App `json:"apps"`
}
