package emulator

import (
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func bulkOperationRoutes(s *Service) []endpoint {
	path := inApp + "/bulk_operations"
	return []endpoint{
		{Op: "ListBulkOperations", Method: get, Path: path, Action: read(s, listBulkOperations)},
		{Op: "PostBulkOperations", Method: post, Path: path, Action: write(s, postBulkOperations)},
		{Op: "CancelBulkOperations", Method: patch, Path: path, Action: write(s, cancelBulkOperations)},
		{Op: "DeleteBulkOperations", Method: remove, Path: path, Action: write(s, deleteBulkOperations)},
		{Op: "GetBulkOperation", Method: get, Path: path + "/{id}", Action: read(s, getBulkOperation)},
	}
}

type bulkOperation struct {
	info      clarifai.BulkOperation // without fields that depend on the clock; replaced as a whole
	takes     time.Duration
	outcome   *clarifai.Status // nil while it can still succeed
	done      bool
	processed uint32
	last      string
}

func (b *bulkOperation) view(a *app, now time.Time) *clarifai.BulkOperation {
	view := b.info
	view.AppID = a.info.ID
	view.Progress = &clarifai.Progress{Processed: b.processed, LastProcessedID: b.last}
	p := progressAt(now, b.info.CreatedAt, b.takes)
	switch {
	case b.outcome != nil && (p == finished || b.outcome.Code == statusBulkOperationCancelled):
		view.Status = *b.outcome
	case b.done:
		view.Status = *statusOf(clarifai.StatusBulkOperationSuccess)
	case p == waiting:
		view.Status = *statusOf(clarifai.StatusBulkOperationPending)
	default:
		view.Status = *statusOf(clarifai.StatusBulkOperationInProgress)
	}
	return &view
}

// startBulkOperation checks an operation and schedules it.
func (c *call) startBulkOperation(op clarifai.BulkOperation) (*clarifai.BulkOperation, error) {
	if err := c.checkBulkOperation(op); err != nil {
		return nil, err
	}
	op.ID = newID()
	op.CreatedBy = c.options.User
	op.CreatedAt, op.LastModifiedAt = c.stamp(), c.stamp()
	b := &bulkOperation{info: op, takes: c.options.Async}
	b.outcome = c.AsyncFailure(objectBulkOperation, op.ID, "", clarifai.StatusBulkOperationFailed)
	c.app.bulkOperations.put(op.ID, b)
	a, due := c.app, c.now.Add(c.options.Async)
	c.at(due, func() {
		if b.outcome == nil {
			a.runBulkOperation(b, due)
		}
	})
	view := b.view(c.app, c.now)
	view.CreatedAt, view.LastModifiedAt = c.now, c.now
	view.Status = *statusOf(clarifai.StatusBulkOperationPending)
	return view, nil
}

func (c *call) checkBulkOperation(op clarifai.BulkOperation) error {
	sources := 0
	for _, set := range []bool{op.InputIDs != nil, op.Search != nil, op.Dataset != nil, op.AnnotationSearch != nil} {
		if set {
			sources++
		}
	}
	o := op.Operation
	if sources != 1 || o == nil {
		return reject(statusBulkOperationInvalid, "a bulk operation needs one of input_ids, search, dataset, annotation_search, and an operation")
	}
	operations := 0
	for _, set := range []bool{
		o.AddConcepts != nil, o.DeleteConcepts != nil, o.AddMetadata != nil, o.DeleteMetadata != nil, o.OverwriteGeo != nil,
		o.DeleteGeo != nil, o.DeleteFromDataset != nil, o.AddToDataset != nil, o.SplitIntoDatasets != nil, o.DeleteAnnotations != nil,
	} {
		if set {
			operations++
		}
	}
	if operations != 1 {
		return reject(statusBulkOperationInvalid, "an operation is exactly one thing, not %d", operations)
	}
	if op.AnnotationSearch != nil && o.DeleteAnnotations == nil || op.AnnotationSearch == nil && o.DeleteAnnotations != nil {
		return reject(statusBulkOperationInvalid, "annotation_search goes with delete_annotations")
	}
	for _, search := range []*clarifai.Search{op.Search, op.AnnotationSearch} {
		if search != nil {
			if _, err := c.app.selection(search, c.now); err != nil {
				return err
			}
		}
	}
	var datasets []string
	percentage := 100
	if op.Dataset != nil {
		datasets = append(datasets, op.Dataset.ID)
	}
	switch {
	case o.AddToDataset != nil:
		datasets = append(datasets, o.AddToDataset.DatasetID)
	case o.DeleteFromDataset != nil:
		datasets = append(datasets, o.DeleteFromDataset.DatasetID)
	case o.SplitIntoDatasets != nil:
		percentage = 0
		for _, split := range o.SplitIntoDatasets.DatasetSplits {
			if split.Dataset != nil {
				datasets = append(datasets, split.Dataset.ID)
			}
			percentage += int(split.Percentage)
		}
	}
	if percentage != 100 {
		return reject(statusBulkOperationInvalid, "the percentages of a split are %d together, not 100", percentage)
	}
	for _, id := range datasets {
		if !c.app.datasets.has(id) {
			return notFound("dataset_id", id)
		}
	}
	return nil
}

// runBulkOperation executes an operation at the time it is due.
func (a *app) runBulkOperation(b *bulkOperation, now time.Time) {
	b.done = true
	stamp := now.Truncate(time.Microsecond)
	b.info.LastModifiedAt = stamp
	if b.info.AnnotationSearch != nil {
		a.deleteFoundAnnotations(b, stamp)
		return
	}
	inputs := a.sourceOf(b.info, now)
	b.processed = uint32(len(inputs)) //nolint:gosec // no app is that large
	for i, in := range inputs {
		a.operate(b.info.Operation, in, i, len(inputs), stamp)
		b.last = in.id
	}
}

// sourceOf returns the inputs that an operation changes.
func (a *app) sourceOf(op clarifai.BulkOperation, now time.Time) []*input {
	var inputs []*input
	switch {
	case op.InputIDs != nil:
		for in := range a.inputsByID(op.InputIDs.InputIDs) {
			inputs = append(inputs, in)
		}
	case op.Dataset != nil:
		if d := a.datasets.get(op.Dataset.ID); d != nil {
			for m := range d.members.oldest() {
				inputs = append(inputs, a.inputs.get(m.inputID))
			}
		}
	default:
		if s, err := a.selection(op.Search, now); err == nil { // checked when it was posted
			inputs = s.inputs()
		}
	}
	return inputs
}

// operate applies an operation to the i-th of n inputs.
func (a *app) operate(o *clarifai.Operation, in *input, i, n int, stamp time.Time) {
	change := func(sent clarifai.Data, action clarifai.PatchAction) {
		if rejection := a.checkLabels(&sent); rejection != nil {
			return
		}
		if data, err := patchedData(in.data, &sent, action); err == nil {
			a.addLabels(data.Concepts, stamp)
			in.data, in.modified = data, stamp
		}
	}
	switch {
	case o.AddConcepts != nil:
		change(clarifai.Data{Concepts: o.AddConcepts.Concepts}, clarifai.ActionMerge)
	case o.DeleteConcepts != nil:
		change(clarifai.Data{Concepts: o.DeleteConcepts.Concepts}, clarifai.ActionRemove)
	case o.AddMetadata != nil:
		change(clarifai.Data{Metadata: o.AddMetadata.Metadata}, clarifai.ActionMerge)
	case o.DeleteMetadata != nil:
		change(clarifai.Data{Metadata: o.DeleteMetadata.Metadata}, clarifai.ActionRemove)
	case o.OverwriteGeo != nil:
		change(clarifai.Data{Geo: o.OverwriteGeo.Geo}, clarifai.ActionMerge)
	case o.DeleteGeo != nil:
		data := *in.data
		data.Geo = nil
		in.data, in.modified = &data, stamp
	case o.AddToDataset != nil:
		a.joinDataset(o.AddToDataset.DatasetID, in, stamp)
	case o.DeleteFromDataset != nil:
		if d := a.datasets.get(o.DeleteFromDataset.DatasetID); d != nil {
			d.members.remove(in.id)
		}
	case o.SplitIntoDatasets != nil:
		upTo := 0
		for _, split := range o.SplitIntoDatasets.DatasetSplits {
			if upTo += int(split.Percentage); i*100 < upTo*n && split.Dataset != nil {
				a.joinDataset(split.Dataset.ID, in, stamp)
				return
			}
		}
	}
}

// joinDataset adds an input to a dataset, unless the dataset has been deleted meanwhile.
func (a *app) joinDataset(id string, in *input, stamp time.Time) {
	if d := a.datasets.get(id); d != nil {
		d.join(in.id, stamp)
	}
}

func (a *app) deleteFoundAnnotations(b *bulkOperation, stamp time.Time) {
	found, err := a.selection(b.info.AnnotationSearch, stamp)
	if err != nil {
		return // checked when it was posted
	}
	for in := range a.inputs.oldest() {
		for _, x := range found.annotations(in) {
			a.dropAnnotation(in, x.ID)
			b.processed++
			b.last = x.ID
		}
	}
}

func postBulkOperations(c *call, in *clarifai.PostBulkOperationsRequest) (*clarifai.MultiBulkOperationsResponse, error) {
	if len(in.BulkOperations) == 0 {
		return nil, reject(statusBulkOperationInvalid, "bulk_operations is empty")
	}
	for _, op := range in.BulkOperations {
		if err := c.checkBulkOperation(op); err != nil {
			return nil, err
		}
	}
	out := &clarifai.MultiBulkOperationsResponse{}
	for _, op := range in.BulkOperations {
		started, err := c.startBulkOperation(op)
		if err != nil {
			return nil, err
		}
		out.BulkOperations = append(out.BulkOperations, *started)
	}
	return out, nil
}

func (c *call) bulkOperation(id string) (*bulkOperation, error) {
	b := c.app.bulkOperations.get(id)
	if b == nil {
		return nil, notFound("bulk_operation_id", id)
	}
	return b, nil
}

func getBulkOperation(c *call) (*clarifai.SingleBulkOperationsResponse, error) {
	b, err := c.bulkOperation(c.Path["id"])
	if err != nil {
		return nil, err
	}
	return &clarifai.SingleBulkOperationsResponse{BulkOperation: b.view(c.app, c.now)}, nil
}

func listBulkOperations(c *call) (*clarifai.MultiBulkOperationsResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiBulkOperationsResponse{}
	for _, b := range c.app.bulkOperations.newestPage(p) {
		out.BulkOperations = append(out.BulkOperations, *b.view(c.app, c.now))
	}
	return out, nil
}

// cancelBulkOperations cancels the parts that are not done yet.
func cancelBulkOperations(c *call, in *clarifai.CancelBulkOperationRequest) (*clarifai.MultiBulkOperationsResponse, error) {
	out := &clarifai.MultiBulkOperationsResponse{}
	for _, id := range in.IDs {
		if _, err := c.bulkOperation(id); err != nil {
			return nil, err
		}
	}
	for _, id := range in.IDs {
		b, _ := c.bulkOperation(id)
		if !b.done && b.outcome == nil {
			b.outcome = statusOf(statusBulkOperationCancelled)
			b.info.LastModifiedAt = c.stamp()
		}
		out.BulkOperations = append(out.BulkOperations, *b.view(c.app, c.now))
	}
	return out, nil
}

// deleteBulkOperations deletes operations that have ended.
func deleteBulkOperations(c *call, in *clarifai.DeleteBulkOperationRequest) (*clarifai.BaseResponse, error) {
	for _, id := range in.IDs {
		b, err := c.bulkOperation(id)
		if err != nil {
			return nil, err
		}
		switch b.view(c.app, c.now).Status.Code {
		case clarifai.StatusBulkOperationPending, clarifai.StatusBulkOperationInProgress:
			return nil, reject(statusBulkOperationInvalid, "bulk operation '%s' has not ended", id)
		}
	}
	for _, id := range in.IDs {
		c.app.bulkOperations.remove(id)
	}
	return &clarifai.BaseResponse{}, nil
}
