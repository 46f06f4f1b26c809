package acctest

import (
	"context"
	"sync"
	"time"
)

// Clock only advances when code waits: a wait moves it forward and returns at once. Provider and
// emulator share it, so that a test of an hour of polling takes no time and is deterministic.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that starts at the current time, since created_at is compared with it.
func NewClock() *Clock { return &Clock{now: time.Now()} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the time forward; the provider calls it.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if d > 0 {
		c.Advance(d)
	}
	return ctx.Err()
}

// Wait moves the time forward; the emulator calls it.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error { return c.Sleep(ctx, d) }

// Advance moves the time forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
