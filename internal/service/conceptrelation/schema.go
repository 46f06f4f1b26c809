package conceptrelation

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	idText        = "Id of the relation, chosen by the service."
	subjectText   = "Id of the concept that is the subject of the relation."
	predicateText = "Relation of the subject to the object: narrower (`hyponym`: honey is a hyponym of food), broader (`hypernym`: " +
		"food is a hypernym of honey), or equivalent (`synonym`)."
	objectText = "Id of the concept that is the object of the relation."
	graphText  = "Id of the knowledge graph that the relation is in."
	globalText = " If not set, the relation is in the app's global graph."

	replaces = " A change that results in another relation replaces it: the API cannot change relations. The inverse is the same " +
		"relation, so switching to it changes nothing."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A relation between two concepts of an app. A relation and its inverse are the same: honey is a hyponym of food, " +
		"and food is a hypernym of honey. A synonym is the same from either side. Declare it once, from either side: declaring it twice in a " +
		"configuration, also as its inverse, is an error. Destroying the resource deletes the relation; the concepts stay.\n\n" +
		"The API creates relations by subject. The provider sends each relation from its broader concept, so that relations of one parent " +
		"share requests, from whichever side they are declared.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"subject_concept_id": conceptAttribute(subjectText),
		"predicate": schema.StringAttribute{
			MarkdownDescription: predicateText + replaces,
			Required:            true,
			Validators:          []validator.String{stringvalidator.OneOf(predicates...)},
		},
		"object_concept_id": conceptAttribute(objectText),
		"knowledge_graph_id": schema.StringAttribute{
			MarkdownDescription: graphText + globalText + " Changing it replaces the relation.",
			Optional:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"visibility": visibility(),
	},
}

// conceptAttribute is one of the two concepts. ModifyPlan decides whether a change replaces the
// relation, since it sees both.
func conceptAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + replaces,
		Required:            true,
		Validators:          []validator.String{ids.Reference()},
	}
}

func visibility() schema.StringAttribute {
	a := attrs.Visibility("relation")
	a.MarkdownDescription += " Changing it replaces the relation."
	a.PlanModifiers = append(a.PlanModifiers, stringplanmodifier.RequiresReplaceIfConfigured())
	return a
}

// identitySchema has the id, or concepts and predicate for an import. State has the id only.
var identitySchema = func() identityschema.Schema {
	s := key.IdentitySchema()
	optional := func(description string) identityschema.StringAttribute {
		return identityschema.StringAttribute{OptionalForImport: true, Description: description}
	}
	s.Attributes["id"] = optional("Id of the relation. Not needed if both concepts and the predicate are set.")
	s.Attributes["subject_concept_id"] = optional("Id of the subject, to import without an id.")
	s.Attributes["predicate"] = optional("Predicate, to import without an id.")
	s.Attributes["object_concept_id"] = optional("Id of the object, to import without an id.")
	s.Attributes["knowledge_graph_id"] = optional("Id of the knowledge graph, where the same relation is in several.")
	return s
}()

// Filters of the data source and the list resource.
const (
	ofConceptText = "Only relations of this concept, which is then the subject of each. If not set, every relation of the app is " +
		"listed once, in the direction in which it was created."
	ofPredicateText = "Only relations with this predicate: `hypernym`, `hyponym` or `synonym`. With `hypernym` or `hyponym` and no " +
		"concept, relations that were created as the inverse are listed too, inverted."
	ofGraphText = "Only relations in this knowledge graph. If not set, those of all graphs."
)

func dataArgument(description string, v validator.String) datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{v}}
}

func listArgument(description string, v validator.String) listschema.StringAttribute {
	return listschema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{v}}
}
