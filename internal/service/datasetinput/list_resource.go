package datasetinput

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// NewListResource makes the list resource for `terraform query`.
func NewListResource() list.ListResource {
	return &listResource{base.NewListResource(typeName, schema.Schema{
		MarkdownDescription: "Finds the members of a dataset, to import their memberships.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"app_id":  ids.ListAppID(),
			"dataset_id": schema.StringAttribute{
				MarkdownDescription: datasetText, Required: true,
				Validators: []validator.String{ids.Reference()},
			},
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	DatasetID types.String `tfsdk:"dataset_id"`
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
	dataset := config.DatasetID.ValueString()
	stream.Results = listing.Results(ctx, req, client.AllDatasetInputs(ctx, app, dataset, clarifai.Page{PerPage: clarifai.MaxPerPage}),
		fmt.Sprintf("Unable to list the members of dataset %q", dataset),
		func(ctx context.Context, member clarifai.DatasetInput, result *list.ListResult) {
			m := modelFromAPI(app, dataset, &member)
			result.DisplayName = m.InputID.ValueString()
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, dataset, m.InputID.ValueString())...)
			if req.IncludeResource {
				object := resourceModel{model: m}
				object.setID()
				result.Diagnostics.Append(result.Resource.Set(ctx, object)...)
			}
		})
}
