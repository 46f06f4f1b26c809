package clarifai

import (
	"context"
	"iter"
	"net/http"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

func (r *MultiDatasetInputResponse) itemStatuses() []Status {
	statuses := make([]Status, len(r.DatasetInputs))
	for i := range r.DatasetInputs {
		statuses[i] = datasetInputStatus(r.DatasetInputs[i])
	}
	return statuses
}

func datasetInputStatus(d DatasetInput) Status {
	if d.Input == nil {
		return Status{}
	}
	return d.Input.Status
}

// GetDatasetInput reads one member of a dataset; not found if the input is not a member.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/inputs/{input}; response SingleDatasetInputResponse. [documented]
func (c *Client) GetDatasetInput(ctx context.Context, app AppRef, datasetID, inputID string) (*DatasetInput, error) {
	var out SingleDatasetInputResponse
	if err := c.do(ctx, call{
		op: "GetDatasetInput", method: http.MethodGet, path: app.path("datasets", datasetID, "inputs", inputID),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetDatasetInput", "dataset_input", out.DatasetInput)
}

// ListDatasetInputs reads one page of a dataset's members with their inputs; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/inputs; response MultiDatasetInputResponse. [documented]
func (c *Client) ListDatasetInputs(ctx context.Context, app AppRef, datasetID string, page Page) ([]DatasetInput, error) {
	var out MultiDatasetInputResponse
	if err := c.do(ctx, call{
		op: "ListDatasetInputs", method: http.MethodGet, path: app.path("datasets", datasetID, "inputs"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.DatasetInputs, nil
}

// AllDatasetInputs yields a dataset's members, page by page. If the caller knows how many to expect, pages are requested at
// once: see [Page].
func (c *Client) AllDatasetInputs(ctx context.Context, app AppRef, datasetID string, pages Page) iter.Seq2[DatasetInput, error] {
	return walk(ctx, pages, func(ctx context.Context, page Page) ([]DatasetInput, error) {
		return c.ListDatasetInputs(ctx, app, datasetID, page)
	}, datasetInputID)
}

func datasetInputID(d DatasetInput) string {
	if d.Input == nil {
		return ""
	}
	return d.Input.ID
}

// PostDatasetInputs adds inputs to a dataset, at most 128, and returns the outcome of each in the order of ids.
// An input that already is a member succeeds [inferred]; an unknown one is not found.
// POST /v2/users/{user}/apps/{app}/datasets/{dataset}/inputs;
// body PostDatasetInputsRequest, response MultiDatasetInputResponse. [documented]
func (c *Client) PostDatasetInputs(ctx context.Context, app AppRef, datasetID string, inputIDs []string) ([]Item[DatasetInput], error) {
	const op = "PostDatasetInputs"
	asked := make([]DatasetInput, len(inputIDs))
	for i, id := range inputIDs {
		asked[i].Input = &Input{ID: id}
	}
	var out MultiDatasetInputResponse
	if err := c.do(ctx, call{
		op: op, method: http.MethodPost, path: app.path("datasets", datasetID, "inputs"),
		in:         PostDatasetInputsRequest{DatasetInputs: asked},
		repeatable: true, // adding a member again changes nothing
		items:      len(asked),
	}, &out); err != nil {
		return nil, err
	}
	return outcomes(op, out.Status, asked, out.DatasetInputs, datasetInputID, datasetInputStatus)
}

// PostDatasetInputsSearch adds the inputs that a search finds to a dataset, in the background: follow the operation
// with [Client.GetBulkOperation]. It is the search form of [Client.PostDatasetInputs]. [documented]
func (c *Client) PostDatasetInputsSearch(ctx context.Context, app AppRef, datasetID string, search Search) (*BulkOperation, error) {
	const op = "PostDatasetInputs"
	var out MultiDatasetInputResponse
	if err := c.do(ctx, call{
		op: op, method: http.MethodPost, path: app.path("datasets", datasetID, "inputs"),
		in: PostDatasetInputsRequest{Search: &search},
	}, &out); err != nil {
		return nil, err
	}
	return present(op, "bulk_operation", out.BulkOperation)
}

// DeleteDatasetInputs ends memberships; the inputs stay in the app. Whether an input that is not a member is not found or
// no error is undocumented.
// DELETE /v2/users/{user}/apps/{app}/datasets/{dataset}/inputs;
// body DeleteDatasetInputsRequest, response BaseResponse. [documented]
func (c *Client) DeleteDatasetInputs(ctx context.Context, app AppRef, datasetID string, inputIDs []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteDatasetInputs", method: http.MethodDelete, path: app.path("datasets", datasetID, "inputs"),
		in: DeleteDatasetInputsRequest{InputIDs: inputIDs},
	}, &out)
}

var createDatasetInputs = write[string, DatasetInput]{
	op: "PostDatasetInputs", id: stringID,
	send: func(ctx context.Context, c *Client, at scope, ids []string) ([]Item[DatasetInput], error) {
		items, err := c.PostDatasetInputs(ctx, at.app, at.parent, ids)
		for i := range items {
			if IsDuplicate(items[i].Err) { // whether an input that is a member already is an error is undocumented
				items[i] = Item[DatasetInput]{Value: DatasetInput{Input: &Input{ID: ids[i]}}}
			}
		}
		return items, err
	},
}

var removeDatasetInputs = remove("DeleteDatasetInputs", func(ctx context.Context, c *Client, at scope, ids []string) error {
	return c.DeleteDatasetInputs(ctx, at.app, at.parent, ids)
})

// CreateDatasetInput makes one input a member of a dataset: [Client.PostDatasetInputs] with up to 128 of the same dataset.
func (c *Client) CreateDatasetInput(ctx context.Context, app AppRef, datasetID, inputID string) (*DatasetInput, error) {
	return createDatasetInputs.one(ctx, c, &c.batchers.createDatasetInput, scope{app: app, parent: datasetID}, inputID)
}

// CreateDatasetInputs makes inputs members of a dataset, at most 128.
func (c *Client) CreateDatasetInputs(ctx context.Context, app AppRef, datasetID string, ids []string) []Item[DatasetInput] {
	return createDatasetInputs.many(ctx, c, scope{app: app, parent: datasetID}, ids)
}

// RemoveDatasetInput ends one membership: [Client.DeleteDatasetInputs] with up to 128 of the same dataset.
func (c *Client) RemoveDatasetInput(ctx context.Context, app AppRef, datasetID, inputID string) error {
	_, err := removeDatasetInputs.one(ctx, c, &c.batchers.removeDatasetInput, scope{app: app, parent: datasetID}, inputID)
	return err
}

// RemoveDatasetInputs ends memberships, at most 128. For inputs that are not members, expect a not-found outcome.
func (c *Client) RemoveDatasetInputs(ctx context.Context, app AppRef, datasetID string, ids []string) []error {
	return itemErrors(removeDatasetInputs.many(ctx, c, scope{app: app, parent: datasetID}, ids))
}

// ReadDatasetInput reads one member of a dataset: [Client.GetDatasetInput] alone, [Client.ListDatasetInputs] together
// with others.
func (c *Client) ReadDatasetInput(ctx context.Context, app AppRef, datasetID, inputID string) (*DatasetInput, error) {
	return c.caches.datasetInputs.Get(ctx, scope{app: app, parent: datasetID}, inputID, cached(c, batch.Source[DatasetInput]{
		ID: datasetInputID,
		Get: func(ctx context.Context, id string) (*DatasetInput, error) {
			return c.GetDatasetInput(ctx, app, datasetID, id)
		},
		Page: func(ctx context.Context, number int) ([]DatasetInput, error) {
			return c.ListDatasetInputs(ctx, app, datasetID, longPage(number))
		},
	}))
}
