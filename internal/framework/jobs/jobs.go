// Package jobs contains the behavior that long-running jobs of the service share: their
// IDs, waiting for them, their outcome, and the attributes for it.
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

// DerivedID returns the ID of a job that is derived from its arguments. The same arguments give the
// same ID, so that the next apply finds a job that was started by an apply which was killed before it
// saved state. Further attempts after a failure have further IDs.
func DerivedID(about string, try int) string {
	const prefix, length = "tf-", 32
	sum := sha256.Sum256([]byte(about + "\x00" + strconv.Itoa(try)))
	return (prefix + hex.EncodeToString(sum[:]))[:length]
}

// Spec describes a job to follow.
type Spec[T any] struct {
	Clock clarifai.Clock
	// What is the name of the job in messages.
	What string
	// Read reads the current state.
	Read func(context.Context) (T, error)
	// Status returns the status of the job as a whole.
	Status func(T) clarifai.Status
	// Line returns the progress in one line. The job makes no progress while the line stays the same.
	Line func(T) string
	// Stall is the longest time without progress; 0 for no limit.
	Stall time.Duration
	// MissingOK is how often in a row a new job may not be found yet.
	MissingOK int
	// Tell, if set, is called with each new line.
	Tell func(line string)
}

// Follow polls until the job has ended, has stalled, or the context ends.
func Follow[T any](ctx context.Context, spec Spec[T]) (T, error) {
	line, since := "", spec.Clock.Now()
	return wait.For(ctx, wait.Spec[T]{
		Clock: spec.Clock, What: spec.What, Status: spec.Status, MissingOK: spec.MissingOK,
		Line: func(T) string { return line }, // of the state that Refresh has just read
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

// Over reports whether a job with this status has ended, successfully or not. An unknown code
// counts as running.
func Over(code clarifai.StatusCode) bool {
	class := code.Class()
	return class == clarifai.ClassDone || class == clarifai.ClassFailed
}

// StalledError means that a job has made no progress for too long. It may still be running.
type StalledError struct {
	What string
	Idle time.Duration
	Last string // the line that has not changed
}

func (e *StalledError) Error() string {
	return fmt.Sprintf("%s made no progress for %s; it stood at: %s", e.What, e.Idle.Round(time.Second), e.Last)
}

// NotOver returns the diagnostic for a job that the provider stopped waiting for. The job is in state;
// next says how to resume.
func NotOver(summary string, err error, timeoutKey, next string) diag.Diagnostic {
	var interrupted *wait.InterruptedError
	var stalled *StalledError
	switch {
	case errors.As(err, &interrupted):
		return diags.StillRunning(summary, interrupted, timeoutKey, next)
	case errors.As(err, &stalled):
		return diag.NewErrorDiagnostic(summary, diags.Detail(err)+
			"\n\nTo wait longer, increase stall_timeout; to wait without this limit, set it to \"0s\".\n\n"+next)
	}
	return diag.NewErrorDiagnostic(summary, diags.Detail(err)+"\n\n"+next)
}
