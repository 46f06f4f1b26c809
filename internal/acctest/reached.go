package acctest

import (
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Reached returns a channel that is closed at the n-th request of an operation from now on.
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

// When returns a channel that is closed when the condition holds. It polls the condition.
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

// RecreatedDuringDestroy destroys a configuration, and recreates the object outside Terraform after the
// deletion and before its response, as happens when a resource is renamed without a moved block. The
// provider must not wait until the new object is gone.
func (e *Env) RecreatedDuringDestroy(t *testing.T, config, deletion string, recreate func()) {
	t.Helper()
	var once sync.Once
	recreated := false
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
						recreate()
						recreated = true
					})
				})
			},
			Config:  config,
			Destroy: true,
		},
	)
	if !recreated {
		t.Fatal("nothing was recreated, so the test proves nothing")
	}
}
