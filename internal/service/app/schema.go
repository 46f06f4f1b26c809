package app

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
)

// unmanagedNames are the attributes that the provider does not manage if they
// are not set.
var unmanagedNames = []string{"description", "notes", "metadata", "sample_ms", "image_url"}

const (
	unmanagedText = " If not set, the provider does not manage it. The API cannot clear it, so removing it from the configuration is rejected."
	serverText    = " If not set, it has Clarifai's value. Removing it from the configuration changes nothing."
	searchText    = "Keywords to search for in id, description, notes and user id. A word may be given by its stem or its beginning."
)

// defaultDeletionPolicy is stricter than that of other nouns: deleting an app
// deletes everything in it, including what Terraform does not manage.
const defaultDeletionPolicy = attrs.DeletionPrevent

var resourceSchema = schema.Schema{
	MarkdownDescription: "An app: the container of datasets, inputs, concepts and models. Needs a personal access token; app-specific " +
		"keys cannot create apps. Deleting an app deletes everything in it, including objects that were not created with Terraform, so " +
		"destroying the resource is rejected unless you set `deletion_policy`.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the app, unique among the apps of the user: 1 to 32 letters, digits, hyphens and underscores. " +
				"Changing this replaces the app, which is rejected as long as `deletion_policy` is `prevent`.",
			Required:      true,
			Validators:    []validator.String{ids.Object()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "Short description." + unmanagedText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"notes": schema.StringAttribute{
			MarkdownDescription: "Notes, up to 64 KB of text." + unmanagedText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.LengthBetween(1, 64<<10)},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"default_language": schema.StringAttribute{
			MarkdownDescription: "Language of the names of concepts, as a code such as `en`, which is also the default." + serverText,
			Optional:            true, Computed: true,
			Validators:    []validator.String{stringvalidator.LengthAtLeast(2)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"default_workflow_id": schema.StringAttribute{
			MarkdownDescription: "Id of the workflow that processes every new input of the app. Existing inputs are not processed again when it " +
				"changes." + serverText,
			Optional: true, Computed: true,
			Validators:    []validator.String{ids.Reference()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"metadata":   attrs.UnmanagedMetadata("app"),
		"visibility": attrs.Visibility("app"),
		"sample_ms": schema.Int64Attribute{
			MarkdownDescription: "Interval between the frames that Clarifai samples from videos, in milliseconds." + unmanagedText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{int64validator.Between(1, 1<<32-1)},
			PlanModifiers:       []planmodifier.Int64{unmanaged.Keep{}},
		},
		"image_url": schema.StringAttribute{
			MarkdownDescription: "URL of an image that represents the app. If not set, the provider does not manage it. Removing it from the " +
				"configuration removes the image.",
			Optional:      true,
			Computed:      true,
			Validators:    []validator.String{attrs.URLValidator{}},
			PlanModifiers: []planmodifier.String{unmanaged.Keep{}},
		},
		"is_template": schema.BoolAttribute{
			MarkdownDescription: "Whether the app is offered as a template for others." + serverText,
			Optional:            true, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"deletion_policy": attrs.DeletionPolicyDefault("app", "with everything in it", defaultDeletionPolicy),
		"created_at":      attrs.CreatedAt(),
		"modified_at":     attrs.ModifiedAt(),
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Delete:            true,
			DeleteDescription: "How long to wait until the app no longer exists, as a duration such as `90s` or `10m`. Defaults to `5m`.",
		}),
	},
}
