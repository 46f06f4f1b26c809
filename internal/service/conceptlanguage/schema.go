package conceptlanguage

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	conceptText    = "Id of the concept."
	nameText       = "Name of the concept in the language."
	definitionText = "Definition of the concept in the language."
	keepsText      = " If not set, the provider does not manage it. The API cannot clear a text, so removing it from the configuration " +
		"is an error."
	remains     = "The translation stays with the concept. To manage it again, import it."
	defaultText = "Every concept has an entry in the app's default language, which is the name and definition of the " +
		"concept itself, and which the resource adopts: manage it either here or in `clarifai_concept`, not in both."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "The name and definition of a concept in one language. **Destroying the resource only removes it from " +
		"state**: the API cannot delete translations, so it stays with the concept. " +
		"A translation that already exists is an error that shows how to import it. " + defaultText + " " +
		"To manage all languages of a concept in fewer requests, use `clarifai_concept_languages`.",
	Attributes: map[string]schema.Attribute{
		"user_id":    ids.UserID(),
		"app_id":     ids.AppID(),
		"concept_id": ids.Parent(conceptText),
		"language": schema.StringAttribute{
			MarkdownDescription: "Code of the language: " + codesText + ". Changing it creates another translation; the old one stays " +
				"with the concept.",
			Required:      true,
			Validators:    []validator.String{ids.Reference()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: nameText,
			Required:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"definition": schema.StringAttribute{
			MarkdownDescription: definitionText + keepsText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"allow_other_language": schema.BoolAttribute{
			MarkdownDescription: "Whether a language that is not documented is allowed. Defaults to `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
	},
}

var pluralResourceSchema = schema.Schema{
	MarkdownDescription: "Names and definitions of one concept in several languages, in two or three requests for all of them. " +
		"When the resource is created, translations that already exist are an error that shows how to import them; a language that you add " +
		"to `languages` later is adopted and updated. Other languages of the concept are not managed. " +
		"**Destroying the resource, or removing a language, only removes it from state**: the API cannot delete translations, so they " +
		"stay with the concept. " + defaultText,
	Attributes: map[string]schema.Attribute{
		"user_id":    ids.UserID(),
		"app_id":     ids.AppID(),
		"concept_id": ids.Parent(conceptText),
		"languages": schema.MapNestedAttribute{
			MarkdownDescription: "Names and definitions by language code: " + codesText + ".",
			Required:            true,
			Validators:          []validator.Map{mapvalidator.SizeAtLeast(1), mapvalidator.KeysAre(ids.Reference())},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{
					MarkdownDescription: nameText,
					Required:            true,
					Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
				},
				"definition": schema.StringAttribute{
					MarkdownDescription: definitionText + keepsText,
					Optional:            true,
					Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
				},
			}},
		},
		"allow_other_languages": schema.BoolAttribute{
			MarkdownDescription: "Whether languages that are not documented are allowed. Defaults to `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
	},
}

// dataConceptID is the argument of data sources that names the concept.
func dataConceptID() datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{
		MarkdownDescription: conceptText, Required: true, Validators: []validator.String{ids.Reference()},
	}
}
