package datasetexport

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// defaultTimeout is how long an export may take, waiting for its version and the download included.
const defaultTimeout = time.Hour

// job is the export of a version in one format. The service keeps one export for each format of a
// version; asking for it again tells how it is doing and starts nothing anew, unless it has failed.
type job struct {
	client     *clarifai.Client
	app        clarifai.AppRef
	datasetID  string
	versionID  string
	format     clarifai.DatasetVersionExportFormat
	embeddings bool

	// begun says that the service has been asked for the export, by this run or an earlier one.
	begun bool

	// progress is told what happens, each thing once.
	progress func(format string, args ...any)
}

// String names the export in messages.
func (j *job) String() string {
	return fmt.Sprintf("%s export of version %q of dataset %q", j.format, j.versionID, j.datasetID)
}

// start waits until the version is ready and sees that it is being exported.
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
		j.begun = true
		return export, nil
	}
	answer, err := j.client.PutDatasetVersionExports(ctx, j.app, j.datasetID, j.versionID,
		[]clarifai.DatasetVersionExport{{Format: j.format, IncludeEmbeddings: j.embeddings}})
	if err != nil {
		return nil, err
	}
	j.begun = true
	j.progress("Asked the service for the %s", j)
	return &answer[0], nil
}

// finish waits until an export that was started is done.
func (j *job) finish(ctx context.Context, export *clarifai.DatasetVersionExport) (*clarifai.DatasetVersionExport, error) {
	first := true
	finished, err := wait.For(ctx, wait.Spec[*clarifai.DatasetVersionExport]{
		Clock: j.client.Clock(),
		What:  "the " + j.String(),
		Poll: func(ctx context.Context, within time.Duration) (*clarifai.DatasetVersionExport, error) {
			if first { // what start has seen is as good as a poll
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
			return export, nil // not shown yet
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

// onChange passes on a status when it is another than before.
func onChange[T any](of func(T) clarifai.Status, tell func(clarifai.Status)) func(T) {
	var last clarifai.StatusCode
	return func(value T) {
		if status := of(value); status.Code != last {
			last = status.Code
			tell(status)
		}
	}
}

// explain says why there is no export, and what to do.
func (j *job) explain(err error, timeoutKey, next string) diag.Diagnostic {
	var interrupted *wait.InterruptedError
	var failed *wait.FailedError
	switch {
	case errors.As(err, &interrupted):
		if !j.begun {
			next = "The version is still being built at the service, and the export has not been begun. Run again to wait on for both."
		}
		return diags.StillRunning("Not done yet: "+j.String(), interrupted, timeoutKey, next)
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic("The service could not make the "+j.String(), diags.Detail(err)+
			"\n\nApplying again starts the export anew. A version that has failed cannot be exported; it has to be made again.")
	}
	return diags.Error("Unable to make the "+j.String(), err)
}

// withoutEmbeddings warns that the service does not say that embeddings are in the archive.
func (j *job) withoutEmbeddings() diag.Diagnostic {
	return diag.NewWarningDiagnostic("The export may lack embeddings",
		fmt.Sprintf("include_embeddings is true, but the service does not say so of the %s. It keeps one export for each format of a version, "+
			"so one that was made before without embeddings stays as it is. To be sure, make a new version and export that.", j))
}
