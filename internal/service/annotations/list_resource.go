package annotations

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// NewListResource returns the list resource for `terraform query`.
func NewListResource() list.ListResource {
	strings := func(text string) schema.ListAttribute {
		return schema.ListAttribute{
			MarkdownDescription: text, Optional: true, ElementType: types.StringType,
			Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(ids.Reference())},
		}
	}
	return &listResource{base.NewListResource(typeName, schema.Schema{
		MarkdownDescription: "Finds the annotations of an app, to import them. Input-level annotations, which belong to their inputs, are left " +
			"out.",
		Attributes: map[string]schema.Attribute{
			"user_id":              ids.ListUserID(),
			"app_id":               ids.ListAppID(),
			"input_ids":            strings(inputIDsText),
			"user_ids":             strings(userIDsText),
			"model_version_ids":    strings(modelIDsText),
			"workflow_version_ids": strings(workflowIDsText),
			"task_id":              schema.StringAttribute{MarkdownDescription: taskIDText, Optional: true},
			"list_all_annotations": schema.BoolAttribute{MarkdownDescription: allText, Optional: true},
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	filters
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
	query, more := config.query(ctx)
	problems.Append(more...)
	if problems.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(problems)
		return
	}
	stream.Results = listing.Results(ctx, req, beside(client.AllAnnotations(ctx, app, query)),
		fmt.Sprintf("Unable to list the annotations of app %q", app.AppID),
		func(ctx context.Context, found clarifai.Annotation, result *list.ListResult) {
			result.DisplayName = found.InputID + "/" + found.ID
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, found.InputID, found.ID)...)
			if !req.IncludeResource {
				return
			}
			m, problems := modelFromAPI(app, &found)
			result.Diagnostics.Append(problems...)
			result.Diagnostics.Append(result.Resource.Set(ctx, resourceModel{
				model: m, Timeouts: nullTimeouts(),
			})...)
		})
}

// beside leaves out input-level annotations.
func beside(all iter.Seq2[clarifai.Annotation, error]) iter.Seq2[clarifai.Annotation, error] {
	return func(yield func(clarifai.Annotation, error) bool) {
		for found, err := range all {
			if err == nil && found.InputLevel {
				continue
			}
			if !yield(found, err) {
				return
			}
		}
	}
}
