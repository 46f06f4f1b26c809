package ingestion

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

// NewCancelAddJobAction returns the action that cancels an add job.
func NewCancelAddJobAction() action.Action { return &cancelAddJobAction{} }

type cancelAddJobAction struct{ configure.Action }

type cancelAddJobArguments struct {
	UserID   types.String   `tfsdk:"user_id"`
	AppID    types.String   `tfsdk:"app_id"`
	ID       types.String   `tfsdk:"id"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (a *cancelAddJobAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "clarifai_cancel_inputs_add_job"
}

func (a *cancelAddJobAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Cancels a job that adds inputs, and waits until it has stopped. Inputs that it has added stay. A job that is " +
			"already over is not changed. On a CLI without actions, destroy the resource with `cancel_on_destroy`.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ActionUserID(),
			"app_id":  ids.ActionAppID(),
			"id": schema.StringAttribute{MarkdownDescription: "Id of the add job.", Required: true,
				Validators: []validator.String{ids.Reference()}},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{InvokeDescription: "Maximum time to wait until the job has " +
				"stopped, a duration such as `90s` or `10m`. Defaults to `10m`."}),
		},
	}
}

func (a *cancelAddJobAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config cancelAddJobArguments
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := a.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(a.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	timeout, problems := config.Timeouts.Invoke(ctx, cancelTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	what := fmt.Sprintf("add job %q", config.ID.ValueString())
	report := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	s, err := addjob.Read(ctx, client, app, config.ID.ValueString())
	if err == nil && jobs.Over(s.Overall.Code) {
		report("Nothing to cancel: %s is over: %s.", what, s.Line())
		return
	}
	if err == nil {
		report("Cancelling %s: %s.", what, s.Line())
		err = addjob.Cancel(ctx, client, app, s, what)
	}
	if err == nil {
		s, err = addjob.Read(ctx, client, app, config.ID.ValueString())
	}
	if err != nil {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"), "Unable to cancel "+what, err))
		return
	}
	report("Cancelled %s: %s.", what, s.Line())
}

// NewCancelExtractionJobsAction returns the action that cancels extraction jobs.
func NewCancelExtractionJobsAction() action.Action { return &cancelExtractionsAction{} }

type cancelExtractionsAction struct{ configure.Action }

type cancelExtractionsArguments struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
	IDs    []string     `tfsdk:"ids"`
}

func (a *cancelExtractionsAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "clarifai_cancel_inputs_extraction_jobs"
}

func (a *cancelExtractionsAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Cancels jobs that extract inputs from buckets or archives. Inputs that they have added stay and are still " +
			"processed. A job that is already over is not changed. On a CLI without actions, destroy the resource with `cancel_on_destroy`.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ActionUserID(),
			"app_id":  ids.ActionAppID(),
			"ids": schema.ListAttribute{
				MarkdownDescription: "Ids of the extraction jobs, as the data source `clarifai_inputs_extraction_jobs` lists them or " +
					"`extraction_jobs` of an import shows them.",
				Required: true, ElementType: types.StringType,
				Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(ids.Reference())},
			},
		},
	}
}

func (a *cancelExtractionsAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config cancelExtractionsArguments
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := a.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(a.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	cancelled, err := client.CancelInputsExtractionJobs(ctx, app, config.IDs)
	if clarifai.Code(err) == clarifai.StatusJobConflict {
		resp.SendProgress(action.InvokeProgressEvent{Message: "Nothing to cancel: the jobs are over."})
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("ids"), "Unable to cancel extraction jobs", err))
		return
	}
	lines := make([]string, len(cancelled))
	for i, job := range cancelled {
		lines[i] = fmt.Sprintf("%s: %s", job.ID, job.Status.Code.Name())
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Cancelled %s. Status: %s.", diags.Counted(uint64(len(config.IDs)),
		"extraction job"), strings.Join(lines, ", "))})
}

// cancelTimeout is the default time to wait until a job has stopped.
const cancelTimeout = 10 * time.Minute
