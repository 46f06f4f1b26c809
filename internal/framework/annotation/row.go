package annotation

import (
	"errors"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Row is an annotation as [Parse] reads it from a row of a manifest.
type Row map[string]any

// ToRow is the inverse of [Parse]. A mask has a row only if its URL is known. The status is left out, since the service
// changes it.
func (a *Annotation) ToRow() (Row, error) {
	row, rest := Row{}, a.Extra()
	if a.ID != "" {
		row["id"] = a.ID
	}
	if len(a.Concepts) > 0 {
		concepts := map[string]float32{}
		for _, c := range a.Concepts {
			concepts[c.ID] = c.Value
		}
		row["concepts"] = concepts
	}
	switch a.Shape {
	case Box:
		row["bounding_box"] = map[string]float32{"top_row": a.Rect.Top, "left_col": a.Rect.Left, "bottom_row": a.Rect.Bottom,
			"right_col": a.Rect.Right}
	case Polygon:
		row["polygon"] = pointRows(a.Points)
	case SinglePoint:
		row["point"] = pointRows(a.Points)[0]
	case Keypoints:
		row["keypoints"] = pointRows(a.Points)
	case Mask:
		if rest.Mask == nil || rest.Mask.URL == "" {
			return nil, errors.New("the image of the mask is not known")
		}
		row["mask"] = map[string]string{"url": rest.Mask.URL}
	case Span:
		span := map[string]any{"char_start": rest.Span.Start, "char_end": rest.Span.End}
		if rest.Span.Text != "" {
			span["raw_text"] = rest.Span.Text
		}
		row["span"] = span
	}
	if f := rest.Frame; f != nil {
		row["frame"] = map[string]uint32{"time_ms": f.TimeMS, "number": f.Number}
	}
	if s := rest.Segment; s != nil {
		row["time_segment"] = map[string]float32{"begin_seconds": s.Begin, "end_seconds": s.End}
	}
	for name, text := range map[string]string{"track_id": rest.TrackID, "text": rest.Text} {
		if text != "" {
			row[name] = text
		}
	}
	for name, object := range map[string]clarifai.Struct{"metadata": rest.Metadata, "annotation_info": rest.Info} {
		if object != nil {
			row[name] = object
		}
	}
	return row, nil
}

func pointRows(points []Point) []map[string]any {
	rows := make([]map[string]any, len(points))
	for i, p := range points {
		rows[i] = map[string]any{"row": p.Row, "col": p.Col}
		if p.Z != 0 {
			rows[i]["z"] = p.Z
		}
		if p.Visibility != clarifai.PointVisibilityNotSet {
			rows[i]["visibility"] = p.Visibility.String()
		}
	}
	return rows
}
