package concept

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// NewListResource returns the list resource for `terraform query`.
func NewListResource() list.ListResource {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Optional: true,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)}}
	}
	return &listResource{base.NewListResource(typeName, schema.Schema{
		MarkdownDescription: "Finds the concepts of an app, to import them.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ListUserID(),
			"app_id":  ids.ListAppID(),
			"name": text("Name to search for; `*` matches any text, as in `tr*`. If neither this nor `language` is set, all " +
				"concepts are listed."),
			"language": text("Code of the language to search names in. The service's default is `en`."),
		},
	})}
}

type listResource struct{ base.ListResource }

type listModel struct {
	UserID   types.String `tfsdk:"user_id"`
	AppID    types.String `tfsdk:"app_id"`
	Name     types.String `tfsdk:"name"`
	Language types.String `tfsdk:"language"`
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
	stream.Results = listing.Results(ctx, req, find(ctx, client, app, config),
		fmt.Sprintf("Unable to list the concepts of app %q", app.AppID),
		func(ctx context.Context, concept clarifai.Concept, result *list.ListResult) {
			result.DisplayName = concept.ID
			if concept.Name != "" && concept.Name != concept.ID {
				result.DisplayName += " (" + concept.Name + ")"
			}
			result.Diagnostics.Append(key.SetIdentity(ctx, result.Identity, app, concept.ID)...)
			if !req.IncludeResource {
				return
			}
			concept.UserID, concept.AppID = app.UserID, app.AppID // as configured, also for user "me"
			result.Diagnostics.Append(result.Resource.Set(ctx, resourceModel{
				model:          modelFromAPI(app, &concept),
				AdoptExisting:  types.BoolValue(false),
				DeletionPolicy: types.StringValue(attrs.DeletionAbandon),
			})...)
		})
}

// find lists the app's concepts, or those whose name matches. A search returns names in the language that
// was searched, so each concept is read as well. The service may also search public concepts of other
// apps, which are skipped.
func find(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, config listModel) iter.Seq2[clarifai.Concept, error] {
	if config.Name.IsNull() && config.Language.IsNull() {
		return client.AllConcepts(ctx, app, clarifai.ListConceptsQuery{})
	}
	query := &clarifai.ConceptQuery{Name: config.Name.ValueString(), Language: config.Language.ValueString()}
	return func(yield func(clarifai.Concept, error) bool) {
		for hit, err := range client.AllConceptsSearches(ctx, app, clarifai.PostConceptsSearchesRequest{ConceptQuery: query}) {
			if err != nil {
				yield(hit, err)
				return
			}
			if !belongsTo(app, hit) {
				continue
			}
			concept, err := client.ReadConcept(ctx, app, hit.ID)
			if clarifai.IsNotFound(err) {
				continue
			}
			if err != nil {
				yield(hit, err)
				return
			}
			if !yield(*concept, nil) {
				return
			}
		}
	}
}

// belongsTo reports whether a search hit is a concept of the app. "me" stands for any user.
func belongsTo(app clarifai.AppRef, hit clarifai.Concept) bool {
	return (hit.AppID == "" || hit.AppID == app.AppID) && (hit.UserID == "" || app.UserID == "me" || hit.UserID == app.UserID)
}
