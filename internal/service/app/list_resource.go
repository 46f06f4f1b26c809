package app

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// NewListResource returns the list resource for `terraform query`.
func NewListResource() list.ListResource {
	return &listResource{base.NewListResource(typeName, schema.Schema{
		MarkdownDescription: "Finds the apps of a user or organization, to import them.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"search":  schema.StringAttribute{MarkdownDescription: searchText, Optional: true},
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	UserID types.String `tfsdk:"user_id"`
	Search types.String `tfsdk:"search"`
}

func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	problems := req.Config.Get(ctx, &config)
	client, ready := l.Provider.Client()
	problems.Append(ready...)
	ref, scope := ids.UserScope(l.Provider, config.UserID)
	problems.Append(scope...)
	if problems.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(problems)
		return
	}
	query := clarifai.ListAppsQuery{SortBy: clarifai.AppSortID, SortAscending: true, Search: config.Search.ValueString()}
	stream.Results = listing.Results(ctx, req, client.AllApps(ctx, ref.UserID, query),
		fmt.Sprintf("Unable to list the apps of user %q", ref.UserID),
		func(ctx context.Context, found clarifai.App, result *list.ListResult) {
			result.DisplayName = found.ID
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, ref, found.ID)...)
			if req.IncludeResource {
				m := resourceModel{model: modelFromAPI(ref.UserID, &found), DeletionPolicy: types.StringNull(), Timeouts: nullTimeouts()}
				result.Diagnostics.Append(result.Resource.Set(ctx, m)...)
			}
		})
}
