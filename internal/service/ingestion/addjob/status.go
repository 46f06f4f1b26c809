// Package addjob starts, follows and cancels the add jobs of the service, and sends the content of
// uploads. It knows the API and no schema.
package addjob

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// Status is an add job with its extraction jobs. The add job counts inputs; it may report
// completion while inputs are still being extracted.
type Status struct {
	Job     *clarifai.InputsAddJob
	Overall clarifai.Status // of the add job, its uploads and extraction jobs together
}

// Read reads a job. The copies of uploads and extraction jobs in the add job may be outdated, so
// those that are not over are read as well.
func Read(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id string) (*Status, error) {
	job, err := client.GetInputsAddJob(ctx, app, id)
	if err != nil {
		return nil, err
	}
	return statusOf(ctx, client, app, job)
}

// WithUpload reads a job until it lists its upload, since the response that starts a job may omit it.
func WithUpload(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, s *Status) (*Status, error) {
	clock := client.Clock()
	start := clock.Now()
	for len(s.Job.Uploads) == 0 {
		waited := clock.Now().Sub(start)
		if waited > listTimeout {
			return s, fmt.Errorf("job %q lists no upload after %s, so its content cannot be sent", s.Job.ID, listTimeout)
		}
		fresh, err := Read(ctx, client, app, s.Job.ID)
		if err != nil {
			return s, err
		}
		if s = fresh; len(s.Job.Uploads) > 0 || s.Overall.Code.Class() == clarifai.ClassFailed {
			break
		}
		if err := clock.Sleep(ctx, wait.Pause(waited)); err != nil {
			return s, err
		}
	}
	return s, nil
}

// listTimeout is how long a new job may take to list its upload.
const listTimeout = time.Minute

func statusOf(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, job *clarifai.InputsAddJob) (*Status, error) {
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
	s := &Status{Job: job}
	s.Overall = s.status()
	return s, nil
}

// status is the overall status: what is still running comes before what has failed, and that before
// the status of the add job.
func (s *Status) status() clarifai.Status {
	for _, u := range s.Job.Uploads {
		if u.Status.Code.Class() != clarifai.ClassDone {
			return u.Status
		}
	}
	var failed *clarifai.Status
	for i, e := range s.Job.ExtractionJobs {
		switch {
		case !jobs.Over(e.Status.Code):
			return e.Status
		case failed == nil && e.Status.Code.Class() == clarifai.ClassFailed:
			failed = &s.Job.ExtractionJobs[i].Status
		}
	}
	n := s.Counts()
	switch {
	case failed != nil:
		return *failed
	case n.Pending+n.InProgress > 0:
		return clarifai.Status{Code: clarifai.StatusJobRunning}
	}
	return s.Job.Status
}

// Counts are the inputs of a job by outcome.
type Counts struct{ Pending, InProgress, Succeeded, Failed uint64 }

// Finished is the number of inputs that are no longer processed.
func (n Counts) Finished() uint64 { return n.Succeeded + n.Failed }

// Counts are the inputs of the job by outcome.
func (s *Status) Counts() Counts {
	p := s.Job.Progress
	if p == nil {
		return Counts{}
	}
	return Counts{uint64(p.PendingCount), uint64(p.InProgressCount), uint64(p.SuccessCount), uint64(p.FailedCount)}
}

// extractedByType returns how many inputs were extracted so far, by type.
func (s *Status) extractedByType() (images, videos, audios, texts uint64) {
	for _, e := range s.Job.ExtractionJobs {
		if p := e.Progress; p != nil {
			images += uint64(p.ImageInputsCount)
			videos += uint64(p.VideoInputsCount)
			audios += uint64(p.AudioInputsCount)
			texts += uint64(p.TextInputsCount)
		}
	}
	return images, videos, audios, texts
}

// Extracted is the number of inputs that were extracted so far.
func (s *Status) Extracted() uint64 {
	images, videos, audios, texts := s.extractedByType()
	return images + videos + audios + texts
}

// Line describes the status in one line.
func (s *Status) Line() string {
	parts := []string{s.Overall.Code.Name()}
	for _, u := range s.Job.Uploads {
		if !jobs.Over(u.Status.Code) {
			parts = append(parts, fmt.Sprintf("%d%% uploaded", u.Status.PercentCompleted))
		}
	}
	images, videos, audios, texts := s.extractedByType()
	for _, kind := range []struct {
		n    uint64
		noun string
	}{{images, "image"}, {videos, "video"}, {audios, "audio file"}, {texts, "text"}} {
		if kind.n > 0 {
			parts = append(parts, diags.Counted(kind.n, kind.noun)+" found")
		}
	}
	if n := s.Counts(); n != (Counts{}) {
		parts = append(parts, fmt.Sprintf("%d of %s processed", n.Finished(), diags.Counted(n.Finished()+n.Pending+n.InProgress, "input")))
		if n.Failed > 0 {
			parts = append(parts, fmt.Sprintf("%d failed", n.Failed))
		}
	}
	return strings.Join(parts, ", ")
}

// missingAllowed is how often in a row a new job may not be found yet.
const missingAllowed = 5

// Follow waits until all of a job is over.
func Follow(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, id, what string, stall time.Duration, report func(string),
) (*Status, error) {
	// The service may count extracted inputs late. It is not documented that the numbers ever add up,
	// so the wait for them is limited.
	const maxLate = 5
	late := 0
	return jobs.Follow(ctx, jobs.Spec[*Status]{
		Clock: client.Clock(), What: what, Stall: stall, MissingOK: missingAllowed, Tell: report,
		Read: func(ctx context.Context) (*Status, error) {
			s, err := Read(ctx, client, app, id)
			if err != nil {
				return nil, err
			}
			addsUp := len(s.Job.ExtractionJobs) > 0 && s.Counts().Finished() >= s.Extracted()
			if s.Overall.Code.Class() == clarifai.ClassDone && !addsUp && late < maxLate {
				late++
				s.Overall = clarifai.Status{Code: clarifai.StatusJobRunning}
			}
			return s, nil
		},
		Status: func(s *Status) clarifai.Status { return s.Overall },
		Line:   (*Status).Line,
	})
}

// IsUpload reports whether a status code belongs to an upload, which is then not completed.
func IsUpload(code clarifai.StatusCode) bool { return code/1000 == 68 }
