package clarifai

import (
	"context"
	"iter"
	"net/http"
)

// PostInputsDataSources starts reading inputs from buckets; follow the extraction jobs of the answer, since an add job may call
// itself done before them. A taken job id is 64007 or a duplicate [inferred].
// POST /v2/users/{user}/apps/{app}/inputs/data_sources; body PostInputsDataSourcesRequest, answer MultiInputsAddJobResponse. [documented]
func (c *Client) PostInputsDataSources(ctx context.Context, app AppRef, request PostInputsDataSourcesRequest) ([]InputsAddJob, error) {
	var out MultiInputsAddJobResponse
	if err := c.do(ctx, call{
		op: "PostInputsDataSources", method: http.MethodPost, path: app.path("inputs", "data_sources"),
		in: request,
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostInputsDataSources", "inputs_add_jobs", len(request.DataSources), out.InputsAddJobs)
}

// GetInputsAddJob reads one add job; not found when there is none.
// GET /v2/users/{user}/apps/{app}/inputs/jobs/add/{id}; answer SingleInputsAddJobResponse. [documented]
func (c *Client) GetInputsAddJob(ctx context.Context, app AppRef, id string) (*InputsAddJob, error) {
	var out SingleInputsAddJobResponse
	if err := c.do(ctx, call{op: "GetInputsAddJob", method: http.MethodGet, path: app.path("inputs", "jobs", "add", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetInputsAddJob", "inputs_add_job", out.InputsAddJob)
}

// ListInputsAddJobs reads one page of add jobs; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/inputs/jobs/add; answer MultiInputsAddJobResponse. [documented]
func (c *Client) ListInputsAddJobs(ctx context.Context, app AppRef, page Page) ([]InputsAddJob, error) {
	var out MultiInputsAddJobResponse
	if err := c.do(ctx, call{
		op: "ListInputsAddJobs", method: http.MethodGet, path: app.path("inputs", "jobs", "add"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.InputsAddJobs, nil
}

// AllInputsAddJobs yields the app's add jobs, page by page of perPage (0: 128).
func (c *Client) AllInputsAddJobs(ctx context.Context, app AppRef, perPage uint32) iter.Seq2[InputsAddJob, error] {
	return walk(ctx, Page{PerPage: perPage}.size(), func(page Page) ([]InputsAddJob, error) {
		return c.ListInputsAddJobs(ctx, app, page)
	}, func(j InputsAddJob) string { return j.ID })
}

// CancelInputsAddJob cancels one add job in the background (64004); inputs made so far stay. A job that has ended does not change,
// or is refused with 64007 [inferred].
// PATCH /v2/users/{user}/apps/{app}/inputs/jobs/add/{id}; answer SingleInputsAddJobResponse. [documented]
func (c *Client) CancelInputsAddJob(ctx context.Context, app AppRef, id string) (*InputsAddJob, error) {
	var out SingleInputsAddJobResponse
	if err := c.do(ctx, call{
		op: "CancelInputsAddJob", method: http.MethodPatch, path: app.path("inputs", "jobs", "add", id),
		in: CancelInputsAddJobRequest{},
	}, &out); err != nil {
		return nil, err
	}
	return present("CancelInputsAddJob", "inputs_add_job", out.InputsAddJob)
}

// GetInputsExtractionJob reads one extraction job; not found when there is none. Final: 64002, 64003, 64004, 64006.
// GET /v2/users/{user}/apps/{app}/inputs/jobs/extraction/{inputs_extraction_job}; answer SingleInputsExtractionJobResponse. [documented]
func (c *Client) GetInputsExtractionJob(ctx context.Context, app AppRef, id string) (*InputsExtractionJob, error) {
	var out SingleInputsExtractionJobResponse
	if err := c.do(ctx, call{
		op: "GetInputsExtractionJob", method: http.MethodGet, path: app.path("inputs", "jobs", "extraction", id),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetInputsExtractionJob", "inputs_extraction_job", out.InputsExtractionJob)
}

// ListInputsExtractionJobs reads one page of extraction jobs; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/inputs/jobs/extraction; answer MultiInputsExtractionJobResponse. [documented]
func (c *Client) ListInputsExtractionJobs(ctx context.Context, app AppRef, page Page) ([]InputsExtractionJob, error) {
	var out MultiInputsExtractionJobResponse
	if err := c.do(ctx, call{
		op: "ListInputsExtractionJobs", method: http.MethodGet, path: app.path("inputs", "jobs", "extraction"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.InputsExtractionJobs, nil
}

// AllInputsExtractionJobs yields the app's extraction jobs, page by page of perPage (0: 128).
func (c *Client) AllInputsExtractionJobs(ctx context.Context, app AppRef, perPage uint32) iter.Seq2[InputsExtractionJob, error] {
	return walk(ctx, Page{PerPage: perPage}.size(), func(page Page) ([]InputsExtractionJob, error) {
		return c.ListInputsExtractionJobs(ctx, app, page)
	}, func(j InputsExtractionJob) string { return j.ID })
}

// CancelInputsExtractionJobs cancels extraction jobs and answers with their new state; inputs made so far stay. Not found when one is
// unknown [inferred].
// PATCH /v2/users/{user}/apps/{app}/inputs/jobs/extraction; body CancelInputsExtractionJobsRequest, answer MultiInputsExtractionJobResponse. [documented]
func (c *Client) CancelInputsExtractionJobs(ctx context.Context, app AppRef, ids []string) ([]InputsExtractionJob, error) {
	var out MultiInputsExtractionJobResponse
	if err := c.do(ctx, call{
		op: "CancelInputsExtractionJobs", method: http.MethodPatch, path: app.path("inputs", "jobs", "extraction"),
		in: CancelInputsExtractionJobsRequest{IDs: ids},
	}, &out); err != nil {
		return nil, err
	}
	return out.InputsExtractionJobs, nil
}
