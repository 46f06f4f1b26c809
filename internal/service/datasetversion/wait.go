package datasetversion

import (
	"context"
	"errors"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	createTimeout = time.Hour
	deleteTimeout = 10 * time.Minute

	// Bounds of the wait for the counts of a version that is ready, which is otherwise a tenth of
	// the time that the build took. They come a little later, and for some versions perhaps never.
	minPatience = 500 * time.Millisecond
	maxPatience = 30 * time.Second

	// missingOK is how many times in a row a version that was just made may be missing.
	missingOK = 5
)

// ready waits until the version is built. The last state that was seen comes with every error,
// unless there was none.
func ready(ctx context.Context, client *clarifai.Client, m *model) (*clarifai.DatasetVersion, error) {
	app, dataset, id := m.app(), m.DatasetID.ValueString(), m.ID.ValueString()
	// Polls of a dataset's versions are shared, so that waiting for many costs no more than for one.
	poll := func(ctx context.Context, within time.Duration) (*clarifai.DatasetVersion, error) {
		return client.PollDatasetVersion(ctx, app, dataset, id, within)
	}
	clock := client.Clock()
	start := clock.Now()
	version, err := wait.For(ctx, wait.Spec[*clarifai.DatasetVersion]{
		Clock:     clock,
		What:      m.String(),
		Poll:      poll,
		Status:    func(v *clarifai.DatasetVersion) clarifai.Status { return v.Status },
		MissingOK: missingOK,
	})
	if err != nil {
		return version, err
	}
	patience := min(maxPatience, max(minPatience, clock.Now().Sub(start)/10))
	for until := clock.Now().Add(patience); len(version.Metrics) == 0 && clock.Now().Before(until); {
		again, err := poll(ctx, patience/2)
		if err != nil {
			break // the version is ready, which is what counts
		}
		version = again
	}
	return version, nil //nolint:nilerr // metrics that cannot be read do not make a ready version a failure
}

// remove deletes the version and waits until it is gone. As long as something uses it the service
// refuses with a conflict, which passes.
func remove(ctx context.Context, client *clarifai.Client, m *model) error {
	app, dataset, id := m.app(), m.DatasetID.ValueString(), m.ID.ValueString()
	what := "deletion of " + m.String()
	clock := client.Clock()
	start := clock.Now()
	var refused *clarifai.Error
	for {
		err := client.RemoveDatasetVersion(ctx, app, dataset, id)
		if err == nil {
			break
		}
		waited := clock.Now().Sub(start)
		conflict := clarifai.Code(err) == clarifai.StatusDatasetVersionConflict && errors.As(err, &refused)
		if conflict && clock.Sleep(ctx, wait.Pause(waited)) == nil {
			continue
		}
		if refused != nil && ctx.Err() != nil {
			return &wait.InterruptedError{What: what, Last: refused.Status, Waited: waited, Err: ctx.Err(), LastErr: refused}
		}
		return err
	}
	return wait.Gone(ctx, clock, what, func(ctx context.Context) error {
		found, err := client.GetDatasetVersion(ctx, app, dataset, id)
		if err == nil && attrs.Another(m.CreatedAt, found.CreatedAt) {
			return wait.ErrAnother
		}
		return err
	})
}
