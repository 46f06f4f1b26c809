package appduplication

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

// NewAction returns the action that copies an app.
func NewAction() action.Action { return &duplicationAction{} }

type duplicationAction struct{ configure.Action }

type actionModel struct {
	job
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

var _ action.ActionWithValidateConfig = (*duplicationAction)(nil)

func (a *duplicationAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = typeName
}

func (a *duplicationAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := actionAttributes()
	attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{InvokeDescription: "Maximum time to wait until everything " +
		"is copied, a duration such as `90s` or `10m`. Defaults to `2h`."})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Copies an app and reports progress. The resource `clarifai_app_duplication` does the same on " +
			"every CLI. " + deprecation,
		DeprecationMessage: deprecation,
		Attributes:         attributes,
	}
}

func (a *duplicationAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var config actionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.validate()...)
	}
}

func (a *duplicationAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config actionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := a.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, validate := ids.Scope(a.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(validate...)
	timeout, validate := config.Timeouts.Invoke(ctx, createTimeout)
	resp.Diagnostics.Append(validate...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	d, _, err := start(ctx, a.Provider, client, &config.job, isRunning)
	if err != nil {
		resp.Diagnostics.Append(startError(&config.job, err))
		return
	}
	report := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	destination := ""
	if d.DestinationApp != nil {
		destination = d.DestinationApp.ID
	}
	report("Started job %s: %s into app %q.", d.ID, config.String(), destination)
	if config.WaitFor.ValueString() == jobs.Accepted {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err = waitCompleted(ctx, client, &config.job, d.ID, func(line string) { report("Job %s: %s.", d.ID, line) })
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Failed: "+config.String(), err))
	}
}
