package inputs

import (
	"context"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	// lookAgain bounds the reading back of what an interrupted call may have done.
	lookAgain = 30 * time.Second
	// missingTime is how long inputs that were just made may be missing from the lists.
	missingTime = time.Minute
)

// processed waits until the service has processed inputs, and notes those that it could not.
//
// One call that counts the app's inputs says the same as many that read them, as long as it says that
// none is in progress. Then only failures have to be looked for, if there are any.
func (w *work) processed(ctx context.Context, ids []string) {
	if len(ids) == 0 || ctx.Err() != nil {
		return
	}
	waiting := slices.Clone(ids) // in the order in which they were sent
	clock := w.client.Clock()
	start := clock.Now()
	listed := start // when all of ours were read last
	for within := time.Duration(0); ; {
		if err := clock.Sleep(ctx, within); err != nil {
			w.stop(err)
			return
		}
		now := clock.Now()
		waited := now.Sub(start)
		n, err := w.client.GetInputCount(ctx, w.app)
		if err != nil && (ctx.Err() != nil || fatal(err)) {
			w.stop(err)
			return
		}
		switch {
		case err == nil && n.ToProcess+n.Processing+n.Errors == 0:
			// Counts may lag. The last that were sent tell whether these do.
			last := waiting[max(0, len(waiting)-clarifai.MaxItemsPerCall):]
			left, err := w.statuses(ctx, last, waited)
			if err != nil {
				w.stop(err)
				return
			}
			if len(left) == 0 {
				return
			}
		case err == nil && int(n.ToProcess+n.Processing) > clarifai.MaxPerPage && worthCounting(waited, len(waiting)):
			// Many are in progress, ours most likely among them.
		case err == nil && n.ToProcess+n.Processing > 0 && now.Sub(listed) < readingTime(len(waiting)):
			// Some are. Counting costs one call, and reading ours so many that it has to be worth it.
		default:
			listed = now
			left, err := w.statuses(ctx, waiting, waited)
			if err != nil {
				w.stop(err)
				return
			}
			if waiting = left; len(waiting) == 0 {
				return
			}
		}
		within = wait.Pause(waited)
	}
}

// worthCounting tells whether to go on counting while others keep the service busy: reading every
// one of ours takes as long as so many calls.
func worthCounting(waited time.Duration, n int) bool {
	return waited < time.Minute+time.Duration(n)*50*time.Millisecond
}

// readingTime is how much time is to pass between two readings of n inputs that are waited for: a
// second for each call that it takes, and none where it is only one.
func readingTime(n int) time.Duration {
	return time.Duration(n/clarifai.MaxPerPage) * time.Second
}

// statuses reads how it stands with inputs, notes failures, and returns those in progress.
func (w *work) statuses(ctx context.Context, ids []string, waited time.Duration) (left []string, err error) {
	done, there := map[string]bool{}, map[string]bool{}
	look := func(in *clarifai.Input) {
		there[in.ID] = true
		switch in.Status.Code.Class() {
		case clarifai.ClassDone:
			done[in.ID] = true
		case clarifai.ClassFailed:
			done[in.ID] = true
			w.fail(in.ID, "the service could not process it: "+brief(&clarifai.Error{Status: in.Status}))
		}
	}
	if len(ids) <= clarifai.MaxPerPage/4 {
		err = w.client.ReadInputs(ctx, w.app, ids, clarifai.MaxPerPage*len(ids), look)
	} else {
		err = w.listed(ctx, ids, look)
	}
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		switch {
		case done[id]:
		case !there[id] && waited > missingTime:
			w.fail(id, "it is gone: somebody deleted it while it was processed")
			w.absent[id] = true
		default:
			left = append(left, id)
		}
	}
	return left, nil
}

// listed reads inputs of the ledger by pages, and by ids those that it does not show.
func (w *work) listed(ctx context.Context, ids []string, look func(*clarifai.Input)) error {
	asked, shown := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		asked[id] = true
	}
	for m, err := range w.client.AllDatasetInputs(ctx, w.app, w.ledger, clarifai.MaxPerPage) {
		if err != nil {
			return err
		}
		if m.Input == nil {
			continue
		}
		if asked[m.Input.ID] {
			shown[m.Input.ID] = true
			look(m.Input)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return shown[id] })
	return w.client.ReadInputs(ctx, w.app, rest, clarifai.MaxPerPage*max(1, len(rest)), look)
}
