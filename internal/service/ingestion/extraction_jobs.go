package ingestion

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// extractionModel is an extraction job in data sources.
type extractionModel struct {
	ID                 types.String      `tfsdk:"id"`
	URL                types.String      `tfsdk:"url"`
	Status             types.Object      `tfsdk:"status"`
	Progress           *extractionCounts `tfsdk:"progress"`
	ConflictResolution types.String      `tfsdk:"input_id_conflict_resolution"`
	InputTemplate      types.Object      `tfsdk:"input_template"`
	CreatedAt          types.String      `tfsdk:"created_at"`
	ModifiedAt         types.String      `tfsdk:"modified_at"`
}

type extractionCounts struct {
	Images             types.Int64 `tfsdk:"images"`
	Videos             types.Int64 `tfsdk:"videos"`
	Audios             types.Int64 `tfsdk:"audios"`
	Texts              types.Int64 `tfsdk:"texts"`
	PendingArchives    types.Int64 `tfsdk:"pending_archives"`
	InProgressArchives types.Int64 `tfsdk:"in_progress_archives"`
	CompletedArchives  types.Int64 `tfsdk:"completed_archives"`
	FailedArchives     types.Int64 `tfsdk:"failed_archives"`
}

func extractionFromAPI(e *clarifai.InputsExtractionJob) extractionModel {
	p := e.Progress
	if p == nil {
		p = &clarifai.InputsExtractionJobProgress{}
	}
	resolution := types.StringNull()
	if e.InputIDConflictResolution != clarifai.ConflictNotSet {
		resolution = types.StringValue(e.InputIDConflictResolution.String())
	}
	return extractionModel{
		ID: types.StringValue(e.ID), URL: attrs.Text(e.URL), Status: attrs.StatusFromAPI(e.Status),
		Progress: &extractionCounts{
			Images: number(p.ImageInputsCount), Videos: number(p.VideoInputsCount), Audios: number(p.AudioInputsCount),
			Texts:           number(p.TextInputsCount),
			PendingArchives: number(p.PendingArchivesCount), InProgressArchives: number(p.InProgressArchivesCount),
			CompletedArchives: number(p.CompletedArchivesCount), FailedArchives: number(p.FailedArchivesCount),
		},
		ConflictResolution: resolution, InputTemplate: templateFromAPI(e.InputTemplate),
		CreatedAt: attrs.Time(e.CreatedAt), ModifiedAt: attrs.Time(e.ModifiedAt),
	}
}

func extractionAttributes(id schema.StringAttribute) map[string]schema.Attribute {
	text := func(text string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: text, Computed: true}
	}
	count := func(text string) schema.Int64Attribute {
		return schema.Int64Attribute{MarkdownDescription: text, Computed: true}
	}
	return map[string]schema.Attribute{
		"id":  id,
		"url": text(partURLText),
		"status": attrs.DataStatus("Status of the job: 64000 queued, 64001 running, 64002 completed; 66000 if the bucket could not be " +
			"listed, 67000 if an archive could not be unpacked."),
		"progress": schema.SingleNestedAttribute{
			MarkdownDescription: "Files and archives found so far.", Computed: true,
			Attributes: map[string]schema.Attribute{
				"images": count(imagesText), "videos": count(videosText), "audios": count(audiosText), "texts": count(textsText),
				"pending_archives":     count("Archives that wait to be unpacked."),
				"in_progress_archives": count("Archives that are being unpacked."),
				"completed_archives":   count("Archives that were unpacked."),
				"failed_archives":      count("Archives that could not be unpacked."),
			},
		},
		"input_id_conflict_resolution": text("What happens to a file whose input id already exists: `SKIP` or `SUFFIX`. If null, the " +
			"service's default, `SKIP`, applies."),
		"input_template": templateData(),
		"created_at":     text("Time when the job was started (RFC 3339, UTC)."),
		"modified_at":    text("Time of the last change (RFC 3339, UTC)."),
	}
}

// NewExtractionJobDataSource returns the data source for one extraction job.
func NewExtractionJobDataSource() datasource.DataSource { return &extractionDataSource{} }

type extractionDataSource struct{ configure.DataSource }

type oneExtraction struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
	extractionModel
}

func (d *extractionDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "clarifai_inputs_extraction_job"
}

func (d *extractionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := extractionAttributes(schema.StringAttribute{MarkdownDescription: "Id of the job.", Required: true,
		Validators: []validator.String{ids.Reference()}})
	attributes["user_id"], attributes["app_id"] = ids.DataUserID(), ids.DataAppID()
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one job that extracts inputs from a bucket or an archive. The add job lists its extraction jobs.",
		Attributes:          attributes,
	}
}

func (d *extractionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config oneExtraction
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &config.ID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("user_id"), &config.UserID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("app_id"), &config.AppID)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := config.ID.ValueString()
	job, err := client.GetInputsExtractionJob(ctx, app, id)
	switch {
	case clarifai.IsNotFound(err):
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"), fmt.Sprintf("No extraction job %q in app %q", id, app.AppID), err))
		return
	case err != nil:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read extraction job %q", id), err))
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.extractionModel = extractionFromAPI(job)
	config.ID = types.StringValue(id)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// NewExtractionJobsDataSource returns the data source for the extraction jobs of an app.
func NewExtractionJobsDataSource() datasource.DataSource { return &extractionsDataSource{} }

type extractionsDataSource struct{ configure.DataSource }

type manyExtractions struct {
	UserID types.String      `tfsdk:"user_id"`
	AppID  types.String      `tfsdk:"app_id"`
	Limit  types.Int64       `tfsdk:"limit"`
	Jobs   []extractionModel `tfsdk:"jobs"`
}

func (d *extractionsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "clarifai_inputs_extraction_jobs"
}

func (d *extractionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the jobs of an app that extract inputs from buckets and archives, in the order of the API.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"limit":   limitAttribute(),
			"jobs": schema.ListNestedAttribute{
				MarkdownDescription: "The jobs.", Computed: true,
				NestedObject: schema.NestedAttributeObject{Attributes: extractionAttributes(schema.StringAttribute{MarkdownDescription: "Id of the job.", Computed: true})},
			},
		},
	}
}

func (d *extractionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config manyExtractions
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	limit := limitOf(config.Limit)
	config.Jobs = []extractionModel{}
	for job, err := range client.AllInputsExtractionJobs(ctx, app, 0) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the extraction jobs of app %q", app.AppID), err))
			return
		}
		if config.Jobs = append(config.Jobs, extractionFromAPI(&job)); len(config.Jobs) == limit {
			break
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
