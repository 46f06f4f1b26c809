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

// standing is an add job together with the jobs that extract its inputs. The add job
// counts inputs; on its own it may call itself completed while inputs are still
// being extracted.
type standing struct {
	job   *clarifai.InputsAddJob
	whole clarifai.Status // of all of it together
}

// stand reads how a job stands. What the add job repeats of its parts may be old, so
// parts that do not seem to have ended are read themselves.
func stand(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id string) (*standing, error) {
	job, err := client.GetInputsAddJob(ctx, app, id)
	if err != nil {
		return nil, err
	}
	return standingOf(ctx, client, app, job)
}

func standingOf(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, job *clarifai.InputsAddJob) (*standing, error) {
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
		case !clarifai.IsNotFound(err): // not shown yet: what the add job says must do
			return nil, err
		}
	}
	s := &standing{job: job}
	s.whole = s.status()
	return s, nil
}

// status is how all of it stands: whatever still goes on comes before what has failed,
// and that before the add job's own opinion.
func (s *standing) status() clarifai.Status {
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

// counts are a job's inputs by outcome.
type counts struct{ Pending, InProgress, Succeeded, Failed uint64 }

func (n counts) settled() uint64 { return n.Succeeded + n.Failed }

func (s *standing) counts() counts {
	p := s.job.Progress
	if p == nil {
		return counts{}
	}
	return counts{uint64(p.PendingCount), uint64(p.InProgressCount), uint64(p.SuccessCount), uint64(p.FailedCount)}
}

// found is how many inputs were extracted so far, by kind.
func (s *standing) found() (images, videos, audios, texts uint64) {
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

func (s *standing) foundInAll() uint64 {
	images, videos, audios, texts := s.found()
	return images + videos + audios + texts
}

// line is how it stands, for people.
func (s *standing) line() string {
	parts := []string{s.whole.Code.Name()}
	for _, u := range s.job.Uploads {
		if !jobs.Over(u.Status.Code) {
			parts = append(parts, fmt.Sprintf("%d%% uploaded", u.Status.PercentCompleted))
		}
	}
	images, videos, audios, texts := s.found()
	for _, kind := range []struct {
		n    uint64
		noun string
	}{{images, "image"}, {videos, "video"}, {audios, "sound"}, {texts, "text"}} {
		if kind.n > 0 {
			parts = append(parts, diags.Counted(kind.n, kind.noun)+" found")
		}
	}
	if n := s.counts(); n != (counts{}) {
		parts = append(parts, fmt.Sprintf("%d of %s processed", n.settled(), diags.Counted(n.settled()+n.Pending+n.InProgress, "input")))
		if n.Failed > 0 {
			parts = append(parts, fmt.Sprintf("%d failed", n.Failed))
		}
	}
	return strings.Join(parts, ", ")
}

// missingOK is how often in a row a new job may not be seen yet.
const missingOK = 5

// follow waits until all of a job has ended.
func follow(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id, what string, stall time.Duration, tell func(string)) (*standing, error) {
	// The service may be a moment late with counting what was extracted. It is not
	// documented that the numbers ever add up, so they are not waited for in vain.
	const patience = 5
	late := 0
	return jobs.Follow(ctx, jobs.Spec[*standing]{
		Clock: client.Clock(), What: what, Stall: stall, MissingOK: missingOK, Tell: tell,
		Read: func(ctx context.Context) (*standing, error) {
			s, err := stand(ctx, client, app, id)
			if err != nil {
				return nil, err
			}
			addsUp := len(s.job.ExtractionJobs) > 0 && s.counts().settled() >= s.foundInAll()
			if s.whole.Code.Class() == clarifai.ClassDone && !addsUp && late < patience {
				late++
				s.whole = clarifai.Status{Code: clarifai.StatusJobRunning}
			}
			return s, nil
		},
		Status: func(s *standing) clarifai.Status { return s.whole },
		Line:   (*standing).line,
	})
}

// verdict judges a job that has completed: nil when there is nothing to say.
func verdict(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, s *standing, what string, policy jobs.Policy) diag.Diagnostic {
	n := s.counts()
	switch {
	case n.settled() == 0 && s.foundInAll() == 0:
		return diag.NewWarningDiagnostic("Nothing to add: "+what,
			"The job is completed and found no inputs. Check the address or the archive: images, videos, sounds and texts are recognised by the endings of their names, and an address is a prefix of keys.")
	case n.Failed == 0:
		return nil
	}
	summary := fmt.Sprintf("%d of %s failed: %s", n.Failed, diags.Counted(n.settled(), "input"), what)
	detail := fmt.Sprintf("%d succeeded and %d failed (%.1f%%).", n.Succeeded, n.Failed, 100*float64(n.Failed)/float64(n.settled())) + failures(ctx, client, app, s.job, n.Failed)
	if policy.Tolerates(n.Failed, n.settled()) {
		return diag.NewWarningDiagnostic(summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail+fmt.Sprintf("\n\nThat is more than fail_on = %g allows. What has succeeded stays. To accept the outcome, raise fail_on: nothing runs again for that. "+
		"To have the rest, mend the files, delete the inputs that failed or that have taken their ids, and change triggers.", policy.FailOn.ValueFloat64()))
}

// failureCodes are the states in which the processing of an input ends badly.
var failureCodes = []clarifai.StatusCode{
	clarifai.StatusInputFailed, clarifai.StatusInputDuplicate, clarifai.StatusInputUnsupported, clarifai.StatusInputInvalidField,
	clarifai.StatusInputTooLarge, clarifai.StatusInputInvalidURL, 30210, 30300, 39996,
}

// failures lists the first failed inputs of a job with their reasons. The service has no
// list of a job's inputs; those that have failed since it began come closest.
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
			lines = append(lines, "Listing the failed inputs failed as well: "+strings.ReplaceAll(diags.Detail(err), "\n\n", " "))
			break
		}
		for _, in := range inputs {
			if in.CreatedAt.Before(job.CreatedAt.Truncate(time.Microsecond)) {
				continue
			}
			if seen++; len(lines) < most {
				lines = append(lines, fmt.Sprintf("  %s: %s (status %d %s)", in.ID, (&clarifai.Error{Status: in.Status}).Summary(), in.Status.Code, in.Status.Code.Name()))
			}
		}
	}
	text := ""
	if len(lines) > 0 {
		text += "\n\nThe first of them:\n" + strings.Join(lines, "\n")
	}
	if seen < failed {
		text += fmt.Sprintf("\n\nOf %d the service keeps no input. Mostly that is because their ids are taken: such files are passed over.", failed-seen)
	}
	return text
}
