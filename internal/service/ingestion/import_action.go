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
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

// NewImportAction returns the action that imports from a bucket.
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
	attributes := jobArguments(importAccepted)
	attributes["url"] = schema.StringAttribute{MarkdownDescription: urlText, Required: true,
		Validators: []validator.String{addressValidator{}}}
	attributes["call_back_url"] = schema.StringAttribute{MarkdownDescription: callBackText, Optional: true,
		Validators: []validator.String{attrs.URLValidator{}}}
	attributes[credentialsName] = credentialsArgument()
	attributes[appPATName] = schema.StringAttribute{MarkdownDescription: appPATText, Optional: true, WriteOnly: true, Validators: nonEmpty}
	attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{InvokeDescription: "Maximum time to wait until everything " +
		"is imported, a duration such as `90s` or `10m`. Defaults to `2h`."})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Imports inputs from a bucket and reports progress. Each invocation starts a job. The resource " +
			"`clarifai_inputs_import` does the same once, on every CLI.",
		Attributes: attributes,
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
	job, problems := config.starter(ctx, a.Provider, client, app, config.Credentials, config.AppPAT)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	if job.Chosen = config.ID.ValueString(); job.Chosen == "" {
		job.Chosen = newID()
	}
	s, found, err := job.Start(ctx)
	var taken *addjob.IDTakenError
	switch {
	case errors.As(err, &taken):
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"),
			"Unable to start the "+config.String(), fmt.Errorf("%w; to start a new job with each invocation, remove id", err)))
		return
	case err != nil:
		resp.Diagnostics.Append(diags.Error("Unable to start the "+config.String(), err))
		return
	}
	report := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	config.ID = types.StringValue(s.Job.ID)
	verb := "Started"
	if found {
		verb = "Found existing"
	}
	report("%s job %s in app %s: %s.", verb, s.Job.ID, app.AppID, config.String())
	if !config.Waits() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s, err = addjob.Follow(ctx, client, app, s.Job.ID, config.String(), config.Stall(), func(line string) {
		report("Job %s: %s.",
			config.ID.ValueString(), line)
	})
	if problem, _ := outcomeDiagnostic(ctx, client, &config.jobConfig, s, config.String(), err, hints{
		stillRunning: fmt.Sprintf("The job %q is still running. The data source clarifai_inputs_add_job shows its progress, the action "+
			"clarifai_cancel_inputs_add_job cancels it.", config.ID.ValueString()),
		retry:   "invoking the action again starts another job",
		timeout: "invoke",
	}); problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// newID returns a random id of 32 hex digits.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
