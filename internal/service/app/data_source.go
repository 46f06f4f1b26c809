package app

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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

// NewDataSource returns the data source for one app.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one app.",
		Attributes: dataschema.Attributes(resourceSchema.Attributes, dataschema.ID(schema.StringAttribute{
			MarkdownDescription: "Id of the app. Defaults to the provider's `app_id`.",
			Optional:            true, Computed: true,
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
	ref, problems := ids.UserScope(d.Provider, config.UserID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	ref.AppID = config.ID.ValueString()
	if ref.AppID == "" {
		ref.AppID = d.Provider.AppID
	}
	if ref.AppID == "" && d.Provider.AppIDUnknown {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "id is not known yet",
			"The provider's app_id depends on a resource that does not exist yet. Set id here, or apply that resource first (terraform apply "+
				"-target=...).")
		return
	}
	if ref.AppID == "" {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Missing id",
			"Neither this block nor the provider configuration sets the app. Set id here, app_id in the provider block, or export CLARIFAI_APP_ID.")
		return
	}
	found, err := client.GetApp(ctx, ref)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"), fmt.Sprintf("No app %q of user %q", ref.AppID, ref.UserID), err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read app %q", ref.AppID), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, modelFromAPI(ref.UserID, found))...)
}

// NewPluralDataSource returns the data source for the apps of a user.
func NewPluralDataSource() datasource.DataSource {
	return &pluralDataSource{base.NewDataSource("clarifai_apps", schema.Schema{
		MarkdownDescription: "Lists the apps of a user or organization, by id in ascending order. Needs a personal access token.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"search":  schema.StringAttribute{MarkdownDescription: searchText, Optional: true},
			"visibility": schema.StringAttribute{
				MarkdownDescription: "Only apps of this visibility: `PRIVATE`, `ORG` or `PUBLIC`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(attrs.Visibilities...)},
			},
			"template_only": schema.BoolAttribute{MarkdownDescription: "Only apps that are templates. Defaults to `false`.", Optional: true},
			"apps": schema.ListNestedAttribute{
				MarkdownDescription: "The apps.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: dataschema.Attributes(resourceSchema.Attributes, nil)},
			},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

type pluralModel struct {
	UserID       types.String `tfsdk:"user_id"`
	Search       types.String `tfsdk:"search"`
	Visibility   types.String `tfsdk:"visibility"`
	TemplateOnly types.Bool   `tfsdk:"template_only"`
	Apps         []model      `tfsdk:"apps"`
}

func (d *pluralDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config pluralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	ref, problems := ids.UserScope(d.Provider, config.UserID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID = types.StringValue(ref.UserID)
	config.Apps = []model{}
	query := clarifai.ListAppsQuery{
		SortBy: clarifai.AppSortID, SortAscending: true,
		Search: config.Search.ValueString(), TemplateOnly: config.TemplateOnly.ValueBool(),
	}
	if v := attrs.VisibilityToAPI(config.Visibility); v != nil {
		query.Gettable = v.Gettable
	}
	for found, err := range client.AllApps(ctx, ref.UserID, query) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the apps of user %q", ref.UserID), err))
			return
		}
		config.Apps = append(config.Apps, modelFromAPI(ref.UserID, &found))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
