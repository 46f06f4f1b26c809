package ingestion

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logStatus returns a function that logs each change of a job's status.
func logStatus(ctx context.Context, id string) func(string) {
	return func(line string) {
		tflog.Info(ctx, "clarifai: job", map[string]any{"inputs_add_job_id": id, "progress": line})
	}
}
