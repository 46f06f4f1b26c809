package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Operation says how the items of a [Batcher] are sent.
type Operation[I, O any] struct {
	Limiter  *Limiter
	MaxItems int // in one request
	MaxBytes int // in one request of more than one item

	// ID tells items apart. A request holds an ID once, because its response could not tell two apart. Items with the
	// ID "" are never held back.
	ID func(I) string
	// Size is the number of bytes that an item adds to a request.
	Size func(I) int
	// Send sends items and returns a result for each, in order. Its first attempt may use the permit.
	Send func(ctx context.Context, permit *Permit, items []I) ([]Result[O], error)
	// MaySplit reports whether an error of the whole request may be due to some of its items. Then Do sends the halves
	// separately until the rejected items are alone.
	MaySplit func(error) bool
	// AfterSplit, if not nil, adjusts the error of an item that was sent again in a half: the first request may have
	// done a part of the work.
	AfterSplit func(error) error
}

// NotSentError is the error of an item whose caller left before the request was sent. It wraps the context's error.
type NotSentError struct{ Err error }

func (e *NotSentError) Error() string { return fmt.Sprintf("not sent: %v", e.Err) }

// Unwrap returns the context's error.
func (e *NotSentError) Unwrap() error { return e.Err }

// AbandonedError is the error of an item whose caller left while the request was under way: the outcome is not known.
// It wraps the context's error.
type AbandonedError struct{ Err error }

func (e *AbandonedError) Error() string {
	return fmt.Sprintf("outcome unknown, left while the request was under way: %v", e.Err)
}

// Unwrap returns the context's error.
func (e *AbandonedError) Unwrap() error { return e.Err }

// Batcher joins single items into requests. Items with equal keys may share a request. The zero value is ready.
type Batcher[K comparable, I, O any] struct {
	mu     sync.Mutex
	queues map[K]*queue[I, O]
}

// queue holds the items that wait for the next request of a key. It exists while a sender waits for the limiter.
type queue[I, O any] struct {
	entries []*entry[I, O]
	cancel  context.CancelFunc // stops the sender if all callers have left
}

// entry is one caller's item.
type entry[I, O any] struct {
	ctx    context.Context //nolint:containedctx // each entry has its caller's
	item   I
	id     string
	size   int
	result chan Result[O] // buffered, so that a caller that has left blocks nobody
}

func newEntry[I, O any](ctx context.Context, item I, op Operation[I, O]) *entry[I, O] {
	return &entry[I, O]{ctx: ctx, item: item, id: op.ID(item), result: make(chan Result[O], 1)}
}

// Do sends an item together with others of the same key and returns its own result. All calls with equal keys must pass
// equivalent operations. Do returns a [NotSentError] or an [AbandonedError] if ctx ends first.
func (b *Batcher[K, I, O]) Do(ctx context.Context, key K, item I, op Operation[I, O]) (O, error) {
	var none O
	if ctx.Err() != nil {
		return none, &NotSentError{Err: ctx.Err()}
	}
	e := newEntry(ctx, item, op)
	e.size = op.Size(item)
	b.join(key, op, e)
	var r Result[O]
	select {
	case r = <-e.result:
	case <-ctx.Done():
		if b.leave(key, e) {
			return none, &NotSentError{Err: ctx.Err()}
		}
		select {
		case r = <-e.result: // both at once
		default:
			r.Err = context.Canceled
		}
	}
	if errors.Is(r.Err, context.Canceled) && ctx.Err() != nil {
		return none, &AbandonedError{Err: ctx.Err()}
	}
	return r.Value, r.Err
}

// DoAll sends at most op.MaxItems items in one request, and in several if the request is rejected because of some of
// them. It returns a result for each item, in order.
func DoAll[I, O any](ctx context.Context, items []I, op Operation[I, O]) []Result[O] {
	entries := make([]*entry[I, O], len(items))
	for i, item := range items {
		entries[i] = newEntry(ctx, item, op)
	}
	send(ctx, op, nil, entries, false)
	results := make([]Result[O], len(items))
	for i, e := range entries {
		select {
		case results[i] = <-e.result:
		default: // ctx ended while halves were sent
			results[i].Err = &NotSentError{Err: ctx.Err()}
		}
	}
	return results
}

// join adds an entry to the queue of its key, and opens the queue if there is none.
func (b *Batcher[K, I, O]) join(key K, op Operation[I, O], e *entry[I, O]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if q, ok := b.queues[key]; ok {
		q.entries = append(q.entries, e)
		return
	}
	b.open(key, op, []*entry[I, O]{e})
}

// open adds a queue and starts its sender. b.mu is held.
func (b *Batcher[K, I, O]) open(key K, op Operation[I, O], entries []*entry[I, O]) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(entries[0].ctx))
	q := &queue[I, O]{entries: entries, cancel: cancel}
	if b.queues == nil {
		b.queues = map[K]*queue[I, O]{}
	}
	b.queues[key] = q
	go func() {
		defer cancel()
		permit, err := op.Limiter.Acquire(ctx, Write)
		if err != nil {
			return // all callers have left
		}
		defer permit.Release()
		if batch := b.close(key, op, q); len(batch) > 0 {
			b.dispatch(op, permit, batch)
		}
	}()
}

// leave removes an entry from its queue and reports whether it was still there.
func (b *Batcher[K, I, O]) leave(key K, e *entry[I, O]) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	q, ok := b.queues[key]
	if !ok {
		return false
	}
	i := slices.Index(q.entries, e)
	if i < 0 {
		return false
	}
	q.entries = slices.Delete(q.entries, i, i+1)
	if len(q.entries) == 0 {
		delete(b.queues, key)
		q.cancel()
	}
	return true
}

// close ends the queue, returns what goes into the next request, and opens a new queue for the rest.
func (b *Batcher[K, I, O]) close(key K, op Operation[I, O], q *queue[I, O]) []*entry[I, O] {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(q.entries) == 0 { // all have left; the key may have another queue by now
		return nil
	}
	batch, rest := split(q.entries, op.MaxItems, op.MaxBytes)
	q.entries = nil
	delete(b.queues, key)
	if len(rest) > 0 {
		b.open(key, op, rest)
	}
	return batch
}

// split returns the first entries that fit into one request. An entry whose ID is already in the batch stays in rest.
func split[I, O any](entries []*entry[I, O], maxItems, maxBytes int) (batch, rest []*entry[I, O]) {
	ids := map[string]bool{}
	size := 0
	for i, e := range entries {
		if len(batch) == maxItems || len(batch) > 0 && size+e.size > maxBytes {
			return batch, append(rest, entries[i:]...)
		}
		if e.id != "" && ids[e.id] {
			rest = append(rest, e)
			continue
		}
		batch, ids[e.id] = append(batch, e), true
		size += e.size
	}
	return batch, rest
}

// dispatch sends a batch on a context that ends when all of its callers have left.
func (b *Batcher[K, I, O]) dispatch(op Operation[I, O], permit *Permit, batch []*entry[I, O]) {
	callers := make([]context.Context, len(batch))
	for i, e := range batch {
		callers[i] = e.ctx
	}
	ctx, stop := untilAllLeave(callers)
	defer stop()
	ctx, span := traced(ctx, "shared write", callers)
	defer span.End()
	send(ctx, op, permit, batch, false)
}

// send sends a batch and delivers the results. again says that the batch is part of one that was rejected.
func send[I, O any](ctx context.Context, op Operation[I, O], permit *Permit, batch []*entry[I, O], again bool) {
	items := make([]I, len(batch))
	for i, e := range batch {
		items[i] = e.item
	}
	results, err := op.Send(ctx, permit, items)
	if err == nil && len(results) != len(items) {
		err = fmt.Errorf("%d results for %d items", len(results), len(items))
	}
	if err != nil && len(batch) > 1 && op.MaySplit(err) {
		var halves sync.WaitGroup
		for half := range slices.Chunk(batch, (len(batch)+1)/2) {
			half = slices.DeleteFunc(slices.Clone(half), func(e *entry[I, O]) bool { return e.ctx.Err() != nil })
			if len(half) > 0 {
				halves.Go(func() { send(ctx, op, permit, half, true) })
			}
		}
		halves.Wait()
		return
	}
	for i, e := range batch {
		r := Result[O]{Err: err}
		if err == nil {
			r = results[i]
		}
		if again && r.Err != nil && op.AfterSplit != nil {
			r.Err = op.AfterSplit(r.Err)
		}
		e.result <- r
	}
}
