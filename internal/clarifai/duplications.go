package clarifai

import (
	"context"
	"net/http"
	"time"
)

// AppDuplication copies an app. Settable and fixed: destination_app (its id, user_id and
// description) and filter; the three fields that it replaced are kept for old servers. All other
// fields are output.
type AppDuplication struct {
	ID             string                 `json:"id,omitzero"`
	DestinationApp *App                   `json:"destination_app,omitzero"` // destination: copied into if it exists, otherwise created
	ExistingAppID  string                 `json:"existing_app_id,omitzero"` // deprecated
	NewAppID       string                 `json:"new_app_id,omitzero"`      // deprecated
	NewAppName     string                 `json:"new_app_name,omitzero"`    // deprecated
	Status         Status                 `json:"status,omitzero"`
	CreatedAt      time.Time              `json:"created_at,omitzero"`
	LastModifiedAt time.Time              `json:"last_modified_at,omitzero"`
	Filter         *AppDuplicationFilters `json:"filter,omitzero"`
	Progress       []AppCopyProgress      `json:"progress,omitempty"`
}

// AppDuplicationFilters selects what to copy. Settable, fixed. Inputs require concepts,
// annotations require both, models require concepts.
type AppDuplicationFilters struct {
	CopyInputs                  bool `json:"copy_inputs,omitzero"`
	CopyConcepts                bool `json:"copy_concepts,omitzero"`
	CopyAnnotations             bool `json:"copy_annotations,omitzero"`
	CopyModels                  bool `json:"copy_models,omitzero"`
	CopyWorkflows               bool `json:"copy_workflows,omitzero"`
	CopyInstalledModuleVersions bool `json:"copy_installed_module_versions,omitzero"` // absent from the newest releases
}

// AppCopyProgress is the progress of copying one kind of object. Output only; whether
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

// PostAppDuplications starts copies of the app and returns 25202. The jobs belong to the caller: read them with
// [Client.GetAppDuplication] under the caller's id. Needs a personal access token; deprecated by the service.
// POST /v2/users/{user}/apps/{app}/duplications;
// body PostAppDuplicationsRequest, response MultiAppDuplicationsResponse. [documented]
func (c *Client) PostAppDuplications(ctx context.Context, app AppRef, duplications []AppDuplication) ([]AppDuplication, error) {
	var out MultiAppDuplicationsResponse
	if err := c.do(ctx, call{
		op: "PostAppDuplications", method: http.MethodPost, path: app.path("duplications"),
		in: PostAppDuplicationsRequest{AppDuplications: duplications},
	}, &out); err != nil {
		return nil, err
	}
	return wholeNumber("PostAppDuplications", "app_duplications", len(duplications), out.AppDuplications,
		func(d AppDuplication) string { return d.ID })
}

// GetAppDuplication reads one of the caller's duplications: 25202 and 25203 in progress, 25200 done. Not found if it does not
// exist. Needs a personal access token.
// GET /v2/users/{user}/duplications/{app_duplication}; response SingleAppDuplicationResponse. [protos]
func (c *Client) GetAppDuplication(ctx context.Context, userID string, id string) (*AppDuplication, error) {
	var out SingleAppDuplicationResponse
	if err := c.do(ctx, call{
		op: "GetAppDuplication", method: http.MethodGet, path: userPath(userID, "duplications", id),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetAppDuplication", "app_duplication", out.AppDuplication)
}

// ListAppDuplications reads one page of the caller's duplications; past the end it is empty. Needs a personal access token.
// GET /v2/users/{user}/duplications; response MultiAppDuplicationsResponse. [protos]
func (c *Client) ListAppDuplications(ctx context.Context, userID string, page Page) ([]AppDuplication, error) {
	var out MultiAppDuplicationsResponse
	if err := c.do(ctx, call{
		op: "ListAppDuplications", method: http.MethodGet, path: userPath(userID, "duplications"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.AppDuplications, nil
}
