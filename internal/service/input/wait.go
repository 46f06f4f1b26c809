package input

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	createTimeout = 20 * time.Minute
	updateTimeout = 20 * time.Minute
	deleteTimeout = 10 * time.Minute

	// vanishTime is how long an id may stay taken by an input that cannot be read any more. The
	// official tests allow two minutes for a deletion.
	vanishTime = 2 * time.Minute

	// missingOK is how many times in a row an input that was just made may be missing.
	missingOK = 5
)

// processed waits until the input is processed. The last state that was seen comes with every error,
// unless there was none. Those who wait at the same time share their polls.
func processed(ctx context.Context, client *clarifai.Client, m *model) (*clarifai.Input, error) {
	return wait.For(ctx, wait.Spec[*clarifai.Input]{
		Clock: client.Clock(),
		What:  m.String(),
		Poll: func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
			return client.PollInput(ctx, m.app(), m.ID.ValueString(), within)
		},
		Status:    func(in *clarifai.Input) clarifai.Status { return in.Status },
		MissingOK: missingOK,
	})
}

// gone waits until the input is deleted.
func gone(ctx context.Context, client *clarifai.Client, m *model) error {
	return wait.GonePolling(ctx, client.Clock(), fmt.Sprintf("deletion of %s", m), func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
		found, err := client.PollRemovedInput(ctx, m.app(), m.ID.ValueString(), within)
		if err == nil && attrs.Another(m.CreatedAt, found.CreatedAt) {
			return nil, wait.ErrAnother
		}
		return found, err
	})
}

// over tells whether there is nothing left to wait for.
func over(err error) bool {
	var failed *wait.FailedError
	return errors.As(err, &failed) || clarifai.IsNotFound(err)
}
