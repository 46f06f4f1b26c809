package apiserver

import (
	"context"
	"sync"
	"time"
)

// Clock is the time that the service uses.
type Clock interface {
	Now() time.Time
	// Wait returns after d, or early with the context's error.
	Wait(ctx context.Context, d time.Duration) error
}

// RealClock is the system's clock.
type RealClock struct{}

// Now returns the current time.
func (RealClock) Now() time.Time { return time.Now() }

// Wait returns after d, or early with the context's error.
func (RealClock) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ManualClock only advances when a test calls Advance.
type ManualClock struct {
	mu      sync.Mutex
	came    sync.Cond // a waiter was added
	now     time.Time
	waiters []waiter
}

type waiter struct {
	until time.Time
	done  chan struct{}
}

// NewManualClock creates a clock that shows start.
func NewManualClock(start time.Time) *ManualClock {
	c := &ManualClock{now: start}
	c.came.L = &c.mu
	return c
}

// Now returns the time to which the clock was last advanced.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward and wakes the callers of Wait whose time has come.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	kept := c.waiters[:0]
	for _, w := range c.waiters {
		if w.until.After(c.now) {
			kept = append(kept, w)
			continue
		}
		close(w.done)
	}
	clear(c.waiters[len(kept):])
	c.waiters = kept
}

// AwaitWaiters returns once n or more wait for the clock to be moved.
func (c *ManualClock) AwaitWaiters(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.waiters) < n {
		c.came.Wait()
	}
}

// Wait returns once the clock has been moved by d.
func (c *ManualClock) Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	c.mu.Lock()
	w := waiter{until: c.now.Add(d), done: make(chan struct{})}
	c.waiters = append(c.waiters, w)
	c.came.Broadcast()
	c.mu.Unlock()
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
