package addjob

import (
	"context"
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// Cancel cancels a job and waits until it has stopped. It is not documented whether cancelling the add
// job also cancels its extraction jobs and uploads, so each of them is cancelled. The error is nil if
// the job had ended before.
func Cancel(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, s *Status, what string) error {
	var running []string
	for _, e := range s.Job.ExtractionJobs {
		if !jobs.Over(e.Status.Code) {
			running = append(running, e.ID)
		}
	}
	if len(running) > 0 {
		if _, err := client.CancelInputsExtractionJobs(ctx, app, running); err != nil && !nothingToCancel(err) {
			return err
		}
	}
	if _, err := client.CancelInputsAddJob(ctx, app, s.Job.ID); err != nil && !nothingToCancel(err) {
		return err
	}
	for _, u := range s.Job.Uploads {
		if jobs.Over(u.Status.Code) {
			continue
		}
		// No more parts will be sent.
		if err := client.DeleteUploads(ctx, app, []string{u.ID}); err != nil && !nothingToCancel(err) {
			return err
		}
	}
	// Inputs that were added before are still processed; Cancel does not wait for that.
	_, err := jobs.Follow(ctx, jobs.Spec[*Status]{
		Clock: client.Clock(), What: "the cancellation of " + what,
		Read:   func(ctx context.Context) (*Status, error) { return Read(ctx, client, app, s.Job.ID) },
		Status: (*Status).extraction,
		Line:   (*Status).Line,
	})
	var failed *wait.FailedError
	if errors.As(err, &failed) || clarifai.IsNotFound(err) {
		return nil // cancelled (a failed status), or deleted
	}
	return err
}

// extraction returns the status of the first extraction job that is not over, else that of the add
// job.
func (s *Status) extraction() clarifai.Status {
	for _, e := range s.Job.ExtractionJobs {
		if !jobs.Over(e.Status.Code) {
			return e.Status
		}
	}
	return s.Job.Status
}

// nothingToCancel reports whether a cancellation failed because the job is over.
func nothingToCancel(err error) bool {
	return clarifai.IsNotFound(err) || clarifai.Code(err) == clarifai.StatusJobConflict
}
