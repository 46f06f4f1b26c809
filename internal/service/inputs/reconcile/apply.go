// Package reconcile compares the inputs of an app with rows, and applies the
// difference: it creates, changes and deletes inputs in shared requests. It knows
// nothing of Terraform.
//
// The inputs of a resource are the members of its tracking dataset. They join it
// in the request that creates them, so that an apply that is killed loses nothing.
// Others can change a dataset, so the [Fingerprints] of the last apply tell which
// members the resource has added itself. Only inputs that are both in the tracking
// dataset and in the fingerprints are ever deleted. If it cannot be told whose an
// input is, it is not deleted.
package reconcile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

const (
	// defaultWorkers is how many requests are prepared at a time; the client has a limit of its own.
	defaultWorkers = 16
	// A request with content is in memory several times, so these are smaller and fewer.
	maxContentBytes = 8 << 20
	contentWorkers  = 4

	// deletedIDTime is how long an id may stay taken by a deleted input that cannot be read any more.
	// Clarifai's own tests allow two minutes for a deletion.
	deletedIDTime = 2 * time.Minute
	maxTries      = 4
)

// Options say how to apply a difference.
type Options struct {
	AllowDuplicateURL bool
	WaitForProcessing bool
	AcceptFailed      bool // leave inputs that could not be processed as they are
	Abandon           bool // leave inputs without a row at the service
	Workers           int  // requests at a time; 0 for the default

	// ListedElsewhere reports whether another resource lists an input. Nil means none does.
	ListedElsewhere func(id string) bool
	// Begin is told of each step that takes long, such as "create inputs", with its number of items. Nil means nobody is.
	Begin func(doing string, total int) Step
}

// Step is told how far a step is.
type Step interface {
	Add(done, failed int)
	End()
}

// Result is the outcome of an apply.
type Result struct {
	Rows     *source.Rows
	Failures map[string]Failure // by id
	Kept     []string           // inputs that were to be removed, and still exist
	Halted   error              // why the apply stopped before everything was sent; nil if it did not
	Took     time.Duration

	absent    map[string]bool // rows whose inputs certainly do not exist
	conflicts map[string]bool // rows whose inputs belong to others
}

// Failure is what could not be done to one input.
type Failure struct {
	Doing string // ends in ": ", or is ""
	Err   error
	Hint  string // what to do; begins with "; ", or is ""
}

// Complete reports whether everything was done.
func (r *Result) Complete() bool { return r.Halted == nil && len(r.Failures) == 0 && len(r.Kept) == 0 }

// Fingerprints returns what to store about the inputs. incomplete marks a create
// that has failed for some inputs.
func (r *Result) Fingerprints(incomplete bool) *Fingerprints {
	contents := 0
	for i := range r.Rows.All {
		if row := &r.Rows.All[i]; row.SendsContent() && !r.absent[row.ID] {
			contents++
		}
	}
	fingerprints := NewFingerprints(contents)
	fingerprints.Incomplete, fingerprints.Datasets = incomplete, r.Rows.Datasets
	for i := range r.Rows.All {
		row := &r.Rows.All[i]
		if r.absent[row.ID] || r.conflicts[row.ID] {
			continue
		}
		fingerprints.Add(row.ID)
		if row.SendsContent() {
			fingerprints.Contents.Add(contentHash(row))
		}
	}
	for _, id := range r.Kept {
		fingerprints.Add(id)
	}
	if r.Complete() {
		fingerprints.Digest = r.Rows.Digest
	}
	return fingerprints
}

// applier applies a difference.
type applier struct {
	Target
	Options
	rows  *source.Rows
	began time.Time

	mu     sync.Mutex
	result *Result
	sent   []string // ids of inputs that this apply has created, in order
	told   int      // how many failures steps were told of
}

func (t Target) newApplier(d *Diff, o Options) *applier {
	if o.Workers <= 0 {
		o.Workers = defaultWorkers
	}
	return &applier{
		Target: t, Options: o, rows: d.Rows, began: t.Client.Clock().Now(),
		result: &Result{Rows: d.Rows, Failures: map[string]Failure{}, absent: map[string]bool{}, conflicts: map[string]bool{}},
	}
}

// Apply applies a difference. What is in the tracking dataset belongs to the
// resource at any time, so an apply can be interrupted anywhere. Inputs are
// removed before others are created, so that a URL can move from one to another.
func (t Target) Apply(ctx context.Context, d *Diff, o Options) *Result {
	a := t.newApplier(d, o)
	for _, c := range d.Conflicts {
		a.conflict(c.Row.ID, c.Reason)
	}
	for _, r := range d.Missing {
		a.result.absent[r.ID] = true
	}
	a.prepare(ctx, d)
	a.remove(ctx, d.Remove)
	recreate := append(slices.Clone(d.Replace), d.FailedChanged...)
	if a.AcceptFailed {
		for _, r := range d.Failed {
			a.fail(r.ID, Failure{Doing: couldNotProcess, Err: &clarifai.Error{Status: d.FailedStatus[r.ID]}})
		}
	} else {
		recreate = append(recreate, d.Failed...)
	}
	a.create(ctx, append(slices.Clone(d.Missing), a.clear(ctx, recreate)...))
	a.patch(ctx, d.Patch)
	a.join(ctx, a.TrackingID, rowIDs(slices.Concat(d.Adopt, d.Untracked)))
	for dataset, ids := range d.Join {
		a.join(ctx, dataset, ids)
	}
	for dataset, ids := range d.Leave {
		a.leave(ctx, dataset, ids)
	}
	if a.WaitForProcessing {
		a.waitProcessed(ctx, append(a.sent, rowIDs(d.Processing)...))
	} else {
		a.waitProcessed(ctx, unprocessed(d, a.sent))
	}
	a.applyAnnotations(ctx, &d.Annotations)
	return a.finish()
}

// RemoveAll removes the inputs of a resource that is destroyed.
func (t Target) RemoveAll(ctx context.Context, d *Diff, o Options) *Result {
	a := t.newApplier(d, o)
	a.prepare(ctx, d)
	a.remove(ctx, d.Remove)
	return a.finish()
}

func (a *applier) finish() *Result {
	a.result.Took = a.Client.Clock().Now().Sub(a.began)
	return a.result
}

const couldNotProcess = "the service could not process it: "

// fail records the first failure of an input.
func (a *applier) fail(id string, f Failure) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.result.Failures[id]; !known {
		a.result.Failures[id] = f
	}
}

// halt stops sending and records why.
func (a *applier) halt(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.result.Halted == nil {
		a.result.Halted = err
	}
}

func (a *applier) halted(ctx context.Context) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.result.Halted == nil && ctx.Err() != nil {
		a.result.Halted = ctx.Err()
	}
	return a.result.Halted != nil
}

// setAbsent records whether the input of a row certainly does not exist.
func (a *applier) setAbsent(id string, absent bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if absent {
		a.result.absent[id] = true
	} else {
		delete(a.result.absent, id)
	}
}

// noStep is a step that nobody follows.
type noStep struct{}

func (noStep) Add(int, int) {}
func (noStep) End()         {}

func (a *applier) begin(doing string, total int) Step {
	if a.Begin == nil {
		return noStep{}
	}
	return a.Begin(doing, total)
}

// newFailures returns how many inputs have failed since the last call.
func (a *applier) newFailures() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := len(a.result.Failures) - a.told
	a.told += n
	return n
}

// forEach calls f for all chunks, several at a time, until the apply is halted. It is a step of the apply.
func forEach[T any](ctx context.Context, a *applier, doing string, workers int, chunks [][]T, f func([]T)) {
	total := 0
	for _, chunk := range chunks {
		total += len(chunk)
	}
	step := a.begin(doing, total)
	defer step.End()
	queue := make(chan []T)
	var running sync.WaitGroup
	for range min(workers, len(chunks)) {
		running.Go(func() {
			for chunk := range queue {
				if !a.halted(ctx) {
					f(chunk)
					step.Add(len(chunk), a.newFailures())
				}
			}
		})
	}
	for _, chunk := range chunks {
		queue <- chunk
	}
	close(queue)
	running.Wait()
}

// isFatal reports whether the next request would fail in the same way.
func isFatal(err error) bool {
	var e *clarifai.Error
	if !errors.As(err, &e) {
		return true
	}
	switch code := e.Status.Code; {
	case e.Status.Code == 0 && e.HTTPStatus == 0:
		return e.Err != nil && !e.OutcomeUnknown
	case e.HTTPStatus == 401, e.HTTPStatus == 403, e.HTTPStatus == 429, code >= 11000 && code < 11100, code == clarifai.StatusMoved:
		return true
	}
	return false
}

// failItem records that something could not be done to one input.
func (a *applier) failItem(id, doing string, err error) {
	if isFatal(err) {
		a.halt(err)
		return
	}
	a.fail(id, Failure{Doing: doing, Err: err})
}

// prepare removes inputs that others added to the tracking dataset and, if much
// is going to change, records that all other members belong to the resource.
func (a *applier) prepare(ctx context.Context, d *Diff) {
	left := a.leave(ctx, a.TrackingID, d.AddedByOthers)
	if len(left) > 0 || len(d.Remove)+len(d.Missing) < verifyFrom || d.LastJoined.IsZero() || a.halted(ctx) {
		return
	}
	if err := a.recordVerified(ctx, d.LastJoined); err != nil {
		a.halt(fmt.Errorf("recording what is to be changed: %w", err))
	}
}

func chunks[T any](all []T) [][]T {
	return slices.Collect(slices.Chunk(all, clarifai.MaxItemsPerCall))
}

// clear deletes inputs that are to be recreated and returns the rows whose ids are free.
func (a *applier) clear(ctx context.Context, rows []*source.Row) []*source.Row {
	left := a.delete(ctx, rowIDs(rows))
	return slices.DeleteFunc(rows, func(r *source.Row) bool {
		if slices.Contains(left, r.ID) {
			return true
		}
		a.setAbsent(r.ID, true)
		return false
	})
}

// remove deletes inputs without a row. Those that another resource lists only leave the tracking dataset.
func (a *applier) remove(ctx context.Context, ids []string) {
	if a.Abandon {
		a.result.Kept = append(a.result.Kept, a.leave(ctx, a.TrackingID, ids)...)
		return
	}
	if a.ListedElsewhere != nil {
		var moved, rest []string
		for _, id := range ids {
			if a.ListedElsewhere(id) {
				moved = append(moved, id)
			} else {
				rest = append(rest, id)
			}
		}
		a.result.Kept, ids = append(a.result.Kept, a.leave(ctx, a.TrackingID, moved)...), rest
	}
	a.result.Kept = append(a.result.Kept, a.delete(ctx, ids)...)
}

// delete deletes inputs and waits until they are gone. It returns those that are not.
func (a *applier) delete(ctx context.Context, ids []string) (left []string) {
	var mu sync.Mutex
	var requested []string
	forEach(ctx, a, "delete inputs", a.Workers, chunks(ids), func(chunk []string) {
		for i, err := range a.Client.RemoveInputs(ctx, a.App, chunk) {
			if err != nil && !clarifai.IsNotFound(err) {
				a.failItem(chunk[i], "cannot be deleted: ", err)
				continue
			}
			mu.Lock()
			requested = append(requested, chunk[i])
			mu.Unlock()
		}
	})
	gone := a.waitGone(ctx, requested)
	for _, id := range ids {
		if !gone[id] {
			left = append(left, id)
		}
	}
	return left
}

// waitGone waits until deleted inputs cannot be read any more.
func (a *applier) waitGone(ctx context.Context, ids []string) map[string]bool {
	gone := map[string]bool{}
	clock := a.Client.Clock()
	start := clock.Now()
	for waiting := slices.Clone(ids); len(waiting) > 0; {
		checked, left, err := a.stillPresent(ctx, waiting)
		if err != nil {
			a.halt(err)
			return gone
		}
		for _, id := range checked {
			gone[id] = !left[id]
		}
		waiting = slices.DeleteFunc(waiting, func(id string) bool { return gone[id] })
		if len(waiting) == 0 {
			return gone
		}
		if err := clock.Sleep(ctx, wait.Pause(clock.Now().Sub(start))); err != nil {
			a.halt(err)
			return gone
		}
	}
	return gone
}

// stillPresent checks which deleted inputs can still be read. The last ones to be
// deleted are checked alone until they are gone, and then all. Pages that are read
// while inputs disappear omit some, so it takes two readings to tell that all are gone.
func (a *applier) stillPresent(ctx context.Context, ids []string) (checked []string, left map[string]bool, err error) {
	last := ids[max(0, len(ids)-clarifai.MaxItemsPerCall):]
	left, err = a.present(ctx, last, clarifai.MaxPerPage*len(last))
	if err != nil || len(left) > 0 || len(last) == len(ids) {
		return last, left, err
	}
	for range 2 {
		total, err := a.count(ctx)
		if err != nil {
			return nil, nil, err
		}
		if total == 0 {
			break
		}
		if left, err = a.present(ctx, ids, total); err != nil || len(left) > 0 {
			return ids, left, err
		}
	}
	return ids, left, nil
}

// present returns which inputs can be read, in an app of a total number of inputs.
func (a *applier) present(ctx context.Context, ids []string, total int) (map[string]bool, error) {
	found := map[string]bool{}
	err := a.Client.ReadInputs(ctx, a.App, ids, total, func(in *clarifai.Input) { found[in.ID] = true })
	return found, err
}

// join adds inputs to a dataset.
func (a *applier) join(ctx context.Context, dataset string, ids []string) {
	forEach(ctx, a, "add inputs to a dataset", a.Workers, chunks(ids), func(chunk []string) {
		for i, item := range a.Client.CreateDatasetInputs(ctx, a.App, dataset, chunk) {
			if item.Err != nil {
				a.failItem(chunk[i], fmt.Sprintf("cannot join dataset %q: ", dataset), item.Err)
			}
		}
	})
}

// leave removes inputs from a dataset and returns those that are still members.
func (a *applier) leave(ctx context.Context, dataset string, ids []string) (left []string) {
	removed := map[string]bool{}
	var mu sync.Mutex
	forEach(ctx, a, "remove inputs from a dataset", a.Workers, chunks(ids), func(chunk []string) {
		for i, err := range a.Client.RemoveDatasetInputs(ctx, a.App, dataset, chunk) {
			if err != nil && !clarifai.IsNotFound(err) {
				a.failItem(chunk[i], fmt.Sprintf("cannot leave dataset %q: ", dataset), err)
				continue
			}
			mu.Lock()
			removed[chunk[i]] = true
			mu.Unlock()
		}
	})
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return removed[id] })
}

// patch changes concepts, metadata and geo locations.
func (a *applier) patch(ctx context.Context, patches []Patch) {
	for _, action := range []clarifai.PatchAction{clarifai.ActionMerge, clarifai.ActionOverwrite} {
		forEach(ctx, a, "change inputs", a.Workers, splitPatches(patches, action), func(chunk []clarifai.Input) {
			for i, item := range a.Client.UpdateInputs(ctx, a.App, chunk, action) {
				if item.Err != nil {
					a.failItem(chunk[i].ID, "cannot be changed: ", item.Err)
				}
			}
		})
	}
}

// splitPatches splits the patches with one action into requests, by number and by bytes of metadata.
func splitPatches(patches []Patch, action clarifai.PatchAction) [][]clarifai.Input {
	var requests [][]clarifai.Input
	var request []clarifai.Input
	size := 0
	for _, p := range patches {
		if p.Action != action {
			continue
		}
		n := len(p.Data.Metadata)
		if len(request) == clarifai.MaxItemsPerCall || len(request) > 0 && size+n > maxContentBytes {
			requests, request, size = append(requests, request), nil, 0
		}
		request, size = append(request, clarifai.Input{ID: p.Row.ID, Data: p.Data}), size+n
	}
	if len(request) > 0 {
		requests = append(requests, request)
	}
	return requests
}

// create creates inputs, also if responses are lost. If an id turns out to be
// taken, the input is read: one that is as its row wants it is adopted.
func (a *applier) create(ctx context.Context, rows []*source.Row) {
	clock := a.Client.Clock()
	start := clock.Now()
	for try := 1; len(rows) > 0; try++ {
		unknown := a.post(ctx, rows)
		if len(unknown) == 0 || a.halted(ctx) {
			return
		}
		rows = a.resolve(ctx, unknown, try >= maxTries && clock.Now().Sub(start) > deletedIDTime)
		if len(rows) == 0 {
			return
		}
		// Their ids are taken and cannot be read: inputs that are being deleted.
		if err := clock.Sleep(ctx, wait.Pause(clock.Now().Sub(start))); err != nil {
			a.halt(err)
		}
	}
}

// post sends each row once, and returns those whose outcome is unknown: their
// inputs may exist, and may belong to others.
func (a *applier) post(ctx context.Context, rows []*source.Row) (unknown []*source.Row) {
	var mu sync.Mutex
	send := func(chunk []*source.Row) {
		inputs, rows := a.toAPI(chunk)
		if len(inputs) == 0 {
			return
		}
		for i, item := range a.Client.CreateInputs(ctx, a.App, inputs) {
			r := rows[i]
			switch {
			case item.Err == nil:
				a.created(r)
			case clarifai.IsOutcomeUnknown(item.Err) || clarifai.IsDuplicate(item.Err):
				mu.Lock()
				unknown = append(unknown, r)
				mu.Unlock()
				a.setAbsent(r.ID, false)
				if ctx.Err() != nil {
					a.halt(ctx.Err())
				}
			case isFatal(item.Err):
				a.halt(item.Err)
			default:
				a.fail(r.ID, Failure{Err: item.Err, Hint: a.hint(item.Err)})
			}
		}
	}
	light, heavy := split(rows)
	forEach(ctx, a, "create inputs", a.Workers, light, send)
	forEach(ctx, a, "create inputs with content", min(a.Workers, contentWorkers), heavy, send)
	return unknown
}

// toAPI returns the inputs to send, and their rows. Rows whose content cannot be read fail.
func (a *applier) toAPI(rows []*source.Row) (inputs []clarifai.Input, sent []*source.Row) {
	for _, r := range rows {
		in, err := toAPI(r, a.AllowDuplicateURL, append([]string{a.TrackingID}, r.Datasets...))
		if err != nil {
			a.fail(r.ID, Failure{Err: err})
			continue
		}
		inputs, sent = append(inputs, in), append(sent, r)
	}
	return inputs, sent
}

// hint says what to do about an input that the API rejects.
func (a *applier) hint(err error) string {
	if clarifai.Code(err) == clarifai.StatusInputDuplicate && !a.AllowDuplicateURL && strings.Contains(err.Error(), "URL") {
		return "; set allow_duplicate_url = true to allow several inputs with one URL"
	}
	return ""
}

// created records that the input of a row exists and belongs to the resource.
func (a *applier) created(r *source.Row) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sent = append(a.sent, r.ID)
	delete(a.result.absent, r.ID)
}

func (a *applier) conflict(id, reason string) {
	a.fail(id, Failure{Err: errors.New("an input with this id already exists, does not belong to this resource, and " + reason)})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.result.conflicts[id] = true
}

// split splits rows into requests: by number, by bytes of content and metadata, and one video at a time.
func split(rows []*source.Row) (light, heavy [][]*source.Row) {
	var small, large []*source.Row
	for _, r := range rows {
		switch {
		case r.Kind == inputcontent.Video:
			heavy = append(heavy, []*source.Row{r})
		case r.File == "" && len(r.Text)+len(r.Metadata) < maxContentBytes/clarifai.MaxItemsPerCall:
			small = append(small, r)
		default:
			large = append(large, r)
		}
	}
	var request []*source.Row
	size := int64(0)
	for _, r := range large {
		n := int64(len(r.Text) + len(r.Metadata))
		if info, err := os.Stat(r.File); err == nil {
			n += info.Size()
		}
		if len(request) == clarifai.MaxItemsPerCall || len(request) > 0 && size+n > maxContentBytes {
			heavy, request, size = append(heavy, request), nil, 0
		}
		request, size = append(request, r), size+n
	}
	if len(request) > 0 {
		heavy = append(heavy, request)
	}
	return chunks(small), heavy
}

// resolve reads back inputs that may or may not exist. It returns the rows to
// send again. The last time, an id that is taken and cannot be read is a failure.
func (a *applier) resolve(ctx context.Context, rows []*source.Row, last bool) (again []*source.Row) {
	// An interrupt must not lose what a request has created.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackTime)
	defer cancel()
	found := map[string]*clarifai.Input{}
	for _, chunk := range chunks(rows) {
		ids := rowIDs(chunk)
		err := a.Client.ReadInputs(ctx, a.App, ids, clarifai.MaxPerPage*len(ids), func(in *clarifai.Input) { found[in.ID] = in })
		if err != nil {
			a.halt(fmt.Errorf("reading back what was created: %w", err))
			return nil
		}
	}
	var adopted []string
	datasets := map[string][]string{}
	for _, r := range rows {
		in := found[r.ID]
		switch {
		case in == nil && last:
			a.fail(r.ID, Failure{Err: errors.New("its id is taken by an input that cannot be read, and stays so")})
		case in == nil:
			a.setAbsent(r.ID, true)
			again = append(again, r)
		case in.Data == nil || !sameContent(r, in.Data) || !sameData(r, in.Data):
			a.conflict(r.ID, conflictReason(r, in))
		default:
			a.created(r)
			adopted = append(adopted, r.ID)
			for _, d := range r.Datasets {
				datasets[d] = append(datasets[d], r.ID)
			}
		}
	}
	a.join(ctx, a.TrackingID, adopted)
	for d, ids := range datasets {
		a.join(ctx, d, ids)
	}
	return again
}
