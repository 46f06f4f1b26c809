package clarifai

import (
	"context"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// Clock tells the time and sleeps. Everything in this module that waits does it through a Clock, so that tests need no
// real time.
type Clock = batch.Clock

// SystemClock is the machine's own clock.
var SystemClock Clock = systemClock{}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
