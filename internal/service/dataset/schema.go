package dataset

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/search"
)

const (
	idText          = "Id of the dataset, unique in the app: 1 to 32 letters, digits, hyphens and underscores."
	descriptionText = "Short description."
	notesText       = "Notes, up to 64 KB of text."
	keepsText       = " When not set it is left as it is: the API cannot empty a text, so removing it from the configuration is refused."
	imageText       = "URL of a picture that stands for the dataset."
	filterText      = "Filter that versions of the dataset use when they bring none of their own. What the service adds to it (ids, timestamps) is not compared."
	frameText       = "How densely video is sampled when a version is made, in milliseconds between frames. 0 uses the input's own sampling. Copied into versions that bring no processing settings of their own."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A dataset: a named selection of an app's inputs, from which immutable versions are made. " +
		"Destroying it deletes its versions and their exports with it; the inputs stay in the app. See `deletion_policy`.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText + " Changing it replaces the dataset.",
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
		"metadata":   attrs.Metadata("dataset"),
		"visibility": attrs.Visibility("dataset"),
		"image_url": schema.StringAttribute{
			MarkdownDescription: imageText + " Removing it from the configuration removes the picture.",
			Optional:            true,
			Validators:          []validator.String{attrs.URLValidator{}},
		},
		"default_annotation_filter": search.AnnotationFilterAttribute(filterText + " Once set it can be changed but not removed."),
		"default_frame_interval_ms": schema.Int64Attribute{
			MarkdownDescription: frameText + " Once set it can be changed but not removed.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(0, 1<<32-1)},
		},
		"deletion_policy": attrs.DeletionPolicy("dataset", "its versions and exports go with it, its inputs stay"),
		"created_at":      attrs.CreatedAt(),
		"modified_at":     attrs.ModifiedAt(),
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Delete:            true,
			DeleteDescription: "How long to wait until the service, which may delete in the background, no longer has the dataset, as a duration such as `90s` or `10m`. Defaults to `5m`.",
		}),
	},
}

func dataAttributes(id datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	return map[string]datasourceschema.Attribute{
		"user_id":     ids.DataUserID(),
		"app_id":      ids.DataAppID(),
		"id":          id,
		"description": datasourceschema.StringAttribute{MarkdownDescription: descriptionText, Computed: true},
		"notes":       datasourceschema.StringAttribute{MarkdownDescription: notesText, Computed: true},
		"metadata": datasourceschema.StringAttribute{
			MarkdownDescription: "Metadata of the dataset, a JSON object.",
			Computed:            true, CustomType: jsontypes.NormalizedType{},
		},
		"visibility":                datasourceschema.StringAttribute{MarkdownDescription: "Who may read the dataset: `PRIVATE`, `ORG` or `PUBLIC`.", Computed: true},
		"image_url":                 datasourceschema.StringAttribute{MarkdownDescription: imageText, Computed: true},
		"default_annotation_filter": search.AnnotationFilterDataAttribute(filterText),
		"default_frame_interval_ms": datasourceschema.Int64Attribute{MarkdownDescription: frameText, Computed: true},
		"created_at":                datasourceschema.StringAttribute{MarkdownDescription: "When it was created (RFC 3339, UTC).", Computed: true},
		"modified_at":               datasourceschema.StringAttribute{MarkdownDescription: "When it was last changed (RFC 3339, UTC).", Computed: true},
	}
}
