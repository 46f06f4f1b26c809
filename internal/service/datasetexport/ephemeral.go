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

// NewEphemeralResource makes the ephemeral resource.
func NewEphemeralResource() ephemeral.EphemeralResource { return &ephemeralExport{} }

type ephemeralExport struct{ configure.Ephemeral }

type ephemeralModel struct {
	UserID            types.String   `tfsdk:"user_id"`
	AppID             types.String   `tfsdk:"app_id"`
	DatasetID         types.String   `tfsdk:"dataset_id"`
	VersionID         types.String   `tfsdk:"dataset_version_id"`
	Format            types.String   `tfsdk:"format"`
	IncludeEmbeddings types.Bool     `tfsdk:"include_embeddings"`
	Start             types.Bool     `tfsdk:"start"`
	URL               types.String   `tfsdk:"url"`
	Size              types.Int64    `tfsdk:"size"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

func (e *ephemeralExport) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = typeName
}

func (e *ephemeralExport) Schema(ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	reference := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: []validator.String{ids.Reference()}}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The present address of a dataset version's export, which is kept neither in state nor in plans. " +
			"An export that does not exist yet is made and waited for. Terraform opens ephemeral resources while it plans too, as soon as the ids are known, so that may happen during a plan; `start = false` only takes an export that is there. For a version that the same run makes, leave the version's `id` to the provider, so that it is not known before.",
		Attributes: map[string]schema.Attribute{
			"user_id":            ids.EphemeralUserID(),
			"app_id":             ids.EphemeralAppID(),
			"dataset_id":         reference(datasetText),
			"dataset_version_id": reference(versionText),
			"format":             schema.StringAttribute{MarkdownDescription: formatText, Required: true, Validators: formatValidators()},
			"include_embeddings": schema.BoolAttribute{MarkdownDescription: embeddingsText + " Defaults to `false`.", Optional: true},
			"start": schema.BoolAttribute{
				MarkdownDescription: "Whether to have the export made when it does not exist or has failed. Defaults to `true`. With `false` that is an error.",
				Optional:            true,
			},
			"url":  schema.StringAttribute{MarkdownDescription: urlText + ".", Computed: true},
			"size": schema.Int64Attribute{MarkdownDescription: sizeText, Computed: true},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				OpenDescription: "How long to wait for the version and the export. A duration such as `30m`. Defaults to `1h`.",
			}),
		},
	}
}

func (e *ephemeralExport) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := e.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(e.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	format, problems := parseFormat(config.Format)
	resp.Diagnostics.Append(problems...)
	timeout, problems := config.Timeouts.Open(ctx, defaultTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	j := &job{
		client: client, app: app, datasetID: config.DatasetID.ValueString(), versionID: config.VersionID.ValueString(),
		format: format, embeddings: config.IncludeEmbeddings.ValueBool(), progress: func(string, ...any) {},
	}
	if !config.Start.IsNull() && !config.Start.ValueBool() {
		if problem := j.mustExist(ctx); problem != nil {
			resp.Diagnostics.Append(problem)
			return
		}
	}
	export, err := j.start(ctx)
	if err == nil {
		export, err = j.finish(ctx, export)
	}
	if err != nil {
		resp.Diagnostics.Append(j.explain(err, "open", "The export goes on at the service. Run again later: it is not started anew."))
		return
	}
	if j.embeddings && !export.IncludeEmbeddings {
		resp.Diagnostics.Append(j.withoutEmbeddings())
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.URL = types.StringValue(export.URL)
	config.Size = types.Int64Value(int64(export.Size)) //nolint:gosec // no archive is so large
	resp.Diagnostics.Append(resp.Result.Set(ctx, config)...)
}

// mustExist is the problem when the export would have to be made.
func (j *job) mustExist(ctx context.Context) diag.Diagnostic {
	version, err := j.client.GetDatasetVersion(ctx, j.app, j.datasetID, j.versionID)
	if err != nil {
		return diags.Error("Unable to read the "+j.String(), err)
	}
	export := version.ExportInfo.Format(j.format)
	if export == nil || export.Status.Code.Class() == clarifai.ClassFailed {
		return diag.NewAttributeErrorDiagnostic(path.Root("start"), "There is no "+j.String(),
			"The service has no such export, or it has failed, and start is false. Make it with the resource or the action of the same name, or leave out start.")
	}
	return nil
}
