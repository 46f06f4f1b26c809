// Package batch lets concurrent callers share requests to a rate-limited service. It knows nothing of the service.
//
// Callers that manage objects one by one would send one request for each, while the service takes or returns many
// objects in one. Four types change that:
//
//   - [Limiter] bounds how many requests run at once and how many start per second, and holds all of them back during a
//     cooldown. Reads and writes that wait for it take turns, so that started work is followed up while more is started.
//   - [Batcher] joins single writes. Items queue until the limiter grants the next request, and the request takes along
//     what has queued by then. A lone caller is sent at once; the busier the limiter, the fuller the requests. There is
//     no time window to tune. Each caller gets the outcome of its own item.
//   - [Cache] serves single reads from list pages that concurrent readers share, if pages cost fewer requests than
//     single reads. Writes invalidate it through a [Generation].
//   - [Poller] answers many callers that wait for objects of one collection with the same requests. The number of
//     requests grows with time, not with the number of objects.
//
// A caller whose context ends leaves without affecting the others. A shared request is cancelled when all of its
// callers have left.
package batch

import (
	"context"
	"sync/atomic"
	"time"
)

// Clock tells the time and sleeps.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or with the context's error as soon as ctx ends.
	Sleep(ctx context.Context, d time.Duration) error
}

// Result is the outcome of one item of a request that carries many.
type Result[T any] struct {
	Value T
	Err   error
}

// Generation counts the writes and polls that have ended. What was read under an older generation is stale.
type Generation struct{ n atomic.Uint64 }

// Advance invalidates what was read before.
func (g *Generation) Advance() { g.n.Add(1) }

func (g *Generation) current() uint64 { return g.n.Load() }

// untilAllLeave returns a context that ends when all callers' contexts have ended. Its values are the first caller's.
// The caller must call stop.
func untilAllLeave(callers []context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(callers[0]))
	var left atomic.Int64
	left.Store(int64(len(callers)))
	stops := make([]func() bool, len(callers))
	for i, caller := range callers {
		stops[i] = context.AfterFunc(caller, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel()
	}
}
