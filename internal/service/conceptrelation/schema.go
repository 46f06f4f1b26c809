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
	idText        = "Id of the relation, made by the service."
	subjectText   = "Id of the concept that `predicate` says something of."
	predicateText = "What the subject is to the object: a kind of it (`hyponym`, as honey is of food), its parent (`hypernym`, as food is of honey), or another word for the same (`synonym`)."
	objectText    = "Id of the concept that the subject is related to."
	graphText     = "Id of the knowledge graph that the relation is in."
	globalText    = " The app's global graph when not set."

	fixed = " A change that makes it another relation replaces it: the API cannot change relations. Saying the same from the other side changes nothing."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A relation between two concepts of an app. It is one thing seen from two sides: that honey is a hyponym of food and that food is a hypernym of honey are the same relation, and so is a synonym from either side. " +
		"It may be declared from whichever side reads better, once: declaring it twice in a configuration, also as its inverse, is an error. " +
		"Destroying it deletes it; the concepts stay.\n\n" +
		"The API creates relations by subject: those that are declared with the same subject and are created at the same time share calls, " +
		"so a parent with many kinds is made in fewer calls as their hypernym than each kind as its hyponym.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"subject_concept_id": part(subjectText),
		"predicate": schema.StringAttribute{
			MarkdownDescription: predicateText + fixed,
			Required:            true,
			Validators:          []validator.String{stringvalidator.OneOf(predicates...)},
		},
		"object_concept_id": part(objectText),
		"knowledge_graph_id": schema.StringAttribute{
			MarkdownDescription: graphText + globalText + " Changing it replaces the relation.",
			Optional:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"visibility": visibility(),
	},
}

// part is one of the two concepts. Whether a change replaces the relation is for
// ModifyPlan to say, which sees both.
func part(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + fixed,
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

// identitySchema takes the id, or what the relation says. What is stored is the id.
var identitySchema = func() identityschema.Schema {
	s := key.IdentitySchema()
	optional := func(description string) identityschema.StringAttribute {
		return identityschema.StringAttribute{OptionalForImport: true, Description: description}
	}
	s.Attributes["id"] = optional("Id of the relation. May be left out when both concepts and the predicate are given.")
	s.Attributes["subject_concept_id"] = optional("Id of the subject, to import without an id.")
	s.Attributes["predicate"] = optional("Predicate, to import without an id.")
	s.Attributes["object_concept_id"] = optional("Id of the object, to import without an id.")
	s.Attributes["knowledge_graph_id"] = optional("Id of the knowledge graph, where the same relation is in several.")
	return s
}()

// Arguments that narrow down what is listed, for the data source and for queries.
const (
	ofConceptText   = "Only relations of this concept, which then is the subject of each. Without it every relation of the app is listed once, in the direction in which it was made."
	ofPredicateText = "Only relations with this predicate: `hypernym`, `hyponym` or `synonym`. With `hypernym` or `hyponym` and no concept, relations that were made from the other side are listed too, turned round."
	ofGraphText     = "Only relations in this knowledge graph. All graphs when not set."
)

func dataArgument(description string, v validator.String) datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{v}}
}

func listArgument(description string, v validator.String) listschema.StringAttribute {
	return listschema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{v}}
}
