// Package annotationattrs provides the attributes of one annotation, which the resources for annotations and
// inputs share, with their conversion to and from the model in package annotation.
package annotationattrs

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

var (
	boxType = map[string]attr.Type{"top_row": types.Float64Type, "left_col": types.Float64Type, "bottom_row": types.Float64Type,
		"right_col": types.Float64Type}
	pointType = map[string]attr.Type{"row": types.Float64Type, "col": types.Float64Type, "z": types.Float64Type,
		"visibility": types.StringType}
	maskType  = map[string]attr.Type{"file": types.StringType, "url": types.StringType}
	spanType  = map[string]attr.Type{"char_start": types.Int64Type, "char_end": types.Int64Type, "raw_text": types.StringType}
	frameType = map[string]attr.Type{"time_ms": types.Int64Type, "number": types.Int64Type}
	timeType  = map[string]attr.Type{"begin_seconds": types.Float64Type, "end_seconds": types.Float64Type}
)

// Attributes returns the attributes that describe an annotation.
func Attributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"concepts": schema.MapAttribute{
			MarkdownDescription: "Labels of the region, frame, time segment or, without any of these, of the whole input: concept ids with " +
				"their values, 1 for \"is\" and 0 for \"is not\". Concepts that the app does not have are created.",
			Optional:    true,
			ElementType: types.Float64Type,
			Validators: []validator.Map{
				mapvalidator.KeysAre(ids.Reference()),
				mapvalidator.ValueFloat64sAre(float64validator.Between(0, 1)),
			},
		},
		"bounding_box": schema.SingleNestedAttribute{
			MarkdownDescription: "Box on an image, or on a frame of a video, in fractions of its height and width. The API holds 32-bit floats: " +
				"differences below that are no changes.",
			Optional: true,
			Attributes: map[string]schema.Attribute{
				"top_row":    coordinate("Upper edge, 0 to 1."),
				"left_col":   coordinate("Left edge, 0 to 1."),
				"bottom_row": coordinate("Lower edge, 0 to 1, below `top_row`."),
				"right_col":  coordinate("Right edge, 0 to 1, right of `left_col`."),
			},
		},
		"polygon": schema.ListNestedAttribute{
			MarkdownDescription: "Corners of a polygon on an image or frame, at least 3. It is closed: the first corner is not repeated.",
			Optional:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: pointAttributes()},
			Validators:          []validator.List{listvalidator.SizeAtLeast(3)},
		},
		"point": schema.SingleNestedAttribute{
			MarkdownDescription: "A single point on an image or frame.",
			Optional:            true,
			Attributes:          pointAttributes(),
		},
		"keypoints": schema.ListNestedAttribute{
			MarkdownDescription: "Keypoints on an image or frame, in the order of the keypoint names of the concept.",
			Optional:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: pointAttributes()},
			Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		},
		"mask": schema.SingleNestedAttribute{
			MarkdownDescription: "A mask with the size of the image: a PNG with 8 bits of grey for each pixel, of which those other than 0 " +
				"belong to the object. The API does not return the bytes, so changes of them outside Terraform are not seen.",
			Optional: true,
			Attributes: map[string]schema.Attribute{
				"file": schema.StringAttribute{MarkdownDescription: "Path of the PNG, relative to the directory that Terraform runs in.",
					Optional: true},
				"url": schema.StringAttribute{
					MarkdownDescription: "URL of the PNG. Set either `file` or `url`.", Optional: true,
					Validators: []validator.String{attrs.URLValidator{}},
				},
			},
		},
		"span": schema.SingleNestedAttribute{
			MarkdownDescription: "Part of a text. Offsets count Unicode code points from 0.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"char_start": count("First character."),
				"char_end":   count("End of the part: the offset after its last character."),
				"raw_text":   schema.StringAttribute{MarkdownDescription: "The part itself.", Optional: true},
			},
		},
		"frame": schema.SingleNestedAttribute{
			MarkdownDescription: "Frame of a video that the annotation belongs to, with or without a region.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"time_ms": count("Time of the frame in the video, in milliseconds."),
				"number": schema.Int64Attribute{
					MarkdownDescription: "Number of the frame in the video, from 0. Defaults to `0`.", Optional: true, Computed: true,
					Default: int64default.StaticInt64(0), Validators: []validator.Int64{int64validator.Between(0, 1<<32-1)},
				},
			},
		},
		"time_segment": schema.SingleNestedAttribute{
			MarkdownDescription: "Time segment of a video or audio that the annotation belongs to.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"begin_seconds": schema.Float64Attribute{MarkdownDescription: "Begin, in seconds.", Required: true,
					Validators: []validator.Float64{float64validator.AtLeast(0)}, PlanModifiers: []planmodifier.Float64{keepSameFloat{}}},
				"end_seconds": schema.Float64Attribute{MarkdownDescription: "End, in seconds, after the begin.", Required: true,
					PlanModifiers: []planmodifier.Float64{keepSameFloat{}}},
			},
		},
		"track_id": schema.StringAttribute{
			MarkdownDescription: "Id of the track that the region belongs to: the same object in several frames of a video.",
			Optional:            true,
			Validators:          []validator.String{ids.Reference()},
		},
		"text": schema.StringAttribute{
			MarkdownDescription: "Free text, such as a caption, or the text that is read in the region.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"metadata": attrs.Metadata("annotation"),
		"annotation_info": schema.StringAttribute{
			MarkdownDescription: "Information about the annotation, such as where it comes from. " + attrs.JSONText,
			Optional:            true,
			CustomType:          jsontypes.NormalizedType{},
			Validators:          []validator.String{attrs.ObjectValidator{}},
			PlanModifiers:       []planmodifier.String{attrs.KeepSameJSON{}},
		},
		"status": schema.StringAttribute{
			MarkdownDescription: "Status of the annotation: `" + strings.Join(annotation.Statuses, "`, `") +
				"`. If not set, Clarifai chooses: `success`, or `awaiting_review` if the caller does not own the app. " +
				"The status that Clarifai changes by itself is shown only if it is not set here.",
			Optional:      true,
			Computed:      true,
			Validators:    []validator.String{stringvalidator.OneOf(annotation.Statuses...)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
	}
}

func coordinate(text string) schema.Float64Attribute {
	return schema.Float64Attribute{
		MarkdownDescription: text, Required: true,
		Validators:    []validator.Float64{float64validator.Between(0, 1)},
		PlanModifiers: []planmodifier.Float64{keepSameFloat{}},
	}
}

// keepSameFloat plans no change if numbers differ only beyond the precision of 32-bit floats.
type keepSameFloat struct{}

// Description implements the plan modifier.
func (keepSameFloat) Description(context.Context) string {
	return "plans no change while the number is the same 32-bit float"
}

// MarkdownDescription implements the plan modifier.
func (k keepSameFloat) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

// PlanModifyFloat64 keeps the number in state.
func (keepSameFloat) PlanModifyFloat64(_ context.Context, req planmodifier.Float64Request, resp *planmodifier.Float64Response) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if annotation.Near(float32(req.StateValue.ValueFloat64()), float32(req.PlanValue.ValueFloat64())) {
		resp.PlanValue = req.StateValue
	}
}

func count(text string) schema.Int64Attribute {
	return schema.Int64Attribute{MarkdownDescription: text, Required: true, Validators: []validator.Int64{int64validator.Between(0, 1<<32-1)}}
}

func pointAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"row": coordinate("Distance from the upper edge, 0 to 1."),
		"col": coordinate("Distance from the left edge, 0 to 1."),
		"z":   schema.Float64Attribute{MarkdownDescription: "Depth.", Optional: true},
		"visibility": schema.StringAttribute{
			MarkdownDescription: "`" + strings.Join(annotation.Visibilities, "`, `") + "`.", Optional: true,
			Validators: []validator.String{stringvalidator.OneOf(annotation.Visibilities...)},
		},
	}
}

// Null returns a model without values.
func Null() Model {
	point := types.ObjectType{AttrTypes: pointType}
	return Model{
		Concepts: types.MapNull(types.Float64Type), BoundingBox: types.ObjectNull(boxType), Polygon: types.ListNull(point),
		Point: types.ObjectNull(pointType), Keypoints: types.ListNull(point), Mask: types.ObjectNull(maskType), Span: types.ObjectNull(spanType),
		Frame: types.ObjectNull(frameType), TimeSegment: types.ObjectNull(timeType),
	}
}
