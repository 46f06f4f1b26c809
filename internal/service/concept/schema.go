package concept

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	idText         = "Id of the concept, unique in the app: 1 to 32 letters, digits, hyphens and underscores. One that exists already, and is imported or adopted, may be of another form."
	nameText       = "Name in the app's default language."
	definitionText = "What the concept means, in the app's default language."
	languageText   = "Code of the language that `name` is in: the app's default language."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A concept: a label of an app. **Destroying it only forgets it**: the API cannot delete concepts, so it stays in the app, with its labels, languages and relations, and its id stays taken. " +
		"To take a concept up again after that, import it or set `adopt_existing`. " +
		"Concepts also come into being without being declared: the service makes one for each label of an input that names a concept which the app does not have.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText + " Changing it makes another concept and leaves the old one in the app.",
			Required:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: nameText + " Defaults to the id. When not set it is left as it is, also when a translation in the default language changes it (`clarifai_concept_language`).",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"definition": schema.StringAttribute{
			MarkdownDescription: definitionText + " When not set it is left as it is: the API cannot empty a text, so removing it from the configuration is refused.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"metadata":   metadata(),
		"visibility": attrs.Visibility("concept"),
		"adopt_existing": schema.BoolAttribute{
			MarkdownDescription: "Whether a concept that exists already is taken over and given what is configured here. Defaults to `false`, which makes it an error that says how to import it. " +
				"With `true` the provider first lists the app's concepts, once a run.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What destroying the resource does: `abandon` (default) forgets the concept and leaves it in the app, which is all that the API can do; `prevent` refuses. " +
				"What counts is the value in state, so apply a change of it before destroying.",
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(attrs.DeletionAbandon),
			Validators: []validator.String{stringvalidator.OneOf(attrs.DeletionAbandon, attrs.DeletionPrevent)},
		},
		"language": schema.StringAttribute{
			MarkdownDescription: languageText,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"created_at": attrs.CreatedAt(),
	},
}

func metadata() schema.StringAttribute {
	a := attrs.Metadata("concept")
	a.MarkdownDescription += " When not set it is left as it is; removing it from the configuration empties it. Newer than the documented endpoints: a deployment of the service that does not know it ignores it, which is said in a warning, and what is configured then counts as set."
	return a
}

func dataAttributes(id datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	text := func(description string) datasourceschema.StringAttribute {
		return datasourceschema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	return map[string]datasourceschema.Attribute{
		"user_id":    ids.DataUserID(),
		"app_id":     ids.DataAppID(),
		"id":         id,
		"name":       text(nameText),
		"definition": text(definitionText),
		"metadata": datasourceschema.StringAttribute{
			MarkdownDescription: "Metadata of the concept, a JSON object.",
			Computed:            true, CustomType: jsontypes.NormalizedType{},
		},
		"visibility": text("Who may read the concept: `PRIVATE`, `ORG` or `PUBLIC`."),
		"language":   text(languageText),
		"created_at": text("When it was created (RFC 3339, UTC)."),
	}
}
