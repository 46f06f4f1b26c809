package datasetinput

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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source for one membership.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one input's membership in a dataset. An input that is not a member is an error.",
		Attributes: dataschema.Attributes(resourceSchema.Attributes, map[string]schema.Attribute{
			"dataset_id": reference(datasetText),
			"input_id":   reference(inputText),
		}, "id"),
	})}
}

func reference(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: []validator.String{ids.Reference()}}
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
	dataset, input := config.DatasetID.ValueString(), config.InputID.ValueString()
	member, err := client.ReadDatasetInput(ctx, app, dataset, input)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("input_id"), fmt.Sprintf("No %s", &config), err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read the membership of %s", &config), err))
		return
	}
	m := modelFromAPI(app, dataset, member)
	m.InputID = types.StringValue(input)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// defaultLimit is the default of limit.
const defaultLimit = 1000

// NewPluralDataSource returns the data source for the members of a dataset.
func NewPluralDataSource() datasource.DataSource {
	return &pluralDataSource{base.NewDataSource(pluralTypeName, schema.Schema{
		MarkdownDescription: "Lists the members of a dataset, in the order of the API.",
		Attributes: map[string]schema.Attribute{
			"user_id":    ids.DataUserID(),
			"app_id":     ids.DataAppID(),
			"dataset_id": reference(datasetText),
			"limit": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("Maximum number of members to list, 1 to 100,000. Defaults to %d. One request reads 1,000.",
					defaultLimit),
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 100_000)},
			},
			"input_ids": schema.ListAttribute{MarkdownDescription: "The ids of the members.", Computed: true, ElementType: types.StringType},
			"members": schema.ListNestedAttribute{
				MarkdownDescription: "The members.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: dataschema.Attributes(
					resourceSchema.Attributes, map[string]schema.Attribute{
						"status": attrs.DataStatus("Processing status of the input: 30001 and 30003 in progress, 30000 processed, others failed."),
					}, "user_id", "app_id", "dataset_id", "id")},
			},
			"more": schema.BoolAttribute{MarkdownDescription: "Whether the dataset has more members than `limit`.", Computed: true},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

type pluralModel struct {
	UserID    types.String  `tfsdk:"user_id"`
	AppID     types.String  `tfsdk:"app_id"`
	DatasetID types.String  `tfsdk:"dataset_id"`
	Limit     types.Int64   `tfsdk:"limit"`
	InputIDs  []string      `tfsdk:"input_ids"`
	Members   []memberModel `tfsdk:"members"`
	More      types.Bool    `tfsdk:"more"`
}

type memberModel struct {
	InputID   types.String `tfsdk:"input_id"`
	CreatedAt types.String `tfsdk:"created_at"`
	Status    types.Object `tfsdk:"status"`
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
	config.InputIDs, config.Members, config.More = []string{}, []memberModel{}, types.BoolValue(false)
	limit := defaultLimit
	if !config.Limit.IsNull() {
		limit = int(config.Limit.ValueInt64())
	}
	perPage := uint32(min(limit+1, clarifai.MaxPerPage)) //nolint:gosec // validated
	for member, err := range client.AllDatasetInputs(ctx, app, config.DatasetID.ValueString(), clarifai.Page{PerPage: perPage}) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the members of dataset %q", config.DatasetID.ValueString()), err))
			return
		}
		if member.Input == nil {
			continue
		}
		if len(config.InputIDs) == limit {
			config.More = types.BoolValue(true)
			break
		}
		config.InputIDs = append(config.InputIDs, member.Input.ID)
		config.Members = append(config.Members, memberModel{
			InputID: types.StringValue(member.Input.ID), CreatedAt: attrs.Time(member.CreatedAt), Status: attrs.StatusFromAPI(member.Input.Status),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
