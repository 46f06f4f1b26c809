package ingestion

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

// completedDiagnostic returns the diagnostic for a completed job, nil if there is nothing to report, and how many files
// were skipped because their ids already existed. Clarifai counts them as failed.
func completedDiagnostic(
	ctx context.Context, client *clarifai.Client, in *jobConfig, s *addjob.Status, what string,
) (problem diag.Diagnostic, skipped uint64) {
	n := s.Counts()
	switch {
	case n.Finished() == 0 && s.Extracted() == 0:
		return diag.NewWarningDiagnostic("No inputs found: "+what,
			"The job is completed and found no inputs. Check the URL or the archive: the input type is recognised by the file name "+
				"extension, and a URL is a key prefix."), 0
	case n.Failed == 0:
		return nil, 0
	}
	lines, listed, err := failures(ctx, client, in.app(), s.Job, n.Failed)
	if err == nil && in.resolution() == clarifai.ConflictSkip {
		skipped = n.Failed - listed
	}
	failed, all := n.Failed-skipped, n.Finished()-skipped
	note := ""
	if skipped > 0 {
		note = fmt.Sprintf("\n\n%s skipped: no input was added, usually because an input with the id already exists. It stays as it is. "+
			"Ids are derived from file names.", was(skipped))
	}
	if failed == 0 {
		return diag.NewWarningDiagnostic(fmt.Sprintf("%d of %s skipped: %s", skipped, diags.Counted(n.Finished(), "input"), what),
			fmt.Sprintf("%d succeeded.", n.Succeeded)+note), skipped
	}
	summary := fmt.Sprintf("%d of %s failed: %s", failed, diags.Counted(all, "input"), what)
	detail := fmt.Sprintf("%d succeeded and %d failed (%.1f%%).", n.Succeeded, failed, 100*float64(failed)/float64(all))
	if len(lines) > 0 {
		detail += "\n\nFirst failed inputs:\n" + strings.Join(lines, "\n")
	}
	detail += note
	if err != nil {
		detail += "\n\nUnable to list the failed inputs: " + strings.ReplaceAll(diags.Detail(err), "\n\n", " ")
	}
	if in.Tolerates(failed, all) {
		return diag.NewWarningDiagnostic(summary, detail), skipped
	}
	return diag.NewErrorDiagnostic(summary, detail+fmt.Sprintf("\n\nMore inputs failed than fail_on = %g allows. Inputs that succeeded "+
		"stay. To accept the outcome, increase fail_on: the job does not run again. "+
		"To add the rest, fix the files, delete the inputs that failed, and change triggers.", in.FailOn.ValueFloat64())), skipped
}

// was says how many files a sentence is about.
func was(files uint64) string {
	if files == 1 {
		return "1 file was"
	}
	return fmt.Sprintf("%d files were", files)
}

// failureCodes are the status codes of inputs whose processing failed.
var failureCodes = []clarifai.StatusCode{
	clarifai.StatusInputFailed, clarifai.StatusInputDuplicate, clarifai.StatusInputUnsupported, clarifai.StatusInputInvalidField,
	clarifai.StatusInputTooLarge, clarifai.StatusInputInvalidURL, 30210, 30300, 39996,
}

// failures lists the first failed inputs of a job with their reasons, and counts those that failed, up to a limit. The API
// does not list the inputs of a job, so it lists those that failed since the job started.
func failures(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, job *clarifai.InputsAddJob, limit uint64,
) (lines []string, failed uint64, err error) {
	const most = 10
	for _, code := range failureCodes {
		query := clarifai.ListInputsQuery{StatusCode: code, Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}
		for in, err := range client.AllInputs(ctx, app, query) {
			switch {
			case err != nil:
				return lines, failed, err
			case failed == limit:
				return lines, failed, nil
			case in.CreatedAt.Before(job.CreatedAt.Truncate(time.Microsecond)):
				continue
			}
			if failed++; len(lines) < most {
				lines = append(lines, fmt.Sprintf("  %s: %s (status %d %s)", in.ID, (&clarifai.Error{Status: in.Status}).Summary(),
					in.Status.Code, in.Status.Code.Name()))
			}
		}
	}
	return lines, failed, nil
}
