package ingestion

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

// completedDiagnostic returns the diagnostic for a completed job; nil if there is nothing to report.
func completedDiagnostic(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, s *addjob.Status, what string, policy jobs.Policy,
) diag.Diagnostic {
	n := s.Counts()
	switch {
	case n.Finished() == 0 && s.Extracted() == 0:
		return diag.NewWarningDiagnostic("No inputs found: "+what,
			"The job is completed and found no inputs. Check the URL or the archive: the input type is recognised by the file name "+
				"extension, and a URL is a key prefix.")
	case n.Failed == 0:
		return nil
	}
	summary := fmt.Sprintf("%d of %s failed: %s", n.Failed, diags.Counted(n.Finished(), "input"), what)
	detail := fmt.Sprintf("%d succeeded and %d failed "+
		"(%.1f%%).", n.Succeeded, n.Failed, 100*float64(n.Failed)/float64(n.Finished())) + failures(ctx, client, app, s.Job, n.Failed)
	if policy.Tolerates(n.Failed, n.Finished()) {
		return diag.NewWarningDiagnostic(summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail+fmt.Sprintf("\n\nMore inputs failed than fail_on = %g allows. Inputs that succeeded "+
		"stay. To accept the outcome, increase fail_on: the job does not run again. "+
		"To add the rest, fix the files, delete the inputs that failed or that have the same ids, and change "+
		"triggers.", policy.FailOn.ValueFloat64()))
}

// failureCodes are the status codes of inputs whose processing failed.
var failureCodes = []clarifai.StatusCode{
	clarifai.StatusInputFailed, clarifai.StatusInputDuplicate, clarifai.StatusInputUnsupported, clarifai.StatusInputInvalidField,
	clarifai.StatusInputTooLarge, clarifai.StatusInputInvalidURL, 30210, 30300, 39996,
}

// failures lists the first failed inputs of a job with their reasons. The API does not list the inputs
// of a job, so it lists those that failed since the job started.
func failures(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, job *clarifai.InputsAddJob, failed uint64) string {
	const most = 10
	var lines []string
	seen := uint64(0)
	for _, code := range failureCodes {
		if seen >= failed {
			break
		}
		inputs, err := client.ListInputs(ctx, app, clarifai.ListInputsQuery{StatusCode: code, Page: clarifai.Page{PerPage: 128}})
		if err != nil {
			lines = append(lines, "Unable to list the failed inputs: "+strings.ReplaceAll(diags.Detail(err), "\n\n", " "))
			break
		}
		for _, in := range inputs {
			if in.CreatedAt.Before(job.CreatedAt.Truncate(time.Microsecond)) {
				continue
			}
			if seen++; len(lines) < most {
				lines = append(lines, fmt.Sprintf("  %s: %s (status %d %s)", in.ID, (&clarifai.Error{Status: in.Status}).Summary(),
					in.Status.Code, in.Status.Code.Name()))
			}
		}
	}
	text := ""
	if len(lines) > 0 {
		text += "\n\nFirst failed inputs:\n" + strings.Join(lines, "\n")
	}
	if seen < failed {
		text += fmt.Sprintf("\n\n%d have no input. The usual reason is that their id already exists: such files are skipped.", failed-seen)
	}
	return text
}
