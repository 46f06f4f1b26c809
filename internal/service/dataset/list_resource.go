package dataset

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/search"
)

// NewListResource makes the list resource for `terraform query`.
func NewListResource() list.ListResource { return &listResource{} }

type listResource struct{ configure.Resource }

type listModel struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
	Search types.String `tfsdk:"search"`
}

func (l *listResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (l *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the datasets of an app, to import them.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"app_id":  ids.ListAppID(),
			"search": schema.StringAttribute{
				MarkdownDescription: "Keywords to look for in id, description, notes and user id.",
				Optional:            true,
			},
		},
	}
}

func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	problems := req.Config.Get(ctx, &config)
	client, ready := l.Provider.Ready()
	problems.Append(ready...)
	app, scope := ids.Scope(l.Provider, config.UserID, config.AppID)
	problems.Append(scope...)
	if problems.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(problems)
		return
	}
	query := clarifai.ListDatasetsQuery{SortBy: clarifai.DatasetSortID, SortAscending: true, Search: config.Search.ValueString()}
	stream.Results = listing.Results(ctx, req, client.AllDatasets(ctx, app, query),
		fmt.Sprintf("Unable to list the datasets of app %q", app.AppID),
		func(ctx context.Context, dataset clarifai.Dataset, result *list.ListResult) {
			result.DisplayName = dataset.ID
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, dataset.ID)...)
			if !req.IncludeResource {
				return
			}
			shown, problems := show(ctx, app, &dataset)
			result.Diagnostics.Append(problems...)
			result.Diagnostics.Append(result.Resource.Set(ctx, resourceModel{model: shown, DeletionPolicy: types.StringValue(attrs.DeletionDelete), Timeouts: unset()})...)
		})
}

// show is a dataset with everything that the service says of it.
func show(ctx context.Context, app clarifai.AppRef, dataset *clarifai.Dataset) (model, diag.Diagnostics) {
	m := model{
		UserID:                  types.StringValue(app.UserID),
		AppID:                   types.StringValue(app.AppID),
		ID:                      types.StringValue(dataset.ID),
		DefaultAnnotationFilter: search.NullAnnotationFilter(),
	}
	problems := m.refresh(ctx, dataset, true)
	return m, problems
}
