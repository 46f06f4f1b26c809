package evaluation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

// NewAction makes the action that runs an evaluation now.
func NewAction() action.Action { return &evaluationAction{} }

type evaluationAction struct{ configure.Action }

type actionModel struct {
	subject
	WaitFor  types.String   `tfsdk:"wait_for"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (a *evaluationAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = typeName
}

func (a *evaluationAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := actionAttributes()
	attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{InvokeDescription: "How long to wait for the evaluation, as a " +
		"duration such as `90s` or `10m`. Defaults to `2h`."})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Runs an evaluation now and tells how it goes. To keep its result, use the resource `clarifai_evaluation`, which " +
			"also works without actions.",
		Attributes: attributes,
	}
}

func (a *evaluationAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config actionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := a.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(a.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	timeout, problems := config.Timeouts.Invoke(ctx, createTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.chooseID(types.MapNull(types.StringType))
	if _, err := start(ctx, a.Provider, client, app, config.toAPI()); err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to start "+config.String(), err))
		return
	}
	tell := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	tell("Started %s in app %s.", config.String(), app.AppID)
	if config.WaitFor.ValueString() == jobs.Accepted {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	last := clarifai.StatusCode(0)
	e, err := done(ctx, client, &config.subject, func(e *clarifai.EvalMetrics) {
		if e.Status.Code != last {
			last = e.Status.Code
			tell("%s: %s.", config.String(), e.Status.Code.Name())
		}
	})
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Not done: "+config.String(), err))
		return
	}
	if s := e.Summary; s != nil {
		tell("%s: F1 %.3f, precision %.3f, recall %.3f, ROC AUC %.3f.", config.String(), s.MacroAvgF1Score, s.MacroAvgPrecision, s.MacroAvgRecall,
			s.MacroAvgROCAUC)
	}
}
