package dataset

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
)

// unmanagedNames are the attributes that the provider does not manage if they
// are not set.
var unmanagedNames = []string{"description", "notes", "metadata", "image_url", "default_annotation_filter", "default_frame_interval_ms"}

const (
	unmanagedText = " If not set, the provider does not manage it. The API cannot clear it, so removing it from the configuration is rejected."
	searchText    = "Keywords to search for in id, description, notes and user id."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A dataset: a named selection of an app's inputs, from which you create immutable versions. " +
		"Destroying the resource deletes the dataset with its versions and their exports; the inputs stay in the app. See `deletion_policy`.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the dataset, unique in the app: 1 to 32 letters, digits, hyphens and underscores. Changing this replaces " +
				"the dataset.",
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
		"metadata":   attrs.UnmanagedMetadata("dataset"),
		"visibility": attrs.Visibility("dataset"),
		"image_url": schema.StringAttribute{
			MarkdownDescription: "URL of an image that represents the dataset. If not set, the provider does not manage it. Removing it from the " +
				"configuration removes the image.",
			Optional:      true,
			Computed:      true,
			Validators:    []validator.String{attrs.URLValidator{}},
			PlanModifiers: []planmodifier.String{unmanaged.Keep{}},
		},
		"default_annotation_filter": defaultFilter(),
		"default_frame_interval_ms": schema.Int64Attribute{
			MarkdownDescription: "Interval between the frames that Clarifai samples from a video when it creates a version, in milliseconds. " +
				"0 uses the input's own sampling. Versions that set no processing settings copy it." + unmanagedText,
			Optional:      true,
			Computed:      true,
			Validators:    []validator.Int64{int64validator.Between(0, 1<<32-1)},
			PlanModifiers: []planmodifier.Int64{unmanaged.Keep{}},
		},
		"deletion_policy": attrs.DeletionPolicy("dataset", "with its versions and exports; its inputs stay"),
		"created_at":      attrs.CreatedAt(),
		"modified_at":     attrs.ModifiedAt(),
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Delete:            true,
			DeleteDescription: "How long to wait until the dataset no longer exists, as a duration such as `90s` or `10m`. Defaults to `5m`.",
		}),
	},
}

func defaultFilter() schema.SingleNestedAttribute {
	a := criteria.AnnotationFilterAttribute("Filter for versions of the dataset that set none of their own. "+
		"Ids and timestamps that Clarifai adds to it are not compared."+unmanagedText, unmanaged.Keep{})
	a.Computed = true
	return a
}
