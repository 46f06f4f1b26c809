package acctest

import (
	"sync"

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
