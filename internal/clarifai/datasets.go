package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// ListDatasetsQuery selects datasets. SortBy is one of the DatasetSort values; descending unless SortAscending.
type ListDatasetsQuery struct {
	Page
	AdditionalFields []string // "all", "stars" …
	SortAscending    bool
	SortBy           DatasetSort
	StarredOnly      bool
	Bookmark         *bool  // true: bookmarks only; false: none
	Search           string // words of id, description, notes and user id
	ID               string // fuzzy; deprecated
}

// DatasetSort is what a list of datasets is ordered by; the service's choice is modified_at.
type DatasetSort string

// Orders of datasets.
const (
	DatasetSortCreatedAt  DatasetSort = "sort_by_created_at"
	DatasetSortStarCount  DatasetSort = "sort_by_star_count"
	DatasetSortModifiedAt DatasetSort = "sort_by_modified_at"
	DatasetSortID         DatasetSort = "sort_by_id"
	DatasetSortRelevance  DatasetSort = "sort_by_relevance" // with Search only; newer than the documented surface
)

func (q ListDatasetsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.texts("additional_fields", q.AdditionalFields)
	v.flag("sort_ascending", q.SortAscending)
	v.flag(string(q.SortBy), q.SortBy != "")
	v.flag("starred_only", q.StarredOnly)
	if q.Bookmark != nil {
		v.Set("bookmark", strconv.FormatBool(*q.Bookmark))
	}
	v.text("search", q.Search)
	v.text("id", q.ID)
	return v.Values
}

// GetDataset reads one dataset; not found (see [IsNotFound]) when the app has none with this id.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}; answer SingleDatasetResponse. [documented]
func (c *Client) GetDataset(ctx context.Context, app AppRef, id string, additionalFields ...string) (*Dataset, error) {
	var out SingleDatasetResponse
	if err := c.do(ctx, call{
		op: "GetDataset", method: http.MethodGet, path: app.path("datasets", id),
		query: additional(additionalFields),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetDataset", "dataset", out.Dataset)
}

// ListDatasets reads one page of the app's datasets; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/datasets; answer MultiDatasetResponse. [documented]
func (c *Client) ListDatasets(ctx context.Context, app AppRef, query ListDatasetsQuery) ([]Dataset, error) {
	var out MultiDatasetResponse
	if err := c.do(ctx, call{op: "ListDatasets", method: http.MethodGet, path: app.path("datasets"), query: query.values()}, &out); err != nil {
		return nil, err
	}
	return out.Datasets, nil
}

// AllDatasets yields the app's datasets, page by page.
func (c *Client) AllDatasets(ctx context.Context, app AppRef, query ListDatasetsQuery) iter.Seq2[Dataset, error] {
	return walk(ctx, query.size(), func(page Page) ([]Dataset, error) {
		query.Page = page
		return c.ListDatasets(ctx, app, query)
	}, func(d Dataset) string { return d.ID })
}

// PostDatasets creates datasets, all or none. A taken id is a duplicate (see [IsDuplicate]).
// POST /v2/users/{user}/apps/{app}/datasets; body PostDatasetsRequest, answer MultiDatasetResponse. [documented]
func (c *Client) PostDatasets(ctx context.Context, app AppRef, datasets []Dataset) ([]Dataset, error) {
	var out MultiDatasetResponse
	if err := c.do(ctx, call{
		op: "PostDatasets", method: http.MethodPost, path: app.path("datasets"),
		in: PostDatasetsRequest{Datasets: datasets},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostDatasets", "datasets", len(datasets), out.Datasets)
}

// PatchDatasets changes datasets, all or none: merge, overwrite, or remove for the image only, whose
// current url must be sent. Not found when one id is unknown. Empty texts most likely change nothing [inferred].
// PATCH /v2/users/{user}/apps/{app}/datasets; body PatchDatasetsRequest, answer MultiDatasetResponse. [documented]
func (c *Client) PatchDatasets(ctx context.Context, app AppRef, datasets []Dataset, action PatchAction) ([]Dataset, error) {
	var out MultiDatasetResponse
	if err := c.do(ctx, call{
		op: "PatchDatasets", method: http.MethodPatch, path: app.path("datasets"),
		in: PatchDatasetsRequest{Datasets: datasets, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchDatasets", "datasets", len(datasets), out.Datasets)
}

// DeleteDatasets deletes datasets with their versions and memberships [inferred]; the inputs stay. An unknown
// id is not found or no error: undocumented.
// DELETE /v2/users/{user}/apps/{app}/datasets; body DeleteDatasetsRequest, answer BaseResponse. [documented]
func (c *Client) DeleteDatasets(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteDatasets", method: http.MethodDelete, path: app.path("datasets"),
		in: DeleteDatasetsRequest{DatasetIDs: ids},
	}, &out)
}
