package batch

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Query says how a [Poller] asks for the current state of objects.
type Query[T any] struct {
	Clock      Clock
	Limiter    *Limiter
	Generation *Generation
	PerRequest int // objects that one request can return
	// Ask returns a result for each of the IDs. Its first attempt may use the permit.
	Ask func(ctx context.Context, permit *Permit, ids []string) map[string]Result[*T]
}

// Poller answers callers that wait for objects of one collection with the same requests. Each caller says within which
// time it needs the current state. A request is sent when the first of them is due, one at a time, and includes everyone
// who waits as far as the same number of requests can carry them. So nobody waits longer than it would alone.
// K identifies a collection. The zero value is ready.
type Poller[K comparable, T any] struct {
	mu   sync.Mutex
	runs map[K]*run[T]
}

// run serves the callers of one collection. It exists while there are any.
type run[T any] struct {
	waiters []*waiter[T]
	next    time.Time          // when the next request is due
	wake    context.CancelFunc // ends the sleep until then; nil until serve starts, which checks the waiters itself
}

type waiter[T any] struct {
	ctx    context.Context //nolint:containedctx // each waiter has its caller's
	id     string
	due    time.Time
	result chan Result[*T]
}

func byDue[T any](a, b *waiter[T]) int { return a.due.Compare(b.due) }

// Poll returns the object's state at most that late, and earlier if others of the same key are due earlier. All calls
// with equal keys must pass equivalent queries.
func (p *Poller[K, T]) Poll(ctx context.Context, key K, id string, within time.Duration, query Query[T]) (*T, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &waiter[T]{ctx: ctx, id: id, due: query.Clock.Now().Add(within), result: make(chan Result[*T], 1)}
	p.join(key, w, query)
	select {
	case r := <-w.result:
		if r.Err == nil || ctx.Err() == nil {
			return r.Value, r.Err
		}
	case <-ctx.Done():
		p.leave(key, w)
	}
	return nil, ctx.Err()
}

func (p *Poller[K, T]) join(key K, w *waiter[T], query Query[T]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r, ok := p.runs[key]; ok {
		r.waiters = append(r.waiters, w)
		if w.due.Before(r.next) {
			r.wake()
		}
		return
	}
	r := &run[T]{waiters: []*waiter[T]{w}}
	if p.runs == nil {
		p.runs = map[K]*run[T]{}
	}
	p.runs[key] = r
	go p.serve(key, r, query)
}

func (p *Poller[K, T]) leave(key K, w *waiter[T]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, ok := p.runs[key]
	if !ok {
		return
	}
	r.waiters = slices.DeleteFunc(r.waiters, func(other *waiter[T]) bool { return other == w })
	if len(r.waiters) == 0 && r.wake != nil {
		r.wake()
	}
}

// serve asks whenever a waiter is due, until there are none.
func (p *Poller[K, T]) serve(key K, r *run[T], query Query[T]) {
	for {
		ctx, ok := p.schedule(key, r)
		if !ok {
			return
		}
		if query.Clock.Sleep(ctx, r.next.Sub(query.Clock.Now())) != nil {
			continue // a waiter is due earlier, or all have left
		}
		p.mu.Lock()
		r.next = time.Time{} // who joins now is included in the request, so there is nothing to wake
		p.mu.Unlock()
		permit, err := query.Limiter.Acquire(ctx, Read)
		if err != nil {
			continue
		}
		if waiters := p.take(r, query.Clock.Now(), query.PerRequest); len(waiters) > 0 {
			ask(permit, waiters, query)
		}
		permit.Release()
	}
}

// schedule sets when the next request is due, or ends the run if it has no waiters. The context ends when the schedule
// has to be computed again.
func (p *Poller[K, T]) schedule(key K, r *run[T]) (context.Context, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.wake != nil {
		r.wake()
	}
	if len(r.waiters) == 0 {
		delete(p.runs, key)
		return nil, false
	}
	first := slices.MinFunc(r.waiters, byDue)
	ctx, wake := context.WithCancel(context.WithoutCancel(first.ctx))
	r.next, r.wake = first.due, wake
	return ctx, true
}

// take removes the waiters that are due, and as many others as fit into the same number of requests.
func (p *Poller[K, T]) take(r *run[T], now time.Time, perRequest int) []*waiter[T] {
	p.mu.Lock()
	defer p.mu.Unlock()
	slices.SortStableFunc(r.waiters, byDue)
	n := 0
	for n < len(r.waiters) && (n%perRequest != 0 || !r.waiters[n].due.After(now)) {
		n++
	}
	taken := slices.Clone(r.waiters[:n])
	r.waiters = slices.Delete(r.waiters, 0, n)
	return taken
}

func ask[T any](permit *Permit, waiters []*waiter[T], query Query[T]) {
	callers, ids := make([]context.Context, len(waiters)), make([]string, len(waiters))
	for i, w := range waiters {
		callers[i], ids[i] = w.ctx, w.id
	}
	ctx, stop := untilAllLeave(callers)
	defer stop()
	ctx, span := traced(ctx, "shared poll", callers)
	defer span.End()
	slices.Sort(ids)
	found := query.Ask(ctx, permit, slices.Compact(ids))
	query.Generation.Advance() // the objects change by themselves: later reads must not return an older state
	for _, w := range waiters {
		r, ok := found[w.id]
		if !ok {
			r.Err = fmt.Errorf("no result for %q", w.id)
		}
		w.result <- r
	}
}
