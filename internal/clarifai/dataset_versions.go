package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// ListDatasetVersionsQuery selects versions.
type ListDatasetVersionsQuery struct {
	Page
	RequestOrigins []DatasetVersionRequestOrigin // newer than the documented surface
}

func (q ListDatasetVersionsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	for _, origin := range q.RequestOrigins {
		v.Add("request_origins", origin.String())
	}
	return v.Values
}

// GetDatasetVersion reads one version, with exports and metrics once there are any; not found when there is none.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/versions/{version}; answer SingleDatasetVersionResponse. [documented]
func (c *Client) GetDatasetVersion(ctx context.Context, app AppRef, datasetID, versionID string) (*DatasetVersion, error) {
	var out SingleDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "GetDatasetVersion", method: http.MethodGet, path: app.path("datasets", datasetID, "versions", versionID),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetDatasetVersion", "dataset_version", out.DatasetVersion)
}

// ListDatasetVersions reads one page of a dataset's versions; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/versions; answer MultiDatasetVersionResponse. [documented]
func (c *Client) ListDatasetVersions(ctx context.Context, app AppRef, datasetID string, query ListDatasetVersionsQuery) ([]DatasetVersion, error) {
	var out MultiDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "ListDatasetVersions", method: http.MethodGet, path: app.path("datasets", datasetID, "versions"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.DatasetVersions, nil
}

// AllDatasetVersions yields a dataset's versions, page by page.
func (c *Client) AllDatasetVersions(ctx context.Context, app AppRef, datasetID string, query ListDatasetVersionsQuery) iter.Seq2[DatasetVersion, error] {
	return walk(ctx, query.size(), func(page Page) ([]DatasetVersion, error) {
		query.Page = page
		return c.ListDatasetVersions(ctx, app, datasetID, query)
	}, func(v DatasetVersion) string { return v.ID })
}

// PostDatasetVersions starts building versions: read them until 64015 (ready), or 64020 or 64025 (failed). Without a
// config the dataset's default filter is used. A taken id is a duplicate [inferred].
// POST /v2/users/{user}/apps/{app}/datasets/{dataset}/versions; body PostDatasetVersionsRequest, answer MultiDatasetVersionResponse. [documented]
func (c *Client) PostDatasetVersions(ctx context.Context, app AppRef, datasetID string, versions []DatasetVersion) ([]DatasetVersion, error) {
	var out MultiDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "PostDatasetVersions", method: http.MethodPost, path: app.path("datasets", datasetID, "versions"),
		in: PostDatasetVersionsRequest{DatasetVersions: versions},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostDatasetVersions", "dataset_versions", len(versions), out.DatasetVersions)
}

// PatchDatasetVersions changes description, metadata or visibility [inferred] of versions. Only overwrite is known.
// PATCH /v2/users/{user}/apps/{app}/datasets/{dataset}/versions; body PatchDatasetVersionsRequest, answer MultiDatasetVersionResponse. [documented]
func (c *Client) PatchDatasetVersions(ctx context.Context, app AppRef, datasetID string, versions []DatasetVersion, action PatchAction) ([]DatasetVersion, error) {
	var out MultiDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "PatchDatasetVersions", method: http.MethodPatch, path: app.path("datasets", datasetID, "versions"),
		in: PatchDatasetVersionsRequest{DatasetVersions: versions, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchDatasetVersions", "dataset_versions", len(versions), out.DatasetVersions)
}

// DeleteDatasetVersions deletes versions with their exports. A version in use is refused with 64030 [inferred].
// DELETE /v2/users/{user}/apps/{app}/datasets/{dataset}/versions; body DeleteDatasetVersionsRequest, answer BaseResponse. [documented]
func (c *Client) DeleteDatasetVersions(ctx context.Context, app AppRef, datasetID string, versionIDs []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteDatasetVersions", method: http.MethodDelete, path: app.path("datasets", datasetID, "versions"),
		in: DeleteDatasetVersionsRequest{DatasetVersionIDs: versionIDs},
	}, &out)
}

// ListDatasetVersionMetricsGroupsQuery selects metrics groups; values of one member are alternatives.
type ListDatasetVersionMetricsGroupsQuery struct {
	Page
	ParentPaths []string
	Types       []DatasetVersionMetricsGroupType
}

func (q ListDatasetVersionMetricsGroupsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.texts("parent_paths", q.ParentPaths)
	for _, t := range q.Types {
		v.Add("types", t.String())
	}
	return v.Values
}

// ListDatasetVersionMetricsGroups reads one page of a version's metrics groups; none until they are computed,
// which is some time after the version is ready.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/versions/{version}/metrics; answer MultiDatasetVersionMetricsGroupResponse. [documented]
func (c *Client) ListDatasetVersionMetricsGroups(ctx context.Context, app AppRef, datasetID, versionID string, query ListDatasetVersionMetricsGroupsQuery) ([]DatasetVersionMetricsGroup, error) {
	var out MultiDatasetVersionMetricsGroupResponse
	if err := c.do(ctx, call{
		op: "ListDatasetVersionMetricsGroups", method: http.MethodGet, path: app.path("datasets", datasetID, "versions", versionID, "metrics"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.DatasetVersionMetricsGroups, nil
}

// AllDatasetVersionMetricsGroups yields a version's metrics groups, page by page.
func (c *Client) AllDatasetVersionMetricsGroups(ctx context.Context, app AppRef, datasetID, versionID string, query ListDatasetVersionMetricsGroupsQuery) iter.Seq2[DatasetVersionMetricsGroup, error] {
	return walk(ctx, query.size(), func(page Page) ([]DatasetVersionMetricsGroup, error) {
		query.Page = page
		return c.ListDatasetVersionMetricsGroups(ctx, app, datasetID, versionID, query)
	}, func(g DatasetVersionMetricsGroup) string {
		return g.Type.String() + "\x00" + g.ParentPath + "\x00" + string(g.Value)
	})
}
