package clarifai

import "time"

// InputIDConflictResolution is what becomes of an input whose id is taken.
type InputIDConflictResolution int32

// Ways to treat an input whose id is taken.
const (
	ConflictNotSet InputIDConflictResolution = 0 // acts as skip
	ConflictSkip   InputIDConflictResolution = 1 // the input fails
	ConflictSuffix InputIDConflictResolution = 2 // the input gets a suffix to its id
)

var conflictResolutionNames = enumNames{"INPUT_ID_CONFLICT_RESOLUTION_NOT_SET": 0, "SKIP": 1, "SUFFIX": 2}

// UnmarshalJSON accepts a number or a name.
func (r *InputIDConflictResolution) UnmarshalJSON(b []byte) error {
	return conflictResolutionNames.unmarshal(b, "InputIDConflictResolution", (*int32)(r))
}

// String is the official name.
func (r InputIDConflictResolution) String() string { return conflictResolutionNames.name(int32(r)) }

// InputsAddJob adds inputs in the background, from data sources, an upload or PostInputs.
// Settable (through the calls that make jobs) and fixed: id, call_back_url, app_pat
// (obsolete and secret). The rest is output.
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

// InputsExtractionJobProgress counts what was found so far. Output only.
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
	InputsAddJobID            string                    `json:"inputs_add_job_id,omitzero"` // id for the new job; empty lets the service make one
	URL                       *DataSourceURL            `json:"url,omitzero"`
	InputIDConflictResolution InputIDConflictResolution `json:"input_id_conflict_resolution,omitzero"`
	InputTemplate             *Input                    `json:"input_template,omitzero"` // merged into every input
}

// DataSourceURL is an address in S3, Azure blob storage or Google Cloud Storage, taken as a prefix. Request only.
type DataSourceURL struct {
	URL         string                 `json:"url,omitzero"`
	Credentials *DataSourceCredentials `json:"credentials,omitzero"`
}

// DataSourceCredentials opens a bucket; one member is set. Request only, secret, never returned.
type DataSourceCredentials struct {
	S3Creds        *AWSCreds       `json:"s3_creds,omitzero"`
	GCPCreds       []byte          `json:"gcp_creds,omitempty"` // the service account's JSON file
	AzureBlobCreds *AzureBlobCreds `json:"azure_blob_creds,omitzero"`
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
	CallBackURL string             `json:"call_back_url,omitzero"` // told the job's status
	AppPAT      string             `json:"app_pat,omitzero"`       // obsolete
}

// CancelInputsAddJobRequest cancels the job of the path.
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
