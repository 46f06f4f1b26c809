package batch

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Priority is the queue that a request waits in while the rate is limited. Both queues are served in turns.
type Priority int

// Priorities.
const (
	Write Priority = iota
	Read
)

// Limiter grants requests: at most so many at once, at most so many a second, and none during a cooldown.
type Limiter struct {
	clock    Clock
	slots    chan struct{}
	rate     *rate.Limiter // nil: not limited
	cooldown cooldown

	mu          sync.Mutex
	queues      [2][]chan struct{} // waiting for the rate, by priority
	next        Priority           // the queue that is served next if both wait
	dispatching bool
}

// NewLimiter returns a limiter of perSecond requests (0: not limited) and of concurrent requests.
func NewLimiter(perSecond float64, concurrent int, clock Clock) *Limiter {
	l := &Limiter{clock: clock, slots: make(chan struct{}, concurrent)}
	if perSecond > 0 {
		// A small burst keeps short runs fast without exceeding the quota.
		l.rate = rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond/5)))
	}
	return l
}

// Permit allows one request. The caller that acquired it must release it; further releases do nothing.
type Permit struct {
	limiter *Limiter
	state   atomic.Int32
}

const (
	permitFree int32 = iota
	permitTaken
	permitReleased
)

// Take reports whether the permit has not been used yet, and marks it used. A batch is granted before its request is
// built; the first attempt to send the request takes the permit, and retries acquire their own. Take of nil is false.
func (p *Permit) Take() bool { return p != nil && p.state.CompareAndSwap(permitFree, permitTaken) }

// Release lets the next request start.
func (p *Permit) Release() {
	if p.state.Swap(permitReleased) != permitReleased {
		<-p.limiter.slots
	}
}

// Acquire waits until a request may start.
func (l *Limiter) Acquire(ctx context.Context, priority Priority) (*Permit, error) {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	permit := &Permit{limiter: l}
	if l.rate != nil {
		if err := l.waitTurn(ctx, priority); err != nil {
			permit.Release()
			return nil, err
		}
	}
	if err := l.waitCooldown(ctx); err != nil {
		permit.Release()
		return nil, err
	}
	return permit, nil
}

// Cooldown holds back all requests until the time. An earlier time than that of a running cooldown changes nothing.
func (l *Limiter) Cooldown(until time.Time) { l.cooldown.extend(until) }

// waitTurn waits in the queue of the priority until the rate allows the next request.
func (l *Limiter) waitTurn(ctx context.Context, priority Priority) error {
	turn := make(chan struct{})
	l.mu.Lock()
	l.queues[priority] = append(l.queues[priority], turn)
	if !l.dispatching {
		l.dispatching = true
		go l.dispatch(context.WithoutCancel(ctx))
	}
	l.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queues[priority] = slices.DeleteFunc(l.queues[priority], func(other chan struct{}) bool { return other == turn })
	return ctx.Err()
}

// dispatch releases queued requests at the rate limit until both queues are empty.
func (l *Limiter) dispatch(ctx context.Context) {
	for {
		_ = l.waitCooldown(ctx) // ctx never ends
		now := l.clock.Now()
		_ = l.clock.Sleep(ctx, l.rate.ReserveN(now, 1).DelayFrom(now))
		l.mu.Lock()
		if len(l.queues[l.next]) == 0 {
			l.next = 1 - l.next
		}
		if queue := l.queues[l.next]; len(queue) > 0 {
			close(queue[0])
			l.queues[l.next] = queue[1:]
			l.next = 1 - l.next
		}
		if len(l.queues[Write])+len(l.queues[Read]) == 0 {
			l.dispatching = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
	}
}

// waitCooldown waits until the cooldown is over.
func (l *Limiter) waitCooldown(ctx context.Context) error {
	for {
		d := l.cooldown.until().Sub(l.clock.Now())
		if d <= 0 {
			return nil
		}
		if err := l.clock.Sleep(ctx, d); err != nil {
			return err
		}
	}
}

// cooldown is the time until which no request may start.
type cooldown struct{ nanos atomic.Int64 }

func (c *cooldown) until() time.Time { return time.Unix(0, c.nanos.Load()) }

func (c *cooldown) extend(to time.Time) {
	for {
		old := c.nanos.Load()
		if to.UnixNano() <= old || c.nanos.CompareAndSwap(old, to.UnixNano()) {
			return
		}
	}
}
