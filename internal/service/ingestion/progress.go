package ingestion

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logProgress writes how a job stands into the log, whenever that changes: resources
// have no other way to say it.
func logProgress(ctx context.Context, id string) func(string) {
	return func(line string) {
		tflog.Info(ctx, "clarifai: job", map[string]any{"inputs_add_job_id": id, "progress": line})
	}
}
