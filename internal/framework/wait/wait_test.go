package wait_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/testclock"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

func spec(c *testclock.Clock, refresh func() (clarifai.StatusCode, error)) wait.Spec[clarifai.StatusCode] {
	return wait.Spec[clarifai.StatusCode]{
		Clock:   c,
		What:    `version "v1"`,
		Refresh: func(context.Context) (clarifai.StatusCode, error) { return refresh() },
		Status:  func(code clarifai.StatusCode) clarifai.Status { return clarifai.Status{Code: code} },
	}
}

// A caller waits at most a tenth (or the shortest pause) longer than the work
// takes, and the number of polls grows slowly.
func TestFor_isPunctual(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{0, time.Second, 10 * time.Second, 2 * time.Minute, 30 * time.Minute} {
		c := testclock.New(time.Unix(0, 0))
		polls := 0
		_, err := wait.For(t.Context(), spec(c, func() (clarifai.StatusCode, error) {
			polls++
			if c.Now().Sub(time.Unix(0, 0)) >= takes {
				return clarifai.StatusDatasetVersionReady, nil
			}
			return clarifai.StatusDatasetVersionInProgress, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		late := c.Now().Sub(time.Unix(0, 0)) - takes
		if late > max(250*time.Millisecond, takes/10+time.Millisecond) {
			t.Errorf("work of %s was noticed %s late", takes, late)
		}
		if polls > 200 {
			t.Errorf("work of %s took %d polls", takes, polls)
		}
	}
}

func TestFor_failedStatus(t *testing.T) {
	t.Parallel()
	c := testclock.New(time.Time{})
	_, err := wait.For(t.Context(), spec(c, func() (clarifai.StatusCode, error) { return clarifai.StatusDatasetVersionFailed, nil }))
	var failed *wait.FailedError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "64020") {
		t.Errorf("error = %v, want a failure with its code", err)
	}
}

// An unknown code counts as in progress.
func TestFor_unknownCodeIsInProgress(t *testing.T) {
	t.Parallel()
	c := testclock.New(time.Time{})
	responses := []clarifai.StatusCode{64999, 64999, clarifai.StatusDatasetVersionReady}
	_, err := wait.For(t.Context(), spec(c, func() (clarifai.StatusCode, error) {
		next := responses[0]
		responses = responses[1:]
		return next, nil
	}))
	if err != nil || len(responses) != 0 {
		t.Errorf("error = %v, %d responses left", err, len(responses))
	}
}

func TestFor_interrupted(t *testing.T) {
	t.Parallel()
	c := testclock.New(time.Time{})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := wait.For(ctx, spec(c, func() (clarifai.StatusCode, error) {
		cancel()
		return clarifai.StatusDatasetVersionInProgress, nil
	}))
	var interrupted *wait.InterruptedError
	if !errors.As(err, &interrupted) || interrupted.TimedOut() || interrupted.Last.Code != clarifai.StatusDatasetVersionInProgress {
		t.Errorf("error = %#v, want an interrupt that knows the last state", err)
	}
}

func TestFor_toleratesNotFound(t *testing.T) {
	t.Parallel()
	missing := &clarifai.Error{Status: clarifai.Status{Code: clarifai.StatusDoesNotExist}}
	for allowed, ok := range map[int]bool{2: true, 1: false} {
		c := testclock.New(time.Time{})
		left := 2
		s := spec(c, func() (clarifai.StatusCode, error) {
			if left > 0 {
				left--
				return 0, missing
			}
			return clarifai.StatusDatasetVersionReady, nil
		})
		s.MissingOK = allowed
		if _, err := wait.For(t.Context(), s); (err == nil) != ok {
			t.Errorf("with %d allowed: error = %v", allowed, err)
		}
	}
}

func TestGone(t *testing.T) {
	t.Parallel()
	c := testclock.New(time.Time{})
	left := 3
	err := wait.Gone(t.Context(), c, "deletion", func(context.Context) error {
		if left--; left > 0 {
			return nil
		}
		return &clarifai.Error{Status: clarifai.Status{Code: clarifai.StatusDoesNotExist}}
	})
	if err != nil || left != 0 {
		t.Errorf("error = %v after %d polls", err, 3-left)
	}
	broken := errors.New("broken")
	if err := wait.Gone(t.Context(), c, "deletion", func(context.Context) error { return wait.ErrAnother }); err != nil {
		t.Errorf("another object is waited for: %v", err)
	}
	if err := wait.Gone(t.Context(), c, "deletion", func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("error = %v, want the read's own", err)
	}
}

// A shared poll gets the pause as the time within which it returns.
func TestFor_sharedPoll(t *testing.T) {
	t.Parallel()
	c := testclock.New(time.Unix(0, 0))
	var withins []time.Duration
	s := spec(c, nil)
	s.Poll = func(ctx context.Context, within time.Duration) (clarifai.StatusCode, error) {
		withins = append(withins, within)
		if err := c.Sleep(ctx, within); err != nil {
			return 0, err
		}
		if c.Now().Sub(time.Unix(0, 0)) >= 10*time.Second {
			return clarifai.StatusDatasetVersionReady, nil
		}
		return clarifai.StatusDatasetVersionInProgress, nil
	}
	if _, err := wait.For(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if withins[0] != 0 || withins[1] != 250*time.Millisecond || withins[len(withins)-1] > time.Second {
		t.Errorf("asked within %v", withins)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var interrupted *wait.InterruptedError
	if _, err := wait.For(ctx, s); !errors.As(err, &interrupted) || interrupted.LastErr != nil {
		t.Errorf("got %v", err)
	}
}

func TestGonePolling(t *testing.T) {
	t.Parallel()
	c := testclock.New(time.Unix(0, 0))
	polls := 0
	err := wait.GonePolling(t.Context(), c, "deletion", func(ctx context.Context, within time.Duration) (string, error) {
		if polls++; c.Now().Sub(time.Unix(0, 0)) >= 5*time.Second {
			return "", &clarifai.Error{Status: clarifai.Status{Code: clarifai.StatusDoesNotExist}}
		}
		return "still there", c.Sleep(ctx, within)
	})
	if err != nil || polls < 3 {
		t.Errorf("got %v after %d polls", err, polls)
	}
}
