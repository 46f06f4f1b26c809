package ingestion

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// cancel stops all of a job that is still running and waits until nothing is. Whether
// cancelling the add job ends its parts too is not documented, so each is cancelled.
// The error is nil also when it had ended by itself.
func cancel(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, s *standing, what string) error {
	var running []string
	for _, e := range s.job.ExtractionJobs {
		if !jobs.Over(e.Status.Code) {
			running = append(running, e.ID)
		}
	}
	if len(running) > 0 {
		if _, err := client.CancelInputsExtractionJobs(ctx, app, running); err != nil && !ended(err) {
			return err
		}
	}
	if _, err := client.CancelInputsAddJob(ctx, app, s.job.ID); err != nil && !ended(err) {
		return err
	}
	for _, u := range s.job.Uploads {
		if jobs.Over(u.Status.Code) {
			continue
		}
		// Nobody is going to send the rest of it.
		if err := client.DeleteUploads(ctx, app, []string{u.ID}); err != nil && !ended(err) {
			return err
		}
	}
	// Inputs that were made before are still processed, which is not waited for.
	_, err := jobs.Follow(ctx, jobs.Spec[*standing]{
		Clock: client.Clock(), What: "the cancellation of " + what,
		Read:   func(ctx context.Context) (*standing, error) { return stand(ctx, client, app, s.job.ID) },
		Status: (*standing).extraction,
		Line:   (*standing).line,
	})
	var failed *wait.FailedError
	if errors.As(err, &failed) || clarifai.IsNotFound(err) {
		return nil // cancelled, which counts as failed, or gone
	}
	return err
}

// extraction is how far the making of inputs is.
func (s *standing) extraction() clarifai.Status {
	for _, e := range s.job.ExtractionJobs {
		if !jobs.Over(e.Status.Code) {
			return e.Status
		}
	}
	return s.job.Status
}

// ended tells whether a cancellation was refused because there is nothing left to cancel.
func ended(err error) bool {
	return clarifai.IsNotFound(err) || clarifai.Code(err) == clarifai.StatusJobConflict
}
