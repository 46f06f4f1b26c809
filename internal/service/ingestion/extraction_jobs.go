package ingestion

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
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

func extractionFromAPI(ctx context.Context, e *clarifai.InputsExtractionJob) extractionModel {
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
		ConflictResolution: resolution, InputTemplate: templateFromAPI(ctx, e.InputTemplate),
		CreatedAt: attrs.Time(e.CreatedAt), ModifiedAt: attrs.Time(e.ModifiedAt),
	}
}

// extractionAttributes are those of an extraction job in data sources, with the id among them.
func extractionAttributes(id schema.StringAttribute) map[string]schema.Attribute {
	counts := map[string]schema.Attribute{}
	for name, text := range map[string]string{
		"pending_archives":     "Archives that wait to be unpacked.",
		"in_progress_archives": "Archives that are being unpacked.",
		"completed_archives":   "Archives that were unpacked.",
		"failed_archives":      "Archives that could not be unpacked.",
	} {
		counts[name] = schema.Int64Attribute{MarkdownDescription: text, Computed: true}
	}
	differences := dataschema.ID(id)
	differences["status"] = attrs.DataStatus("Status of the job: 64000 queued, 64001 running, 64002 completed; 66000 if the bucket could " +
		"not be listed, 67000 if an archive could not be unpacked.")
	differences["progress"] = schema.SingleNestedAttribute{
		MarkdownDescription: "Files and archives found so far.", Computed: true,
		Attributes: dataschema.Attributes(partAttributes, counts, "id", "url", "status"),
	}
	differences["input_id_conflict_resolution"] = dataText("What happens to a file whose input id already exists: `SKIP` or `SUFFIX`. " +
		"If null, the service's default, `SKIP`, applies.")
	return dataschema.Attributes(map[string]resourceschema.Attribute{
		"url": partAttributes["url"], "input_template": templateAttribute(),
		"created_at": attrs.CreatedAt(), "modified_at": attrs.ModifiedAt(),
	}, differences)
}

// NewExtractionJobDataSource returns the data source for one extraction job.
func NewExtractionJobDataSource() datasource.DataSource {
	return &extractionDataSource{base.NewDataSource("clarifai_inputs_extraction_job", schema.Schema{
		MarkdownDescription: "Reads one job that extracts inputs from a bucket or an archive. The add job lists its extraction jobs.",
		Attributes:          inApp(extractionAttributes(jobID)),
	})}
}

type extractionDataSource struct{ base.DataSource }

type oneExtraction struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
	extractionModel
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
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("extraction job %q", id), app, err))
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.extractionModel = extractionFromAPI(ctx, job)
	config.ID = types.StringValue(id)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// NewExtractionJobsDataSource returns the data source for the extraction jobs of an app.
func NewExtractionJobsDataSource() datasource.DataSource {
	return &extractionsDataSource{base.NewDataSource("clarifai_inputs_extraction_jobs", schema.Schema{
		MarkdownDescription: "Lists the jobs of an app that extract inputs from buckets and archives, in the order of the API.",
		Attributes:          jobList(extractionAttributes(listedID)),
	})}
}

type extractionsDataSource struct{ base.DataSource }

type manyExtractions struct {
	UserID types.String      `tfsdk:"user_id"`
	AppID  types.String      `tfsdk:"app_id"`
	Limit  types.Int64       `tfsdk:"limit"`
	Jobs   []extractionModel `tfsdk:"jobs"`
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
	config.Jobs = []extractionModel{}
	for job, err := range listing.First(client.AllInputsExtractionJobs(ctx, app, 0), limitOf(config.Limit)) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the extraction jobs of app %q", app.AppID), err))
			return
		}
		config.Jobs = append(config.Jobs, extractionFromAPI(ctx, &job))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
