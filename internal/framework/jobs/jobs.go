// Package jobs is what long-running jobs of the service have in common: how they
// are named, followed and judged, and the attributes that say so.
package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// DerivedID is an id for a job that is about something: the same for whoever asks
// for the same, so that a job whose start nobody could write down is found again.
// Further tries at the same, after a failure, have further ids.
func DerivedID(about string, try int) string {
	const prefix, length = "tf-", 32
	sum := sha256.Sum256([]byte(about + "\x00" + strconv.Itoa(try)))
	return (prefix + hex.EncodeToString(sum[:]))[:length]
}

// Spec says which job to follow.
type Spec[T any] struct {
	Clock clarifai.Clock
	// What names the job in messages.
	What string
	// Read reads its present state.
	Read func(context.Context) (T, error)
	// Status tells how far it is as a whole.
	Status func(T) clarifai.Status
	// Line is how it stands, in one line. While the line stays the same there is no progress.
	Line func(T) string
	// Stall is how long there may be no progress; 0 for any time.
	Stall time.Duration
	// MissingOK is how often in a row the service may not show a new job yet.
	MissingOK int
	// Tell, if set, is given each new line.
	Tell func(line string)
}

// Follow polls until the job has ended, has stalled, or the context ends.
func Follow[T any](ctx context.Context, spec Spec[T]) (T, error) {
	line, since := "", spec.Clock.Now()
	return wait.For(ctx, wait.Spec[T]{
		Clock: spec.Clock, What: spec.What, Status: spec.Status, MissingOK: spec.MissingOK,
		Refresh: func(ctx context.Context) (T, error) {
			job, err := spec.Read(ctx)
			if err != nil {
				return job, err
			}
			now := spec.Clock.Now()
			if seen := spec.Line(job); seen != line {
				line, since = seen, now
				if spec.Tell != nil {
					spec.Tell(line)
				}
			}
			idle := now.Sub(since)
			if ended := Over(spec.Status(job).Code); !ended && spec.Stall > 0 && idle >= spec.Stall {
				return job, &StalledError{What: spec.What, Idle: idle, Last: line}
			}
			return job, nil
		},
	})
}

// Over tells whether a job with this status has ended, well or not. A code that the
// table does not know counts as going on.
func Over(code clarifai.StatusCode) bool {
	class := code.Class()
	return class == clarifai.ClassDone || class == clarifai.ClassFailed
}

// StalledError says that a job has made no progress for too long. It may go on all the same.
type StalledError struct {
	What string
	Idle time.Duration
	Last string // the line that has not changed
}

func (e *StalledError) Error() string {
	return fmt.Sprintf("%s made no progress for %s; it stood at: %s", e.What, e.Idle.Round(time.Second), e.Last)
}

// NotOver is the diagnostic for a job whose end was not seen. The job is in state;
// next says how to go on.
func NotOver(summary string, err error, timeoutKey, next string) diag.Diagnostic {
	var interrupted *wait.InterruptedError
	var stalled *StalledError
	switch {
	case errors.As(err, &interrupted):
		return diags.StillRunning(summary, interrupted, timeoutKey, next)
	case errors.As(err, &stalled):
		return diag.NewErrorDiagnostic(summary, diags.Detail(err)+
			"\n\nTo be more patient, set stall_timeout; to do without, set it to \"0s\".\n\n"+next)
	}
	return diag.NewErrorDiagnostic(summary, diags.Detail(err)+"\n\n"+next)
}
