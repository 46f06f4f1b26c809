package ingestion

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

// logStatus returns a function that reports each change of a job's status, in the log and in the progress_file.
func logStatus(ctx context.Context, p *configure.Provider, client *clarifai.Client, what, id string) func(string) {
	operation := p.Progress.Start(ctx, client.Clock(), what, "wait for the job", 0)
	return func(line string) {
		operation.Status(line)
		tflog.Info(ctx, "clarifai: job", map[string]any{"inputs_add_job_id": id, "progress": line})
	}
}
