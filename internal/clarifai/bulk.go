package clarifai

import (
	"context"
	"slices"
)

// # Many at once
//
// The methods of this file send one full call for whoever has many objects at
// hand. Each item gets its own outcome, as those get theirs who share a call
// (batch.go): a refusal of the whole call is looked into by halves.

// CreateInputs adds inputs, at most 128, of which at most one is a video.
func (c *Client) CreateInputs(ctx context.Context, app AppRef, inputs []Input) []Item[Input] {
	return together128(ctx, inputs, operation[Input, Input]{
		name: "PostInputs", id: inputID, creates: true, atomic: true,
		send: func(ctx context.Context, inputs []Input) ([]Item[Input], error) {
			result, err := c.PostInputs(ctx, app, PostInputsRequest{Inputs: inputs})
			if err != nil {
				return nil, err
			}
			return result.Items, nil
		},
	})
}

// UpdateInputs changes concepts, metadata and geo of inputs, at most 128.
func (c *Client) UpdateInputs(ctx context.Context, app AppRef, inputs []Input, action PatchAction) []Item[Input] {
	return together128(ctx, inputs, operation[Input, Input]{
		name: "PatchInputs", id: inputID,
		send: func(ctx context.Context, inputs []Input) ([]Item[Input], error) {
			return c.PatchInputs(ctx, app, inputs, action)
		},
	})
}

// RemoveInputs starts deleting inputs, at most 128. Not found is an outcome to expect of those that are gone already.
func (c *Client) RemoveInputs(ctx context.Context, app AppRef, ids []string) []error {
	return removeTogether(ctx, ids, "DeleteInputs", func(ctx context.Context, ids []string) error {
		return c.DeleteInputs(ctx, app, ids)
	})
}

// CreateDatasetInputs makes inputs members of a dataset, at most 128.
func (c *Client) CreateDatasetInputs(ctx context.Context, app AppRef, datasetID string, ids []string) []Item[DatasetInput] {
	return together128(ctx, ids, operation[string, DatasetInput]{
		name: "PostDatasetInputs", id: itself,
		send: func(ctx context.Context, ids []string) ([]Item[DatasetInput], error) {
			return c.PostDatasetInputs(ctx, app, datasetID, ids)
		},
	})
}

// RemoveDatasetInputs ends memberships, at most 128. Not found is an outcome to expect of what is no member.
func (c *Client) RemoveDatasetInputs(ctx context.Context, app AppRef, datasetID string, ids []string) []error {
	return removeTogether(ctx, ids, "DeleteDatasetInputs", func(ctx context.Context, ids []string) error {
		return c.DeleteDatasetInputs(ctx, app, datasetID, ids)
	})
}

func removeTogether(ctx context.Context, ids []string, op string, call func(context.Context, []string) error) []error {
	items := together128(ctx, ids, operation[string, none]{
		name: op, id: itself,
		send: func(ctx context.Context, ids []string) ([]Item[none], error) {
			if err := call(ctx, ids); err != nil {
				return nil, err
			}
			return make([]Item[none], len(ids)), nil
		},
	})
	errs := make([]error, len(items))
	for i, item := range items {
		errs[i] = item.Err
	}
	return errs
}

// together128 makes one call for the items, and more for parts of it when it is refused.
func together128[I, O any](ctx context.Context, items []I, op operation[I, O]) []Item[O] {
	riders := make([]*rider[I, O], len(items))
	for i, item := range items {
		riders[i] = &rider[I, O]{ctx: ctx, item: item, id: op.id(item), outcome: make(chan Item[O], 1)}
	}
	deliver(ctx, op, riders, false)
	outcomes := make([]Item[O], len(items))
	for i, r := range riders {
		select {
		case outcomes[i] = <-r.outcome:
		default: // the context ended while halves were looked into
			outcomes[i].Err = ctx.Err()
		}
	}
	return outcomes
}

// ReadInputs reads the inputs with the ids and leaves out those that the app
// does not have, or that a list does not show yet. It takes the cheaper way: calls
// for up to 128 ids each, or all pages of an app that has total inputs. What they
// yield is given to found as it comes.
func (c *Client) ReadInputs(ctx context.Context, app AppRef, ids []string, total int, found func(*Input)) error {
	wanted := slices.Sorted(slices.Values(ids))
	wanted = slices.Compact(wanted)
	calls := 0
	for range idChunks(wanted) {
		calls++
	}
	if pages := total/MaxPerPage + 1; pages < calls {
		for input, err := range c.AllInputs(ctx, app, ListInputsQuery{Page: Page{PerPage: MaxPerPage}}) {
			if err != nil {
				return err
			}
			if _, ok := slices.BinarySearch(wanted, input.ID); ok {
				found(&input)
			}
		}
		return nil
	}
	for chunk := range idChunks(wanted) {
		inputs, err := c.inputsByIDs(ctx, app, chunk)
		if err != nil {
			return err
		}
		for i := range inputs {
			if slices.Contains(chunk, inputs[i].ID) { // a service might ignore the ids
				found(&inputs[i])
			}
		}
	}
	return nil
}
