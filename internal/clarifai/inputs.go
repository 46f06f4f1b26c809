package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// ListInputsQuery selects inputs.
type ListInputsQuery struct {
	Page
	IDs        []string
	StatusCode StatusCode
}

func (q ListInputsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.texts("ids", q.IDs)
	v.number("status.code", int64(q.StatusCode))
	return v.Values
}

// StreamInputsQuery asks for the inputs after a given one, oldest first unless Descending.
type StreamInputsQuery struct {
	PerPage    uint32 // 0: 20
	LastID     string // last input of the answer before
	OrderByID  bool
	Descending bool
}

func (q StreamInputsQuery) values() url.Values {
	v := parameters{Page{PerPage: q.PerPage}.values()}
	v.text("last_id", q.LastID)
	v.flag("order_by_id", q.OrderByID)
	v.flag("descending", q.Descending)
	return v.Values
}

// PostInputsResult is the outcome of each input of a [Client.PostInputs], and the job where one was named.
type PostInputsResult struct {
	Items []Item[Input]
	Job   *InputsAddJob
}

// GetInput reads one input; not found when the app has none with this id, or when its delete is done. Its status tells how
// processing goes: 30001 and 30003 in progress, 30000 done, others failed.
// GET /v2/users/{user}/apps/{app}/inputs/{input}; answer SingleInputResponse. [protos]
func (c *Client) GetInput(ctx context.Context, app AppRef, id string) (*Input, error) {
	var out SingleInputResponse
	if err := c.do(ctx, call{op: "GetInput", method: http.MethodGet, path: app.path("inputs", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetInput", "input", out.Input)
}

// ListInputs reads one page of the app's inputs; past the end it is empty. Unknown ids are left out.
// GET /v2/users/{user}/apps/{app}/inputs; answer MultiInputResponse. [documented]
func (c *Client) ListInputs(ctx context.Context, app AppRef, query ListInputsQuery) ([]Input, error) {
	var out MultiInputResponse
	if err := c.do(ctx, call{op: "ListInputs", method: http.MethodGet, path: app.path("inputs"), query: query.values()}, &out); err != nil {
		return nil, err
	}
	return out.Inputs, nil
}

// AllInputs yields the app's inputs, page by page.
func (c *Client) AllInputs(ctx context.Context, app AppRef, query ListInputsQuery) iter.Seq2[Input, error] {
	return walk(ctx, query.size(), func(page Page) ([]Input, error) {
		query.Page = page
		return c.ListInputs(ctx, app, query)
	}, func(i Input) string { return i.ID })
}

// StreamInputs reads the inputs after query.LastID, by cursor; none at the end. A plain call despite its name.
// GET /v2/users/{user}/apps/{app}/inputs/stream; answer MultiInputResponse. [documented]
func (c *Client) StreamInputs(ctx context.Context, app AppRef, query StreamInputsQuery) ([]Input, error) {
	var out MultiInputResponse
	if err := c.do(ctx, call{
		op: "StreamInputs", method: http.MethodGet, path: app.path("inputs", "stream"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Inputs, nil
}

// AllInputsByCursor yields the app's inputs after query.LastID, by cursor. Unlike pages, it skips nothing when
// inputs come or go meanwhile.
func (c *Client) AllInputsByCursor(ctx context.Context, app AppRef, query StreamInputsQuery) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		seen := map[string]struct{}{}
		for {
			inputs, err := c.StreamInputs(ctx, app, query)
			if err != nil {
				yield(Input{}, err)
				return
			}
			fresh := false
			for _, input := range inputs {
				if _, repeated := seen[input.ID]; repeated {
					continue
				}
				seen[input.ID], fresh = struct{}{}, true
				if !yield(input, nil) {
					return
				}
			}
			if !fresh { // the end, or a service that ignores the cursor
				return
			}
			query.LastID = inputs[len(inputs)-1].ID
		}
	}
}

// PostInputs adds inputs, at most 128, and gives the outcome of each, in the order asked: accepted, to be processed in the
// background, or refused. A taken id or URL is 30100, a bad field 30104; an empty or too long list fails as a whole with 39999.
// POST /v2/users/{user}/apps/{app}/inputs; body PostInputsRequest, answer MultiInputResponse. [documented]
func (c *Client) PostInputs(ctx context.Context, app AppRef, request PostInputsRequest) (*PostInputsResult, error) {
	const op = "PostInputs"
	var out MultiInputResponse
	if err := c.do(ctx, call{op: op, method: http.MethodPost, path: app.path("inputs"), in: request, items: true}, &out); err != nil {
		return nil, err
	}
	items, err := outcomes(op, out.Status, request.Inputs, out.Inputs, inputID, inputStatus)
	if err != nil {
		return nil, err
	}
	return &PostInputsResult{Items: items, Job: out.InputsAddJob}, nil
}

func inputID(i Input) string { return i.ID }

func inputStatus(i Input) Status { return i.Status }

// PatchInputs changes concepts, metadata and geo of inputs, at most 128, and gives the outcome of each, in the order asked.
// merge adds or replaces, overwrite also drops what is not sent, remove takes away what is named. The medium never changes.
// PATCH /v2/users/{user}/apps/{app}/inputs; body PatchInputsRequest, answer MultiInputResponse. [documented]
func (c *Client) PatchInputs(ctx context.Context, app AppRef, inputs []Input, action PatchAction) ([]Item[Input], error) {
	const op = "PatchInputs"
	var out MultiInputResponse
	if err := c.do(ctx, call{
		op: op, method: http.MethodPatch, path: app.path("inputs"),
		in:    PatchInputsRequest{Inputs: inputs, Action: action},
		items: true,
	}, &out); err != nil {
		return nil, err
	}
	return outcomes(op, out.Status, inputs, out.Inputs, inputID, inputStatus)
}

// DeleteInputs starts deleting inputs, at most 128; one is gone when [Client.GetInput] does not find it.
// DELETE /v2/users/{user}/apps/{app}/inputs; body DeleteInputsRequest, answer BaseResponse. [documented]
func (c *Client) DeleteInputs(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteInputs", method: http.MethodDelete, path: app.path("inputs"),
		in: DeleteInputsRequest{IDs: ids},
	}, &out)
}

// DeleteInput starts deleting one input; it is gone when [Client.GetInput] does not find it. Not found when unknown [inferred].
// DELETE /v2/users/{user}/apps/{app}/inputs/{input}; answer BaseResponse. [documented]
func (c *Client) DeleteInput(ctx context.Context, app AppRef, id string) error {
	var out BaseResponse
	return c.do(ctx, call{op: "DeleteInput", method: http.MethodDelete, path: app.path("inputs", id)}, &out)
}

// GetInputCount counts the app's inputs by state; counts may lag behind deletes.
// GET /v2/users/{user}/apps/{app}/inputs/status; answer SingleInputCountResponse. [documented]
func (c *Client) GetInputCount(ctx context.Context, app AppRef) (*InputCount, error) {
	var out SingleInputCountResponse
	if err := c.do(ctx, call{op: "GetInputCount", method: http.MethodGet, path: app.path("inputs", "status")}, &out); err != nil {
		return nil, err
	}
	return present("GetInputCount", "counts", out.Counts)
}
