package datasetversion

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source for one version.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one version of a dataset, ready or not: see `status`.",
		Attributes:          dataAttributes(reference("Id of the version."), reference(datasetText)),
	})}
}

type dataSource struct{ base.DataSource }

func reference(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: []validator.String{ids.Reference()}}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	dataset, id := config.DatasetID.ValueString(), config.ID.ValueString()
	version, err := client.GetDatasetVersion(ctx, app, dataset, id)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"),
			fmt.Sprintf("No version %q of a dataset %q in app %q", id, dataset, app.AppID), err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+config.String(), err))
		return
	}
	m, problems := modelFromAPI(ctx, app, dataset, version)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// NewPluralDataSource returns the data source for the versions of a dataset.
func NewPluralDataSource() datasource.DataSource {
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	return &pluralDataSource{base.NewDataSource("clarifai_dataset_versions", schema.Schema{
		MarkdownDescription: "Lists the versions of a dataset in the order of the API: newest first, as far as is known.",
		Attributes: map[string]schema.Attribute{
			"user_id":    ids.DataUserID(),
			"app_id":     ids.DataAppID(),
			"dataset_id": reference(datasetText),
			"versions": schema.ListNestedAttribute{
				MarkdownDescription: "The versions.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{
					Attributes: dataAttributes(computed("Id of the version."), computed(datasetText)),
				},
			},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

type pluralModel struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	DatasetID types.String `tfsdk:"dataset_id"`
	Versions  []model      `tfsdk:"versions"`
}

func (d *pluralDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config pluralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.Versions = []model{}
	dataset := config.DatasetID.ValueString()
	for version, err := range client.AllDatasetVersions(ctx, app, dataset, clarifai.ListDatasetVersionsQuery{}) {
		if clarifai.IsNotFound(err) {
			resp.Diagnostics.Append(diags.AttributeError(path.Root("dataset_id"), fmt.Sprintf("No dataset %q in app %q", dataset, app.AppID), err))
			return
		}
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the versions of dataset %q", dataset), err))
			return
		}
		m, problems := modelFromAPI(ctx, app, dataset, &version)
		resp.Diagnostics.Append(problems...)
		config.Versions = append(config.Versions, m)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
