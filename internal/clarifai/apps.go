package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// App contains all other objects of this API.
//
// Settable: id (later only through PatchAppsIds), default_language, default_workflow,
// metadata, description, notes, sample_ms, visibility, image, is_template; all but the
// id can be patched. Output: the owner, the times, the tier, the stars, extra_info.
type App struct {
	ID                 string            `json:"id,omitzero"`
	Name               string            `json:"name,omitzero"` // obsolete: the ID identifies the app
	DefaultLanguage    string            `json:"default_language,omitzero"`
	DefaultWorkflowID  string            `json:"default_workflow_id,omitzero"` // deprecated for default_workflow
	DefaultWorkflow    *Workflow         `json:"default_workflow,omitzero"`    // only the ID is used
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

// AppExtraInfo is returned if the request asks for additional fields. Output only.
type AppExtraInfo struct {
	SearchRevisionMarker string             `json:"search_revision_marker,omitzero"`
	Counts               *AppResourceCounts `json:"counts,omitzero"`
}

// AppResourceCounts counts the objects of an app. Output only.
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

// MarshalJSON writes the number, or the name if this package does not know its number.
func (s EmbeddingsStorage) MarshalJSON() ([]byte, error) {
	return embeddingsStorageNames.marshal(int32(s))
}

func (s *EmbeddingsStorage) enum() (enumNames, *int32) { return embeddingsStorageNames, (*int32)(s) }

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

// PatchAppRequest changes the app in the path.
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

// ListAppsQuery selects apps. SortBy is one of the AppSort values; descending unless SortAscending.
type ListAppsQuery struct {
	Page
	AdditionalFields []string
	SortAscending    bool
	SortBy           AppSort
	FeaturedOnly     bool
	StarredOnly      bool
	TemplateOnly     bool
	Gettable         Gettable // only apps of this visibility
	Search           string   // words in ID, description, notes and user ID
	Query            string   // deprecated
	Name             string   // deprecated
	ID               string   // deprecated
}

// AppSort is the key by which a list of apps is sorted.
type AppSort string

// Sort keys of apps.
const (
	AppSortName       AppSort = "sort_by_name"
	AppSortModifiedAt AppSort = "sort_by_modified_at"
	AppSortCreatedAt  AppSort = "sort_by_created_at"
	AppSortStarCount  AppSort = "sort_by_star_count"
	AppSortID         AppSort = "sort_by_id"
	AppSortRelevance  AppSort = "sort_by_relevance" // with Search only
)

func (q ListAppsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.texts("additional_fields", q.AdditionalFields)
	v.flag("sort_ascending", q.SortAscending)
	v.flag(string(q.SortBy), q.SortBy != "")
	v.flag("featured_only", q.FeaturedOnly)
	v.flag("starred_only", q.StarredOnly)
	v.flag("template_only", q.TemplateOnly)
	v.number("visibility.gettable", int64(q.Gettable))
	v.text("search", q.Search)
	v.text("query", q.Query)
	v.text("name", q.Name)
	v.text("id", q.ID)
	return v.Values
}

// GetApp reads the app itself; not found (see [IsNotFound]) if the user has no app with this ID.
// GET /v2/users/{user}/apps/{app}; response SingleAppResponse. [protos]
func (c *Client) GetApp(ctx context.Context, app AppRef, additionalFields ...string) (*App, error) {
	var out SingleAppResponse
	if err := c.do(ctx, call{
		op: "GetApp", method: http.MethodGet, path: app.path(),
		query: additional(additionalFields),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetApp", "app", out.App)
}

// ListApps reads one page of a user's apps; past the end it is empty.
// GET /v2/users/{user}/apps; response MultiAppResponse. [protos]
func (c *Client) ListApps(ctx context.Context, userID string, query ListAppsQuery) ([]App, error) {
	var out MultiAppResponse
	if err := c.do(ctx, call{
		op: "ListApps", method: http.MethodGet, path: userPath(userID, "apps"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Apps, nil
}

// AllApps yields a user's apps, page by page.
func (c *Client) AllApps(ctx context.Context, userID string, query ListAppsQuery) iter.Seq2[App, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]App, error) {
		query := query
		query.Page = page
		return c.ListApps(ctx, userID, query)
	}, appID)
}

// PostApps creates apps. Needs a personal access token; an ID that exists is a duplicate (see [IsDuplicate]).
// POST /v2/users/{user}/apps; body PostAppsRequest, response MultiAppResponse. [protos]
func (c *Client) PostApps(ctx context.Context, userID string, apps []App) ([]App, error) {
	var out MultiAppResponse
	if err := c.do(ctx, call{
		op: "PostApps", method: http.MethodPost, path: userPath(userID, "apps"),
		in: PostAppsRequest{Apps: apps},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostApps", "apps", apps, out.Apps, appID)
}

// PatchApps changes apps: overwrite, or remove for the image. Not found if one ID is unknown.
// PATCH /v2/users/{user}/apps; body PatchAppsRequest, response MultiAppResponse. [protos]
func (c *Client) PatchApps(ctx context.Context, userID string, request PatchAppsRequest) ([]App, error) {
	var out MultiAppResponse
	if err := c.do(ctx, call{op: "PatchApps", method: http.MethodPatch, path: userPath(userID, "apps"), in: request}, &out); err != nil {
		return nil, err
	}
	return whole("PatchApps", "apps", request.Apps, out.Apps, appID)
}

// PatchApp changes one app: overwrite, or remove for the image. Not found if the ID is unknown.
// PATCH /v2/users/{user}/apps/{app}; body PatchAppRequest, response SingleAppResponse. [protos]
func (c *Client) PatchApp(ctx context.Context, app AppRef, request PatchAppRequest) (*App, error) {
	var out SingleAppResponse
	if err := c.do(ctx, call{op: "PatchApp", method: http.MethodPatch, path: app.path(), in: request}, &out); err != nil {
		return nil, err
	}
	return present("PatchApp", "app", out.App)
}

// PatchAppsIds renames one app. Afterwards the old id returns [StatusMoved].
// PATCH /v2/users/{user}/apps/ids; body PatchAppsIdsRequest, response MultiAppResponse. [protos]
func (c *Client) PatchAppsIds(ctx context.Context, userID string, change IDUpdateSource) (*App, error) {
	var out MultiAppResponse
	if err := c.do(ctx, call{
		op: "PatchAppsIds", method: http.MethodPatch, path: userPath(userID, "apps", "ids"),
		in: PatchAppsIdsRequest{IDs: []IDUpdateSource{change}, Action: ActionOverwrite},
	}, &out); err != nil {
		return nil, err
	}
	if len(out.Apps) == 0 {
		return nil, missing("PatchAppsIds", "apps")
	}
	return &out.Apps[0], nil
}

// DeleteApp deletes an app and everything in it. Needs a personal access token.
// DELETE /v2/users/{user}/apps/{app}; response BaseResponse. [protos]
func (c *Client) DeleteApp(ctx context.Context, app AppRef) error {
	var out BaseResponse
	return c.do(ctx, call{op: "DeleteApp", method: http.MethodDelete, path: app.path()}, &out)
}

func appID(a App) string { return a.ID }
