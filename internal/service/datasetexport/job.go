package datasetexport

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// defaultTimeout is how long an export may take, including the wait for its version and the download.
const defaultTimeout = time.Hour

// job is the export of a version in one format. Clarifai keeps one export for each format of a version;
// requesting it again returns its status, and starts it again only if it has failed.
type job struct {
	client     *clarifai.Client
	app        clarifai.AppRef
	datasetID  string
	versionID  string
	format     clarifai.DatasetVersionExportFormat
	embeddings bool

	// started says that the export was requested, by this run or an earlier one.
	started bool

	// mayReplace says that an existing file at the download path was written by the provider.
	mayReplace bool

	// progress is called once for each step.
	progress func(format string, args ...any)
}

// arguments are those that the action and the ephemeral resource share.
type arguments struct {
	UserID            types.String `tfsdk:"user_id"`
	AppID             types.String `tfsdk:"app_id"`
	DatasetID         types.String `tfsdk:"dataset_id"`
	VersionID         types.String `tfsdk:"dataset_version_id"`
	Format            types.String `tfsdk:"format"`
	IncludeEmbeddings types.Bool   `tfsdk:"include_embeddings"`
}

// job returns the export that the arguments name.
func (a *arguments) job(p *configure.Provider) (*job, diag.Diagnostics) {
	client, problems := p.Client()
	app, more := ids.Scope(p, a.UserID, a.AppID)
	problems.Append(more...)
	format, more := parseFormat(a.Format)
	problems.Append(more...)
	return &job{
		client: client, app: app, datasetID: a.DatasetID.ValueString(), versionID: a.VersionID.ValueString(),
		format: format, embeddings: a.IncludeEmbeddings.ValueBool(), progress: func(string, ...any) {},
	}, problems
}

// run starts the export, unless it exists, and waits until it is complete. next says what to do if the
// wait ends before that.
func (j *job) run(ctx context.Context, timeoutKey, next string) (*clarifai.DatasetVersionExport, diag.Diagnostics) {
	export, err := j.start(ctx)
	if err == nil {
		export, err = j.finish(ctx, export)
	}
	if err != nil {
		return nil, diag.Diagnostics{j.explain(err, timeoutKey, next)}
	}
	if j.embeddings && !export.IncludeEmbeddings {
		return export, diag.Diagnostics{j.withoutEmbeddings()}
	}
	return export, nil
}

// String names the export in messages.
func (j *job) String() string {
	return fmt.Sprintf("%s export of version %q of dataset %q", j.format, j.versionID, j.datasetID)
}

// start waits until the version is ready and requests its export, unless it exists.
func (j *job) start(ctx context.Context) (*clarifai.DatasetVersionExport, error) {
	version, err := wait.For(ctx, wait.Spec[*clarifai.DatasetVersion]{
		Clock:  j.client.Clock(),
		What:   fmt.Sprintf("version %q of dataset %q, which is to be exported", j.versionID, j.datasetID),
		Poll:   j.poll,
		Status: func(v *clarifai.DatasetVersion) clarifai.Status { return v.Status },
		Progress: onChange(func(v *clarifai.DatasetVersion) clarifai.Status { return v.Status }, func(s clarifai.Status) {
			j.progress("Version %q is %s", j.versionID, s.Code.Name())
		}),
	})
	if err != nil {
		return nil, err
	}
	export := version.ExportInfo.Format(j.format)
	if export != nil && export.Status.Code.Class() != clarifai.ClassFailed && (export.IncludeEmbeddings || !j.embeddings) {
		j.started = true
		return export, nil
	}
	exports, err := j.client.PutDatasetVersionExports(ctx, j.app, j.datasetID, j.versionID,
		[]clarifai.DatasetVersionExport{{Format: j.format, IncludeEmbeddings: j.embeddings}})
	if err != nil {
		return nil, err
	}
	j.started = true
	j.progress("Requested the %s", j)
	return &exports[0], nil
}

// finish waits until an export that was started is complete.
func (j *job) finish(ctx context.Context, export *clarifai.DatasetVersionExport) (*clarifai.DatasetVersionExport, error) {
	first := true
	finished, err := wait.For(ctx, wait.Spec[*clarifai.DatasetVersionExport]{
		Clock: j.client.Clock(),
		What:  "the " + j.String(),
		Poll: func(ctx context.Context, within time.Duration) (*clarifai.DatasetVersionExport, error) {
			if first { // what start has read is as good as a poll
				first = false
				return export, nil
			}
			version, err := j.poll(ctx, within)
			if err != nil {
				return nil, err
			}
			if seen := version.ExportInfo.Format(j.format); seen != nil {
				return seen, nil
			}
			return export, nil // not returned yet
		},
		Status: func(e *clarifai.DatasetVersionExport) clarifai.Status { return e.Status },
		Progress: onChange(func(e *clarifai.DatasetVersionExport) clarifai.Status { return e.Status }, func(s clarifai.Status) {
			j.progress("The export is %s", s.Code.Name())
		}),
	})
	if finished == nil {
		finished = export
	}
	return finished, err
}

func (j *job) poll(ctx context.Context, within time.Duration) (*clarifai.DatasetVersion, error) {
	return j.client.PollDatasetVersion(ctx, j.app, j.datasetID, j.versionID, within)
}

// onChange calls tell with a status that differs from the previous one.
func onChange[T any](of func(T) clarifai.Status, tell func(clarifai.Status)) func(T) {
	var last clarifai.StatusCode
	return func(value T) {
		if status := of(value); status.Code != last {
			last = status.Code
			tell(status)
		}
	}
}

// explain returns the diagnostic for an export that is not complete.
func (j *job) explain(err error, timeoutKey, next string) diag.Diagnostic {
	var interrupted *wait.InterruptedError
	var failed *wait.FailedError
	switch {
	case errors.As(err, &interrupted):
		if !j.started {
			next = "Clarifai is still building the version, and the export has not started. Run again to resume waiting for both."
		}
		return diags.StillRunning("Not done yet: "+j.String(), interrupted, timeoutKey, next)
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic("Unable to create the "+j.String(), diags.Detail(err)+
			"\n\nThe next apply starts the export again. A version that has failed cannot be exported; replace it.")
	}
	return diags.Error("Unable to create the "+j.String(), err)
}

// withoutEmbeddings warns that the archive may not contain embeddings.
func (j *job) withoutEmbeddings() diag.Diagnostic {
	return diag.NewWarningDiagnostic("The export may lack embeddings",
		fmt.Sprintf("include_embeddings is true, but Clarifai does not report embeddings for the %s. It keeps one export for each format of a "+
			"version, "+
			"so one that was created without embeddings stays without. To be sure, create a new version and export it.", j))
}
