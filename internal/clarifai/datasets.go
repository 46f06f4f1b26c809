package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// Dataset is a named collection of inputs.
//
// Settable on create: id (fixed afterwards), description, notes, metadata, visibility,
// default_annotation_filter, default_processing_info, image; all but the id can be
// patched. All other fields are output.
type Dataset struct {
	ID                      string                        `json:"id,omitzero"`
	CreatedAt               time.Time                     `json:"created_at,omitzero"`
	ModifiedAt              time.Time                     `json:"modified_at,omitzero"`
	AppID                   string                        `json:"app_id,omitzero"`
	UserID                  string                        `json:"user_id,omitzero"`
	Description             string                        `json:"description,omitzero"`
	Notes                   string                        `json:"notes,omitzero"` // up to 64 KB
	Metadata                Struct                        `json:"metadata,omitzero"`
	Visibility              *Visibility                   `json:"visibility,omitzero"`
	DefaultAnnotationFilter *AnnotationFilter             `json:"default_annotation_filter,omitzero"` // for versions created without a filter
	DefaultProcessingInfo   *DatasetVersionProcessingInfo `json:"default_processing_info,omitzero"`   // for versions without their own
	Version                 *DatasetVersion               `json:"version,omitzero"`                   // in references: the version
	IsStarred               bool                          `json:"is_starred,omitzero"`
	StarCount               int32                         `json:"star_count,omitzero"`
	BookmarkOrigin          *BookmarkOrigin               `json:"bookmark_origin,omitzero"`
	Image                   *Image                        `json:"image,omitzero"`
}

// DatasetInput is the membership of an input in a dataset. Requests only need input.id.
// In responses to PostDatasetInputs, input.status is the outcome for that input. Reads
// return the whole input.
type DatasetInput struct {
	CreatedAt time.Time `json:"created_at,omitzero"` // when the input was added
	Input     *Input    `json:"input,omitzero"`
}

// PostDatasetsRequest creates datasets, all or none.
type PostDatasetsRequest struct {
	Datasets []Dataset `json:"datasets"`
}

// PatchDatasetsRequest changes datasets, all or none.
type PatchDatasetsRequest struct {
	Datasets []Dataset   `json:"datasets"`
	Action   PatchAction `json:"action,omitzero"` // merge, overwrite, or remove (the image only)
}

// DeleteDatasetsRequest deletes datasets with their versions; their inputs stay.
type DeleteDatasetsRequest struct {
	DatasetIDs []string `json:"dataset_ids"`
}

// PostDatasetInputsRequest adds inputs to a dataset, by ID or by a search.
type PostDatasetInputsRequest struct {
	DatasetInputs []DatasetInput `json:"dataset_inputs,omitempty"`
	Search        *Search        `json:"search,omitzero"`
}

// DeleteDatasetInputsRequest removes inputs from a dataset; the inputs stay in the app.
type DeleteDatasetInputsRequest struct {
	InputIDs []string `json:"input_ids"`
}

// SingleDatasetResponse carries one dataset.
type SingleDatasetResponse struct {
	Envelope
	Dataset *Dataset `json:"dataset,omitzero"`
}

// MultiDatasetResponse carries datasets.
type MultiDatasetResponse struct {
	Envelope
	Datasets []Dataset `json:"datasets"`
}

// SingleDatasetInputResponse carries one membership.
type SingleDatasetInputResponse struct {
	Envelope
	DatasetInput *DatasetInput `json:"dataset_input,omitzero"`
}

// MultiDatasetInputResponse carries memberships, or the operation that creates them.
type MultiDatasetInputResponse struct {
	Envelope
	DatasetInputs []DatasetInput `json:"dataset_inputs"`
	BulkOperation *BulkOperation `json:"bulk_operation,omitzero"`
}

// ListDatasetsQuery selects datasets. SortBy is one of the DatasetSort values; descending unless SortAscending.
type ListDatasetsQuery struct {
	Page
	AdditionalFields []string // "all", "stars" …
	SortAscending    bool
	SortBy           DatasetSort
	StarredOnly      bool
	Bookmark         *bool  // true: bookmarks only; false: none
	Search           string // words in ID, description, notes and user ID
	ID               string // matches similar IDs; deprecated
}

// DatasetSort is the key by which a list of datasets is sorted; the service's default is modified_at.
type DatasetSort string

// Sort keys of datasets.
const (
	DatasetSortCreatedAt  DatasetSort = "sort_by_created_at"
	DatasetSortStarCount  DatasetSort = "sort_by_star_count"
	DatasetSortModifiedAt DatasetSort = "sort_by_modified_at"
	DatasetSortID         DatasetSort = "sort_by_id"
	DatasetSortRelevance  DatasetSort = "sort_by_relevance" // with Search only; newer than the documentation
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

// GetDataset reads one dataset; not found (see [IsNotFound]) if the app has no dataset with this ID.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}; response SingleDatasetResponse. [documented]
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
// GET /v2/users/{user}/apps/{app}/datasets; response MultiDatasetResponse. [documented]
func (c *Client) ListDatasets(ctx context.Context, app AppRef, query ListDatasetsQuery) ([]Dataset, error) {
	var out MultiDatasetResponse
	if err := c.do(ctx, call{
		op: "ListDatasets", method: http.MethodGet, path: app.path("datasets"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Datasets, nil
}

// AllDatasets yields the app's datasets, page by page.
func (c *Client) AllDatasets(ctx context.Context, app AppRef, query ListDatasetsQuery) iter.Seq2[Dataset, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]Dataset, error) {
		query := query
		query.Page = page
		return c.ListDatasets(ctx, app, query)
	}, datasetID)
}

// PostDatasets creates datasets, all or none. An ID that exists is a duplicate (see [IsDuplicate]).
// POST /v2/users/{user}/apps/{app}/datasets; body PostDatasetsRequest, response MultiDatasetResponse. [documented]
func (c *Client) PostDatasets(ctx context.Context, app AppRef, datasets []Dataset) ([]Dataset, error) {
	var out MultiDatasetResponse
	if err := c.do(ctx, call{
		op: "PostDatasets", method: http.MethodPost, path: app.path("datasets"),
		in: PostDatasetsRequest{Datasets: datasets},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostDatasets", "datasets", datasets, out.Datasets, datasetID)
}

// PatchDatasets changes datasets, all or none: merge, overwrite, or remove for the image only, whose
// current URL must be sent. Not found if one ID is unknown. Empty texts most likely change nothing [inferred].
// PATCH /v2/users/{user}/apps/{app}/datasets; body PatchDatasetsRequest, response MultiDatasetResponse. [documented]
func (c *Client) PatchDatasets(ctx context.Context, app AppRef, datasets []Dataset, action PatchAction) ([]Dataset, error) {
	var out MultiDatasetResponse
	if err := c.do(ctx, call{
		op: "PatchDatasets", method: http.MethodPatch, path: app.path("datasets"),
		in: PatchDatasetsRequest{Datasets: datasets, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchDatasets", "datasets", datasets, out.Datasets, datasetID)
}

// DeleteDatasets deletes datasets with their versions and memberships [inferred]; the inputs stay. Whether an unknown
// ID is not found or no error is undocumented.
// DELETE /v2/users/{user}/apps/{app}/datasets; body DeleteDatasetsRequest, response BaseResponse. [documented]
func (c *Client) DeleteDatasets(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteDatasets", method: http.MethodDelete, path: app.path("datasets"),
		in: DeleteDatasetsRequest{DatasetIDs: ids},
	}, &out)
}

func datasetID(d Dataset) string { return d.ID }

var createDatasets = write[Dataset, Dataset]{
	op: "PostDatasets", id: datasetID, creates: true, atomic: true,
	send: func(ctx context.Context, c *Client, at scope, datasets []Dataset) ([]Item[Dataset], error) {
		created, err := c.PostDatasets(ctx, at.app, datasets)
		return matchItems("PostDatasets", datasets, created, datasetID, err)
	},
}

var updateDatasets = write[Dataset, Dataset]{
	op: "PatchDatasets", id: datasetID,
	send: func(ctx context.Context, c *Client, at scope, datasets []Dataset) ([]Item[Dataset], error) {
		updated, err := c.PatchDatasets(ctx, at.app, datasets, at.action)
		return matchItems("PatchDatasets", datasets, updated, datasetID, err)
	},
}

var removeDatasets = remove("DeleteDatasets", func(ctx context.Context, c *Client, at scope, ids []string) error {
	return c.DeleteDatasets(ctx, at.app, ids)
})

// CreateDataset creates one dataset: [Client.PostDatasets] with up to 128. That request creates all or none: if it is
// rejected, halves of it are sent until the rejected dataset is isolated, and the others are created.
func (c *Client) CreateDataset(ctx context.Context, app AppRef, dataset Dataset) (*Dataset, error) {
	return createDatasets.one(ctx, c, &c.batchers.createDataset, scope{app: app}, dataset)
}

// UpdateDataset changes one dataset: [Client.PatchDatasets] with up to 128 of the same action.
func (c *Client) UpdateDataset(ctx context.Context, app AppRef, dataset Dataset, action PatchAction) (*Dataset, error) {
	return updateDatasets.one(ctx, c, &c.batchers.updateDataset, scope{app: app, action: action}, dataset)
}

// RemoveDataset deletes one dataset: [Client.DeleteDatasets] with up to 128.
func (c *Client) RemoveDataset(ctx context.Context, app AppRef, id string) error {
	_, err := removeDatasets.one(ctx, c, &c.batchers.removeDataset, scope{app: app}, id)
	return err
}

// ReadDataset reads one dataset: [Client.GetDataset] alone, [Client.ListDatasets] together with others.
func (c *Client) ReadDataset(ctx context.Context, app AppRef, id string) (*Dataset, error) {
	return c.caches.datasets.Get(ctx, scope{app: app}, id, cached(c, batch.Source[Dataset]{
		ID:  datasetID,
		Get: func(ctx context.Context, id string) (*Dataset, error) { return c.GetDataset(ctx, app, id) },
		Page: func(ctx context.Context, number int) ([]Dataset, error) {
			return c.ListDatasets(ctx, app, ListDatasetsQuery{Page: longPage(number), SortBy: DatasetSortCreatedAt})
		},
	}))
}
