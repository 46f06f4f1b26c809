package clarifai

import (
	"context"
	"encoding/base64"
	"iter"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

// InputIDConflictResolution is the treatment of an input whose ID exists.
type InputIDConflictResolution int32

// Treatments of an input whose ID exists.
const (
	ConflictNotSet InputIDConflictResolution = 0 // acts as skip
	ConflictSkip   InputIDConflictResolution = 1 // the input is rejected
	ConflictSuffix InputIDConflictResolution = 2 // the service appends a suffix to the ID
)

var conflictResolutionNames = enumNames{"INPUT_ID_CONFLICT_RESOLUTION_NOT_SET": 0, "SKIP": 1, "SUFFIX": 2}

// UnmarshalJSON accepts a number or a name.
func (r *InputIDConflictResolution) UnmarshalJSON(b []byte) error {
	return conflictResolutionNames.unmarshal(b, "InputIDConflictResolution", (*int32)(r))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (r InputIDConflictResolution) MarshalJSON() ([]byte, error) {
	return conflictResolutionNames.marshal(int32(r))
}

func (r *InputIDConflictResolution) enum() (enumNames, *int32) {
	return conflictResolutionNames, (*int32)(r)
}

// String is the official name.
func (r InputIDConflictResolution) String() string { return conflictResolutionNames.name(int32(r)) }

// InputsAddJob adds inputs in the background, from data sources, an upload or PostInputs.
// Settable (by the requests that create jobs) and fixed: id, call_back_url, app_pat
// (obsolete and secret). All other fields are output.
type InputsAddJob struct {
	ID             string                `json:"id,omitzero"`
	CallBackURL    string                `json:"call_back_url,omitzero"`
	AppPAT         string                `json:"app_pat,omitzero"` // obsolete
	Progress       *InputsAddJobProgress `json:"progress,omitzero"`
	CreatedAt      time.Time             `json:"created_at,omitzero"`
	ModifiedAt     time.Time             `json:"modified_at,omitzero"`
	ExtractionJobs []InputsExtractionJob `json:"extraction_jobs,omitempty"` // one for each data source or archive
	Uploads        []Upload              `json:"uploads,omitempty"`
	Status         Status                `json:"status,omitzero"`
}

// InputsAddJobProgress counts a job's inputs by outcome. Output only.
type InputsAddJobProgress struct {
	PendingCount    Uint64 `json:"pending_count,omitzero"`
	InProgressCount Uint64 `json:"in_progress_count,omitzero"`
	SuccessCount    Uint64 `json:"success_count,omitzero"`
	FailedCount     Uint64 `json:"failed_count,omitzero"`
}

// InputsExtractionJob reads one bucket or archive for an [InputsAddJob]. Output only.
type InputsExtractionJob struct {
	Status                    Status                       `json:"status,omitzero"`
	ID                        string                       `json:"id,omitzero"`
	URL                       string                       `json:"url,omitzero"`
	Progress                  *InputsExtractionJobProgress `json:"progress,omitzero"`
	CreatedAt                 time.Time                    `json:"created_at,omitzero"`
	ModifiedAt                time.Time                    `json:"modified_at,omitzero"`
	InputIDConflictResolution InputIDConflictResolution    `json:"input_id_conflict_resolution,omitzero"`
	InputTemplate             *Input                       `json:"input_template,omitzero"`
}

// InputsExtractionJobProgress counts the inputs found so far. Output only.
type InputsExtractionJobProgress struct {
	AudioInputsCount        Uint64 `json:"audio_inputs_count,omitzero"`
	ImageInputsCount        Uint64 `json:"image_inputs_count,omitzero"`
	VideoInputsCount        Uint64 `json:"video_inputs_count,omitzero"`
	TextInputsCount         Uint64 `json:"text_inputs_count,omitzero"`
	PendingArchivesCount    Uint64 `json:"pending_archives_count,omitzero"`
	InProgressArchivesCount Uint64 `json:"in_progress_archives_count,omitzero"`
	CompletedArchivesCount  Uint64 `json:"completed_archives_count,omitzero"`
	FailedArchivesCount     Uint64 `json:"failed_archives_count,omitzero"`
}

// InputsDataSource is a bucket to read inputs from. Request only.
type InputsDataSource struct {
	InputsAddJobID            string                    `json:"inputs_add_job_id,omitzero"` // of the new job; empty: assigned by the service
	URL                       *DataSourceURL            `json:"url,omitzero"`
	InputIDConflictResolution InputIDConflictResolution `json:"input_id_conflict_resolution,omitzero"`
	InputTemplate             *Input                    `json:"input_template,omitzero"` // merged into every input
}

// DataSourceURL is an address in S3, Azure blob storage or Google Cloud Storage, taken as a prefix. Request only.
type DataSourceURL struct {
	URL         string                 `json:"url,omitzero"`
	Credentials *DataSourceCredentials `json:"credentials,omitzero"`
}

// DataSourceCredentials give access to a bucket; one field is set. Request only, secret, never returned.
type DataSourceCredentials struct {
	S3Creds        *AWSCreds       `json:"s3_creds,omitzero"`
	GCPCreds       []byte          `json:"gcp_creds,omitempty"` // the service account's JSON file
	AzureBlobCreds *AzureBlobCreds `json:"azure_blob_creds,omitzero"`
}

// secrets returns what must not appear in errors and logs. A service account's file is a secret as a whole and member by
// member.
func (c *DataSourceCredentials) secrets() []string {
	var secrets []string
	if c.S3Creds != nil {
		secrets = append(secrets, c.S3Creds.ID, c.S3Creds.Secret, c.S3Creds.Token)
	}
	if c.AzureBlobCreds != nil {
		secrets = append(secrets, c.AzureBlobCreds.AccountKey)
	}
	if len(c.GCPCreds) > 0 {
		secrets = append(secrets, string(c.GCPCreds), base64.StdEncoding.EncodeToString(c.GCPCreds))
		var account map[string]any
		if json.Unmarshal(c.GCPCreds, &account) == nil {
			for _, key := range []string{"private_key", "private_key_id", "client_secret", "refresh_token"} {
				if text, ok := account[key].(string); ok {
					secrets = append(secrets, text)
				}
			}
		}
	}
	return secrets
}

// AWSCreds are keys for S3. Request only, secret.
type AWSCreds struct {
	Region string `json:"region,omitzero"`
	ID     string `json:"id,omitzero"`
	Secret string `json:"secret,omitzero"`
	Token  string `json:"token,omitzero"`
}

// AzureBlobCreds are keys for Azure blob storage. Request only, secret.
type AzureBlobCreds struct {
	AccountName string `json:"account_name,omitzero"`
	AccountKey  string `json:"account_key,omitzero"`
}

// PostInputsDataSourcesRequest starts reading buckets.
type PostInputsDataSourcesRequest struct {
	DataSources []InputsDataSource `json:"data_sources"`
	CallBackURL string             `json:"call_back_url,omitzero"` // receives the job's status
	AppPAT      string             `json:"app_pat,omitzero"`       // obsolete
}

// CancelInputsAddJobRequest cancels the job in the path.
type CancelInputsAddJobRequest struct{}

// CancelInputsExtractionJobsRequest cancels extraction jobs.
type CancelInputsExtractionJobsRequest struct {
	IDs []string `json:"ids"`
}

// SingleInputsAddJobResponse carries one add job.
type SingleInputsAddJobResponse struct {
	Envelope
	InputsAddJob *InputsAddJob `json:"inputs_add_job,omitzero"`
}

// MultiInputsAddJobResponse carries add jobs.
type MultiInputsAddJobResponse struct {
	Envelope
	InputsAddJobs []InputsAddJob `json:"inputs_add_jobs"`
}

// SingleInputsExtractionJobResponse carries one extraction job.
type SingleInputsExtractionJobResponse struct {
	Envelope
	InputsExtractionJob *InputsExtractionJob `json:"inputs_extraction_job,omitzero"`
}

// MultiInputsExtractionJobResponse carries extraction jobs.
type MultiInputsExtractionJobResponse struct {
	Envelope
	InputsExtractionJobs []InputsExtractionJob `json:"inputs_extraction_jobs,omitempty"`
}

func (r PostInputsDataSourcesRequest) secrets() []string {
	secrets := []string{r.AppPAT}
	for _, source := range r.DataSources {
		if source.URL != nil && source.URL.Credentials != nil {
			secrets = append(secrets, source.URL.Credentials.secrets()...)
		}
	}
	return secrets
}

// PostInputsDataSources starts reading inputs from buckets. Follow the extraction jobs of the response, since an add job may be
// done before them. A job ID that exists is 64007 or a duplicate [inferred].
// POST /v2/users/{user}/apps/{app}/inputs/data_sources;
// body PostInputsDataSourcesRequest, response MultiInputsAddJobResponse. [documented]
func (c *Client) PostInputsDataSources(ctx context.Context, app AppRef, request PostInputsDataSourcesRequest) ([]InputsAddJob, error) {
	var out MultiInputsAddJobResponse
	if err := c.do(ctx, call{
		op: "PostInputsDataSources", method: http.MethodPost, path: app.path("inputs", "data_sources"),
		in: request, secrets: request.secrets(),
	}, &out); err != nil {
		return nil, err
	}
	return wholeNumber("PostInputsDataSources", "inputs_add_jobs", len(request.DataSources), out.InputsAddJobs, inputsAddJobID)
}

// GetInputsAddJob reads one add job; not found if it does not exist.
// GET /v2/users/{user}/apps/{app}/inputs/jobs/add/{id}; response SingleInputsAddJobResponse. [documented]
func (c *Client) GetInputsAddJob(ctx context.Context, app AppRef, id string) (*InputsAddJob, error) {
	var out SingleInputsAddJobResponse
	if err := c.do(ctx, call{
		op: "GetInputsAddJob", method: http.MethodGet, path: app.path("inputs", "jobs", "add", id),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetInputsAddJob", "inputs_add_job", out.InputsAddJob)
}

// ListInputsAddJobs reads one page of add jobs; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/inputs/jobs/add; response MultiInputsAddJobResponse. [documented]
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
	return walk(ctx, Page{PerPage: perPage}, func(ctx context.Context, page Page) ([]InputsAddJob, error) {
		return c.ListInputsAddJobs(ctx, app, page)
	}, inputsAddJobID)
}

// CancelInputsAddJob cancels one add job in the background (64004); inputs created so far stay. A job that has ended does not change,
// or is rejected with 64007 [inferred].
// PATCH /v2/users/{user}/apps/{app}/inputs/jobs/add/{id}; response SingleInputsAddJobResponse. [documented]
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

// GetInputsExtractionJob reads one extraction job; not found if it does not exist. Final: 64002, 64003, 64004, 64006.
// GET /v2/users/{user}/apps/{app}/inputs/jobs/extraction/{inputs_extraction_job};
// response SingleInputsExtractionJobResponse. [documented]
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
// GET /v2/users/{user}/apps/{app}/inputs/jobs/extraction; response MultiInputsExtractionJobResponse. [documented]
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
	return walk(ctx, Page{PerPage: perPage}, func(ctx context.Context, page Page) ([]InputsExtractionJob, error) {
		return c.ListInputsExtractionJobs(ctx, app, page)
	}, func(j InputsExtractionJob) string { return j.ID })
}

// CancelInputsExtractionJobs cancels extraction jobs and returns their new state; inputs created so far stay. Not found if one
// does not exist [inferred].
// PATCH /v2/users/{user}/apps/{app}/inputs/jobs/extraction;
// body CancelInputsExtractionJobsRequest, response MultiInputsExtractionJobResponse. [documented]
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

func inputsAddJobID(j InputsAddJob) string { return j.ID }
