// Package criteria converts the filters and ranks of searches between configuration and
// API, and compares their meaning. Dataset versions, default filters of datasets,
// memberships by search, saved searches and searches that are run all select inputs
// by them.
package criteria

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/float64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// annotationTypes are the types of annotation that a filter can select.
var annotationTypes = []string{
	"classification", "text", "frame", "bounding_box", "mask", "point", "polygon", "span", "time_segment",
}

// limitTypes are the units of a distance in a geo filter.
var limitTypes = []string{"withinMiles", "withinKilometers", "withinRadians", "withinDegrees"}

const (
	filtersText = " An input must meet all filters of the list. Conditions within one filter are alternatives: use one filter for each " +
		"condition to require all of them. Each filter has conditions either for annotations, for inputs, or for the time of the last update."
	ranksText = " Hits are ordered by their similarity to all ranks of the list."
)

// AnnotationFilterAttribute returns an annotation filter of a resource, such as the
// default filter of a dataset.
func AnnotationFilterAttribute(description string, modifiers ...planmodifier.Object) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description,
		Optional:            true,
		PlanModifiers:       modifiers,
		Validators:          []validator.Object{Validate()},
		Attributes: WithSettings(map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the filter, 1 to 32 letters, digits, hyphens and underscores. If not set, Clarifai generates one, " +
					"which state does not have.",
				Optional:   true,
				Validators: []validator.String{ids.New()},
			},
			"filters": FiltersAttribute("The conditions.", true),
		}),
	}
}

// FiltersAttribute returns a list of filters of a resource.
func FiltersAttribute(description string, required bool, modifiers ...planmodifier.List) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description + filtersText,
		Required:            required,
		Optional:            !required,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		PlanModifiers:       modifiers,
		NestedObject: schema.NestedAttributeObject{
			Attributes: filterAttributes(),
			Validators: []validator.Object{filterValidator{}},
		},
	}
}

// RanksAttribute returns a list of ranks of a resource.
func RanksAttribute(description string, modifiers ...planmodifier.List) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description + ranksText,
		Optional:            true,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		PlanModifiers:       modifiers,
		NestedObject: schema.NestedAttributeObject{
			Attributes: rankAttributes(),
			Validators: []validator.Object{rankValidator{}},
		},
	}
}

func filterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"negate": negate("filter: it finds what does not meet its conditions"),

		"annotation_id": text("Annotations: the one with this id."),
		"input_id":      text("Annotations: those of this input."),
		"task_id":       text("Annotations: those created in this task."),
		"user_id":       text("Annotations: those of this user, in the older form of the API. `worker_user_id` is what newer clients send."),
		"model_version_id": text("Annotations: those of this model version, in the older form of the API. `worker_model_version_id` is what " +
			"newer clients send."),
		"worker_user_id": text("Annotations: those created by this user."),
		"worker_model_version_id": text(
			"Annotations: those created by this model version."),
		"worker_workflow_version_id": text(
			"Annotations: those created by this workflow version."),
		"track_id": text("Annotations: those of this track of a video."),
		"annotation_type": schema.StringAttribute{
			MarkdownDescription: "Annotations: only those of this type: `classification` (without region or time), `text`, `frame`, " +
				"`bounding_box`, `mask`, `point`, `polygon`, `span` or `time_segment`. " +
				"`classification` cannot be combined with `concepts`, `metadata`, `geo` or `track_id` in one filter: use a second filter for those.",
			Optional:   true,
			Validators: []validator.String{stringvalidator.OneOf(annotationTypes...)},
		},
		"annotation_status_code": statusCode("Annotations: only those with this status code, such as 24150 (success)."),
		"annotation_info": schema.StringAttribute{
			MarkdownDescription: "Annotations: those whose own `annotation_info` has these keys and values. " + attrs.JSONText,
			Optional:            true,
			CustomType:          jsontypes.NormalizedType{},
			Validators:          []validator.String{attrs.ObjectValidator{}},
			PlanModifiers:       []planmodifier.String{attrs.KeepSameJSON{}},
		},
		"input_level": onlyTrue("Annotations: only those that label the input as a whole. The API accepts only `true`; use " +
			"`negate` for the opposite."),
		"trusted": onlyTrue("Annotations: only trusted ones (deprecated by Clarifai). The API accepts only `true`; use " +
			"`negate` for the opposite."),
		"concepts": schema.ListNestedAttribute{
			MarkdownDescription: "Annotations: those with one of these concepts. Concepts of one filter are alternatives; use one filter for " +
				"each to require all of them.",
			Optional:     true,
			Validators:   []validator.List{listvalidator.SizeAtLeast(1)},
			NestedObject: schema.NestedAttributeObject{Attributes: conceptAttributes(), Validators: []validator.Object{conceptValidator{}}},
		},
		"metadata": schema.StringAttribute{
			MarkdownDescription: "Annotations: those whose metadata has one of these keys with its value. Keys of one filter are alternatives; " +
				"use one filter for each to require all of them. " + attrs.JSONText,
			Optional:      true,
			CustomType:    jsontypes.NormalizedType{},
			Validators:    []validator.String{attrs.ObjectValidator{}},
			PlanModifiers: []planmodifier.String{attrs.KeepSameJSON{}},
		},
		"geo": schema.SingleNestedAttribute{
			MarkdownDescription: "Annotations: those near a point, or inside a box.",
			Optional:            true,
			Validators:          []validator.Object{geoValidator{}},
			Attributes: map[string]schema.Attribute{
				"point": schema.SingleNestedAttribute{
					MarkdownDescription: "The point; needs `limit`. Excludes `box`.",
					Optional:            true,
					Attributes:          pointAttributes(),
				},
				"limit": schema.SingleNestedAttribute{
					MarkdownDescription: "Maximum distance from `point`.",
					Optional:            true,
					Attributes: map[string]schema.Attribute{
						"type": schema.StringAttribute{
							MarkdownDescription: "Unit of the distance: `withinMiles`, `withinKilometers`, `withinRadians` or `withinDegrees`.",
							Required:            true,
							Validators:          []validator.String{stringvalidator.OneOf(limitTypes...)},
						},
						"value": schema.Float64Attribute{
							MarkdownDescription: "The distance. Clarifai stores 32-bit floats.",
							Required:            true,
							Validators:          []validator.Float64{float64validator.AtLeast(0)},
						},
					},
				},
				"box": schema.ListNestedAttribute{
					MarkdownDescription: "Two opposite corners of a box. Excludes `point`.",
					Optional:            true,
					Validators:          []validator.List{listvalidator.SizeBetween(2, 2)},
					NestedObject:        schema.NestedAttributeObject{Attributes: pointAttributes()},
				},
			},
		},

		"dataset_ids": schema.ListAttribute{
			MarkdownDescription: "Inputs: those in one of these datasets.",
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(ids.Reference())},
		},
		"input_type": schema.StringAttribute{
			MarkdownDescription: "Inputs: only those of this type: `image`, `video`, `audio` or `text`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf(inputcontent.Types...)},
		},
		"input_status_code": statusCode("Inputs: only those with this status code, such as 30000 (processed)."),

		"updated_after":  moment("Time: annotations last updated at this time or later (RFC 3339)."),
		"updated_before": moment("Time: annotations last updated at this time or earlier (RFC 3339)."),

		"json": schema.StringAttribute{
			MarkdownDescription: "The filter as the API has it, in JSON, for conditions that the other attributes do not cover. " +
				"Excludes all others. " + attrs.JSONText,
			Optional:      true,
			CustomType:    jsontypes.NormalizedType{},
			Validators:    []validator.String{filterJSONValidator{}},
			PlanModifiers: []planmodifier.String{attrs.KeepSameJSON{}},
		},
	}
}

func rankAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"negate": negate("rank: the least similar come first"),
		"concepts": schema.ListNestedAttribute{
			MarkdownDescription: "Inputs that have these concepts, labelled by people or predicted by a model.",
			Optional:            true,
			Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
			NestedObject:        schema.NestedAttributeObject{Attributes: conceptAttributes(), Validators: []validator.Object{conceptValidator{}}},
		},
		"input_id": text("Inputs that are similar to this input of the app."),
		"image_url": schema.StringAttribute{
			MarkdownDescription: "Inputs that are similar to the image at this URL.",
			Optional:            true,
			Validators:          []validator.String{attrs.URLValidator{}},
		},
		"image_base64": schema.StringAttribute{
			MarkdownDescription: "Inputs that are similar to this image, given as base64, such as `filebase64(\"truck.jpg\")`.",
			Optional:            true,
			Validators:          []validator.String{base64Validator{}},
		},
		"text": schema.StringAttribute{
			MarkdownDescription: "Inputs that match this text.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"embedding": schema.ListAttribute{
			MarkdownDescription: "Inputs whose embedding is close to this vector. Clarifai stores 32-bit floats.",
			ElementType:         types.Float64Type,
			Optional:            true,
			Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		},
		"model_version_id": text("The model version whose embeddings or predictions are compared. Together with one of the others."),
		"json": schema.StringAttribute{
			MarkdownDescription: "The rank as the API has it, in JSON, for conditions that the other attributes do not cover. " +
				"Excludes all others. " + attrs.JSONText,
			Optional:      true,
			CustomType:    jsontypes.NormalizedType{},
			Validators:    []validator.String{rankJSONValidator{}},
			PlanModifiers: []planmodifier.String{attrs.KeepSameJSON{}},
		},
	}
}

func conceptAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": text("Id of the concept. Give this, `name`, or both."),
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the concept.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"value": schema.Float64Attribute{
			MarkdownDescription: "1 (default) for inputs that have the concept, 0 for those labelled as not having it.",
			Optional:            true,
			Computed:            true,
			Default:             float64default.StaticFloat64(1),
			Validators:          []validator.Float64{float64validator.Between(0, 1)},
		},
	}
}

func pointAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"latitude": schema.Float64Attribute{
			MarkdownDescription: "Latitude in degrees, -90 to 90.",
			Required:            true,
			Validators:          []validator.Float64{float64validator.Between(-90, 90)},
		},
		"longitude": schema.Float64Attribute{
			MarkdownDescription: "Longitude in degrees, -180 to 180.",
			Required:            true,
			Validators:          []validator.Float64{float64validator.Between(-180, 180)},
		},
	}
}

func negate(what string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Negates the " + what + ". Defaults to `false`.",
		Optional:            true,
		Computed:            true,
		Default:             booldefault.StaticBool(false),
	}
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.String{ids.Reference()},
	}
}

func statusCode(description string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.Int64{int64validator.Between(1, 999999)},
	}
}

func onlyTrue(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.Bool{boolvalidator.Equals(true)},
	}
}

func moment(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " Both ends are included.",
		Optional:            true,
		CustomType:          timetypes.RFC3339Type{},
	}
}
