package app

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	idText          = "Id of the app, unique among the apps of the user: 1 to 32 letters, digits, hyphens and underscores."
	descriptionText = "Short description."
	notesText       = "Notes, up to 64 KB of text."
	languageText    = "Language of the names of concepts, as a code such as `en`."
	workflowText    = "Id of the workflow that looks at every input of the app."
	sampleText      = "How densely videos are sampled, in milliseconds between frames."
	imageText       = "URL of a picture that stands for the app."
	templateText    = "Whether the app is offered as a template for others."
	keepsText       = " When not set it is left as it is: the API cannot empty it, so removing it from the configuration is refused."
	serversText     = " When not set it is what the service has; removing it from the configuration changes nothing."
)

// defaultDeletionPolicy is stricter than that of other nouns: with an app goes
// everything that is in it, also what Terraform has never heard of.
const defaultDeletionPolicy = attrs.DeletionPrevent

var resourceSchema = schema.Schema{
	MarkdownDescription: "An app: the container of datasets, inputs, concepts, models and all else of the API. Needs a personal access token; app-specific keys cannot make apps. " +
		"Deleting an app deletes everything in it, also what was not made with Terraform, so destroying the resource is refused unless `deletion_policy` says otherwise.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText + " Changing it replaces the app, which is refused as long as `deletion_policy` is `prevent`.",
			Required:            true,
			Validators:          []validator.String{ids.New()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: descriptionText + keepsText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"notes": schema.StringAttribute{
			MarkdownDescription: notesText + keepsText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthBetween(1, 64<<10)},
		},
		"default_language": schema.StringAttribute{
			MarkdownDescription: languageText + " The service's default is `en` (observed)." + serversText,
			Optional:            true, Computed: true,
			Validators:    []validator.String{stringvalidator.LengthAtLeast(2)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"default_workflow_id": schema.StringAttribute{
			MarkdownDescription: workflowText + " Inputs that the app has already are not looked at again when it changes." + serversText,
			Optional:            true, Computed: true,
			Validators:    []validator.String{ids.Reference()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"metadata":   attrs.Metadata("app"),
		"visibility": attrs.Visibility("app"),
		"sample_ms": schema.Int64Attribute{
			MarkdownDescription: sampleText + keepsText,
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, 1<<32-1)},
		},
		"image_url": schema.StringAttribute{
			MarkdownDescription: imageText + " Removing it from the configuration removes the picture.",
			Optional:            true,
			Validators:          []validator.String{attrs.URLValidator{}},
		},
		"is_template": schema.BoolAttribute{
			MarkdownDescription: templateText + serversText,
			Optional:            true, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What destroying the resource does: `prevent` (default) refuses, `abandon` only forgets the app and leaves it at the service, " +
				"`delete` deletes the app with all that is in it. What counts is the value in state, so apply a change of it before destroying.",
			Optional: true, Computed: true,
			Default:    stringdefault.StaticString(defaultDeletionPolicy),
			Validators: []validator.String{stringvalidator.OneOf(attrs.DeletionDelete, attrs.DeletionAbandon, attrs.DeletionPrevent)},
		},
		"created_at":  attrs.CreatedAt(),
		"modified_at": attrs.ModifiedAt(),
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Delete:            true,
			DeleteDescription: "How long to wait until the service, which may delete in the background, no longer has the app, as a duration such as `90s` or `10m`. Defaults to `5m`.",
		}),
	},
}

func dataAttributes(id datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	return map[string]datasourceschema.Attribute{
		"user_id":             ids.DataUserID(),
		"id":                  id,
		"description":         datasourceschema.StringAttribute{MarkdownDescription: descriptionText, Computed: true},
		"notes":               datasourceschema.StringAttribute{MarkdownDescription: notesText, Computed: true},
		"default_language":    datasourceschema.StringAttribute{MarkdownDescription: languageText, Computed: true},
		"default_workflow_id": datasourceschema.StringAttribute{MarkdownDescription: workflowText, Computed: true},
		"metadata": datasourceschema.StringAttribute{
			MarkdownDescription: "Metadata of the app, a JSON object.",
			Computed:            true, CustomType: jsontypes.NormalizedType{},
		},
		"visibility":  datasourceschema.StringAttribute{MarkdownDescription: "Who may read the app: `PRIVATE`, `ORG` or `PUBLIC`.", Computed: true},
		"sample_ms":   datasourceschema.Int64Attribute{MarkdownDescription: sampleText, Computed: true},
		"image_url":   datasourceschema.StringAttribute{MarkdownDescription: imageText, Computed: true},
		"is_template": datasourceschema.BoolAttribute{MarkdownDescription: templateText, Computed: true},
		"created_at":  datasourceschema.StringAttribute{MarkdownDescription: "When it was created (RFC 3339, UTC).", Computed: true},
		"modified_at": datasourceschema.StringAttribute{MarkdownDescription: "When it was last changed (RFC 3339, UTC).", Computed: true},
	}
}
