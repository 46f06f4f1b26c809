package datasetexport

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewEphemeralResource returns the ephemeral resource.
func NewEphemeralResource() ephemeral.EphemeralResource { return &ephemeralExport{} }

type ephemeralExport struct{ configure.Ephemeral }

type ephemeralModel struct {
	arguments
	Start    types.Bool     `tfsdk:"start"`
	URL      types.String   `tfsdk:"url"`
	Size     types.Int64    `tfsdk:"size"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (e *ephemeralExport) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = typeName
}

func (e *ephemeralExport) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	reference := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: []validator.String{ids.Reference()}}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Current URL of the export of a dataset version, which is stored neither in state nor in plans. An export that " +
			"does not exist is created, and the provider waits for it. Terraform also opens ephemeral resources at plan if the ids are known, so " +
			"a plan may create an export; `start = false` prevents that. For a version that the same run creates, do not set the version's `id`, " +
			"so that it is unknown at plan.",
		Attributes: map[string]schema.Attribute{
			"user_id":            ids.EphemeralUserID(),
			"app_id":             ids.EphemeralAppID(),
			"dataset_id":         reference(datasetText),
			"dataset_version_id": reference(versionText),
			"format":             schema.StringAttribute{MarkdownDescription: formatText, Required: true, Validators: formatValidators()},
			"include_embeddings": schema.BoolAttribute{MarkdownDescription: embeddingsText + " Defaults to `false`.", Optional: true},
			"start": schema.BoolAttribute{
				MarkdownDescription: "Whether to create an export that does not exist or has failed. Defaults to `true`. With `false` such an " +
					"export is an error.",
				Optional: true,
			},
			"url":  schema.StringAttribute{MarkdownDescription: urlText + ".", Computed: true},
			"size": schema.Int64Attribute{MarkdownDescription: sizeText, Computed: true},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				OpenDescription: "Maximum time to wait for the version and the export, a duration such as `30m`. Defaults to `1h`.",
			}),
		},
	}
}

func (e *ephemeralExport) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	j, problems := config.job(e.Provider)
	resp.Diagnostics.Append(problems...)
	timeout, problems := config.Timeouts.Open(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if !config.Start.IsNull() && !config.Start.ValueBool() {
		if problem := j.mustExist(ctx); problem != nil {
			resp.Diagnostics.Append(problem)
			return
		}
	}
	export, problems := j.run(ctx, "open", "Clarifai continues the export. Run again later: the same export is not started twice.")
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(j.app.UserID), types.StringValue(j.app.AppID)
	config.URL = types.StringValue(export.URL)
	config.Size = types.Int64Value(int64(export.Size)) //nolint:gosec // no archive is so large
	resp.Diagnostics.Append(resp.Result.Set(ctx, config)...)
}

// mustExist returns an error if the export does not exist or has failed.
func (j *job) mustExist(ctx context.Context) diag.Diagnostic {
	version, err := j.client.GetDatasetVersion(ctx, j.app, j.datasetID, j.versionID)
	if err != nil {
		return diags.Error("Unable to read the "+j.String(), err)
	}
	export := version.ExportInfo.Format(j.format)
	if export == nil || export.Status.Code.Class() == clarifai.ClassFailed {
		return diag.NewAttributeErrorDiagnostic(path.Root("start"), "Not found: "+j.String(),
			"The export does not exist or has failed, and start is false. Create it with the resource or the action of the same name, or remove "+
				"start.")
	}
	return nil
}
