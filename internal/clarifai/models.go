package clarifai

import (
	"context"
	"net/http"
	"net/url"
)

// GetModelQuery narrows what is read of a model.
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

// ModelVersionSort is what a list of model versions is ordered by.
type ModelVersionSort string

// Orders of model versions.
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

// GetModel reads one model; 21200 when there is none.
// GET /v2/users/{user}/apps/{app}/models/{model}; answer SingleModelResponse. [protos]
func (c *Client) GetModel(ctx context.Context, app AppRef, id string, query GetModelQuery) (*Model, error) {
	var out SingleModelResponse
	if err := c.do(ctx, call{op: "GetModel", method: http.MethodGet, path: app.path("models", id), query: query.values()}, &out); err != nil {
		return nil, err
	}
	return present("GetModel", "model", out.Model)
}

// ListModelVersions reads one page of a model's versions; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/models/{model}/versions; answer MultiModelVersionResponse. [protos]
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

// GetModelVersion reads one version of a model; 21200 when there is none.
// GET /v2/users/{user}/apps/{app}/models/{model}/versions/{version}; answer SingleModelVersionResponse. [protos]
func (c *Client) GetModelVersion(ctx context.Context, app AppRef, modelID, versionID string) (*ModelVersion, error) {
	var out SingleModelVersionResponse
	if err := c.do(ctx, call{
		op: "GetModelVersion", method: http.MethodGet, path: app.path("models", modelID, "versions", versionID),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetModelVersion", "model_version", out.ModelVersion)
}

// GetModelType reads one model type, among others what its evaluations may be told.
// GET /v2/users/{user}/apps/{app}/models/types/{model_type}; answer SingleModelTypeResponse. [protos]
func (c *Client) GetModelType(ctx context.Context, app AppRef, id string) (*ModelType, error) {
	var out SingleModelTypeResponse
	if err := c.do(ctx, call{op: "GetModelType", method: http.MethodGet, path: app.path("models", "types", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetModelType", "model_type", out.ModelType)
}
