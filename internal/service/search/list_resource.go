package search

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
		MarkdownDescription: "Finds the saved searches of an app, to import them.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"app_id":  ids.ListAppID(),
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	UserID types.String `tfsdk:"user_id"`
	AppID  types.String `tfsdk:"app_id"`
}

func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	problems := req.Config.Get(ctx, &config)
	client, ready := l.Provider.Client()
	problems.Append(ready...)
	app, scope := ids.Scope(l.Provider, config.UserID, config.AppID)
	problems.Append(scope...)
	if problems.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(problems)
		return
	}
	stream.Results = listing.Results(ctx, req, client.AllSearches(ctx, app, 0),
		fmt.Sprintf("Unable to list the saved searches of app %q", app.AppID),
		func(ctx context.Context, found clarifai.Search, result *list.ListResult) {
			result.DisplayName = found.ID
			if found.Name != "" {
				result.DisplayName = found.Name
			}
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, found.ID)...)
			if !req.IncludeResource {
				return
			}
			m, problems := modelFromAPI(ctx, app, &found)
			result.Diagnostics.Append(problems...)
			result.Diagnostics.Append(result.Resource.Set(ctx, m)...)
		})
}
