package taxonomy

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/skos"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/table"
)

// What a refresh compares.
const (
	refreshStructure = "structure"
	refreshFull      = "full"
)

// oneSource ends the description of each source.
const oneSource = " Exactly one of `csv_file`, `csv`, `skos_file`, `skos_turtle_file`, `skos_jsonld_file` and `concepts` must be set."

func sourceFile(text string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: text + oneSource, Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

// choice is an attribute with a default and other values.
func choice(text string, values ...string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: text, Optional: true, Computed: true, Default: stringdefault.StaticString(values[0]),
		Validators: []validator.String{stringvalidator.OneOf(values...)},
	}
}

const csvColumns = "Its first line names the columns: `id`; optionally `parent` and `synonym` (ids, several separated by semicolons), " +
	"`name`, `definition`, and `name:LANGUAGE` and " +
	"`definition:LANGUAGE` for further languages. In place of `parent`, a column `path` (such as `Pets > Birds`) or columns `level 1`, " +
	"`level 2` and so on " +
	"tell what a concept is below; with them `id` is optional: ids then follow from the paths. Cells are separated by commas, semicolons " +
	"or tabs, which the first line shows."

var resourceSchema = schema.Schema{
	MarkdownDescription: "A whole taxonomy as one object: concepts, their names in several languages, and the relations between them, from " +
		"a file or from the configuration. " +
		"A plan checks it as a whole: ids, cycles, unknown references, repetitions and languages, with file and line.\n\n" +
		"**The API cannot delete concepts.** Destroying a taxonomy removes it from state, and with `deletion_policy = \"delete\"` deletes its " +
		"relations; concepts that are taken out of the file stay in the app, with a warning. " +
		"Concepts that already exist, for example because inputs are labelled with them, are adopted: they gain the names and relations of " +
		"the file, and the plan warns of that. They may have ids of older apps, such as `traffic light`. For concepts that it creates, the " +
		"plan warns of ids that Clarifai may reject: new ids have 1 to 32 letters, digits, hyphens and underscores.\n\n" +
		"Relations between two concepts of the taxonomy belong to it: the plan shows missing and additional ones, and apply corrects them " +
		"(see `exclusive_relations`). Relations with other concepts are left alone.\n\n" +
		"Requests: a plan reads pages of 1,000 concepts and of 1,000 relations. An apply creates 128 concepts in one request, the relations " +
		"of all narrower concepts of one concept in one request, " +
		"and all further names of one concept in one request, since the API takes languages and relations concept by concept.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the taxonomy. Clarifai does not know it: it only tells taxonomies of one app apart. Changing it " +
				"replaces the resource, which changes nothing in the app, except that " +
				"`deletion_policy = \"delete\"` deletes the relations before they are created again.",
			Required:      true,
			Validators:    []validator.String{ids.New()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"csv_file": sourceFile("Path of a CSV file in UTF-8. " + csvColumns),
		"csv": sourceFile("Text of a CSV file, for tables that are built in the configuration, for example with `join`. It reads " +
			"thousands of concepts much faster than `concepts`. " + csvColumns),
		"skos_file": sourceFile("Path of a SKOS vocabulary in Turtle, N-Triples, RDF/XML or JSON-LD; the first characters of the file " +
			"tell which. The guide on taxonomies lists what is read. Nothing is fetched."),
		"skos_turtle_file": sourceFile("Path of a SKOS vocabulary in Turtle or N-Triples. Any other format is an error."),
		"skos_jsonld_file": sourceFile("Path of a SKOS vocabulary in JSON-LD. Any other format is an error. Nothing is fetched: contexts must " +
			"be in the file or be the one of SKOS."),
		"concepts": schema.MapNestedAttribute{
			MarkdownDescription: "The concepts by id, in the configuration; for some hundreds." + oneSource,
			Optional:            true,
			Validators:          []validator.Map{mapvalidator.SizeAtLeast(1)},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name":       schema.StringAttribute{MarkdownDescription: "Name in the taxonomy's own language. Defaults to the id.", Optional: true},
				"definition": schema.StringAttribute{MarkdownDescription: "Definition in the taxonomy's own language.", Optional: true},
				"parents":    schema.ListAttribute{MarkdownDescription: "Ids of broader concepts.", Optional: true, ElementType: types.StringType},
				"synonyms": schema.ListAttribute{MarkdownDescription: "Ids of concepts with the same " +
					"meaning.", Optional: true, ElementType: types.StringType},
				"names": schema.MapAttribute{MarkdownDescription: "Names in further languages, by language " +
					"code.", Optional: true, ElementType: types.StringType},
				"definitions": schema.MapAttribute{MarkdownDescription: "Definitions in further languages, by language code. A language needs a " +
					"name too.", Optional: true, ElementType: types.StringType},
			}},
		},
		"columns": schema.MapAttribute{
			MarkdownDescription: "For a table with other column titles: the title of each column to read, by what it holds, such as `{ id = " +
				"\"Unique ID\", parent = \"Parent\", name = \"Name\" }`. " +
				"Keys are the titles that `csv_file` describes. Columns that are not listed are ignored. If not set, every column must have such a " +
				"title.",
			Optional: true, ElementType: types.StringType, Validators: []validator.Map{mapvalidator.SizeAtLeast(1)},
		},
		"path_separator": schema.StringAttribute{
			MarkdownDescription: "What separates the names in the column `path` of a table. White space around it is ignored. Defaults to `>`.",
			Optional:            true, Computed: true, Default: stringdefault.StaticString(table.DefaultPathSeparator),
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"language": schema.StringAttribute{
			MarkdownDescription: "The taxonomy's own language: that of the column `name`, and of the SKOS labels that become names. It should be " +
				"the app's default language. A name that is given in this language among the further ones counts as the concept's name. " +
				"With a region or script, such as `en-GB`, SKOS labels with exactly this tag come first. Defaults to `en`.",
			Optional: true, Computed: true, Default: stringdefault.StaticString("en"),
			Validators: []validator.String{stringvalidator.LengthAtLeast(2)},
		},
		"languages": schema.SetAttribute{
			MarkdownDescription: "Languages of the further names to read, such as `[\"de\", \"fr\"]`; names in other languages are ignored. With " +
				"a region or script, such as `pt-BR`, SKOS labels with exactly this tag come first. " +
				"If not set, all languages are read that Clarifai documents (" + codes() + "); another language is skipped with a warning in SKOS, " +
				"and is an error in a table or in `concepts`.",
			Optional: true, ElementType: types.StringType,
		},
		"allow_other_languages": schema.BoolAttribute{
			MarkdownDescription: "Whether languages are read that Clarifai does not document. If Clarifai rejects one, the apply reports its " +
				"names as failed. Defaults to `false`.",
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		},
		"id_from": choice("Source of the ids of SKOS concepts: `uri` (the last part of the IRI, the default), `notation`, or `hash` (32 "+
			"hexadecimal digits that follow from the IRI). "+
			"What an id must not hold becomes a hyphen; an id that is too long keeps its beginning and ends in digits. Two concepts with the "+
			"same id are an error, and so are two notations of one concept. "+
			"Concepts without an IRI (blank nodes) need `notation`.", skos.IDFromURI, skos.IDFromNotation, skos.IDFromHash),
		"alternative_labels_as_synonyms": schema.BoolAttribute{
			MarkdownDescription: "Whether alternative labels of a SKOS vocabulary, in the taxonomy's own language, become concepts of their own " +
				"that are synonyms. Defaults to `false`.",
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		},
		"collections": choice("SKOS collections: `skip` (default) or `include`, which creates a concept for each and makes its "+
			"members narrower concepts.", skos.Skip, skos.Include),
		"unknown_references": choice("References of SKOS concepts to what is no concept of the file, as in excerpts: `skip` (default, with a "+
			"warning) or `error`.", skos.Skip, skos.Error),
		"deprecated_concepts": choice("SKOS concepts that the file marks as deprecated (`owl:deprecated`): `skip` (default, with a warning), "+
			"`include` or `error`.", skos.Skip, skos.Include, skos.Error),
		"unlabelled_concepts": choice("SKOS concepts without a label in the taxonomy's own language (`skos:prefLabel`, `skosxl:prefLabel` or "+
			"`rdfs:label`): `skip` (default, with a warning) or `error`. "+
			"If most concepts have none, that is always an error.", skos.Skip, skos.Error),
		"knowledge_graph_id": schema.StringAttribute{
			MarkdownDescription: "Id of the knowledge graph of the relations. Defaults to the app's global graph. Changing it replaces the " +
				"resource.",
			Optional:      true,
			Validators:    []validator.String{ids.Reference()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"exclusive_relations": schema.BoolAttribute{
			MarkdownDescription: "Whether relations between concepts of the taxonomy that the taxonomy does not have are deleted. Defaults to " +
				"`true`; with `false` they are left alone.",
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"refresh": choice("What a refresh compares with the app: `structure` (concepts with their names, and relations, the default) or "+
			"`full` (also names in further languages, which costs a request for each concept). "+
			"If the taxonomy itself has changed, apply compares the languages too.", refreshStructure, refreshFull),
		"deletion_policy": choice("Effect of destroying the resource: `abandon` (default) only removes it from state, `delete` deletes its "+
			"relations, `prevent` is an error. The concepts stay in any case: the API cannot delete them. "+
			"The value in state counts, so apply a change of it before you destroy. With `delete`, state also holds the relations in a compact "+
			"form, so that a destroy deletes exactly what was applied, even if the file has changed or is missing.",
			attrs.DeletionAbandon, attrs.DeletionDelete, attrs.DeletionPrevent),
		"digest": schema.StringAttribute{
			MarkdownDescription: "SHA-256 of the taxonomy's content, independent of the order and the format of the source. State holds this in " +
				"place of the content.",
			Computed: true,
		},
		"counts": schema.SingleNestedAttribute{
			MarkdownDescription: "Size of the taxonomy.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"concepts":  schema.Int64Attribute{MarkdownDescription: "Concepts.", Computed: true},
				"names":     schema.Int64Attribute{MarkdownDescription: "Names in further languages.", Computed: true},
				"relations": schema.Int64Attribute{MarkdownDescription: "Relations.", Computed: true},
			},
		},
		"skipped": schema.MapAttribute{
			MarkdownDescription: "What a SKOS vocabulary holds and the taxonomy does not, with numbers, such as `{ \"names:uk\" = 347, " +
				"\"skos:related\" = 55 }`. The plan of a change warns of it in words.",
			Computed: true, ElementType: types.Int64Type,
		},
		"changes": schema.StringAttribute{
			MarkdownDescription: changes.Text + " The counts are of concepts; those of `names` in further languages and of `relations` " +
				"follow, and the other lines name the first ten of each. For a new taxonomy this is all that it holds, also what already exists.",
			Computed: true,
		},
		"drift": schema.StringAttribute{
			MarkdownDescription: "How the app differed from the taxonomy when it was last read, such as `1 concept changed: truck (name " +
				"\"Lorry\" -> \"Truck\")`; empty if it did not, or if the source is not the one that was applied.",
			Computed: true,
		},
		"last_apply": schema.SingleNestedAttribute{
			MarkdownDescription: "What the last apply did. What Clarifai has rejected is not counted.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"concepts_created":  schema.Int64Attribute{MarkdownDescription: "Concepts created.", Computed: true},
				"concepts_updated":  schema.Int64Attribute{MarkdownDescription: "Concepts whose name or definition was changed.", Computed: true},
				"names_written":     schema.Int64Attribute{MarkdownDescription: "Names in further languages written.", Computed: true},
				"relations_created": schema.Int64Attribute{MarkdownDescription: "Relations created.", Computed: true},
				"relations_deleted": schema.Int64Attribute{MarkdownDescription: "Relations deleted.", Computed: true},
			},
		},
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Create: true, Update: true, Delete: true,
			CreateDescription: "Time limit of creating the taxonomy. Defaults to `1h`.",
			UpdateDescription: "Time limit of an update. Defaults to `1h`.",
			DeleteDescription: "Time limit of deleting the relations. Defaults to `1h`.",
		}),
	},
}

// codes lists the documented languages.
func codes() string { return "`" + strings.Join(graph.Documented, "`, `") + "`" }
