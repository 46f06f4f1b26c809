package annotationattrs

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
)

// regionNames are the attributes of an annotation that a region has.
var regionNames = []string{"concepts", "bounding_box", "polygon", "point", "keypoints", "mask", "span", "track_id"}

// region is a region as attributes.
type region struct {
	Concepts    types.Map    `tfsdk:"concepts"`
	BoundingBox types.Object `tfsdk:"bounding_box"`
	Polygon     types.List   `tfsdk:"polygon"`
	Point       types.Object `tfsdk:"point"`
	Keypoints   types.List   `tfsdk:"keypoints"`
	Mask        types.Object `tfsdk:"mask"`
	Span        types.Object `tfsdk:"span"`
	TrackID     types.String `tfsdk:"track_id"`
}

// Regions is the attribute of regions that are created together with their input.
func Regions(description string, modifiers ...planmodifier.List) schema.ListNestedAttribute {
	attributes := maps.Clone(Attributes())
	maps.DeleteFunc(attributes, func(name string, _ schema.Attribute) bool { return !slices.Contains(regionNames, name) })
	return schema.ListNestedAttribute{
		MarkdownDescription: description + " Each has one of `bounding_box`, `polygon`, `point`, `keypoints`, `mask` and `span`.",
		Optional:            true,
		Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		PlanModifiers:       modifiers,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes, Validators: []validator.Object{oneShape{}}},
	}
}

// RegionType is the type of an element of [Regions].
func RegionType() attr.Type { return Regions("").GetType().(types.ListType).ElemType }

// NullRegions is the value of [Regions] that is not set.
func NullRegions() types.List { return types.ListNull(RegionType()) }

// RegionsToAPI is what to send for regions.
func RegionsToAPI(ctx context.Context, v types.List) ([]clarifai.Region, diag.Diagnostics) {
	var models []region
	if v.IsNull() || v.IsUnknown() {
		return nil, nil
	}
	problems := v.ElementsAs(ctx, &models, false)
	var sent []clarifai.Region
	for i, m := range models {
		whole := Null()
		whole.Concepts, whole.BoundingBox, whole.Polygon, whole.Point = m.Concepts, m.BoundingBox, m.Polygon, m.Point
		whole.Keypoints, whole.Mask, whole.Span, whole.TrackID = m.Keypoints, m.Mask, m.Span, m.TrackID
		a, err := whole.ToAnnotation("")
		var api clarifai.Annotation
		if err == nil {
			api, err = a.ToAPI("")
		}
		if err != nil {
			problems.AddError("Invalid region", fmt.Sprintf("Region %d cannot be sent: %v.", i, err))
			continue
		}
		sent = append(sent, api.Data.Regions...)
	}
	return sent, problems
}

// RegionsFromAPI are regions as the service returns them; null if there is none.
func RegionsFromAPI(ctx context.Context, found []clarifai.Region) (types.List, diag.Diagnostics) {
	if len(found) == 0 {
		return NullRegions(), nil
	}
	models := make([]region, len(found))
	for i := range found {
		a := annotation.FromAPI(&clarifai.Annotation{Data: &clarifai.Data{Regions: found[i : i+1]}})
		m := modelOf(&a, types.StringNull())
		models[i] = region{
			Concepts: m.Concepts, BoundingBox: m.BoundingBox, Polygon: m.Polygon, Point: m.Point,
			Keypoints: m.Keypoints, Mask: m.Mask, Span: m.Span, TrackID: m.TrackID,
		}
	}
	return types.ListValueFrom(ctx, RegionType(), models)
}

// oneShape checks that a region has exactly one shape.
type oneShape struct{}

// Description says what it checks.
func (oneShape) Description(context.Context) string { return "must have exactly one shape" }

// MarkdownDescription says what it checks.
func (o oneShape) MarkdownDescription(ctx context.Context) string { return o.Description(ctx) }

// ValidateObject checks the value.
func (oneShape) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	shapes, unknown := 0, false
	for name, v := range req.ConfigValue.Attributes() {
		switch {
		case name == "concepts" || name == "track_id" || v.IsNull():
		case v.IsUnknown():
			unknown = true
		default:
			shapes++
		}
	}
	if shapes > 1 || shapes == 0 && !unknown && !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid region",
			fmt.Sprintf("A region has exactly one of bounding_box, polygon, point, keypoints, mask and span, not %d.", shapes))
	}
}
