package dataset

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
		Attributes: dataschema.Attributes(resourceSchema.Attributes, withStars(map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the dataset.", Required: true,
				Validators: []validator.String{ids.Reference()},
			},
			"additional_fields": additionalFields(),
		})),
	})}
}

// additionalFields is the argument that selects what Clarifai returns only on request.
func additionalFields() schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: "What to read in addition: `stars` (`is_starred` and `star_count`), or `all`.",
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf("stars", "all"))},
	}
}

// withStars adds the attributes that the additional fields fill.
func withStars(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["is_starred"] = schema.BoolAttribute{
		MarkdownDescription: "Whether you starred the dataset. Null unless `additional_fields` requests it.", Computed: true,
	}
	attributes["star_count"] = schema.Int64Attribute{
		MarkdownDescription: "Number of users that starred the dataset. Null unless `additional_fields` requests it.", Computed: true,
	}
	return attributes
}

// stars are what users think of a dataset.
type stars struct {
	IsStarred types.Bool  `tfsdk:"is_starred"`
	StarCount types.Int64 `tfsdk:"star_count"`
}

// starsFromAPI returns the stars of a dataset, or null ones if no additional fields were requested.
func starsFromAPI(additional []string, d *clarifai.Dataset) stars {
	if len(additional) == 0 {
		return stars{}
	}
	return stars{IsStarred: types.BoolValue(d.IsStarred), StarCount: types.Int64Value(int64(d.StarCount))}
}

// dataModel is a dataset in the state of the data source.
type dataModel struct {
	model
	stars
	AdditionalFields []string `tfsdk:"additional_fields"`
}

// foundModel is a dataset in a list.
type foundModel struct {
	model
	stars
}

type dataSource struct{ base.DataSource }

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	dataset, err := client.GetDataset(ctx, app, config.ID.ValueString(), config.AdditionalFields...)
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("dataset %q", config.ID.ValueString()), app, err))
		return
	}
	m, problems := modelFromAPI(ctx, app, dataset)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(resp.State.Set(ctx, dataModel{
		model: m, stars: starsFromAPI(config.AdditionalFields, dataset), AdditionalFields: config.AdditionalFields,
	})...)
}

// NewPluralDataSource returns the data source for the datasets of an app.
func NewPluralDataSource() datasource.DataSource {
	return &pluralDataSource{base.NewDataSource("clarifai_datasets", schema.Schema{
		MarkdownDescription: "Lists the datasets of an app, by id in ascending order unless `sort_by` or `descending` is set.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"search": schema.StringAttribute{
				MarkdownDescription: searchText + " A word may be given by its stem or its beginning.",
				Optional:            true,
			},
			"starred_only": schema.BoolAttribute{
				MarkdownDescription: "Whether to list only datasets that you starred. Defaults to `false`.",
				Optional:            true,
			},
			"bookmark": schema.BoolAttribute{
				MarkdownDescription: "`true` lists only bookmarks of datasets of other apps, `false` only the app's own datasets. Defaults to both.",
				Optional:            true,
			},
			"sort_by": schema.StringAttribute{
				MarkdownDescription: "What to sort by: `id` (default), `created_at`, `modified_at` or `star_count`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf("id", "created_at", "modified_at", "star_count")},
			},
			"descending": schema.BoolAttribute{
				MarkdownDescription: "Whether the newest, the last or those with most stars come first. Defaults to `false`.",
				Optional:            true,
			},
			"additional_fields": additionalFields(),
			"datasets": schema.ListNestedAttribute{
				MarkdownDescription: "The datasets.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{
					Attributes: dataschema.Attributes(resourceSchema.Attributes, withStars(map[string]schema.Attribute{})),
				},
			},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

type pluralModel struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
	Search types.String `tfsdk:"search"`

	StarredOnly      types.Bool   `tfsdk:"starred_only"`
	Bookmark         types.Bool   `tfsdk:"bookmark"`
	SortBy           types.String `tfsdk:"sort_by"`
	Descending       types.Bool   `tfsdk:"descending"`
	AdditionalFields []string     `tfsdk:"additional_fields"`

	Datasets []foundModel `tfsdk:"datasets"`
}

// sorts are the orders that the service offers, by the name used here.
var sorts = map[string]clarifai.DatasetSort{
	"":            clarifai.DatasetSortID,
	"id":          clarifai.DatasetSortID,
	"created_at":  clarifai.DatasetSortCreatedAt,
	"modified_at": clarifai.DatasetSortModifiedAt,
	"star_count":  clarifai.DatasetSortStarCount,
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
	config.Datasets = []foundModel{}
	query := clarifai.ListDatasetsQuery{
		SortBy:           sorts[config.SortBy.ValueString()],
		SortAscending:    !config.Descending.ValueBool(),
		Search:           config.Search.ValueString(),
		StarredOnly:      config.StarredOnly.ValueBool(),
		Bookmark:         config.Bookmark.ValueBoolPointer(),
		AdditionalFields: config.AdditionalFields,
	}
	for dataset, err := range client.AllDatasets(ctx, app, query) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the datasets of app %q", app.AppID), err))
			return
		}
		m, problems := modelFromAPI(ctx, app, &dataset)
		resp.Diagnostics.Append(problems...)
		config.Datasets = append(config.Datasets, foundModel{model: m, stars: starsFromAPI(config.AdditionalFields, &dataset)})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
