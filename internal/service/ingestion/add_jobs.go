package ingestion

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
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

// addJobModel is an add job in data sources.
type addJobModel struct {
	ID             types.String    `tfsdk:"id"`
	Status         types.Object    `tfsdk:"status"`
	Progress       types.Object    `tfsdk:"progress"`
	ExtractionJobs []extractionRef `tfsdk:"extraction_jobs"`
	Uploads        []uploadItem    `tfsdk:"uploads"`
	CallBackURL    types.String    `tfsdk:"call_back_url"`
	CreatedAt      types.String    `tfsdk:"created_at"`
	ModifiedAt     types.String    `tfsdk:"modified_at"`
}

type extractionRef struct {
	ID     types.String `tfsdk:"id"`
	URL    types.String `tfsdk:"url"`
	Status types.Object `tfsdk:"status"`
}

type uploadItem struct {
	ID            types.String `tfsdk:"id"`
	Status        types.Object `tfsdk:"status"`
	ContentName   types.String `tfsdk:"content_name"`
	ContentLength types.Int64  `tfsdk:"content_length"`
	ExpiresAt     types.String `tfsdk:"expires_at"`
}

func addJobFromAPI(j *clarifai.InputsAddJob) addJobModel {
	m := addJobModel{
		ID: types.StringValue(j.ID), Status: attrs.StatusFromAPI(j.Status), Progress: progressFromAPI(j.Progress),
		ExtractionJobs: []extractionRef{}, Uploads: []uploadItem{}, CallBackURL: attrs.Text(j.CallBackURL),
		CreatedAt: attrs.Time(j.CreatedAt), ModifiedAt: attrs.Time(j.ModifiedAt),
	}
	for _, e := range j.ExtractionJobs {
		m.ExtractionJobs = append(m.ExtractionJobs, extractionRef{types.StringValue(e.ID), attrs.Text(e.URL),
			attrs.StatusFromAPI(e.Status)})
	}
	for _, u := range j.Uploads {
		m.Uploads = append(m.Uploads, uploadItem{
			types.StringValue(u.ID), attrs.StatusFromAPI(u.Status), attrs.Text(u.ContentName), number(u.ContentLength),
			attrs.Time(u.ExpiresAt),
		})
	}
	return m
}

const ownStatusText = "Status that the add job itself reports. It may be completed while its extraction jobs are still running."

func addJobAttributes(id schema.StringAttribute) map[string]schema.Attribute {
	text := func(text string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: text, Computed: true}
	}
	count := func(text string) schema.Int64Attribute {
		return schema.Int64Attribute{MarkdownDescription: text, Computed: true}
	}
	return map[string]schema.Attribute{
		"id":     id,
		"status": attrs.DataStatus(ownStatusText),
		"progress": schema.SingleNestedAttribute{
			MarkdownDescription: progressText, Computed: true,
			Attributes: map[string]schema.Attribute{
				"pending": count(pendingText), "in_progress": count(inProgressText), "succeeded": count(succeededText),
				"failed": count(failedText),
			},
		},
		"extraction_jobs": schema.ListNestedAttribute{
			MarkdownDescription: partsText + " The data source `clarifai_inputs_extraction_job` has more details.", Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id": text(partIDText), "url": text(partURLText), "status": attrs.DataStatus(partStatusText),
			}},
		},
		"uploads": schema.ListNestedAttribute{
			MarkdownDescription: "The archive that the job unpacks, if it was uploaded.", Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id": text("Id of the upload."), "status": attrs.DataStatus("Status of the upload: 68000 in progress, 68001 completed."),
				"content_name": text("Name of the archive."), "content_length": count("Length of the archive in bytes."),
				"expires_at": text("Time until which the service accepts parts (RFC 3339, UTC)."),
			}},
		},
		"call_back_url": text("URL to which the service posts the job's status."),
		"created_at":    text("Time when the job was started (RFC 3339, UTC)."),
		"modified_at":   text("Time of the last change (RFC 3339, UTC)."),
	}
}

// NewAddJobDataSource returns the data source for one add job.
func NewAddJobDataSource() datasource.DataSource { return &addJobDataSource{} }

type addJobDataSource struct{ configure.DataSource }

type oneAddJob struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
	addJobModel
}

func (d *addJobDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "clarifai_inputs_add_job"
}

func (d *addJobDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := addJobAttributes(schema.StringAttribute{MarkdownDescription: "Id of the job.", Required: true,
		Validators: []validator.String{ids.Reference()}})
	attributes["user_id"], attributes["app_id"] = ids.DataUserID(), ids.DataAppID()
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one job that adds inputs, also one that was started outside Terraform. How long the service keeps " +
			"jobs is not documented.",
		Attributes: attributes,
	}
}

func (d *addJobDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config oneAddJob
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := config.ID.ValueString()
	job, err := client.GetInputsAddJob(ctx, app, id)
	switch {
	case clarifai.IsNotFound(err):
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"), fmt.Sprintf("No add job %q in app %q", id, app.AppID), err))
		return
	case err != nil:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read add job %q", id), err))
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.addJobModel = addJobFromAPI(job)
	config.ID = types.StringValue(id)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// NewAddJobsDataSource returns the data source for the add jobs of an app.
func NewAddJobsDataSource() datasource.DataSource { return &addJobsDataSource{} }

type addJobsDataSource struct{ configure.DataSource }

type manyAddJobs struct {
	UserID types.String  `tfsdk:"user_id"`
	AppID  types.String  `tfsdk:"app_id"`
	Limit  types.Int64   `tfsdk:"limit"`
	Jobs   []addJobModel `tfsdk:"jobs"`
}

func (d *addJobsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "clarifai_inputs_add_jobs"
}

func (d *addJobsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the jobs that add inputs to an app, newest first.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"limit":   limitAttribute(),
			"jobs": schema.ListNestedAttribute{
				MarkdownDescription: "The jobs.", Computed: true,
				NestedObject: schema.NestedAttributeObject{Attributes: addJobAttributes(schema.StringAttribute{MarkdownDescription: "Id of the job.", Computed: true})},
			},
		},
	}
}

func (d *addJobsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config manyAddJobs
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
	config.Jobs = []addJobModel{}
	for job, err := range client.AllInputsAddJobs(ctx, app, 0) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the add jobs of app %q", app.AppID), err))
			return
		}
		if config.Jobs = append(config.Jobs, addJobFromAPI(&job)); len(config.Jobs) == limit {
			break
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

func limitAttribute() schema.Int64Attribute {
	const most = 10_000
	return schema.Int64Attribute{
		MarkdownDescription: "Maximum number of jobs to list, 1 to 10,000. Defaults to 100.", Optional: true,
		Validators: []validator.Int64{int64validator.Between(1, most)},
	}
}

func limitOf(limit types.Int64) int {
	const usual = 100
	if limit.IsNull() {
		return usual
	}
	return int(limit.ValueInt64())
}
