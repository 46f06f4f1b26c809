package acctest

import (
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

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

// DestroyedAndMadeAnew destroys what a configuration made, and makes it anew behind Terraform's
// back once the service has done the deletion and before it answers: so it goes when a resource is
// renamed without a moved block. What has taken the id must not be waited for.
func (e *Env) DestroyedAndMadeAnew(t *testing.T, config, deletion string, makeAnew func()) {
	t.Helper()
	var once sync.Once
	madeAnew := false
	e.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				e.Observe(func(call emulator.Call) {
					if call.Op != deletion {
						return
					}
					once.Do(func() {
						e.Clock.Advance(time.Second)
						makeAnew()
						madeAnew = true
					})
				})
			},
			Config:  config,
			Destroy: true,
		},
	)
	if !madeAnew {
		t.Fatal("nothing was made anew, so nothing is shown")
	}
}
