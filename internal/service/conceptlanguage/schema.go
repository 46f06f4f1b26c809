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
	definitionText = "What the concept means, in the language."
	keepsText      = " When not set it is left as it is: the API cannot empty a text, so removing it from the configuration is refused."
	stays          = "The API cannot delete translations"
	ownText        = "The entry in the app's default language is there from the concept's birth and is the concept's own name and definition: " +
		"manage it either here or in `clarifai_concept`, not in both."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "The name and definition of a concept in one language. **Destroying it only forgets it**: the API cannot delete translations, so it stays with the concept. " +
		"A translation that exists already is taken over and given what is configured here. " + ownText + " " +
		"For all languages of a concept at once, in fewer calls, there is `clarifai_concept_languages`.",
	Attributes: map[string]schema.Attribute{
		"user_id":    ids.UserID(),
		"app_id":     ids.AppID(),
		"concept_id": ids.Parent(conceptText),
		"language": schema.StringAttribute{
			MarkdownDescription: "Code of the language: " + codesText + ". Changing it makes another translation and leaves the old one with the concept.",
			Required:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: nameText + " It can be changed but not emptied.",
			Required:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"definition": schema.StringAttribute{
			MarkdownDescription: definitionText + keepsText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"allow_other_language": schema.BoolAttribute{
			MarkdownDescription: "Whether a language is accepted that the documentation does not list. Defaults to `false`. The service then has the last word.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
	},
}

var pluralResourceSchema = schema.Schema{
	MarkdownDescription: "Names and definitions of one concept in several languages, in two or three calls for all of them. " +
		"Translations that exist already are taken over and given what is configured here; those that are not named here are left alone. " +
		"**Destroying it, or taking a language out of it, only forgets**: the API cannot delete translations, so they stay with the concept. " + ownText,
	Attributes: map[string]schema.Attribute{
		"user_id":    ids.UserID(),
		"app_id":     ids.AppID(),
		"concept_id": ids.Parent(conceptText),
		"languages": schema.MapNestedAttribute{
			MarkdownDescription: "Names and definitions by code of the language: " + codesText + ".",
			Required:            true,
			Validators:          []validator.Map{mapvalidator.SizeAtLeast(1), mapvalidator.KeysAre(ids.Reference())},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{
					MarkdownDescription: nameText + " It can be changed but not emptied.",
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
			MarkdownDescription: "Whether languages are accepted that the documentation does not list. Defaults to `false`. The service then has the last word.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
	},
}

func dataConceptID() datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{MarkdownDescription: conceptText, Required: true, Validators: []validator.String{ids.Reference()}}
}

func dataText(description string) datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{MarkdownDescription: description, Computed: true}
}
