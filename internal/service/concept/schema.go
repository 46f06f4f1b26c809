package concept

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	idText = "Id of the concept, unique in the app: 1 to 32 letters, digits, hyphens and underscores. Concepts that are " +
		"imported or adopted may have other ids."
	nameText       = "Name in the app's default language."
	definitionText = "Definition in the app's default language."
	languageText   = "Code of the language of `name`: the app's default language."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A concept, which labels inputs of an app. **Destroying the resource only removes it from state**: the API " +
		"cannot delete concepts, so the concept stays in the app with its labels, languages and relations. To manage it again, import it or " +
		"set `adopt_existing`. The service also creates a concept when an input is labelled with one that does not exist.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText + " Changing it creates another concept; the old one stays in the app.",
			Required:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: nameText + " Defaults to the id. If not set, the provider does not manage it after creation.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"definition": schema.StringAttribute{
			MarkdownDescription: definitionText + " If not set, the provider does not manage it. The API cannot clear a text, so " +
				"removing it from the configuration is an error.",
			Optional:   true,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"metadata":   metadata(),
		"visibility": attrs.Visibility("concept"),
		"adopt_existing": schema.BoolAttribute{
			MarkdownDescription: "Whether an existing concept is adopted and updated to this configuration. Defaults to `false`: an existing " +
				"concept is an error that shows the import block. With `true` the provider lists the app's concepts once per run.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What destroying the resource does: `abandon` (default) removes the concept from state and leaves it " +
				"in the app, since the API cannot delete concepts; `prevent` is an error. " +
				"The value in state applies, so apply a change before destroying.",
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
	a.MarkdownDescription += " If not set, the provider does not manage it. Removing it from the configuration clears it. Older " +
		"deployments of the service do not support metadata of concepts: the provider then warns and keeps the configured value."
	return a
}

func dataAttributes(id datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	return dataschema.Attributes(resourceSchema.Attributes, dataschema.ID(id), "adopt_existing")
}
