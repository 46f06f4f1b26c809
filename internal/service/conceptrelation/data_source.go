package conceptrelation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source that lists relations.
func NewDataSource() datasource.DataSource {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	return &dataSource{base.NewDataSource("clarifai_concept_relations", schema.Schema{
		MarkdownDescription: "Lists relations between concepts: of an app, or of one concept, which is then the subject of each.",
		Attributes: map[string]schema.Attribute{
			"user_id":            ids.DataUserID(),
			"app_id":             ids.DataAppID(),
			"concept_id":         dataArgument(ofConceptText, ids.Reference()),
			"predicate":          dataArgument(ofPredicateText, stringvalidator.OneOf(predicates...)),
			"knowledge_graph_id": dataArgument(ofGraphText, ids.Reference()),
			"relations": schema.ListNestedAttribute{
				MarkdownDescription: "The relations, in the order of the API. `knowledge_graph_id` is null for those in the app's global graph.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: dataschema.Attributes(
					resourceSchema.Attributes, map[string]schema.Attribute{
						"subject_name": text("Name of the subject in the app's default language."),
						"object_name":  text("Name of the object in the app's default language."),
					}, "user_id", "app_id")},
			},
		},
	})}
}

type dataSource struct{ base.DataSource }

type dataModel struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	ConceptID types.String `tfsdk:"concept_id"`
	Predicate types.String `tfsdk:"predicate"`
	Graph     types.String `tfsdk:"knowledge_graph_id"`
	Relations []row        `tfsdk:"relations"`
}

// row is one relation in a list.
type row struct {
	ID          types.String `tfsdk:"id"`
	Subject     types.String `tfsdk:"subject_concept_id"`
	SubjectName types.String `tfsdk:"subject_name"`
	Predicate   types.String `tfsdk:"predicate"`
	Object      types.String `tfsdk:"object_concept_id"`
	ObjectName  types.String `tfsdk:"object_name"`
	Graph       types.String `tfsdk:"knowledge_graph_id"`
	Visibility  types.String `tfsdk:"visibility"`
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.Relations = []row{}
	concept := config.ConceptID.ValueString()
	relations := find(ctx, client, app, "", config.Predicate.ValueString(), config.Graph.ValueString())
	if concept != "" {
		// The path of the app takes the concept as a parameter, so its id may have any character.
		relations = client.AllConceptRelations2(ctx, app, clarifai.ListConceptRelations2Query{
			ListConceptRelationsQuery: clarifai.ListConceptRelationsQuery{
				Page:      clarifai.Page{PerPage: clarifai.MaxPerPage},
				Predicate: config.Predicate.ValueString(), KnowledgeGraphID: config.Graph.ValueString(),
			},
			ConceptID: concept,
		})
	}
	for relation, err := range relations {
		switch {
		case clarifai.IsNotFound(err) && concept != "":
			resp.Diagnostics.Append(diags.AttributeError(path.Root("concept_id"), fmt.Sprintf("No relations of concept %q "+
				"in app %q", concept, app.AppID), err))
			return
		case err != nil:
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the relations of app %q", app.AppID), err))
			return
		}
		config.Relations = append(config.Relations, rowFromAPI(app, relation))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

func rowFromAPI(app clarifai.AppRef, relation clarifai.ConceptRelation) row {
	m := modelFromAPI(app, &relation)
	name := func(k *clarifai.Concept) types.String {
		if k == nil {
			return types.StringNull()
		}
		return attrs.Text(k.Name)
	}
	return row{
		ID: m.ID, Subject: m.Subject, SubjectName: name(relation.SubjectConcept), Predicate: m.Predicate,
		Object: m.Object, ObjectName: name(relation.ObjectConcept), Graph: m.Graph, Visibility: m.Visibility,
	}
}
