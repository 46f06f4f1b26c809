package ingestion

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
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

// addJobAttributes are those of an add job in data sources, with the id among them.
func addJobAttributes(id schema.StringAttribute) map[string]schema.Attribute {
	differences := dataschema.ID(id)
	differences["status"] = attrs.DataStatus("Status that the add job itself reports. It may be completed while its extraction jobs are " +
		"still running.")
	differences["extraction_jobs"] = schema.ListNestedAttribute{
		MarkdownDescription: partsText + " The data source `clarifai_inputs_extraction_job` has more details.", Computed: true,
		NestedObject: schema.NestedAttributeObject{
			Attributes: dataschema.Attributes(partAttributes, nil, "images", "videos", "audios", "texts"),
		},
	}
	differences["uploads"] = schema.ListNestedAttribute{
		MarkdownDescription: "The archive that the job unpacks, if it was uploaded.", Computed: true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id":             dataText("Id of the upload."),
			"status":         attrs.DataStatus("Status of the upload: 68000 in progress, 68001 completed."),
			"content_name":   dataText("Name of the archive."),
			"content_length": schema.Int64Attribute{MarkdownDescription: "Length of the archive in bytes.", Computed: true},
			"expires_at":     dataText("Time until which the service accepts parts (RFC 3339, UTC)."),
		}},
	}
	differences["call_back_url"] = dataText("URL to which the service posts the job's status.")
	return dataschema.Attributes(map[string]resourceschema.Attribute{
		"progress": progressAttribute, "created_at": attrs.CreatedAt(), "modified_at": attrs.ModifiedAt(),
	}, differences)
}

func dataText(text string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: text, Computed: true}
}

// jobID is the id of the job that a data source reads, listedID that of one that it lists.
var (
	jobID = schema.StringAttribute{
		MarkdownDescription: "Id of the job.", Required: true, Validators: []validator.String{ids.Reference()},
	}
	listedID = dataText("Id of the job.")
)

// inApp adds user_id and app_id, which select the app that a data source reads from.
func inApp(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["user_id"], attributes["app_id"] = ids.DataUserID(), ids.DataAppID()
	return attributes
}

// jobList are the attributes of a data source that lists jobs.
func jobList(job map[string]schema.Attribute) map[string]schema.Attribute {
	const most = 10_000
	return inApp(map[string]schema.Attribute{
		"limit": schema.Int64Attribute{
			MarkdownDescription: "Maximum number of jobs to list, 1 to 10,000. Defaults to 100.", Optional: true,
			Validators: []validator.Int64{int64validator.Between(1, most)},
		},
		"jobs": schema.ListNestedAttribute{
			MarkdownDescription: "The jobs.", Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: job},
		},
	})
}

// NewAddJobDataSource returns the data source for one add job.
func NewAddJobDataSource() datasource.DataSource {
	return &addJobDataSource{base.NewDataSource("clarifai_inputs_add_job", schema.Schema{
		MarkdownDescription: "Reads one job that adds inputs, also one that was started outside Terraform. How long the service keeps " +
			"jobs is not documented.",
		Attributes: inApp(addJobAttributes(jobID)),
	})}
}

type addJobDataSource struct{ base.DataSource }

type oneAddJob struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
	addJobModel
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
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("add job %q", id), app, err))
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.addJobModel = addJobFromAPI(job)
	config.ID = types.StringValue(id)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// NewAddJobsDataSource returns the data source for the add jobs of an app.
func NewAddJobsDataSource() datasource.DataSource {
	return &addJobsDataSource{base.NewDataSource("clarifai_inputs_add_jobs", schema.Schema{
		MarkdownDescription: "Lists the jobs that add inputs to an app, newest first.",
		Attributes:          jobList(addJobAttributes(listedID)),
	})}
}

type addJobsDataSource struct{ base.DataSource }

type manyAddJobs struct {
	UserID types.String  `tfsdk:"user_id"`
	AppID  types.String  `tfsdk:"app_id"`
	Limit  types.Int64   `tfsdk:"limit"`
	Jobs   []addJobModel `tfsdk:"jobs"`
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
	config.Jobs = []addJobModel{}
	for job, err := range listing.First(client.AllInputsAddJobs(ctx, app, 0), limitOf(config.Limit)) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the add jobs of app %q", app.AppID), err))
			return
		}
		config.Jobs = append(config.Jobs, addJobFromAPI(&job))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

func limitOf(limit types.Int64) int {
	const usual = 100
	if limit.IsNull() {
		return usual
	}
	return int(limit.ValueInt64())
}
