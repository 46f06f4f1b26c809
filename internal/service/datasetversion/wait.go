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
	minMetricsWait = 500 * time.Millisecond
	maxMetricsWait = 30 * time.Second

	// missingOK is how often in a row a new version may not be found yet.
	missingOK = 5
)

// ready waits until the version is built. With an error it returns what was read last, if anything.
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
	metricsWait := min(maxMetricsWait, max(minMetricsWait, clock.Now().Sub(start)/10))
	for until := clock.Now().Add(metricsWait); len(version.Metrics) == 0 && clock.Now().Before(until); {
		again, err := poll(ctx, metricsWait/2)
		if err != nil {
			break // the version is ready, which is what counts
		}
		version = again
	}
	return version, nil //nolint:nilerr // metrics that cannot be read do not make a ready version a failure
}

// remove deletes the version and waits until it no longer exists. While something uses it, the service
// rejects the request with a conflict, so it is sent again.
func remove(ctx context.Context, client *clarifai.Client, m *model) error {
	app, dataset, id := m.app(), m.DatasetID.ValueString(), m.ID.ValueString()
	what := "deletion of " + m.String()
	clock := client.Clock()
	start := clock.Now()
	var rejected *clarifai.Error
	for {
		err := client.RemoveDatasetVersion(ctx, app, dataset, id)
		if err == nil {
			break
		}
		waited := clock.Now().Sub(start)
		conflict := clarifai.Code(err) == clarifai.StatusDatasetVersionConflict && errors.As(err, &rejected)
		if conflict && clock.Sleep(ctx, wait.Pause(waited)) == nil {
			continue
		}
		if rejected != nil && ctx.Err() != nil {
			return &wait.InterruptedError{What: what, Last: rejected.Status, Waited: waited, Err: ctx.Err(), LastErr: rejected}
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
