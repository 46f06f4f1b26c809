// Package wait follows asynchronous work of the service until it is done, has
// failed, or the context ends.
package wait

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
	"github.com/clarifai/terraform-provider-clarifai/internal/tracing"
)

// Pauses between polls: a tenth of the time waited so far, within these bounds, so that a caller waits
// at most a tenth longer than needed.
const (
	minPause = 250 * time.Millisecond
	maxPause = 15 * time.Second
)

// Spec describes asynchronous work to wait for.
type Spec[T any] struct {
	Clock clarifai.Clock
	// What names the work in messages: `dataset version "v1" of dataset "trucks"`.
	What string
	// Refresh reads the current state.
	Refresh func(context.Context) (T, error)
	// Poll, if set, is used instead of Refresh and pauses: it reads the
	// current state within the given time, together with other callers
	// ([clarifai.Client.PollInput] and the like).
	Poll func(ctx context.Context, within time.Duration) (T, error)
	// Status returns the status of the work. An unknown code
	// counts as in progress: a newer service must not break an older provider.
	Status func(T) clarifai.Status
	// MissingOK is how many not-found responses in a row are accepted because the
	// service may not show a new object yet.
	MissingOK int
	// Progress, if set, is called with each state that was read.
	Progress func(T)
	// Line, if set, returns what to report of a state while waiting takes long; otherwise it is the status.
	Line func(T) string
}

// For polls until the status is of a final class.
func For[T any](ctx context.Context, spec Spec[T]) (_ T, err error) {
	ctx, span := tracing.Start(ctx, "wait", trace.SpanKindInternal)
	polls := 0
	defer func() { endWait(span, spec.What, polls, err) }()
	operation := progress.Start(ctx, spec.Clock, spec.What, "wait", 0)
	defer operation.End()
	start := spec.Clock.Now()
	var last T
	var lastStatus clarifai.Status
	missing := 0
	poll := spec.Poll
	if poll == nil {
		poll = pausing(spec.Clock, spec.Refresh)
	}
	for within := time.Duration(0); ; {
		polls++
		value, err := poll(ctx, within)
		waited := spec.Clock.Now().Sub(start)
		switch {
		case err == nil:
			missing = 0
			last, lastStatus = value, spec.Status(value)
			if spec.Progress != nil {
				spec.Progress(value)
			}
			line := lastStatus.Code.Name()
			if spec.Line != nil {
				line = spec.Line(value)
			}
			operation.Status(line)
			switch lastStatus.Code.Class() {
			case clarifai.ClassDone:
				return value, nil
			case clarifai.ClassFailed:
				return value, &FailedError{What: spec.What, Status: lastStatus}
			}
		case ctx.Err() != nil:
			interrupted := &InterruptedError{What: spec.What, Last: lastStatus, Waited: waited, Err: ctx.Err()}
			if err != ctx.Err() { //nolint:errorlint // the identical error means that the pause ended, not a poll
				interrupted.LastErr = err
			}
			return last, interrupted
		case clarifai.IsNotFound(err) && missing < spec.MissingOK:
			missing++
		default:
			return last, err
		}
		within = Pause(waited)
	}
}

// pausing returns a poll that pauses for the given time and then reads.
func pausing[T any](clock clarifai.Clock, read func(context.Context) (T, error)) func(context.Context, time.Duration) (T, error) {
	return func(ctx context.Context, within time.Duration) (T, error) {
		if within > 0 {
			if err := clock.Sleep(ctx, within); err != nil {
				var none T
				return none, err
			}
		}
		return read(ctx)
	}
}

// ErrAnother is the error of a read for [Gone] if another object has the ID of the deleted one. This
// happens if a renamed resource creates its object while the old resource is being destroyed.
var ErrAnother = errors.New("another object has its id by now")

// Gone polls until read returns "not found" or [ErrAnother].
func Gone(ctx context.Context, clock clarifai.Clock, what string, read func(context.Context) error) error {
	return GonePolling(ctx, clock, what, pausing(clock, func(ctx context.Context) (struct{}, error) { return struct{}{}, read(ctx) }))
}

// GonePolling is Gone with a poll that other callers share, see [Spec].
func GonePolling[T any](ctx context.Context, clock clarifai.Clock, what string,
	poll func(ctx context.Context, within time.Duration) (T, error),
) (err error) {
	ctx, span := tracing.Start(ctx, "wait for deletion", trace.SpanKindInternal)
	polls := 0
	defer func() { endWait(span, what, polls, err) }()
	operation := progress.Start(ctx, clock, what, "wait", 0)
	defer operation.End()
	start := clock.Now()
	for within := time.Duration(0); ; {
		polls++
		_, err := poll(ctx, within)
		waited := clock.Now().Sub(start)
		switch {
		case clarifai.IsNotFound(err), errors.Is(err, ErrAnother):
			return nil
		case ctx.Err() != nil:
			return &InterruptedError{What: what, Waited: waited, Err: ctx.Err()}
		case err != nil:
			return err
		}
		operation.Status("")
		within = Pause(waited)
	}
}

// Pause returns the time to wait before the next poll.
func Pause(waited time.Duration) time.Duration {
	return min(maxPause, max(minPause, waited/10))
}

// FailedError means that the work has failed.
type FailedError struct {
	What   string
	Status clarifai.Status
}

func (e *FailedError) Error() string {
	text := fmt.Sprintf("%s failed: %s", e.What, (&clarifai.Error{Status: e.Status}).Summary())
	return fmt.Sprintf("%s (status %d %s)", text, e.Status.Code, e.Status.Code.Name())
}

// InterruptedError means that waiting ended before the work did, by a timeout or
// an interrupt. The work continues at the service.
type InterruptedError struct {
	What    string
	Last    clarifai.Status // the last status read; zero if there was none
	Waited  time.Duration
	Err     error // the context's error
	LastErr error // the error of the last poll, if it failed
}

// TimedOut reports whether a timeout ended the wait, and not an interrupt.
func (e *InterruptedError) TimedOut() bool { return errors.Is(e.Err, context.DeadlineExceeded) }

func (e *InterruptedError) Error() string {
	why := "was interrupted"
	if e.TimedOut() {
		why = "timed out"
	}
	text := fmt.Sprintf("waiting for %s %s after %s", e.What, why, e.Waited.Round(100*time.Millisecond))
	if e.Last.Code != 0 {
		text += fmt.Sprintf("; the last state seen was %d %s", e.Last.Code, e.Last.Code.Name())
	}
	if e.LastErr != nil {
		text += fmt.Sprintf("; the last poll said: %v", e.LastErr)
	}
	return text
}

// Unwrap returns the context's error.
func (e *InterruptedError) Unwrap() error { return e.Err }
