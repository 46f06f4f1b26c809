package annotationattrs

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

// Model is the annotation as attributes. A null attribute means that the annotation has no such part.
type Model struct {
	Concepts       types.Map            `tfsdk:"concepts"`
	BoundingBox    types.Object         `tfsdk:"bounding_box"`
	Polygon        types.List           `tfsdk:"polygon"`
	Point          types.Object         `tfsdk:"point"`
	Keypoints      types.List           `tfsdk:"keypoints"`
	Mask           types.Object         `tfsdk:"mask"`
	Span           types.Object         `tfsdk:"span"`
	Frame          types.Object         `tfsdk:"frame"`
	TimeSegment    types.Object         `tfsdk:"time_segment"`
	TrackID        types.String         `tfsdk:"track_id"`
	Text           types.String         `tfsdk:"text"`
	Metadata       jsontypes.Normalized `tfsdk:"metadata"`
	AnnotationInfo jsontypes.Normalized `tfsdk:"annotation_info"`
	Status         types.String         `tfsdk:"status"`
}

// fields returns all values of the model.
func (m *Model) fields() []attr.Value {
	return []attr.Value{
		m.Concepts, m.BoundingBox, m.Polygon, m.Point, m.Keypoints, m.Mask, m.Span, m.Frame, m.TimeSegment,
		m.TrackID, m.Text, m.Metadata, m.AnnotationInfo,
	}
}

// Known reports whether the whole model is known. It ignores the status, which Clarifai may choose.
func (m *Model) Known() bool {
	return !slices.ContainsFunc(m.fields(), func(v attr.Value) bool { return !known(v) })
}

func known(v attr.Value) bool {
	if v.IsUnknown() {
		return false
	}
	var parts []attr.Value
	switch c := v.(type) {
	case types.Object:
		parts = slices.Collect(maps.Values(c.Attributes()))
	case types.List:
		parts = c.Elements()
	case types.Map:
		parts = slices.Collect(maps.Values(c.Elements()))
	}
	return !slices.ContainsFunc(parts, func(v attr.Value) bool { return !known(v) })
}

// ToAnnotation converts a model whose values are known.
func (m *Model) ToAnnotation(id string) (annotation.Annotation, error) {
	a := annotation.Annotation{ID: id}
	for _, id := range slices.Sorted(maps.Keys(m.Concepts.Elements())) {
		value, _ := m.Concepts.Elements()[id].(types.Float64)
		a.Concepts = append(a.Concepts, annotation.Concept{ID: id, Value: float32(value.ValueFloat64())})
	}
	shapes := 0
	for _, shape := range []struct {
		v   attr.Value
		set func()
	}{
		{m.BoundingBox, func() {
			a.Shape = annotation.Box
			o := m.BoundingBox
			a.Rect = annotation.Rectangle{Top: float(o, "top_row"), Left: float(o, "left_col"), Bottom: float(o, "bottom_row"),
				Right: float(o, "right_col")}
		}},
		{m.Polygon, func() { a.Shape, a.Points = annotation.Polygon, points(m.Polygon.Elements()...) }},
		{m.Point, func() { a.Shape, a.Points = annotation.SinglePoint, points(m.Point) }},
		{m.Keypoints, func() { a.Shape, a.Points = annotation.Keypoints, points(m.Keypoints.Elements()...) }},
		{m.Mask, func() {
			a.Shape = annotation.Mask
			a.Edit().Mask = &annotation.MaskImage{File: text(m.Mask, "file"), URL: text(m.Mask, "url")}
		}},
		{m.Span, func() {
			a.Shape = annotation.Span
			a.Edit().Span = &annotation.TextSpan{Start: number(m.Span, "char_start"), End: number(m.Span, "char_end"),
				Text: text(m.Span, "raw_text")}
		}},
	} {
		if !shape.v.IsNull() {
			shapes++
			shape.set()
		}
	}
	if shapes > 1 {
		return a, errors.New("an annotation has at most one of bounding_box, polygon, point, keypoints, mask and span; create one " +
			"annotation for each")
	}
	if mask := a.Extra().Mask; mask != nil && (mask.File == "") == (mask.URL == "") {
		return a, errors.New("mask needs exactly one of file and url")
	}
	if !m.Frame.IsNull() {
		a.Edit().Frame = &annotation.Frame{TimeMS: number(m.Frame, "time_ms"), Number: number(m.Frame, "number")}
	}
	if !m.TimeSegment.IsNull() {
		a.Edit().Segment = &annotation.Segment{Begin: float(m.TimeSegment, "begin_seconds"), End: float(m.TimeSegment, "end_seconds")}
	}
	rest := a.Edit()
	rest.TrackID, rest.Text = m.TrackID.ValueString(), m.Text.ValueString()
	rest.Metadata, rest.Info = attrs.Struct(m.Metadata), attrs.Struct(m.AnnotationInfo)
	if !m.Status.IsUnknown() {
		rest.Status, _ = annotation.ParseStatus(m.Status.ValueString()) // a status that only Clarifai sets is not sent
	}
	return a, nil
}

func float(o types.Object, name string) float32 {
	v, _ := o.Attributes()[name].(types.Float64)
	return float32(v.ValueFloat64())
}

func number(o types.Object, name string) uint32 {
	v, _ := o.Attributes()[name].(types.Int64)
	return uint32(v.ValueInt64()) //nolint:gosec // validated
}

func text(o types.Object, name string) string {
	v, _ := o.Attributes()[name].(types.String)
	return v.ValueString()
}

func points(values ...attr.Value) []annotation.Point {
	all := make([]annotation.Point, 0, len(values))
	for _, v := range values {
		o, _ := v.(types.Object)
		visibility, _ := annotation.ParseVisibility(text(o, "visibility")) // validated
		all = append(all, annotation.Point{Row: float(o, "row"), Col: float(o, "col"), Z: float(o, "z"), Visibility: visibility})
	}
	return all
}

// FromAPI sets the model to an annotation that was read. If the model already means the same, it keeps
// the spelling of the configuration.
func (m *Model) FromAPI(found *clarifai.Annotation) error {
	now := annotation.FromAPI(found)
	status := types.StringNull()
	if name := annotation.StatusName(now.Extra().Status); name != "" {
		status = types.StringValue(name)
	}
	if m.Known() {
		want, err := m.ToAnnotation(now.ID)
		if err != nil {
			return err
		}
		want.Edit().Status = 0
		if annotation.Same(&want, &now) {
			if m.Status.IsNull() || m.Status.IsUnknown() || !reviewed(m.Status, status) {
				m.Status = status
			}
			return nil
		}
	}
	mask := m.Mask
	*m = modelOf(&now, status)
	if !m.Mask.IsNull() && !mask.IsNull() && !mask.IsUnknown() {
		m.Mask = mask // the API does not return its bytes
	}
	return nil
}

// reviewed reports whether Clarifai replaced the status that was set by the status found: annotations of
// collaborators wait for a review.
func reviewed(set, found types.String) bool {
	return set.ValueString() == "success" && found.ValueString() == "awaiting_review"
}

func modelOf(a *annotation.Annotation, status types.String) Model {
	m := Null()
	rest := a.Extra()
	if len(a.Concepts) > 0 {
		values := map[string]attr.Value{}
		for _, c := range a.Concepts {
			values[c.ID] = decimal(c.Value)
		}
		m.Concepts = types.MapValueMust(types.Float64Type, values)
	}
	switch a.Shape {
	case annotation.Box:
		m.BoundingBox = types.ObjectValueMust(boxType, map[string]attr.Value{
			"top_row": decimal(a.Rect.Top), "left_col": decimal(a.Rect.Left),
			"bottom_row": decimal(a.Rect.Bottom), "right_col": decimal(a.Rect.Right),
		})
	case annotation.Polygon:
		m.Polygon = pointList(a.Points)
	case annotation.SinglePoint:
		m.Point = pointObject(a.Points[0])
	case annotation.Keypoints:
		m.Keypoints = pointList(a.Points)
	case annotation.Mask:
		m.Mask = types.ObjectValueMust(maskType, map[string]attr.Value{"file": types.StringNull(), "url": attrs.Text(rest.Mask.URL)})
	case annotation.Span:
		m.Span = types.ObjectValueMust(spanType, map[string]attr.Value{
			"char_start": types.Int64Value(int64(rest.Span.Start)),
			"char_end":   types.Int64Value(int64(rest.Span.End)), "raw_text": attrs.Text(rest.Span.Text),
		})
	}
	if f := rest.Frame; f != nil {
		m.Frame = types.ObjectValueMust(frameType, map[string]attr.Value{"time_ms": types.Int64Value(int64(f.TimeMS)),
			"number": types.Int64Value(int64(f.Number))})
	}
	if s := rest.Segment; s != nil {
		m.TimeSegment = types.ObjectValueMust(timeType, map[string]attr.Value{"begin_seconds": decimal(s.Begin), "end_seconds": decimal(s.End)})
	}
	m.TrackID, m.Text = attrs.Text(rest.TrackID), attrs.Text(rest.Text)
	m.Metadata = attrs.JSON(jsontypes.NewNormalizedNull(), rest.Metadata)
	m.AnnotationInfo = attrs.JSON(jsontypes.NewNormalizedNull(), rest.Info)
	m.Status = status
	return m
}

func pointList(all []annotation.Point) types.List {
	values := make([]attr.Value, len(all))
	for i, p := range all {
		values[i] = pointObject(p)
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: pointType}, values)
}

func pointObject(p annotation.Point) types.Object {
	z, visibility := types.Float64Null(), types.StringNull()
	if p.Z != 0 {
		z = decimal(p.Z)
	}
	if p.Visibility != clarifai.PointVisibilityNotSet {
		visibility = types.StringValue(p.Visibility.String())
	}
	return types.ObjectValueMust(pointType, map[string]attr.Value{"row": decimal(p.Row), "col": decimal(p.Col), "z": z,
		"visibility": visibility})
}

// decimal returns the shortest decimal of a 32-bit float.
func decimal(f float32) types.Float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		v = float64(f)
	}
	return attrs.Float(clarifai.Float(v))
}
