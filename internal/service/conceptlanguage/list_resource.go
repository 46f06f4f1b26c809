package conceptlanguage

import (
	"context"
	"fmt"
	"iter"

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
	return &listResource{base.NewListResource(typeName, schema.Schema{
		MarkdownDescription: "Finds the translations of a concept, or of all concepts of an app, to import them.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"app_id":  ids.ListAppID(),
			"concept_id": schema.StringAttribute{
				MarkdownDescription: conceptText + " If not set, all concepts of the app are searched with one request each: the API " +
					"lists translations by concept.",
				Optional:   true,
				Validators: []validator.String{ids.Reference()},
			},
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	ConceptID types.String `tfsdk:"concept_id"`
}

// translation is a translation with the id of its concept.
type translation struct {
	concept  string
	language clarifai.ConceptLanguage
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
	stream.Results = listing.Results(ctx, req, find(ctx, client, app, config.ConceptID.ValueString()),
		fmt.Sprintf("Unable to list the languages of concepts of app %q", app.AppID),
		func(ctx context.Context, t translation, result *list.ListResult) {
			result.DisplayName = fmt.Sprintf("%s in %s (%s)", t.concept, t.language.ID, t.language.Name)
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, t.concept, t.language.ID)...)
			if req.IncludeResource {
				result.Diagnostics.Append(result.Resource.Set(ctx, resourceModel{
					model: modelFromAPI(app, t.concept, &t.language), AllowOther: undocumented(t.language.ID),
				})...)
			}
		})
}

// find yields the translations of one concept, or of all concepts if the id is empty.
func find(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept string) iter.Seq2[translation, error] {
	return func(yield func(translation, error) bool) {
		of := func(concept string) bool {
			for l, err := range client.AllConceptLanguages(ctx, app, concept, clarifai.MaxItemsPerCall) {
				if !yield(translation{concept, l}, err) || err != nil {
					return false
				}
			}
			return true
		}
		if concept != "" {
			of(concept)
			return
		}
		for k, err := range client.AllConcepts(ctx, app, clarifai.ListConceptsQuery{}) {
			if err != nil {
				yield(translation{}, err)
				return
			}
			if !of(k.ID) {
				return
			}
		}
	}
}
