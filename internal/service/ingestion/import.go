package ingestion

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

const (
	importType     = "clarifai_inputs_import"
	importTimeout  = 2 * time.Hour
	importAccepted = "the service has taken the job on"

	urlText = "Address of a bucket, or of part of it, or of an archive in it: `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX`, `https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX`. " +
		"What comes after the bucket is a prefix of keys: `s3://b/cat` also means `cats/1.jpg`. Archives that are found (zip, tar, tar.gz) are unpacked, but not archives in them. It must have no query: credentials belong into `credentials_wo`."
	callBackText = "URL to which the service posts the job's status when it changes. It is kept in state, so it must hold no secret."
)

// importJob is what to import, for resource and action alike.
type importJob struct {
	intake
	URL         types.String `tfsdk:"url"`
	CallBackURL types.String `tfsdk:"call_back_url"`
	Credentials types.Object `tfsdk:"credentials_wo"`
}

// String names the job in messages.
func (j *importJob) String() string { return fmt.Sprintf("import of %s", j.URL.ValueString()) }

func (j *importJob) problems(ctx context.Context) diag.Diagnostics {
	diags := j.intake.problems()
	diags.Append(credentialProblems(ctx, j.Credentials, j.URL)...)
	return diags
}

// request is the request to start the job under an id, with credentials.
func (j *importJob) request(ctx context.Context, creds *clarifai.DataSourceCredentials) (func(id string) clarifai.PostInputsDataSourcesRequest, diag.Diagnostics) {
	template, diags := templateToAPI(ctx, j.InputTemplate)
	return func(id string) clarifai.PostInputsDataSourcesRequest {
		return clarifai.PostInputsDataSourcesRequest{
			DataSources: []clarifai.InputsDataSource{{
				InputsAddJobID:            id,
				URL:                       &clarifai.DataSourceURL{URL: j.URL.ValueString(), Credentials: creds},
				InputIDConflictResolution: j.resolution(),
				InputTemplate:             template,
			}},
			CallBackURL: j.CallBackURL.ValueString(),
		}
	}, diags
}

// beginning is the job, ready to be begun.
func (j *importJob) beginning(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, creds types.Object) (*beginning, diag.Diagnostics) {
	sent, diags := credentialsToAPI(ctx, creds)
	request, more := j.request(ctx, sent)
	diags.Append(more...)
	return &beginning{
		client: client, app: app,
		post: func(ctx context.Context, id string) (*clarifai.InputsAddJob, error) {
			started, err := client.PostInputsDataSources(ctx, app, request(id))
			if err != nil {
				return nil, err
			}
			return &started[0], nil
		},
		same: func(found *clarifai.InputsAddJob) bool { return j.reads(found) },
	}, diags
}

// reads tells whether a job reads the same address.
func (j *importJob) reads(job *clarifai.InputsAddJob) bool {
	if len(job.Uploads) > 0 {
		return false
	}
	for _, e := range job.ExtractionJobs {
		if e.URL != j.URL.ValueString() {
			return false
		}
	}
	return true
}

// refreshImported takes over what the service says of a job that is being imported.
func (j *importJob) refreshImported(job *clarifai.InputsAddJob) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(job.ExtractionJobs) == 0 || len(job.Uploads) > 0 {
		diags.AddError("Not a job that imports from a bucket",
			fmt.Sprintf("Job %q exists and reads no bucket. One that came from the upload of an archive is imported as %s.", job.ID, uploadType))
		return diags
	}
	first := job.ExtractionJobs[0]
	j.URL = attrs.Text(first.URL)
	j.CallBackURL = attrs.Text(job.CallBackURL)
	j.refreshIntake(&first)
	return diags
}

// refreshIntake takes over what an extraction job repeats of what it was told.
func (i *intake) refreshIntake(e *clarifai.InputsExtractionJob) {
	i.InputTemplate = templateFromAPI(e.InputTemplate)
	i.ConflictResolution = types.StringValue(skip)
	if e.InputIDConflictResolution == clarifai.ConflictSuffix {
		i.ConflictResolution, i.AllowUnpredictableIDs = types.StringValue(suffix), types.BoolValue(true)
	}
}

// addressValidator accepts addresses of buckets.
type addressValidator struct{}

func (addressValidator) Description(context.Context) string {
	return "must be the address of a bucket or of something in it, such as s3://bucket/prefix, gs://bucket/prefix or https://account.blob.core.windows.net/container/prefix, without user name, password, query and fragment"
}

func (v addressValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString does not repeat the address: it may hold what should not be shown.
func (v addressValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	u, err := url.Parse(req.ConfigValue.ValueString())
	good := err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" &&
		(u.Scheme == "s3" || u.Scheme == "gs" || u.Scheme == "https")
	if !good {
		resp.Diagnostics.AddAttributeError(req.Path, "Not the address of a bucket", "The address "+v.Description(ctx)+".")
	}
}

// importReceipt is the model of the resource.
type importReceipt struct {
	importJob
	receipt
	CredentialsVersion types.Int64 `tfsdk:"credentials_wo_version"`
}

func (m *importReceipt) about(ctx context.Context) string {
	return m.intake.about(ctx, &m.receipt, importType, m.URL.ValueString(), m.CallBackURL.ValueString(), m.CredentialsVersion.String())
}
