package ingestion

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewImportAction makes the action that imports from a bucket now.
func NewImportAction() action.Action { return &importAction{} }

type importAction struct{ configure.Action }

type importArguments struct {
	importJob
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

var _ action.ActionWithValidateConfig = (*importAction)(nil)

func (a *importAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = importType
}

func (a *importAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := intakeArguments(importAccepted)
	attributes["url"] = schema.StringAttribute{MarkdownDescription: urlText, Required: true, Validators: []validator.String{addressValidator{}}}
	attributes["call_back_url"] = schema.StringAttribute{MarkdownDescription: callBackText, Optional: true, Validators: []validator.String{attrs.URLValidator{}}}
	attributes[credentialsName] = credentialsArgument()
	attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{InvokeDescription: "How long to wait until everything is imported, as a duration such as `90s` or `10m`. Defaults to `2h`."})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Imports inputs from a bucket now and tells how it goes. Each time it is invoked it starts a job. The resource `clarifai_inputs_import` does the same once, and without actions.",
		Attributes:          attributes,
	}
}

func (a *importAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var config importArguments
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.problems(ctx)...)
	}
}

func (a *importAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config importArguments
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := a.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(a.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	timeout, problems := config.Timeouts.Invoke(ctx, importTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	job, problems := config.beginning(ctx, client, app, config.Credentials)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	if job.chosen = config.ID.ValueString(); job.chosen == "" {
		job.chosen = newID()
	}
	s, found, err := job.begin(ctx)
	var taken *takenError
	switch {
	case errors.As(err, &taken):
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"), "Unable to start the "+config.String(), fmt.Errorf("%w; an action that starts jobs again and again leaves id out", err)))
		return
	case err != nil:
		resp.Diagnostics.Append(diags.Error("Unable to start the "+config.String(), err))
		return
	}
	tell := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	config.ID = types.StringValue(s.job.ID)
	verb := "Started"
	if found {
		verb = "Found, started before,"
	}
	tell("%s job %s in app %s: %s.", verb, s.job.ID, app.AppID, config.String())
	if !config.Waits() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s, err = follow(ctx, client, app, s.job.ID, config.String(), config.Stall(), func(line string) { tell("Job %s: %s.", config.ID.ValueString(), line) })
	if problem := conclude(ctx, client, &config.intake, s, config.String(), err, advice{
		goesOn:  fmt.Sprintf("The job goes on at the service: id %q. The data source clarifai_inputs_add_job shows how far it is, the action clarifai_cancel_inputs_add_job ends it.", config.ID.ValueString()),
		again:   "invoking the action again starts another job",
		timeout: "invoke",
	}); problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// newID makes an id as the service would.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
