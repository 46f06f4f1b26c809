package conceptrelation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
		MarkdownDescription: "Finds the relations between concepts of an app, to import them.",
		Attributes: map[string]schema.Attribute{
			"user_id":            ids.ListUserID(),
			"app_id":             ids.ListAppID(),
			"concept_id":         listArgument(ofConceptText, ids.Reference()),
			"predicate":          listArgument(ofPredicateText, stringvalidator.OneOf(predicates...)),
			"knowledge_graph_id": listArgument(ofGraphText, ids.Reference()),
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	ConceptID types.String `tfsdk:"concept_id"`
	Predicate types.String `tfsdk:"predicate"`
	Graph     types.String `tfsdk:"knowledge_graph_id"`
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
	relations := find(ctx, client, app, config.ConceptID.ValueString(), config.Predicate.ValueString(), config.Graph.ValueString())
	stream.Results = listing.Results(ctx, req, relations,
		fmt.Sprintf("Unable to list the relations of app %q", app.AppID),
		func(ctx context.Context, relation clarifai.ConceptRelation, result *list.ListResult) {
			result.DisplayName = tripleOf(relation).String()
			setIdentity(ctx, result.Identity, app, relation.ID, &result.Diagnostics)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, modelFromAPI(app, &relation))...)
			}
		})
}
