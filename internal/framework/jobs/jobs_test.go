package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/testclock"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

func TestDerivedID(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, about := range []string{"a", "b", "a\x000"} {
		for try := range 3 {
			id := jobs.DerivedID(about, try)
			if id != jobs.DerivedID(about, try) {
				t.Errorf("%q changes", id)
			}
			if problem := ids.Problem(id, ids.MaxLength); problem != "" {
				t.Errorf("%q is no id: %s", id, problem)
			}
			seen[id] = true
		}
	}
	if len(seen) != 9 {
		t.Errorf("%d different ids, want 9", len(seen))
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failOn     float64
		failed, of uint64
		want       bool
	}{
		{0, 0, 0, true},
		{0, 0, 10, true},
		{0, 1, 1000, false},
		{0.05, 5, 100, true},
		{0.05, 6, 100, false},
		{1, 10, 10, true},
	} {
		p := jobs.DefaultPolicy()
		p.FailOn = types.Float64Value(test.failOn)
		if got := p.Tolerates(test.failed, test.of); got != test.want {
			t.Errorf("fail_on %g with %d of %d: %t, want %t", test.failOn, test.failed, test.of, got, test.want)
		}
	}
	if p := jobs.DefaultPolicy(); !p.Waits() || p.Stall() != 30*time.Minute {
		t.Errorf("by default it waits %t and stalls after %s", p.Waits(), p.Stall())
	}
	if p := (jobs.Policy{}); !p.Waits() || p.Stall() != 30*time.Minute || !p.Tolerates(0, 1) || p.Tolerates(1, 1) {
		t.Error("an action that says nothing has another policy")
	}
}

// job is done at of, and makes no progress in between.
type job struct{ done, of int }

func follow(t *testing.T, stall time.Duration, advances func(passed time.Duration) int) ([]string, error) {
	t.Helper()
	c := testclock.New(time.Now())
	start := c.Now()
	var told []string
	_, err := jobs.Follow(t.Context(), jobs.Spec[job]{
		Clock: c, What: "the job", Stall: stall,
		Read: func(context.Context) (job, error) { return job{advances(c.Now().Sub(start)), 3}, nil },
		Status: func(j job) clarifai.Status {
			if j.done == j.of {
				return clarifai.Status{Code: clarifai.StatusJobCompleted}
			}
			return clarifai.Status{Code: clarifai.StatusJobRunning}
		},
		Line: func(j job) string { return fmt.Sprintf("%d of %d", j.done, j.of) },
		Tell: func(line string) { told = append(told, line) },
	})
	return told, err
}

// Tell is called with each change of progress, and every change restarts the stall timeout.
func TestFollow(t *testing.T) {
	t.Parallel()
	hourly := func(passed time.Duration) int { return min(3, int(passed/time.Hour)) }
	told, err := follow(t, 70*time.Minute, hourly)
	if err != nil || !slices.Equal(told, []string{"0 of 3", "1 of 3", "2 of 3", "3 of 3"}) {
		t.Errorf("told %v, %v", told, err)
	}
	told, err = follow(t, 50*time.Minute, hourly)
	var stalled *jobs.StalledError
	if !errors.As(err, &stalled) || stalled.Idle < 50*time.Minute || stalled.Idle > 51*time.Minute || stalled.Last != "0 of 3" {
		t.Errorf("told %v, %v", told, err)
	}
	if told, err = follow(t, 0, hourly); err != nil || len(told) != 4 {
		t.Errorf("without a limit: told %v, %v", told, err)
	}
}
