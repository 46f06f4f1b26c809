package dataset

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source for one dataset.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one dataset.",
		Attributes: dataschema.Attributes(resourceSchema.Attributes, dataschema.ID(schema.StringAttribute{
			MarkdownDescription: "Id of the dataset.", Required: true,
			Validators: []validator.String{ids.Reference()},
		})),
	})}
}

type dataSource struct{ base.DataSource }

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
	dataset, err := client.GetDataset(ctx, app, config.ID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("dataset %q", config.ID.ValueString()), app, err))
		return
	}
	m, problems := modelFromAPI(ctx, app, dataset)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// NewPluralDataSource returns the data source for the datasets of an app.
func NewPluralDataSource() datasource.DataSource {
	return &pluralDataSource{base.NewDataSource("clarifai_datasets", schema.Schema{
		MarkdownDescription: "Lists the datasets of an app, by id in ascending order.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"search": schema.StringAttribute{
				MarkdownDescription: searchText + " A word may be given by its stem or its beginning.",
				Optional:            true,
			},
			"datasets": schema.ListNestedAttribute{
				MarkdownDescription: "The datasets.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{
					Attributes: dataschema.Attributes(resourceSchema.Attributes, nil),
				},
			},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

type pluralModel struct {
	UserID   types.String `tfsdk:"user_id"`
	AppID    types.String `tfsdk:"app_id"`
	Search   types.String `tfsdk:"search"`
	Datasets []model      `tfsdk:"datasets"`
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
	config.Datasets = []model{}
	query := clarifai.ListDatasetsQuery{SortBy: clarifai.DatasetSortID, SortAscending: true, Search: config.Search.ValueString()}
	for dataset, err := range client.AllDatasets(ctx, app, query) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the datasets of app %q", app.AppID), err))
			return
		}
		m, problems := modelFromAPI(ctx, app, &dataset)
		resp.Diagnostics.Append(problems...)
		config.Datasets = append(config.Datasets, m)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
