package inputs

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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	// defaultWorkers is how many calls are prepared at a time; the client's own limit is the other bound.
	defaultWorkers = 16
	// A call that sends content holds it in memory several times over, so these are smaller and fewer.
	maxContentBytes = 8 << 20
	contentWorkers  = 4

	// vanishTime is how long an id may stay taken by an input that cannot be read any more. The
	// official tests allow two minutes for a deletion.
	vanishTime = 2 * time.Minute
	maxTries   = 4
)

// work brings the service to what the rows want.
type work struct {
	site
	rows    *collection
	options options
	workers int
	began   time.Time

	elsewhere func(id string) bool // another resource of this run lists it; may be nil

	mu        sync.Mutex
	failures  map[string]string // by id: what could not be done, and why
	created   []string          // ids that this apply has sent
	absent    map[string]bool   // rows whose inputs are certainly not at the service
	conflicts map[string]bool   // rows whose inputs are another's
	kept      []string          // to be removed, and still there
	halt      error             // why no more was sent
}

// options are the parts of the configuration that say how, not what.
type options struct {
	allowDuplicateURL bool
	waitForProcessing bool
	acceptFailed      bool // on_failed = "warn"
	abandon           bool // what is removed stays at the service
}

func newWork(s site, rows *collection, o options, workers int) *work {
	if workers <= 0 {
		workers = defaultWorkers
	}
	return &work{
		site: s, rows: rows, options: o, workers: workers, began: s.client.Clock().Now(),
		failures: map[string]string{}, absent: map[string]bool{}, conflicts: map[string]bool{},
	}
}

func (w *work) fail(id, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.failures[id]; !known {
		w.failures[id] = reason
	}
}

// stop notes why nothing more is to be sent.
func (w *work) stop(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.halt == nil {
		w.halt = err
	}
}

func (w *work) stopped(ctx context.Context) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.halt == nil && ctx.Err() != nil {
		w.halt = ctx.Err()
	}
	return w.halt != nil
}

// each does f for all of the chunks, several at a time, until it is stopped.
func each[T any](ctx context.Context, w *work, workers int, chunks [][]T, f func([]T)) {
	queue := make(chan []T)
	var crew sync.WaitGroup
	for range min(workers, len(chunks)) {
		crew.Go(func() {
			for chunk := range queue {
				if !w.stopped(ctx) {
					f(chunk)
				}
			}
		})
	}
	for _, chunk := range chunks {
		queue <- chunk
	}
	close(queue)
	crew.Wait()
}

// fatal tells failures that the next call would meet as well.
func fatal(err error) bool {
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

// brief is an error in a list of many.
func brief(err error) string {
	var hint *explained
	if errors.As(err, &hint) {
		return hint.Error()
	}
	return diags.Brief(err)
}

// converge does what the survey found to be done. What is in the ledger is this resource's all the
// while, so that it can be broken off anywhere. Inputs are removed before others are added, so that a
// URL can go from one to another.
func (w *work) converge(ctx context.Context, s *survey) {
	for _, c := range s.conflict {
		w.conflict(c.row.id, c.why)
	}
	for _, r := range s.missing {
		w.absent[r.id] = true
	}
	w.check(ctx, s)
	w.remove(ctx, s.remove)
	create := slices.Clone(s.missing)
	again := append(slices.Clone(s.replace), s.retry...)
	if w.options.acceptFailed {
		for _, r := range s.redo {
			w.fail(r.id, "the service could not process it: "+brief(&clarifai.Error{Status: s.failures[r.id]}))
		}
	} else {
		again = append(again, s.redo...)
	}
	create = append(create, w.clear(ctx, again)...)
	w.create(ctx, create)
	w.patch(ctx, s.patch)
	w.members(ctx, w.ledger, rowIDs(s.adopt))
	for d, ids := range s.join {
		w.members(ctx, d, ids)
	}
	for d, ids := range s.leave {
		w.leave(ctx, d, ids)
	}
	if w.options.waitForProcessing {
		w.processed(ctx, append(w.created, rowIDs(s.waiting)...))
	}
}

// check takes out of the ledger what others have put in and, before much is changed, writes down that
// the rest is this resource's.
func (w *work) check(ctx context.Context, s *survey) {
	left := w.leave(ctx, w.ledger, s.foreign)
	if len(left) > 0 || len(s.remove)+len(s.missing) < checkFrom || s.newest.IsZero() || w.stopped(ctx) {
		return
	}
	if err := w.site.check(ctx, s.newest); err != nil {
		w.stop(fmt.Errorf("noting what is to be changed: %w", err))
	}
}

func rowIDs(rows []*row) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	return ids
}

func chunked[T any](all []T) [][]T {
	return slices.Collect(slices.Chunk(all, clarifai.MaxItemsPerCall))
}

// clear deletes inputs that are to be made anew and returns the rows whose ids are free.
func (w *work) clear(ctx context.Context, rows []*row) []*row {
	left := w.delete(ctx, rowIDs(rows))
	return slices.DeleteFunc(rows, func(r *row) bool {
		if slices.Contains(left, r.id) {
			return true
		}
		w.absent[r.id] = true
		return false
	})
}

// remove takes inputs away that are in no row any more. Those that another resource lists now go over to it.
func (w *work) remove(ctx context.Context, ids []string) {
	if w.elsewhere != nil && !w.options.abandon {
		var moved, rest []string
		for _, id := range ids {
			if w.elsewhere(id) {
				moved = append(moved, id)
			} else {
				rest = append(rest, id)
			}
		}
		w.kept, ids = append(w.kept, w.leave(ctx, w.ledger, moved)...), rest
	}
	if w.options.abandon {
		w.kept = append(w.kept, w.leave(ctx, w.ledger, ids)...)
		return
	}
	w.kept = append(w.kept, w.delete(ctx, ids)...)
}

// delete deletes inputs and waits until they are gone. It returns those that are not.
func (w *work) delete(ctx context.Context, ids []string) (left []string) {
	var mu sync.Mutex
	var asked []string
	each(ctx, w, w.workers, chunked(ids), func(chunk []string) {
		for i, err := range w.client.RemoveInputs(ctx, w.app, chunk) {
			if err != nil && !clarifai.IsNotFound(err) {
				w.trouble(chunk[i], "cannot be deleted: ", err)
				continue
			}
			mu.Lock()
			asked = append(asked, chunk[i])
			mu.Unlock()
		}
	})
	gone := w.gone(ctx, asked)
	for _, id := range ids {
		if !gone[id] {
			left = append(left, id)
		}
	}
	return left
}

// trouble notes why something was not done with one input.
func (w *work) trouble(id, what string, err error) {
	if fatal(err) {
		w.stop(err)
		return
	}
	w.fail(id, what+brief(err))
}

// gone waits until inputs whose deletion was asked for cannot be read any more.
func (w *work) gone(ctx context.Context, ids []string) map[string]bool {
	gone := map[string]bool{}
	clock := w.client.Clock()
	start := clock.Now()
	for waiting := slices.Clone(ids); len(waiting) > 0; {
		// The last to be deleted are asked for until they are gone, and then all. Pages that are read while
		// inputs go leave some out, so that it takes two readings to tell that there is none.
		last := waiting[max(0, len(waiting)-clarifai.MaxItemsPerCall):]
		left, err := w.present(ctx, last, clarifai.MaxPerPage*len(last))
		if err == nil && len(left) == 0 && len(last) < len(waiting) {
			last = waiting
			for reading := 0; reading < 2 && err == nil && len(left) == 0; reading++ {
				var total int
				if total, err = w.count(ctx); err == nil && total > 0 {
					left, err = w.present(ctx, waiting, total)
				}
				if total == 0 {
					break
				}
			}
		}
		if err != nil {
			w.stop(err)
			return gone
		}
		for _, id := range last {
			gone[id] = !left[id]
		}
		waiting = slices.DeleteFunc(waiting, func(id string) bool { return gone[id] })
		if len(waiting) == 0 {
			return gone
		}
		if err := clock.Sleep(ctx, wait.Pause(clock.Now().Sub(start))); err != nil {
			w.stop(err)
			return gone
		}
	}
	return gone
}

// present tells which inputs can be read, in an app of so many.
func (w *work) present(ctx context.Context, ids []string, total int) (map[string]bool, error) {
	there := map[string]bool{}
	err := w.client.ReadInputs(ctx, w.app, ids, total, func(in *clarifai.Input) { there[in.ID] = true })
	return there, err
}

// members enters inputs into a dataset.
func (w *work) members(ctx context.Context, dataset string, ids []string) {
	each(ctx, w, w.workers, chunked(ids), func(chunk []string) {
		for i, item := range w.client.CreateDatasetInputs(ctx, w.app, dataset, chunk) {
			if item.Err != nil {
				w.trouble(chunk[i], fmt.Sprintf("cannot join dataset %q: ", dataset), item.Err)
			}
		}
	})
}

// leave takes inputs out of a dataset and returns those that are still in it.
func (w *work) leave(ctx context.Context, dataset string, ids []string) (left []string) {
	out := map[string]bool{}
	var mu sync.Mutex
	each(ctx, w, w.workers, chunked(ids), func(chunk []string) {
		for i, err := range w.client.RemoveDatasetInputs(ctx, w.app, dataset, chunk) {
			if err != nil && !clarifai.IsNotFound(err) {
				w.trouble(chunk[i], fmt.Sprintf("cannot leave dataset %q: ", dataset), err)
				continue
			}
			mu.Lock()
			out[chunk[i]] = true
			mu.Unlock()
		}
	})
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return out[id] })
}

// patch changes labels, metadata and places.
func (w *work) patch(ctx context.Context, patches []patching) {
	for _, action := range []clarifai.PatchAction{clarifai.ActionMerge, clarifai.ActionOverwrite} {
		each(ctx, w, w.workers, dividePatches(patches, action), func(chunk []clarifai.Input) {
			for i, item := range w.client.UpdateInputs(ctx, w.app, chunk, action) {
				if item.Err != nil {
					w.trouble(chunk[i].ID, "cannot be changed: ", item.Err)
				}
			}
		})
	}
}

// dividePatches makes calls of the patches with one action: up to 128, and up to some bytes of metadata.
func dividePatches(patches []patching, action clarifai.PatchAction) [][]clarifai.Input {
	var chunks [][]clarifai.Input
	var chunk []clarifai.Input
	size := 0
	for _, p := range patches {
		if p.action != action {
			continue
		}
		n := len(p.data.Metadata)
		if len(chunk) == clarifai.MaxItemsPerCall || len(chunk) > 0 && size+n > maxContentBytes {
			chunks, chunk, size = append(chunks, chunk), nil, 0
		}
		chunk, size = append(chunk, clarifai.Input{ID: p.row.id, Data: p.data}), size+n
	}
	if len(chunk) > 0 {
		chunks = append(chunks, chunk)
	}
	return chunks
}

// create adds inputs, whatever happens to answers. An id that turns out to be taken is looked at: an
// input that is as wanted is taken over.
func (w *work) create(ctx context.Context, rows []*row) {
	clock := w.client.Clock()
	start := clock.Now()
	for try := 1; len(rows) > 0; try++ {
		doubtful := w.post(ctx, rows)
		if len(doubtful) == 0 || w.stopped(ctx) {
			return
		}
		rows = w.settle(ctx, doubtful, try >= maxTries && clock.Now().Sub(start) > vanishTime)
		if len(rows) == 0 {
			return
		}
		// Their ids are taken, and cannot be read: they are on their way out.
		if err := clock.Sleep(ctx, wait.Pause(clock.Now().Sub(start))); err != nil {
			w.stop(err)
		}
	}
}

// post sends rows, each once, and returns those of which it is not known whether they are there, and
// whose they are.
func (w *work) post(ctx context.Context, rows []*row) (doubtful []*row) {
	var mu sync.Mutex
	send := func(chunk []*row) {
		var inputs []clarifai.Input
		var sent []*row
		for _, r := range chunk {
			in, err := r.input(w.options.allowDuplicateURL, append([]string{w.ledger}, r.datasets...))
			if err != nil {
				w.fail(r.id, err.Error())
				continue
			}
			inputs, sent = append(inputs, in), append(sent, r)
		}
		if len(inputs) == 0 {
			return
		}
		for i, item := range w.client.CreateInputs(ctx, w.app, inputs) {
			r := sent[i]
			switch {
			case item.Err == nil:
				w.made(r)
			case clarifai.IsOutcomeUnknown(item.Err) || clarifai.IsDuplicate(item.Err):
				mu.Lock()
				doubtful = append(doubtful, r)
				mu.Unlock()
				w.mu.Lock()
				delete(w.absent, r.id)
				w.mu.Unlock()
				if ctx.Err() != nil {
					w.stop(ctx.Err())
				}
			default:
				w.trouble(r.id, "", w.explain(item.Err))
			}
		}
	}
	light, heavy := divide(rows)
	each(ctx, w, w.workers, light, send)
	each(ctx, w, min(w.workers, contentWorkers), heavy, send)
	return doubtful
}

// explain adds to a refusal what to do about it.
func (w *work) explain(err error) error {
	if clarifai.Code(err) == clarifai.StatusInputDuplicate && !w.options.allowDuplicateURL && strings.Contains(err.Error(), "URL") {
		return &explained{err, "; set allow_duplicate_url = true to have a URL twice"}
	}
	return err
}

type explained struct {
	err  error
	hint string
}

func (e *explained) Error() string { return brief(e.err) + e.hint }
func (e *explained) Unwrap() error { return e.err }

func (w *work) made(r *row) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.created = append(w.created, r.id)
	delete(w.absent, r.id)
}

func (w *work) conflict(id, why string) {
	w.fail(id, "an input with this id is there already, is not managed here, and "+why)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conflicts[id] = true
}

// divide makes calls of rows: up to 128, up to some bytes of content and metadata, and no more than one video.
func divide(rows []*row) (light, heavy [][]*row) {
	var urls, contents []*row
	for _, r := range rows {
		switch {
		case r.kind == inputcontent.Video:
			heavy = append(heavy, []*row{r})
		case r.file == "" && len(r.text)+len(r.metadata) < maxContentBytes/clarifai.MaxItemsPerCall:
			urls = append(urls, r)
		default:
			contents = append(contents, r)
		}
	}
	var chunk []*row
	size := int64(0)
	for _, r := range contents {
		n := int64(len(r.text) + len(r.metadata))
		if info, err := os.Stat(r.file); err == nil {
			n += info.Size()
		}
		if len(chunk) == clarifai.MaxItemsPerCall || len(chunk) > 0 && size+n > maxContentBytes {
			heavy, chunk, size = append(heavy, chunk), nil, 0
		}
		chunk, size = append(chunk, r), size+n
	}
	if len(chunk) > 0 {
		heavy = append(heavy, chunk)
	}
	return chunked(urls), heavy
}

// settle finds out about rows whose inputs may or may not be there. It returns those to send again. At
// last an id that is taken and cannot be read is a failure.
func (w *work) settle(ctx context.Context, rows []*row, last bool) (again []*row) {
	// An interrupt must not lose what a call has made.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
	defer cancel()
	found := map[string]*clarifai.Input{}
	for _, chunk := range chunked(rows) {
		ids := rowIDs(chunk)
		err := w.client.ReadInputs(ctx, w.app, ids, clarifai.MaxPerPage*len(ids), func(in *clarifai.Input) { found[in.ID] = in })
		if err != nil {
			w.stop(fmt.Errorf("reading back what was created: %w", err))
			return nil
		}
	}
	var adopted []string
	datasets := map[string][]string{}
	for _, r := range rows {
		in := found[r.id]
		switch {
		case in == nil && last:
			w.fail(r.id, "its id is taken by an input that cannot be read, and stays so")
		case in == nil:
			w.mu.Lock()
			w.absent[r.id] = true
			w.mu.Unlock()
			again = append(again, r)
		case in.Data == nil || !r.isMedium(in.Data) || !r.isLabelled(in.Data):
			w.conflict(r.id, difference(r, in, in.Data != nil && r.isMedium(in.Data)))
		default:
			w.made(r)
			adopted = append(adopted, r.id)
			for _, d := range r.datasets {
				datasets[d] = append(datasets[d], r.id)
			}
		}
	}
	w.members(ctx, w.ledger, adopted)
	for d, ids := range datasets {
		w.members(ctx, d, ids)
	}
	return again
}
