package datasetversion

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	// membersStall is how long the processing of inputs may make no progress.
	membersStall = 30 * time.Minute

	// maxFailedPages limits the pages of members that are searched for failed inputs.
	maxFailedPages = 20
)

// waitForMembers waits until the inputs of the dataset are processed, and warns about those that failed. In
// the usual case it takes one request: the counts of the app say that nothing is being processed.
func waitForMembers(ctx context.Context, client *clarifai.Client, m *model) diag.Diagnostics {
	app, dataset := m.app(), m.DatasetID.ValueString()
	reads := 0
	counts, err := jobs.Follow(ctx, jobs.Spec[*clarifai.InputCount]{
		Clock: client.Clock(), What: fmt.Sprintf("processing of the inputs of dataset %q", dataset), Stall: membersStall,
		Read: func(ctx context.Context) (*clarifai.InputCount, error) {
			counts, err := client.GetInputCount(ctx, app)
			if reads++; err != nil || pending(counts) == 0 || reads%membersEvery != 0 {
				return counts, err
			}
			// Inputs of other datasets may be processed all the time.
			if inProgress, listErr := anyInProgress(ctx, client, app, dataset); listErr == nil && !inProgress {
				counts.ToProcess, counts.Processing = 0, 0
			}
			return counts, nil
		},
		Status: func(counts *clarifai.InputCount) clarifai.Status {
			if pending(counts) > 0 {
				return clarifai.Status{Code: clarifai.StatusInputInProgress}
			}
			return clarifai.Status{Code: clarifai.StatusInputDownloaded}
		},
		Line: func(counts *clarifai.InputCount) string {
			return fmt.Sprintf("%d inputs of the app are not processed yet", pending(counts))
		},
	})
	var interrupted *wait.InterruptedError
	var stalled *jobs.StalledError
	switch {
	case errors.As(err, &interrupted), errors.As(err, &stalled):
		return diag.Diagnostics{jobs.NotOver(fmt.Sprintf("Inputs of dataset %q are not processed yet", dataset), err, "create",
			"The version was not created. The next apply resumes waiting. To create it without waiting, set wait_for = \"accepted\".")}
	case err != nil, counts.Errors == 0:
		return nil // a failed request for the counts must not prevent the version
	}
	return failedMembers(ctx, client, app, dataset)
}

// membersEvery is after how many reads of the counts the members themselves are read.
const membersEvery = 4

// pending is the number of inputs that are not processed yet.
func pending(counts *clarifai.InputCount) uint64 {
	return uint64(counts.ToProcess) + uint64(counts.Processing)
}

func anyInProgress(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, dataset string) (bool, error) {
	for member, err := range client.AllDatasetInputs(ctx, app, dataset, clarifai.Page{PerPage: clarifai.MaxPerPage}) {
		if err != nil {
			return false, err
		}
		if member.Input != nil && member.Input.Status.Code.Class() == clarifai.ClassInProgress {
			return true, nil
		}
	}
	return false, nil
}

// failedMembers warns about members whose processing failed.
func failedMembers(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, dataset string) diag.Diagnostics {
	var failed []string
	seen := 0
	for member, err := range client.AllDatasetInputs(ctx, app, dataset, clarifai.Page{PerPage: clarifai.MaxPerPage}) {
		if seen++; err != nil || seen > maxFailedPages*clarifai.MaxPerPage {
			break
		}
		if member.Input != nil && member.Input.Status.Code.Class() == clarifai.ClassFailed {
			failed = append(failed, member.Input.ID)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Processing failed for %s of dataset %q", diags.Counted(uint64(len(failed)), "input"), dataset),
		fmt.Sprintf("The version may not contain them: %s. Read their status with the data source clarifai_input, fix the cause, "+
			"and replace them (terraform apply -replace=...).", diags.Names(failed)))}
}
