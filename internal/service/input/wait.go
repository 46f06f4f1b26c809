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

	// deletedIDTimeout is how long an id may stay in use after its input was deleted. Clarifai's own tests
	// allow two minutes for a deletion.
	deletedIDTimeout = 2 * time.Minute

	// missingAllowed is how often in a row a new input may not be found yet.
	missingAllowed = 5
)

// waitProcessed waits until the input is processed. It returns the last state together with an error,
// if there was one. Concurrent waits share requests.
func waitProcessed(ctx context.Context, client *clarifai.Client, m *model) (*clarifai.Input, error) {
	return wait.For(ctx, wait.Spec[*clarifai.Input]{
		Clock: client.Clock(),
		What:  m.String(),
		Poll: func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
			return client.PollInput(ctx, m.app(), m.ID.ValueString(), within)
		},
		Status:    func(in *clarifai.Input) clarifai.Status { return in.Status },
		MissingOK: missingAllowed,
	})
}

// waitDeleted waits until the input is deleted.
func waitDeleted(ctx context.Context, client *clarifai.Client, m *model) error {
	return wait.GonePolling(ctx, client.Clock(), fmt.Sprintf("deletion of %s", m), func(ctx context.Context,
		within time.Duration) (*clarifai.Input, error) {
		found, err := client.PollRemovedInput(ctx, m.app(), m.ID.ValueString(), within)
		if err == nil && attrs.Another(m.CreatedAt, found.CreatedAt) {
			return nil, wait.ErrAnother
		}
		return found, err
	})
}

// isFinal reports whether there is nothing left to wait for.
func isFinal(err error) bool {
	var failed *wait.FailedError
	return errors.As(err, &failed) || clarifai.IsNotFound(err)
}
