package input

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotationattrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// NewListResource returns the list resource for `terraform query`.
func NewListResource() list.ListResource {
	return &listResource{base.NewListResource(typeName, schema.Schema{
		MarkdownDescription: "Finds the inputs of an app, to import them, the oldest first. The API does not return content, so inputs " +
			"that were sent as content have no source in generated configuration: their content stays as it is at the service.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"app_id":  ids.ListAppID(),
			"status_code": schema.Int64Attribute{
				MarkdownDescription: "Only inputs with this status code, such as 30000 (processed) or 30002 (failed), in the order " +
					"of the API.",
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 1<<31-1)},
			},
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	UserID     types.String `tfsdk:"user_id"`
	AppID      types.String `tfsdk:"app_id"`
	StatusCode types.Int64  `tfsdk:"status_code"`
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
	stream.Results = listing.Results(ctx, req, inputs(ctx, client, app, config.StatusCode, req.Limit),
		fmt.Sprintf("Unable to list the inputs of app %q", app.AppID),
		func(ctx context.Context, found clarifai.Input, result *list.ListResult) {
			result.DisplayName = found.ID
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, found.ID)...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, resourceModelFromAPI(app, &found))...)
			}
		})
}

// inputs lists the app's inputs by cursor, which skips nothing if inputs are added meanwhile. Inputs of one
// status are listed by pages, since the cursor has no filter.
func inputs(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, status types.Int64, limit int64,
) iter.Seq2[clarifai.Input, error] {
	size := uint32(clarifai.MaxPerPage)
	if limit > 0 && limit < int64(size) {
		size = uint32(limit) //nolint:gosec // less than a page
	}
	if status.IsNull() {
		return client.AllInputsByCursor(ctx, app, clarifai.StreamInputsQuery{PerPage: size})
	}
	code := clarifai.StatusCode(status.ValueInt64()) //nolint:gosec // validated
	return client.AllInputs(ctx, app, clarifai.ListInputsQuery{Page: clarifai.Page{PerPage: size}, StatusCode: code})
}

// resourceModelFromAPI returns an input as after an import.
func resourceModelFromAPI(app clarifai.AppRef, found *clarifai.Input) resourceModel {
	m := resourceModel{
		model:             modelFromAPI(app, found),
		DatasetIDs:        types.SetNull(types.StringType),
		ConceptNames:      types.MapNull(types.StringType),
		Regions:           annotationattrs.NullRegions(),
		Annotations:       annotationattrs.NullList(),
		WaitForProcessing: types.BoolValue(false),
		DeletionPolicy:    types.StringNull(),
		Timeouts: timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
			"create": types.StringType, "update": types.StringType, "delete": types.StringType,
		})},
	}
	for _, kind := range inputcontent.Types {
		*m.slot(kind) = types.ObjectNull(contentType(kind))
	}
	m.contentFromAPI(found, true)
	return m
}
