package inputs

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
)

// defaultLimit is how many inputs are listed by default: not all, since apps have
// millions.
const defaultLimit = 100

// manyListed is how many inputs with all attributes make plans slow: Terraform copies and compares them several times.
const manyListed = 10_000

// NewDataSource returns the data source clarifai_inputs.
func NewDataSource() datasource.DataSource { return &dataSource{} }

type dataSource struct{ configure.DataSource }

var _ datasource.DataSourceWithValidateConfig = (*dataSource)(nil)

type dataModel struct {
	UserID     types.String `tfsdk:"user_id"`
	AppID      types.String `tfsdk:"app_id"`
	IDs        types.List   `tfsdk:"ids"`
	DatasetID  types.String `tfsdk:"dataset_id"`
	StatusCode types.Int64  `tfsdk:"status_code"`
	After      types.String `tfsdk:"after"`
	Descending types.Bool   `tfsdk:"descending"`
	OrderByID  types.Bool   `tfsdk:"order_by_id"`
	Limit      types.Int64  `tfsdk:"limit"`
	IDsOnly    types.Bool   `tfsdk:"ids_only"`
	InputIDs   types.List   `tfsdk:"input_ids"`
	Inputs     types.List   `tfsdk:"inputs"`
	LastID     types.String `tfsdk:"last_id"`
	More       types.Bool   `tfsdk:"more"`
}

// inputType has the attributes of an input in the list.
var inputType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "kind": types.StringType, "url": types.StringType, "hosted_url": types.StringType,
	"concepts": types.MapType{ElemType: types.Float64Type}, "metadata": jsontypes.NormalizedType{},
	"geo": types.ObjectType{AttrTypes: inputdata.GeoType}, "status": attrs.UnknownStatus().Type(context.Background()),
	"created_at": types.StringType, "modified_at": types.StringType,
}}

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists inputs of an app: those with some IDs, the members of a dataset, those with a status code, or, " +
			"without an argument, all from the oldest on. At most `limit` are listed; `after` continues where another list ended. To find " +
			"inputs by their content, use `clarifai_input_search`.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"ids": schema.ListAttribute{
				MarkdownDescription: "Only inputs with these IDs. IDs that do not exist in the app are omitted.",
				Optional:            true,
				ElementType:         types.StringType,
				Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(ids.Reference())},
			},
			"dataset_id": schema.StringAttribute{
				MarkdownDescription: "Only members of this dataset.",
				Optional:            true,
				Validators:          []validator.String{ids.Reference()},
			},
			"status_code": schema.Int64Attribute{
				MarkdownDescription: "Only inputs with this status code: 30000 processed, 30001 and 30003 in progress, 30002 and others failed.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, 99999)},
			},
			"after": schema.StringAttribute{
				MarkdownDescription: "Only inputs after the one with this id, such as `last_id` of another data source. Cannot be combined with " +
					"`ids`, `dataset_id` or `status_code`.",
				Optional:   true,
				Validators: []validator.String{ids.Reference()},
			},
			"descending": schema.BoolAttribute{
				MarkdownDescription: "Whether to start with the newest, or with the last id. Defaults to `false`. Cannot be combined with `ids`, " +
					"`dataset_id` or `status_code`.",
				Optional: true,
			},
			"order_by_id": schema.BoolAttribute{
				MarkdownDescription: "Whether to list the inputs by id instead of by the time when they were added. Defaults to `false`. Cannot be " +
					"combined with `ids`, `dataset_id` or `status_code`.",
				Optional: true,
			},
			"limit": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf(
					"Maximum number of inputs to list, 1 to 100,000. Defaults to %d. A request reads 1,000.",
					defaultLimit,
				),
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 100_000)},
			},
			"ids_only": schema.BoolAttribute{
				MarkdownDescription: "Whether only `input_ids` is set, and `inputs` is null. Defaults to `false`. Set it for more than " +
					"10,000 inputs: otherwise a plan takes minutes and gigabytes, which a warning points out.",
				Optional: true,
			},
			"input_ids": schema.ListAttribute{
				MarkdownDescription: "The IDs of the inputs, in the order of `inputs`.",
				Computed:            true,
				ElementType:         types.StringType,
			},
			"inputs": schema.ListNestedAttribute{
				MarkdownDescription: "The inputs. Null with `ids_only`.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":   schema.StringAttribute{MarkdownDescription: "ID of the input.", Computed: true},
					"kind": schema.StringAttribute{MarkdownDescription: "`image`, `video`, `audio` or `text`.", Computed: true},
					"url": schema.StringAttribute{MarkdownDescription: "URL that Clarifai downloaded the content from; null for content " +
						"that was sent.", Computed: true},
					"hosted_url": schema.StringAttribute{MarkdownDescription: "URL of the content in Clarifai, once it is processed. Downloading " +
						"it needs the token (`Authorization: Key ...`).", Computed: true},
					"concepts": schema.MapAttribute{
						MarkdownDescription: "Concepts: IDs with their values.",
						Computed:            true,
						ElementType:         types.Float64Type,
					},
					"metadata": schema.StringAttribute{
						MarkdownDescription: "Metadata, a JSON object; null if there is none.",
						Computed:            true,
						CustomType:          jsontypes.NormalizedType{},
					},
					"geo": schema.SingleNestedAttribute{
						MarkdownDescription: "Geo location; null if there is none.",
						Computed:            true,
						Attributes: map[string]schema.Attribute{
							"latitude":  schema.Float64Attribute{MarkdownDescription: "Degrees north.", Computed: true},
							"longitude": schema.Float64Attribute{MarkdownDescription: "Degrees east.", Computed: true},
						},
					},
					"status":      attrs.DataStatus("Status of the processing."),
					"created_at":  schema.StringAttribute{MarkdownDescription: "Time of creation (RFC 3339, UTC).", Computed: true},
					"modified_at": schema.StringAttribute{MarkdownDescription: "Time of the last change (RFC 3339, UTC).", Computed: true},
				}},
			},
			"last_id": schema.StringAttribute{MarkdownDescription: "ID of the last input of the list; null if it is empty.", Computed: true},
			"more":    schema.BoolAttribute{MarkdownDescription: "Whether there are more than `limit`.", Computed: true},
		},
	}
}

func (d *dataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	n := 0
	for _, filter := range []attr.Value{config.IDs, config.DatasetID, config.StatusCode} {
		if !filter.IsNull() {
			n++
		}
	}
	switch {
	case n > 1:
		resp.Diagnostics.AddError("Conflicting arguments", "The service lists inputs by ids, by dataset, or by status: set only one of "+
			"ids, dataset_id and status_code. To combine conditions, use clarifai_input_search.")
	case n == 1 && (!config.After.IsNull() || !config.Descending.IsNull() || !config.OrderByID.IsNull()):
		resp.Diagnostics.AddError("Conflicting arguments", "after, descending and order_by_id apply to the list of all inputs only. "+
			"Raise limit instead.")
	}
}

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
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.LastID, config.More = types.StringNull(), types.BoolValue(false)
	limit := defaultLimit
	if !config.Limit.IsNull() {
		limit = int(config.Limit.ValueInt64())
	}
	listed, inputs := []attr.Value{}, []attr.Value{}
	for in, err := range config.find(ctx, client, app, limit) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the inputs of app %q", app.AppID), err))
			return
		}
		if len(listed) == limit {
			config.More = types.BoolValue(true)
			break
		}
		config.LastID = types.StringValue(in.ID)
		listed = append(listed, config.LastID)
		if !config.IDsOnly.ValueBool() {
			inputs = append(inputs, inputFromAPI(&in))
		}
	}
	config.InputIDs, config.Inputs = types.ListValueMust(types.StringType, listed), types.ListNull(inputType)
	if !config.IDsOnly.ValueBool() {
		config.Inputs = types.ListValueMust(inputType, inputs)
	}
	warnMany(len(inputs), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// warnMany warns of a list that makes plans slow.
func warnMany(listed int, problems *diag.Diagnostics) {
	if listed > manyListed {
		problems.AddAttributeWarning(path.Root("limit"), "Many inputs with all attributes",
			fmt.Sprintf("The list has %s. Terraform copies and compares all of their attributes several times, so plans are slow and "+
				"need much memory, and state is large. If their IDs are enough, set ids_only = true.", counted(listed)))
	}
}

// find yields the requested inputs, and at least one more than the limit if there are more.
func (m *dataModel) find(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, limit int) iter.Seq2[clarifai.Input, error] {
	perPage := uint32(min(limit+1, clarifai.MaxPerPage)) //nolint:gosec // validated
	page := clarifai.Page{PerPage: perPage}
	switch {
	case !m.IDs.IsNull():
		wanted, _ := stringsOf(m.IDs)
		return func(yield func(clarifai.Input, error) bool) {
			found := map[string]clarifai.Input{}
			err := client.ReadInputs(ctx, app, wanted, clarifai.MaxPerPage*len(wanted), func(in *clarifai.Input) { found[in.ID] = *in })
			if err != nil {
				yield(clarifai.Input{}, err)
				return
			}
			for _, id := range wanted { // in this order, each once
				in, exists := found[id]
				delete(found, id)
				if exists && !yield(in, nil) {
					return
				}
			}
		}
	case !m.DatasetID.IsNull():
		return func(yield func(clarifai.Input, error) bool) {
			for member, err := range client.AllDatasetInputs(ctx, app, m.DatasetID.ValueString(), clarifai.Page{PerPage: perPage}) {
				var in clarifai.Input
				if member.Input != nil {
					in = *member.Input
				}
				if !yield(in, err) {
					return
				}
			}
		}
	case !m.StatusCode.IsNull():
		code := clarifai.StatusCode(m.StatusCode.ValueInt64()) //nolint:gosec // validated
		return client.AllInputs(ctx, app, clarifai.ListInputsQuery{Page: page, StatusCode: code})
	}
	return client.AllInputsByCursor(ctx, app, clarifai.StreamInputsQuery{
		PerPage: perPage, LastID: m.After.ValueString(), Descending: m.Descending.ValueBool(), OrderByID: m.OrderByID.ValueBool(),
	})
}

// inputFromAPI returns an input as the data source shows it.
func inputFromAPI(in *clarifai.Input) types.Object {
	data := in.Data
	if data == nil {
		data = &clarifai.Data{}
	}
	kind, url, hosted := inputcontent.FromData(data)
	values := map[string]attr.Value{}
	for _, c := range data.Concepts {
		values[c.ID] = types.Float64Value(1)
		if c.Value != nil {
			values[c.ID] = attrs.Float(*c.Value)
		}
	}
	return types.ObjectValueMust(inputType.AttrTypes, map[string]attr.Value{
		"id": types.StringValue(in.ID), "kind": attrs.Text(kind), "url": attrs.Text(url),
		"hosted_url": attrs.Text(inputcontent.HostedURL(hosted)), "concepts": types.MapValueMust(types.Float64Type, values),
		"metadata": attrs.JSON(jsontypes.NewNormalizedNull(), data.Metadata), "geo": inputdata.GeoFromAPI(data.Geo),
		"status":     attrs.StatusFromAPI(in.Status),
		"created_at": attrs.Time(in.CreatedAt), "modified_at": attrs.Time(in.ModifiedAt),
	})
}
