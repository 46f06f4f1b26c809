package acctest

import (
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Reached is closed at the n-th call of an operation from now on.
func (e *Env) Reached(op string, n int) <-chan struct{} {
	done := make(chan struct{})
	var mu sync.Mutex
	e.Observe(func(call emulator.Call) {
		mu.Lock()
		defer mu.Unlock()
		if call.Op != op {
			return
		}
		if n--; n == 0 {
			close(done)
		}
	})
	return done
}

// When is closed as soon as the condition holds, which no call tells.
func When(t *testing.T, condition func() bool) <-chan struct{} {
	t.Helper()
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for !condition() {
			select {
			case <-tick.C:
			case <-t.Context().Done():
				return
			}
		}
		close(done)
	}()
	return done
}

// Upon runs a function once the service has done an operation for the first time from now on, and
// before its answer is sent.
func (e *Env) Upon(op string, then func()) {
	var once sync.Once
	e.Observe(func(call emulator.Call) {
		if call.Op == op {
			once.Do(then)
		}
	})
}
