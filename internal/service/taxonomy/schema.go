package taxonomy

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// languages are those that the service documents.
var languages = []string{
	"ar", "bn", "da", "de", "en", "es", "fi", "fr", "hi", "hu", "it", "ja", "ko", "nl", "no", "pa", "pl", "pt", "ru", "sv", "tr", "zh", "zh-TW",
}

// Ways to refresh.
const (
	refreshStructure = "structure"
	refreshFull      = "full"
)

func sourceFile(text string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: text + " Exactly one of `csv_file`, `skos_turtle_file`, `skos_jsonld_file` and `concepts` is to be set.",
		Optional:            true,
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

var resourceSchema = schema.Schema{
	MarkdownDescription: "A whole taxonomy as one object: concepts, their names in several languages, and what is broader than what, from a file or from the configuration. " +
		"It is checked as a whole at plan: ids, circles, references to nothing, repetitions and languages, with file and line.\n\n" +
		"**The API cannot delete concepts.** Destroying a taxonomy forgets it, and with `deletion_policy = \"delete\"` deletes its relations; concepts that are taken out of the file stay in the app, with a warning. " +
		"Concepts that exist already, for example because inputs are labelled with them, are taken over: they gain the names and relations of the file, which the plan tells before anything is changed.\n\n" +
		"Relations between two concepts of the taxonomy belong to it: the plan shows what is missing and what is too much, and apply puts it right (see `exclusive_relations`). Relations with other concepts are left alone.\n\n" +
		"Costs: a plan reads pages of 1,000 concepts and of 1,000 relations. An apply creates concepts 128 in a call, makes the relations of all narrower concepts of one concept in one call, " +
		"and writes all further languages of one concept in one call, since the API takes languages and relations concept by concept.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the taxonomy. The service does not know it: it only tells taxonomies of one app apart here. Changing it replaces the resource, which changes nothing at the service.",
			Required:            true,
			Validators:          []validator.String{ids.New()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"csv_file": sourceFile("Path of a CSV file, in UTF-8 and with commas. Its first line names the columns: `id`; optionally `parent` and `synonym` (ids, several separated by semicolons), `name`, `definition`, " +
			"and `name:LANGUAGE` and `definition:LANGUAGE` for further languages."),
		"skos_turtle_file": sourceFile("Path of a SKOS vocabulary in Turtle. `prefLabel`, `definition`, `broader`, `narrower` and `exactMatch` are read."),
		"skos_jsonld_file": sourceFile("Path of a SKOS vocabulary in JSON-LD. Nothing is fetched: contexts must be in the file or be that of SKOS."),
		"concepts": schema.MapNestedAttribute{
			MarkdownDescription: "The concepts by id, written in the configuration; for some hundreds. Exactly one of `csv_file`, `skos_turtle_file`, `skos_jsonld_file` and `concepts` is to be set.",
			Optional:            true,
			Validators:          []validator.Map{mapvalidator.SizeAtLeast(1)},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name":        schema.StringAttribute{MarkdownDescription: "Name in the taxonomy's own language. Defaults to the id.", Optional: true},
				"definition":  schema.StringAttribute{MarkdownDescription: "Definition in the taxonomy's own language.", Optional: true},
				"parents":     schema.ListAttribute{MarkdownDescription: "Ids of broader concepts.", Optional: true, ElementType: types.StringType},
				"synonyms":    schema.ListAttribute{MarkdownDescription: "Ids of concepts that mean the same.", Optional: true, ElementType: types.StringType},
				"names":       schema.MapAttribute{MarkdownDescription: "Names in further languages, by language code.", Optional: true, ElementType: types.StringType},
				"definitions": schema.MapAttribute{MarkdownDescription: "Definitions in further languages, by language code. A language needs a name too.", Optional: true, ElementType: types.StringType},
			}},
		},
		"language": schema.StringAttribute{
			MarkdownDescription: "The taxonomy's own language: that of the column `name`, and of the SKOS labels that become names. It should be the app's default language. A name that is given in this language among the further ones counts as the concept's name. Defaults to `en`.",
			Optional:            true, Computed: true, Default: stringdefault.StaticString("en"),
			Validators: []validator.String{stringvalidator.LengthAtLeast(2)},
		},
		"id_from": schema.StringAttribute{
			MarkdownDescription: "How concepts of a SKOS vocabulary get their ids: `uri` (the last part of the address, the default), `notation`, or `hash` (32 hexadecimal digits that follow from the address). " +
				"What an id may not hold becomes a hyphen; what is too long keeps its beginning and gains digits. Two concepts that would get the same id are an error.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(idFromURI),
			Validators: []validator.String{stringvalidator.OneOf(idFromURI, idFromNotation, idFromHash)},
		},
		"alternative_labels_as_synonyms": schema.BoolAttribute{
			MarkdownDescription: "Whether alternative labels of a SKOS vocabulary, in the taxonomy's own language, become concepts of their own that are synonyms. Defaults to `false`.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(false),
		},
		"allow_other_languages": schema.BoolAttribute{
			MarkdownDescription: "Whether languages are accepted that the service does not document. Defaults to `false`.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(false),
		},
		"knowledge_graph_id": schema.StringAttribute{
			MarkdownDescription: "Id of the knowledge graph for the relations. Defaults to the app's global graph. Changing it replaces the resource.",
			Optional:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"exclusive_relations": schema.BoolAttribute{
			MarkdownDescription: "Whether relations between concepts of the taxonomy that the taxonomy does not have are deleted. Defaults to `true`; with `false` they are left alone.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"refresh": schema.StringAttribute{
			MarkdownDescription: "What a plan compares with the service: `structure` (concepts with their names, and relations, the default) or `full` (also further languages, which costs a call for each concept). " +
				"Whenever the taxonomy itself has changed, apply compares the languages too.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(refreshStructure),
			Validators: []validator.String{stringvalidator.OneOf(refreshStructure, refreshFull)},
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What destroying the resource does: `abandon` (default) only forgets it, `delete` deletes the relations between its concepts, `prevent` refuses. The concepts stay in any case: the API cannot delete them. " +
				"What counts is the value in state, so apply a change of it before destroying.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(attrs.DeletionAbandon),
			Validators: []validator.String{stringvalidator.OneOf(attrs.DeletionDelete, attrs.DeletionAbandon, attrs.DeletionPrevent)},
		},
		"digest": schema.StringAttribute{
			MarkdownDescription: "SHA-256 of what the taxonomy says, independent of the order and the format in which it is written. State holds this instead of the taxonomy.",
			Computed:            true,
		},
		"counts": schema.SingleNestedAttribute{
			MarkdownDescription: "How large the taxonomy is.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"concepts":  schema.Int64Attribute{MarkdownDescription: "Concepts.", Computed: true},
				"names":     schema.Int64Attribute{MarkdownDescription: "Names in further languages.", Computed: true},
				"relations": schema.Int64Attribute{MarkdownDescription: "Relations.", Computed: true},
			},
		},
		"changes": schema.SingleNestedAttribute{
			MarkdownDescription: "What the last apply did. What the next one will do is told by a warning of the plan: with counts and the first ten differences.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"concepts_created":  schema.Int64Attribute{MarkdownDescription: "Concepts created.", Computed: true},
				"concepts_changed":  schema.Int64Attribute{MarkdownDescription: "Concepts whose name or definition was changed.", Computed: true},
				"names_written":     schema.Int64Attribute{MarkdownDescription: "Names in further languages written.", Computed: true},
				"relations_created": schema.Int64Attribute{MarkdownDescription: "Relations created.", Computed: true},
				"relations_deleted": schema.Int64Attribute{MarkdownDescription: "Relations deleted.", Computed: true},
				"first":             schema.ListAttribute{MarkdownDescription: "The first ten of these changes.", Computed: true, ElementType: types.StringType},
			},
		},
	},
}
