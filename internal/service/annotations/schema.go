package annotations

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotationattrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

var resourceSchema = newSchema()

func newSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"input_id": schema.StringAttribute{
			MarkdownDescription: "Id of the input that is annotated. Changing this replaces the annotation.",
			Required:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the annotation, unique among those of the input: 1 to 32 letters, digits, hyphens and underscores. " +
				"Changing this replaces the annotation.",
			Required:      true,
			Validators:    []validator.String{ids.Object()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"mask_sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 of the file of the mask, in hex. A file that changes is sent again.",
			Computed:            true,
		},
		"worker_user_id": schema.StringAttribute{
			MarkdownDescription: "Id of the user who created the annotation.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"deletion_policy": attrs.DeletionPolicy("annotation", "the input and the concepts stay"),
		"created_at":      attrs.CreatedAt(),
		"modified_at":     attrs.ModifiedAt(),
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Create: true,
			CreateDescription: "How long to wait until Clarifai has processed the input, before which an annotation may be rejected, as a " +
				"duration such as `90s` or `10m`. Defaults to `20m`.",
		}),
	}
	maps.Copy(attributes, annotationattrs.Attributes())
	return schema.Schema{
		MarkdownDescription: "An annotation of an input: labels with the region, frame or time segment that they belong to. Several boxes " +
			"are several annotations. Annotations of people and models that are not in the configuration stay as they are.\n\n" +
			"The labels, metadata and geo location of the input itself form its input-level annotation, which belongs to `clarifai_input` or " +
			"`clarifai_inputs` and is not managed here. For more than some hundred annotations use the `annotations` of rows of " +
			"`clarifai_inputs`: see the guide *Detection and segmentation data*.",
		Attributes: attributes,
	}
}

func nullTimeouts() timeouts.Value {
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{"create": types.StringType})}
}
