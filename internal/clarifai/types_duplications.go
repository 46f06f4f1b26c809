package clarifai

import "time"

// AppDuplication copies an app. Settable and fixed: destination_app (its id, user_id and
// description) and filter; the three fields it superseded are kept for old servers. The
// rest is output.
type AppDuplication struct {
	ID             string                 `json:"id,omitzero"`
	DestinationApp *App                   `json:"destination_app,omitzero"` // copied into when it exists, else made
	ExistingAppID  string                 `json:"existing_app_id,omitzero"` // deprecated
	NewAppID       string                 `json:"new_app_id,omitzero"`      // deprecated
	NewAppName     string                 `json:"new_app_name,omitzero"`    // deprecated
	Status         Status                 `json:"status,omitzero"`
	CreatedAt      time.Time              `json:"created_at,omitzero"`
	LastModifiedAt time.Time              `json:"last_modified_at,omitzero"`
	Filter         *AppDuplicationFilters `json:"filter,omitzero"`
	Progress       []AppCopyProgress      `json:"progress,omitempty"`
}

// AppDuplicationFilters says what to copy. Settable, fixed. Inputs need concepts,
// annotations need both, models need concepts.
type AppDuplicationFilters struct {
	CopyInputs                  bool `json:"copy_inputs,omitzero"`
	CopyConcepts                bool `json:"copy_concepts,omitzero"`
	CopyAnnotations             bool `json:"copy_annotations,omitzero"`
	CopyModels                  bool `json:"copy_models,omitzero"`
	CopyWorkflows               bool `json:"copy_workflows,omitzero"`
	CopyInstalledModuleVersions bool `json:"copy_installed_module_versions,omitzero"` // gone from the newest releases
}

// AppCopyProgress is how far copying one kind of thing has come. Output only; whether
// value is a count or per cent is undocumented.
type AppCopyProgress struct {
	Field string `json:"field,omitzero"`
	Value int32  `json:"value"`
}

// PostAppDuplicationsRequest starts copies of the app in the path.
type PostAppDuplicationsRequest struct {
	AppDuplications []AppDuplication `json:"app_duplications"`
}

// SingleAppDuplicationResponse carries one duplication.
type SingleAppDuplicationResponse struct {
	Envelope
	AppDuplication *AppDuplication `json:"app_duplication,omitzero"`
}

// MultiAppDuplicationsResponse carries duplications.
type MultiAppDuplicationsResponse struct {
	Envelope
	AppDuplications []AppDuplication `json:"app_duplications,omitempty"`
}
