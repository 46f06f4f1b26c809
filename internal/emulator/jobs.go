package emulator

import (
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func jobRoutes(s *Service) []endpoint {
	path := inApp + "/inputs/jobs/add"
	return []endpoint{
		{Op: "ListInputsAddJobs", Method: get, Path: path, Action: read(s, listAddJobs)},
		{Op: "GetInputsAddJob", Method: get, Path: path + "/{id}", Action: read(s, getAddJob)},
	}
}

// addJob counts the inputs that were added with its ID.
type addJob struct {
	info        clarifai.InputsAddJob // without fields that depend on the clock; replaced as a whole
	batches     []batch
	extractions []*extractionJob
	upload      *upload // of an archive that is sent in parts; otherwise nil
	cancelled   bool
}

// running reports whether a part of the job can still be canceled.
func (j *addJob) running(now time.Time) bool {
	code := j.view(now).Status.Code
	extracting := slices.ContainsFunc(j.extractions, func(e *extractionJob) bool { return !e.ended })
	return !j.cancelled && (extracting || code == clarifai.StatusJobQueued || code == clarifai.StatusJobRunning)
}

// batch counts the inputs of one request, which are processed in the same time.
type batch struct {
	started                 time.Time
	takes                   time.Duration
	good, failing, rejected int // will succeed, will fail, failed at once
}

// countInJob adds the outcome of a request to a job. It creates the job if it does not exist.
func (c *call) countInJob(id string, good, failing, rejected int) *clarifai.InputsAddJob {
	job := c.app.addJobs.get(id)
	if job == nil {
		job = &addJob{info: clarifai.InputsAddJob{ID: id, CreatedAt: c.stamp()}}
		c.app.addJobs.put(id, job)
	}
	job.info.ModifiedAt = c.stamp()
	job.batches = append(job.batches, batch{c.now, c.options.Async, good, failing, rejected})
	view := job.view(c.now)
	// Inputs that were just added are not processed yet.
	if c.options.Async == 0 && good+failing > 0 {
		p := *view.Progress
		p.PendingCount += clarifai.Uint64(good + failing)
		p.SuccessCount -= clarifai.Uint64(good)
		p.FailedCount -= clarifai.Uint64(failing)
		view.Progress = &p
		view.Status = *statusOf(clarifai.StatusJobQueued)
	}
	return &view
}

// view returns a job as responses show it.
func (j *addJob) view(now time.Time) clarifai.InputsAddJob {
	view := j.info
	p := &clarifai.InputsAddJobProgress{}
	for _, b := range j.batches {
		p.FailedCount += clarifai.Uint64(b.rejected)
		switch progressAt(now, b.started, b.takes) {
		case waiting:
			p.PendingCount += clarifai.Uint64(b.good + b.failing)
		case running:
			p.InProgressCount += clarifai.Uint64(b.good + b.failing)
		default:
			p.SuccessCount += clarifai.Uint64(b.good)
			p.FailedCount += clarifai.Uint64(b.failing)
		}
	}
	view.Progress = p
	for _, e := range j.extractions {
		view.ExtractionJobs = append(view.ExtractionJobs, e.view(now))
	}
	if j.upload != nil {
		view.Uploads = []clarifai.Upload{j.upload.view(now)}
	}
	if view.Status.Code == 0 {
		switch {
		case j.cancelled:
			view.Status = *statusOf(clarifai.StatusJobCancelled)
		case j.upload != nil && !j.upload.done:
			view.Status = *statusOf(clarifai.StatusJobQueued)
		case j.upload != nil && !j.upload.extraction.ended:
			view.Status = *statusOf(clarifai.StatusJobRunning)
		case p.InProgressCount > 0:
			view.Status = *statusOf(clarifai.StatusJobRunning)
		case p.PendingCount > 0:
			view.Status = *statusOf(clarifai.StatusJobQueued)
		default:
			view.Status = *statusOf(clarifai.StatusJobCompleted)
		}
	}
	return view
}

func listAddJobs(c *call) (*clarifai.MultiInputsAddJobResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiInputsAddJobResponse{}
	for _, job := range listPage(c, &c.app.addJobs, p) {
		out.InputsAddJobs = append(out.InputsAddJobs, job.view(c.now))
	}
	return out, nil
}

func getAddJob(c *call) (*clarifai.SingleInputsAddJobResponse, error) {
	id := c.Path["id"]
	job := c.app.addJobs.get(id)
	if job == nil {
		return nil, notFound("inputs_add_job_id", id)
	}
	view := job.view(c.now)
	return &clarifai.SingleInputsAddJobResponse{InputsAddJob: &view}, nil
}
