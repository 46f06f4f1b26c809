package datasetexport

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewAction returns the action.
func NewAction() action.Action { return &exportAction{} }

type exportAction struct{ configure.Action }

type actionModel struct {
	arguments
	DownloadTo types.String   `tfsdk:"download_to"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (a *exportAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = typeName
}

func (a *exportAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	reference := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: []validator.String{ids.Reference()}}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Exports a dataset version, waits until the export is complete, and saves the archive if you set `download_to`. " +
			"An existing export is used as it is. On CLIs without actions, use the resource of the same name.",
		Attributes: map[string]schema.Attribute{
			"user_id":            ids.ActionUserID(),
			"app_id":             ids.ActionAppID(),
			"dataset_id":         reference(datasetText),
			"dataset_version_id": reference(versionText),
			"format":             schema.StringAttribute{MarkdownDescription: formatText, Required: true, Validators: formatValidators()},
			"include_embeddings": schema.BoolAttribute{MarkdownDescription: embeddingsText + " Defaults to `false`.", Optional: true},
			"download_to": schema.StringAttribute{
				MarkdownDescription: downloadText,
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				InvokeDescription: "Maximum time to wait for the version, the export and the download together, a duration such as " +
					"`90m`. Defaults to `1h`.",
			}),
		},
	}
}

func (a *exportAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config actionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	j, problems := config.job(a.Provider)
	resp.Diagnostics.Append(problems...)
	timeout, problems := config.Timeouts.Invoke(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	j.progress = func(text string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(text, args...)})
	}
	export, problems := j.run(ctx, "invoke", "Clarifai continues the export. Invoke the action again: it resumes waiting for the same export.")
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	j.progress("The archive has %d bytes", export.Size)
	if config.DownloadTo.IsNull() {
		return
	}
	to := config.DownloadTo.ValueString()
	digest, err := j.download(ctx, export, to)
	if err != nil {
		resp.Diagnostics.Append(j.notSaved(err, to, export.Size))
		return
	}
	j.progress("Saved as %s, SHA-256 %s", to, digest)
}
