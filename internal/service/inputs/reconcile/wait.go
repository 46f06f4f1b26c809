package reconcile

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	// readBackTime limits reading back what an interrupted request may have done.
	readBackTime = 30 * time.Second
	// missingTime is how long inputs that were just created may be missing from lists.
	missingTime = time.Minute
)

// waitProcessed waits until Clarifai has processed inputs, and records failures.
//
// One request that counts the app's inputs by state replaces many that read them,
// as long as inputs are in progress. When none is, only failures have to be found.
func (a *applier) waitProcessed(ctx context.Context, ids []string) {
	if len(ids) == 0 || ctx.Err() != nil {
		return
	}
	waiting := slices.Clone(ids) // in the order in which they were sent
	step, reported := a.begin("wait for processing", len(ids)), 0
	defer step.End()
	clock := a.Client.Clock()
	start := clock.Now()
	listed := start // when all waiting inputs were read last
	for pause := time.Duration(0); ; {
		if err := clock.Sleep(ctx, pause); err != nil {
			a.halt(err)
			return
		}
		now := clock.Now()
		waited := now.Sub(start)
		n, err := a.Client.GetInputCount(ctx, a.App)
		if err != nil && (ctx.Err() != nil || isFatal(err)) {
			a.halt(err)
			return
		}
		switch {
		case err == nil && n.ToProcess+n.Processing+n.Errors == 0:
			// Counts may lag. The last inputs that were sent tell whether they do.
			last := waiting[max(0, len(waiting)-clarifai.MaxItemsPerCall):]
			left, err := a.inProgress(ctx, last, waited)
			if err != nil {
				a.halt(err)
				return
			}
			if len(left) == 0 {
				return
			}
		case err == nil && int(n.ToProcess+n.Processing) > clarifai.MaxPerPage && keepCounting(waited, len(waiting)):
			// Many inputs of the app are in progress, most likely including these.
		case err == nil && n.ToProcess+n.Processing > 0 && now.Sub(listed) < readInterval(len(waiting)):
			// Some are. Counting costs one request; reading these costs many and must pay off.
		default:
			listed = now
			left, err := a.inProgress(ctx, waiting, waited)
			if err != nil {
				a.halt(err)
				return
			}
			if waiting = left; len(waiting) == 0 {
				return
			}
		}
		step.Add(len(ids)-len(waiting)-reported, a.newFailures())
		reported = len(ids) - len(waiting)
		pause = wait.Pause(waited)
	}
}

// keepCounting reports whether to go on counting while other inputs keep Clarifai
// busy: reading each of n inputs takes as long as so many requests.
func keepCounting(waited time.Duration, n int) bool {
	return waited < time.Minute+time.Duration(n)*50*time.Millisecond
}

// readInterval is the time between two readings of n inputs: a second for each
// request that a reading takes, and none if it takes only one.
func readInterval(n int) time.Duration {
	return time.Duration(n/clarifai.MaxPerPage) * time.Second
}

// inProgress reads the status of inputs, records failures, and returns those that are in progress.
func (a *applier) inProgress(ctx context.Context, ids []string, waited time.Duration) (left []string, err error) {
	done, found := map[string]bool{}, map[string]bool{}
	check := func(in *clarifai.Input) {
		found[in.ID] = true
		switch in.Status.Code.Class() {
		case clarifai.ClassDone:
			done[in.ID] = true
		case clarifai.ClassFailed:
			done[in.ID] = true
			a.fail(in.ID, Failure{Doing: couldNotProcess, Err: &clarifai.Error{Status: in.Status}})
		}
	}
	if len(ids) <= clarifai.MaxPerPage/4 {
		err = a.Client.ReadInputs(ctx, a.App, ids, clarifai.MaxPerPage*len(ids), check)
	} else {
		err = a.readMembers(ctx, ids, check)
	}
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		switch {
		case done[id]:
		case !found[id] && waited > missingTime:
			a.fail(id, Failure{Err: errors.New("it no longer exists: somebody deleted it while it was processed")})
			a.setAbsent(id, true)
		default:
			left = append(left, id)
		}
	}
	return left, nil
}

// readMembers reads inputs from the list of the tracking dataset, and by id those that the list omits.
func (a *applier) readMembers(ctx context.Context, ids []string, check func(*clarifai.Input)) error {
	wanted, listed := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	for m, err := range a.Client.AllDatasetInputs(ctx, a.App, a.TrackingID, longPages(len(ids))) {
		if err != nil {
			return err
		}
		if m.Input != nil && wanted[m.Input.ID] {
			listed[m.Input.ID] = true
			check(m.Input)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return listed[id] })
	return a.Client.ReadInputs(ctx, a.App, rest, clarifai.MaxPerPage*max(1, len(rest)), check)
}
