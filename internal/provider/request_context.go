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

// answered is a request's answer, after which its context is let go.
func answered[Request, Response any](ctx context.Context, req Request, answer func(context.Context, Request) (Response, error)) (Response, error) {
	ctx, letGo := forRequest(ctx)
	defer letGo()
	return answer(ctx, req)
}

// Deadline is the request's.
func (r *requestContext) Deadline() (time.Time, bool) { return (*r.now.Load()).Deadline() }

// Done is the request's.
func (r *requestContext) Done() <-chan struct{} { return (*r.now.Load()).Done() }

// Err is the request's.
func (r *requestContext) Err() error { return (*r.now.Load()).Err() }

// Value is the request's.
func (r *requestContext) Value(key any) any { return (*r.now.Load()).Value(key) }
