// Package testclock provides a clock for tests of code that waits.
package testclock

import (
	"context"
	"sync"
	"time"
)

// Clock only advances when code waits: a wait moves it forward and returns at once. So a test of an hour of polling
// takes no time and is deterministic.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// New returns a clock that starts at a time.
func New(start time.Time) *Clock { return &Clock{now: start} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the time forward. It implements the clock of the provider.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if d > 0 {
		c.Advance(d)
	}
	return ctx.Err()
}

// Wait moves the time forward. It implements the clock of the emulator.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error { return c.Sleep(ctx, d) }

// Advance moves the time forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
