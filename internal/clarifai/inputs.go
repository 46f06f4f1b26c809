package clarifai

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// Input is one piece of data (an image, video, audio or text) with its labels.
//
// Settable on create: id and the content in data (both fixed), all other fields of data
// (patchable), dataset_ids (datasets to add the input to, only read by PostInputs and never
// returned), settings. Output: times and status. In filters dataset_ids, status.code and
// empty contents act as conditions.
type Input struct {
	ID         string         `json:"id,omitzero"`
	Data       *Data          `json:"data,omitzero"`
	CreatedAt  time.Time      `json:"created_at,omitzero"`
	ModifiedAt time.Time      `json:"modified_at,omitzero"`
	Status     Status         `json:"status,omitzero"`
	DatasetIDs []string       `json:"dataset_ids,omitempty"`
	Settings   *InputSettings `json:"settings,omitzero"`
}

// InputSettings are settings for the annotation of videos. Settable; newer than the documentation.
type InputSettings struct {
	Worker          *Worker   `json:"worker,omitzero"`
	SampleRateMs    uint32    `json:"sample_rate_ms,omitzero"`
	SampleRateFrame uint32    `json:"sample_rate_frame,omitzero"`
	PinnedConcepts  []Concept `json:"pinned_concepts,omitempty"`
}

// InputCount counts an app's inputs by processing state. Output only; may lag behind deletes.
type InputCount struct {
	Processed     uint32 `json:"processed"`
	ToProcess     uint32 `json:"to_process"`
	Errors        uint32 `json:"errors"`
	Processing    uint32 `json:"processing"`
	Reindexed     uint32 `json:"reindexed"`
	ToReindex     uint32 `json:"to_reindex"`
	ReindexErrors uint32 `json:"reindex_errors"`
	Reindexing    uint32 `json:"reindexing"`
}

// PostInputsRequest adds inputs, at most 128. Each has its own outcome.
type PostInputsRequest struct {
	Inputs                    []Input                   `json:"inputs"`
	InputsAddJobID            string                    `json:"inputs_add_job_id,omitzero"` // job that counts the outcomes
	InputIDConflictResolution InputIDConflictResolution `json:"input_id_conflict_resolution,omitzero"`
}

// PatchInputsRequest changes concepts, metadata and geo of inputs, at most 128.
type PatchInputsRequest struct {
	Inputs []Input     `json:"inputs"`
	Action PatchAction `json:"action,omitzero"` // merge, overwrite or remove
}

// DeleteInputsRequest deletes inputs in the background.
type DeleteInputsRequest struct {
	IDs []string `json:"ids"`
}

// SingleInputResponse carries one input.
type SingleInputResponse struct {
	Envelope
	Input *Input `json:"input,omitzero"`
}

// MultiInputResponse carries inputs and, if the request named one, the job that adds them.
type MultiInputResponse struct {
	Envelope
	Inputs       []Input       `json:"inputs"`
	InputsAddJob *InputsAddJob `json:"inputs_add_job,omitzero"`
}

func (r *MultiInputResponse) itemStatuses() []Status {
	statuses := make([]Status, len(r.Inputs))
	for i := range r.Inputs {
		statuses[i] = r.Inputs[i].Status
	}
	return statuses
}

// SingleInputCountResponse carries an app's input counts.
type SingleInputCountResponse struct {
	Envelope
	Counts *InputCount `json:"counts,omitzero"`
}

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

// StreamInputsQuery selects the inputs after a given one, oldest first unless Descending.
type StreamInputsQuery struct {
	PerPage    uint32 // 0: 20
	LastID     string // last input of the previous response
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

// PostInputsResult holds the outcome of each input of a [Client.PostInputs], and the job if the request named one.
type PostInputsResult struct {
	Items []Item[Input]
	Job   *InputsAddJob
}

// GetInput reads one input; not found if the app has no input with this ID, or if its delete is done. The status tells the state
// of processing: 30001 and 30003 in progress, 30000 done, others failed.
// GET /v2/users/{user}/apps/{app}/inputs/{input}; response SingleInputResponse. [protos]
func (c *Client) GetInput(ctx context.Context, app AppRef, id string) (*Input, error) {
	var out SingleInputResponse
	if err := c.do(ctx, call{op: "GetInput", method: http.MethodGet, path: app.path("inputs", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetInput", "input", out.Input)
}

// ListInputs reads one page of the app's inputs; past the end it is empty. Unknown ids are left out.
// GET /v2/users/{user}/apps/{app}/inputs; response MultiInputResponse. [documented]
func (c *Client) ListInputs(ctx context.Context, app AppRef, query ListInputsQuery) ([]Input, error) {
	var out MultiInputResponse
	if err := c.do(ctx, call{op: "ListInputs", method: http.MethodGet, path: app.path("inputs"), query: query.values()}, &out); err != nil {
		return nil, err
	}
	return out.Inputs, nil
}

// AllInputs yields the app's inputs, page by page.
func (c *Client) AllInputs(ctx context.Context, app AppRef, query ListInputsQuery) iter.Seq2[Input, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]Input, error) {
		query := query
		query.Page = page
		return c.ListInputs(ctx, app, query)
	}, func(i Input) string { return i.ID })
}

// StreamInputs reads the inputs after query.LastID, by cursor; none at the end. In spite of its name it is a plain request.
// GET /v2/users/{user}/apps/{app}/inputs/stream; response MultiInputResponse. [documented]
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

// AllInputsByCursor yields the app's inputs after query.LastID, by cursor. Unlike pages, it skips nothing if
// inputs are added or deleted meanwhile.
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

// PostInputs adds inputs, at most 128, and returns the outcome of each in the order of the request: accepted, to be processed in
// the background, or rejected. An ID or URL that exists is 30100, a bad field 30104; an empty or too long list fails as a whole with 39999.
// POST /v2/users/{user}/apps/{app}/inputs; body PostInputsRequest, response MultiInputResponse. [documented]
func (c *Client) PostInputs(ctx context.Context, app AppRef, request PostInputsRequest) (*PostInputsResult, error) {
	var out MultiInputResponse
	if err := c.postInputs(ctx, app, request, &out); err != nil {
		return nil, err
	}
	items, err := outcomes("PostInputs", out.Status, request.Inputs, out.Inputs, inputID, inputStatus)
	if err != nil {
		return nil, err
	}
	return &PostInputsResult{Items: items, Job: out.InputsAddJob}, nil
}

func (c *Client) postInputs(ctx context.Context, app AppRef, request PostInputsRequest, out envelope) error {
	return c.do(ctx, call{
		op: "PostInputs", method: http.MethodPost, path: app.path("inputs"),
		in: request, items: len(request.Inputs),
	}, out)
}

// postInputsBriefly is [Client.PostInputs] for callers with many inputs: of each input in the response it decodes only
// id, times and status.
func (c *Client) postInputsBriefly(ctx context.Context, app AppRef, inputs []Input) ([]Item[Input], error) {
	var out briefInputsResponse
	if err := c.postInputs(ctx, app, PostInputsRequest{Inputs: inputs}, &out); err != nil {
		return nil, err
	}
	received := make([]Input, len(out.Inputs))
	for i, in := range out.Inputs {
		received[i] = Input{ID: in.ID, CreatedAt: in.CreatedAt, ModifiedAt: in.ModifiedAt, Status: in.Status}
	}
	return outcomes("PostInputs", out.Status, inputs, received, inputID, inputStatus)
}

type briefInputsResponse struct {
	Envelope
	Inputs []struct {
		ID         string    `json:"id"`
		CreatedAt  time.Time `json:"created_at"`
		ModifiedAt time.Time `json:"modified_at"`
		Status     Status    `json:"status"`
	} `json:"inputs"`
}

func (r *briefInputsResponse) itemStatuses() []Status {
	statuses := make([]Status, len(r.Inputs))
	for i := range r.Inputs {
		statuses[i] = r.Inputs[i].Status
	}
	return statuses
}

func inputID(i Input) string { return i.ID }

func inputStatus(i Input) Status { return i.Status }

// PatchInputs changes concepts, metadata and geo of inputs, at most 128, and returns the outcome of each in the order of the
// request. merge adds or replaces; overwrite also removes what the request omits; remove removes what it names. The content never changes.
// PATCH /v2/users/{user}/apps/{app}/inputs; body PatchInputsRequest, response MultiInputResponse. [documented]
func (c *Client) PatchInputs(ctx context.Context, app AppRef, inputs []Input, action PatchAction) ([]Item[Input], error) {
	const op = "PatchInputs"
	var out MultiInputResponse
	if err := c.do(ctx, call{
		op: op, method: http.MethodPatch, path: app.path("inputs"),
		in:    PatchInputsRequest{Inputs: inputs, Action: action},
		items: len(inputs),
	}, &out); err != nil {
		return nil, err
	}
	return outcomes(op, out.Status, inputs, out.Inputs, inputID, inputStatus)
}

// DeleteInputs starts deleting inputs, at most 128. The delete of an input is done when [Client.GetInput] returns not found.
// DELETE /v2/users/{user}/apps/{app}/inputs; body DeleteInputsRequest, response BaseResponse. [documented]
func (c *Client) DeleteInputs(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteInputs", method: http.MethodDelete, path: app.path("inputs"),
		in: DeleteInputsRequest{IDs: ids},
	}, &out)
}

// DeleteInput starts deleting one input. The delete is done when [Client.GetInput] returns not found. An unknown ID
// is not found [inferred].
// DELETE /v2/users/{user}/apps/{app}/inputs/{input}; response BaseResponse. [documented]
func (c *Client) DeleteInput(ctx context.Context, app AppRef, id string) error {
	var out BaseResponse
	return c.do(ctx, call{op: "DeleteInput", method: http.MethodDelete, path: app.path("inputs", id)}, &out)
}

// GetInputCount counts the app's inputs by state; counts may lag behind deletes.
// GET /v2/users/{user}/apps/{app}/inputs/status; response SingleInputCountResponse. [documented]
func (c *Client) GetInputCount(ctx context.Context, app AppRef) (*InputCount, error) {
	var out SingleInputCountResponse
	if err := c.do(ctx, call{op: "GetInputCount", method: http.MethodGet, path: app.path("inputs", "status")}, &out); err != nil {
		return nil, err
	}
	return present("GetInputCount", "counts", out.Counts)
}

var createInputs = write[Input, Input]{
	op: "PostInputs", id: inputID, creates: true, atomic: true,
	send: func(ctx context.Context, c *Client, at scope, inputs []Input) ([]Item[Input], error) {
		if at.brief {
			return c.postInputsBriefly(ctx, at.app, inputs)
		}
		result, err := c.PostInputs(ctx, at.app, PostInputsRequest{
			Inputs: inputs, InputsAddJobID: at.adding.JobID, InputIDConflictResolution: at.adding.ConflictResolution,
		})
		if err != nil {
			return nil, err
		}
		return result.Items, nil
	},
}

var updateInputs = write[Input, Input]{
	op: "PatchInputs", id: inputID,
	send: func(ctx context.Context, c *Client, at scope, inputs []Input) ([]Item[Input], error) {
		return c.PatchInputs(ctx, at.app, inputs, at.action)
	},
}

var removeInputs = remove("DeleteInputs", func(ctx context.Context, c *Client, at scope, ids []string) error {
	if len(ids) == 1 {
		return c.DeleteInput(ctx, at.app, ids[0])
	}
	return c.DeleteInputs(ctx, at.app, ids)
})

// AddOptions are the settings of a [Client.PostInputs] that apply to all inputs of the request.
type AddOptions struct {
	JobID              string // job that counts the outcomes
	ConflictResolution InputIDConflictResolution
}

// CreateInput adds one input: [Client.PostInputs] with up to 128. A video is sent alone, because the service takes one
// per request.
func (c *Client) CreateInput(ctx context.Context, app AppRef, input Input) (*Input, error) {
	return c.CreateInputWith(ctx, app, input, AddOptions{})
}

// CreateInputWith is [Client.CreateInput] with options. Inputs with the same options share a request.
func (c *Client) CreateInputWith(ctx context.Context, app AppRef, input Input, options AddOptions) (*Input, error) {
	at := scope{app: app, adding: options}
	if input.Data != nil && input.Data.Video != nil {
		created := createInputs.many(ctx, c, at, []Input{input})[0]
		if created.Err != nil {
			return nil, created.Err
		}
		return &created.Value, nil
	}
	return createInputs.one(ctx, c, &c.batchers.createInput, at, input)
}

// CreateInputs adds inputs, at most 128, of which at most one is a video. The results carry id, times and status.
func (c *Client) CreateInputs(ctx context.Context, app AppRef, inputs []Input) []Item[Input] {
	return createInputs.many(ctx, c, scope{app: app, brief: true}, inputs)
}

// UpdateInput changes concepts, metadata and geo location of one input: [Client.PatchInputs] with up to 128 of the same
// action.
func (c *Client) UpdateInput(ctx context.Context, app AppRef, input Input, action PatchAction) (*Input, error) {
	return updateInputs.one(ctx, c, &c.batchers.updateInput, scope{app: app, action: action}, input)
}

// UpdateInputs changes concepts, metadata and geo location of inputs, at most 128.
func (c *Client) UpdateInputs(ctx context.Context, app AppRef, inputs []Input, action PatchAction) []Item[Input] {
	return updateInputs.many(ctx, c, scope{app: app, action: action}, inputs)
}

// RemoveInput starts deleting one input: [Client.DeleteInput] if no other caller deletes one, [Client.DeleteInputs] otherwise.
// If the input no longer exists, expect a not-found error. The delete is done when [Client.PollRemovedInput] returns
// not found.
func (c *Client) RemoveInput(ctx context.Context, app AppRef, id string) error {
	_, err := removeInputs.one(ctx, c, &c.batchers.removeInput, scope{app: app}, id)
	return err
}

// RemoveInputs starts deleting inputs, at most 128. For inputs that no longer exist, expect a not-found outcome.
func (c *Client) RemoveInputs(ctx context.Context, app AppRef, ids []string) []error {
	return itemErrors(removeInputs.many(ctx, c, scope{app: app}, ids))
}

// ReadInput reads one input: [Client.GetInput] alone, or [Client.ListInputs] by IDs or by pages together with others.
func (c *Client) ReadInput(ctx context.Context, app AppRef, id string) (*Input, error) {
	return c.caches.inputs.Get(ctx, scope{app: app}, id, cached(c, batch.Source[Input]{
		ID:  inputID,
		Get: func(ctx context.Context, id string) (*Input, error) { return c.GetInput(ctx, app, id) },
		Page: func(ctx context.Context, number int) ([]Input, error) {
			return c.ListInputs(ctx, app, ListInputsQuery{Page: longPage(number)})
		},
		ByIDs: func(ctx context.Context, ids []string) ([]Input, error) { return c.inputsByIDs(ctx, app, ids) },
	}))
}

// ReadInputs reads the inputs with the IDs and omits those that the app does not have, or that a list does not show yet.
// It sends as few requests as possible: one for up to 128 IDs, or one for each page of an app that has total inputs. It
// passes each input to found as soon as it is read.
func (c *Client) ReadInputs(ctx context.Context, app AppRef, ids []string, total int, found func(*Input)) error {
	wanted := slices.Sorted(slices.Values(ids))
	wanted = slices.Compact(wanted)
	requests := 0
	for range chunkIDs(wanted) {
		requests++
	}
	if pages := total/MaxPerPage + 1; pages < requests {
		for input, err := range c.AllInputs(ctx, app, ListInputsQuery{Page: Page{PerPage: MaxPerPage, Expected: total}}) {
			if err != nil {
				return err
			}
			if _, ok := slices.BinarySearch(wanted, input.ID); ok {
				found(&input)
			}
		}
		return nil
	}
	for chunk := range chunkIDs(wanted) {
		inputs, err := c.inputsByIDs(ctx, app, chunk)
		if err != nil {
			return err
		}
		for i := range inputs {
			if slices.Contains(chunk, inputs[i].ID) { // a service might ignore the IDs
				found(&inputs[i])
			}
		}
	}
	return nil
}

func (c *Client) inputsByIDs(ctx context.Context, app AppRef, ids []string) ([]Input, error) {
	return c.ListInputs(ctx, app, ListInputsQuery{IDs: ids, Page: Page{PerPage: MaxItemsPerCall}})
}

// PollInput reads an input's current state within the given time, or earlier if others poll inputs of the app.
// [Client.GetInput] alone, [Client.ListInputs] by IDs together with others. What the list omits is read by itself,
// because a list can lag.
func (c *Client) PollInput(ctx context.Context, app AppRef, id string, within time.Duration) (*Input, error) {
	return c.pollers.inputs.Poll(ctx, scope{app: app}, id, within, polled(c, MaxItemsPerCall,
		func(ctx context.Context, c *Client, ids []string) map[string]Item[*Input] {
			return c.pollInputs(ctx, app, ids, func(omitted []string, _ bool) map[string]Item[*Input] {
				return c.getInputs(ctx, app, omitted)
			})
		}))
}

// PollRemovedInput is [Client.PollInput] for an input whose delete has been accepted, where not found is success. Of
// those that the list omits only one is read by itself: if it no longer exists, neither do the others.
func (c *Client) PollRemovedInput(ctx context.Context, app AppRef, id string, within time.Duration) (*Input, error) {
	return c.pollers.removedInputs.Poll(ctx, scope{app: app}, id, within, polled(c, MaxItemsPerCall,
		func(ctx context.Context, c *Client, ids []string) map[string]Item[*Input] {
			return c.pollInputs(ctx, app, ids, func(omitted []string, filtered bool) map[string]Item[*Input] {
				return c.getRemovedInputs(ctx, app, omitted, filtered)
			})
		}))
}

func (c *Client) getRemovedInputs(ctx context.Context, app AppRef, omitted []string, filtered bool) map[string]Item[*Input] {
	if !filtered {
		return c.getInputs(ctx, app, omitted)
	}
	found := c.getInputs(ctx, app, omitted[:1])
	if !IsNotFound(found[omitted[0]].Err) {
		maps.Copy(found, c.getInputs(ctx, app, omitted[1:]))
		return found
	}
	for _, id := range omitted[1:] {
		found[id] = Item[*Input]{Err: NewNotFound("ListInputs", fmt.Sprintf("the app has no input %q", id))}
	}
	return found
}

// pollInputs lists inputs by IDs, and has getOmitted read those that the list omits. filtered says that the list
// contained only these IDs.
func (c *Client) pollInputs(
	ctx context.Context, app AppRef, ids []string, getOmitted func(omitted []string, filtered bool) map[string]Item[*Input],
) map[string]Item[*Input] {
	if len(ids) == 1 {
		return c.getInputs(ctx, app, ids)
	}
	found := map[string]Item[*Input]{}
	for ids := range chunkIDs(ids) {
		inputs, err := c.inputsByIDs(ctx, app, ids)
		if err != nil && isTransient(err) {
			maps.Copy(found, failedAll[Input](ids, err))
			continue
		}
		for i := range inputs {
			found[inputs[i].ID] = Item[*Input]{Value: &inputs[i]}
		}
		omitted := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return found[id].Value != nil })
		if len(omitted) > 0 {
			maps.Copy(found, getOmitted(omitted, err == nil && !hasUnrequested(inputs, ids, inputID)))
		}
	}
	return found
}

func (c *Client) getInputs(ctx context.Context, app AppRef, ids []string) map[string]Item[*Input] {
	return getEach(ctx, ids, func(ctx context.Context, id string) (*Input, error) { return c.GetInput(ctx, app, id) })
}
