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
)

// jobStatus is an add job with its extraction jobs. The add job counts inputs; it may report
// completion while inputs are still being extracted.
type jobStatus struct {
	job     *clarifai.InputsAddJob
	overall clarifai.Status // of the add job, its uploads and extraction jobs together
}

// readStatus reads a job. The copies of uploads and extraction jobs in the add job may be outdated, so
// those that are not over are read as well.
func readStatus(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id string) (*jobStatus, error) {
	job, err := client.GetInputsAddJob(ctx, app, id)
	if err != nil {
		return nil, err
	}
	return statusOf(ctx, client, app, job)
}

func statusOf(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, job *clarifai.InputsAddJob) (*jobStatus, error) {
	for i, u := range job.Uploads {
		if jobs.Over(u.Status.Code) {
			continue
		}
		fresh, err := client.GetUpload(ctx, app, u.ID)
		switch {
		case err == nil:
			job.Uploads[i] = *fresh
		case !clarifai.IsNotFound(err):
			return nil, err
		}
	}
	for i, e := range job.ExtractionJobs {
		if jobs.Over(e.Status.Code) {
			continue
		}
		fresh, err := client.GetInputsExtractionJob(ctx, app, e.ID)
		switch {
		case err == nil:
			job.ExtractionJobs[i] = *fresh
		case !clarifai.IsNotFound(err): // not listed yet: keep the add job's copy
			return nil, err
		}
	}
	s := &jobStatus{job: job}
	s.overall = s.status()
	return s, nil
}

// status is the overall status: what is still running comes before what has failed, and that before
// the status of the add job.
func (s *jobStatus) status() clarifai.Status {
	for _, u := range s.job.Uploads {
		if u.Status.Code.Class() != clarifai.ClassDone {
			return u.Status
		}
	}
	var failed *clarifai.Status
	for i, e := range s.job.ExtractionJobs {
		switch {
		case !jobs.Over(e.Status.Code):
			return e.Status
		case failed == nil && e.Status.Code.Class() == clarifai.ClassFailed:
			failed = &s.job.ExtractionJobs[i].Status
		}
	}
	n := s.counts()
	switch {
	case failed != nil:
		return *failed
	case n.Pending+n.InProgress > 0:
		return clarifai.Status{Code: clarifai.StatusJobRunning}
	}
	return s.job.Status
}

// counts are the inputs of a job by outcome.
type counts struct{ Pending, InProgress, Succeeded, Failed uint64 }

func (n counts) finished() uint64 { return n.Succeeded + n.Failed }

func (s *jobStatus) counts() counts {
	p := s.job.Progress
	if p == nil {
		return counts{}
	}
	return counts{uint64(p.PendingCount), uint64(p.InProgressCount), uint64(p.SuccessCount), uint64(p.FailedCount)}
}

// extracted returns how many inputs were extracted so far, by type.
func (s *jobStatus) extracted() (images, videos, audios, texts uint64) {
	for _, e := range s.job.ExtractionJobs {
		if p := e.Progress; p != nil {
			images += uint64(p.ImageInputsCount)
			videos += uint64(p.VideoInputsCount)
			audios += uint64(p.AudioInputsCount)
			texts += uint64(p.TextInputsCount)
		}
	}
	return images, videos, audios, texts
}

func (s *jobStatus) extractedTotal() uint64 {
	images, videos, audios, texts := s.extracted()
	return images + videos + audios + texts
}

// line describes the status in one line.
func (s *jobStatus) line() string {
	parts := []string{s.overall.Code.Name()}
	for _, u := range s.job.Uploads {
		if !jobs.Over(u.Status.Code) {
			parts = append(parts, fmt.Sprintf("%d%% uploaded", u.Status.PercentCompleted))
		}
	}
	images, videos, audios, texts := s.extracted()
	for _, kind := range []struct {
		n    uint64
		noun string
	}{{images, "image"}, {videos, "video"}, {audios, "audio file"}, {texts, "text"}} {
		if kind.n > 0 {
			parts = append(parts, diags.Counted(kind.n, kind.noun)+" found")
		}
	}
	if n := s.counts(); n != (counts{}) {
		parts = append(parts, fmt.Sprintf("%d of %s processed", n.finished(), diags.Counted(n.finished()+n.Pending+n.InProgress, "input")))
		if n.Failed > 0 {
			parts = append(parts, fmt.Sprintf("%d failed", n.Failed))
		}
	}
	return strings.Join(parts, ", ")
}

// missingAllowed is how often in a row a new job may not be found yet.
const missingAllowed = 5

// follow waits until all of a job is over.
func follow(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id, what string, stall time.Duration, report func(string),
) (*jobStatus, error) {
	// The service may count extracted inputs late. It is not documented that the numbers ever add up,
	// so the wait for them is limited.
	const maxLate = 5
	late := 0
	return jobs.Follow(ctx, jobs.Spec[*jobStatus]{
		Clock: client.Clock(), What: what, Stall: stall, MissingOK: missingAllowed, Tell: report,
		Read: func(ctx context.Context) (*jobStatus, error) {
			s, err := readStatus(ctx, client, app, id)
			if err != nil {
				return nil, err
			}
			addsUp := len(s.job.ExtractionJobs) > 0 && s.counts().finished() >= s.extractedTotal()
			if s.overall.Code.Class() == clarifai.ClassDone && !addsUp && late < maxLate {
				late++
				s.overall = clarifai.Status{Code: clarifai.StatusJobRunning}
			}
			return s, nil
		},
		Status: func(s *jobStatus) clarifai.Status { return s.overall },
		Line:   (*jobStatus).line,
	})
}

// completedDiagnostic returns the diagnostic for a completed job; nil if there is nothing to report.
func completedDiagnostic(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, s *jobStatus, what string, policy jobs.Policy,
) diag.Diagnostic {
	n := s.counts()
	switch {
	case n.finished() == 0 && s.extractedTotal() == 0:
		return diag.NewWarningDiagnostic("No inputs found: "+what,
			"The job is completed and found no inputs. Check the URL or the archive: the input type is recognised by the file name "+
				"extension, and a URL is a key prefix.")
	case n.Failed == 0:
		return nil
	}
	summary := fmt.Sprintf("%d of %s failed: %s", n.Failed, diags.Counted(n.finished(), "input"), what)
	detail := fmt.Sprintf("%d succeeded and %d failed "+
		"(%.1f%%).", n.Succeeded, n.Failed, 100*float64(n.Failed)/float64(n.finished())) + failures(ctx, client, app, s.job, n.Failed)
	if policy.Tolerates(n.Failed, n.finished()) {
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
