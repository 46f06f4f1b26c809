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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

const (
	importType     = "clarifai_inputs_import"
	importTimeout  = 2 * time.Hour
	importAccepted = "the service has accepted the job"

	urlText = "URL of a bucket, a part of it, or an archive in it: `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX`, " +
		"`https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX`. The part after the bucket is a key prefix: `s3://b/cat` also matches " +
		"`cats/1.jpg`. Archives (zip, tar, tar.gz) are unpacked, archives in archives are not. The URL must not have a query: use " +
		"`credentials_wo` for credentials."
	callBackText = "URL to which the service posts the job's status when it changes. It is stored in state, so it must not contain secrets."
)

// importJob holds the arguments that the import resource and action share.
type importJob struct {
	jobConfig
	URL         types.String `tfsdk:"url"`
	CallBackURL types.String `tfsdk:"call_back_url"`
	Credentials types.Object `tfsdk:"credentials_wo"`
	AppPAT      types.String `tfsdk:"app_pat_wo"`
}

// String names the job in messages.
func (j *importJob) String() string { return fmt.Sprintf("import of %s", j.URL.ValueString()) }

func (j *importJob) problems(ctx context.Context) diag.Diagnostics {
	diags := j.jobConfig.problems()
	diags.Append(validateCredentials(ctx, j.Credentials, j.URL)...)
	return diags
}

// request returns a function that makes the request for a job id.
func (j *importJob) request(
	ctx context.Context, creds *clarifai.DataSourceCredentials, appPAT types.String,
) (func(id string) clarifai.PostInputsDataSourcesRequest, diag.Diagnostics) {
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
			AppPAT:      appPAT.ValueString(),
		}
	}, diags
}

// starter returns a starter for the job.
func (j *importJob) starter(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, app clarifai.AppRef, creds types.Object,
	appPAT types.String,
) (*addjob.Starter, diag.Diagnostics) {
	sent, diags := credentialsToAPI(ctx, creds)
	request, more := j.request(ctx, sent, appPAT)
	diags.Append(more...)
	return &addjob.Starter{
		Provider: p, Client: client, App: app,
		Post: func(ctx context.Context, id string) (*clarifai.InputsAddJob, error) {
			started, err := client.PostInputsDataSources(ctx, app, request(id))
			if err != nil {
				return nil, err
			}
			return &started[0], nil
		},
		Same: func(found *clarifai.InputsAddJob) bool { return j.reads(found) },
	}, diags
}

// reads reports whether a job reads the same URL.
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

// importFromAPI fills the model of a job that is being imported into state.
func (j *importJob) importFromAPI(ctx context.Context, job *clarifai.InputsAddJob) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(job.ExtractionJobs) == 0 || len(job.Uploads) > 0 {
		diags.AddError("Not an import from a bucket",
			fmt.Sprintf("Job %q exists but does not read a bucket. To import the upload of an archive, use the "+
				"resource type %s.", job.ID, uploadType))
		return diags
	}
	first := job.ExtractionJobs[0]
	j.URL = attrs.Text(first.URL)
	j.CallBackURL = attrs.Text(job.CallBackURL)
	j.configFromAPI(ctx, &first)
	return diags
}

// configFromAPI copies the arguments that an extraction job repeats.
func (i *jobConfig) configFromAPI(ctx context.Context, e *clarifai.InputsExtractionJob) {
	i.InputTemplate = templateFromAPI(ctx, e.InputTemplate)
	i.ConflictResolution = types.StringValue(skip)
	if e.InputIDConflictResolution == clarifai.ConflictSuffix {
		i.ConflictResolution, i.AllowUnpredictableIDs = types.StringValue(suffix), types.BoolValue(true)
	}
}

// addressValidator accepts URLs of buckets.
type addressValidator struct{}

func (addressValidator) Description(context.Context) string {
	return "must be the URL of a bucket or of a part of it, such as s3://bucket/prefix, gs://bucket/prefix or " +
		"https://account.blob.core.windows.net/container/prefix, without user name, password, query and fragment"
}

func (v addressValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString does not show the URL, which may contain secrets.
func (v addressValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	u, err := url.Parse(req.ConfigValue.ValueString())
	good := err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" &&
		(u.Scheme == "s3" || u.Scheme == "gs" || u.Scheme == "https")
	if !good {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid bucket URL", "The URL "+v.Description(ctx)+".")
	}
}

// importReceipt is the model of the resource.
type importModel struct {
	importJob
	jobResult
	CredentialsVersion types.Int64 `tfsdk:"credentials_wo_version"`
	AppPATVersion      types.Int64 `tfsdk:"app_pat_wo_version"`
}

func (m *importModel) fingerprint(ctx context.Context) string {
	parts := append([]string{m.URL.ValueString(), m.CallBackURL.ValueString(), m.CredentialsVersion.String()}, versionPart(m.AppPATVersion)...)
	return m.jobConfig.fingerprint(ctx, &m.jobResult, importType, parts...)
}
