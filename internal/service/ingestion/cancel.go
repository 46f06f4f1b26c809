package ingestion

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// cancel cancels a job and waits until it has stopped. It is not documented whether cancelling the add
// job also cancels its extraction jobs and uploads, so each of them is cancelled. The error is nil if
// the job had ended before.
func cancel(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, s *jobStatus, what string) error {
	var running []string
	for _, e := range s.job.ExtractionJobs {
		if !jobs.Over(e.Status.Code) {
			running = append(running, e.ID)
		}
	}
	if len(running) > 0 {
		if _, err := client.CancelInputsExtractionJobs(ctx, app, running); err != nil && !nothingToCancel(err) {
			return err
		}
	}
	if _, err := client.CancelInputsAddJob(ctx, app, s.job.ID); err != nil && !nothingToCancel(err) {
		return err
	}
	for _, u := range s.job.Uploads {
		if jobs.Over(u.Status.Code) {
			continue
		}
		// No more parts will be sent.
		if err := client.DeleteUploads(ctx, app, []string{u.ID}); err != nil && !nothingToCancel(err) {
			return err
		}
	}
	// Inputs that were added before are still processed; cancel does not wait for that.
	_, err := jobs.Follow(ctx, jobs.Spec[*jobStatus]{
		Clock: client.Clock(), What: "the cancellation of " + what,
		Read:   func(ctx context.Context) (*jobStatus, error) { return readStatus(ctx, client, app, s.job.ID) },
		Status: (*jobStatus).extraction,
		Line:   (*jobStatus).line,
	})
	var failed *wait.FailedError
	if errors.As(err, &failed) || clarifai.IsNotFound(err) {
		return nil // cancelled (a failed status), or deleted
	}
	return err
}

// extraction returns the status of the first extraction job that is not over, else that of the add
// job.
func (s *jobStatus) extraction() clarifai.Status {
	for _, e := range s.job.ExtractionJobs {
		if !jobs.Over(e.Status.Code) {
			return e.Status
		}
	}
	return s.job.Status
}

// nothingToCancel reports whether a cancellation failed because the job is over.
func nothingToCancel(err error) bool {
	return clarifai.IsNotFound(err) || clarifai.Code(err) == clarifai.StatusJobConflict
}
