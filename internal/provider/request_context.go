package provider

import (
	"context"
	"sync/atomic"
	"time"
)

// requestContext is the context of a request until that is answered, and then an empty
// one, so that whoever keeps it keeps nothing of the request.
type requestContext struct {
	now atomic.Pointer[context.Context]
}

// forRequest makes a context for one request. letGo is for when it has been answered.
func forRequest(ctx context.Context) (_ context.Context, letGo func()) {
	r := &requestContext{}
	r.now.Store(&ctx)
	return r, func() { r.now.Store(&nothing) }
}

var nothing = context.Background()

// Deadline is the request's.
func (r *requestContext) Deadline() (time.Time, bool) { return (*r.now.Load()).Deadline() }

// Done is the request's.
func (r *requestContext) Done() <-chan struct{} { return (*r.now.Load()).Done() }

// Err is the request's.
func (r *requestContext) Err() error { return (*r.now.Load()).Err() }

// Value is the request's.
func (r *requestContext) Value(key any) any { return (*r.now.Load()).Value(key) }
