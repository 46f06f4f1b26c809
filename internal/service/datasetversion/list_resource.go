package datasetversion

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// NewListResource returns the list resource for `terraform query`.
func NewListResource() list.ListResource {
	return &listResource{base.NewListResource(typeName, schema.Schema{
		MarkdownDescription: "Finds the versions of a dataset, to import them.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"app_id":  ids.ListAppID(),
			"dataset_id": schema.StringAttribute{
				MarkdownDescription: datasetText,
				Required:            true,
				Validators:          []validator.String{ids.Reference()},
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
	stream.Results = listing.Results(ctx, req, client.AllDatasetVersions(ctx, app, dataset, clarifai.ListDatasetVersionsQuery{}),
		fmt.Sprintf("Unable to list the versions of dataset %q", dataset),
		func(ctx context.Context, version clarifai.DatasetVersion, result *list.ListResult) {
			result.DisplayName = version.ID
			if version.Description != "" {
				result.DisplayName += " (" + version.Description + ")"
			}
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, dataset, version.ID)...)
			if !req.IncludeResource {
				return
			}
			m, problems := modelFromAPI(ctx, app, dataset, &version)
			result.Diagnostics.Append(problems...)
			result.Diagnostics.Append(result.Resource.Set(ctx, resourceModel{
				model:          m,
				Triggers:       types.MapNull(types.StringType),
				WaitFor:        types.StringValue(jobs.Completed),
				DeletionPolicy: types.StringNull(),
				Timeouts: timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
					"create": types.StringType, "delete": types.StringType,
				})},
			})...)
		})
}

// modelFromAPI returns the model of a version with all attributes set.
func modelFromAPI(ctx context.Context, app clarifai.AppRef, dataset string, version *clarifai.DatasetVersion) (model, diag.Diagnostics) {
	m := model{
		UserID:           types.StringValue(app.UserID),
		AppID:            types.StringValue(app.AppID),
		DatasetID:        types.StringValue(dataset),
		ID:               types.StringValue(version.ID),
		AnnotationFilter: criteria.NullAnnotationFilter(),
		ModelPredictions: types.ObjectNull(predictionsType),
	}
	problems := m.fromAPI(ctx, version, true)
	return m, problems
}
