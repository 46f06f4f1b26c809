package annotation

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// fields is an annotation as in rows of manifests. The names are those of the resource's attributes.
type fields struct {
	ID          string         `json:"id"`
	Concepts    jsontext.Value `json:"concepts"`
	BoundingBox *struct {
		TopRow    *float64 `json:"top_row"`
		LeftCol   *float64 `json:"left_col"`
		BottomRow *float64 `json:"bottom_row"`
		RightCol  *float64 `json:"right_col"`
	} `json:"bounding_box"`
	Polygon   []pointFields `json:"polygon"`
	Point     *pointFields  `json:"point"`
	Keypoints []pointFields `json:"keypoints"`
	Mask      *struct {
		File string `json:"file"`
		URL  string `json:"url"`
	} `json:"mask"`
	Span *struct {
		CharStart uint32 `json:"char_start"`
		CharEnd   uint32 `json:"char_end"`
		RawText   string `json:"raw_text"`
	} `json:"span"`
	Frame *struct {
		TimeMS uint32 `json:"time_ms"`
		Number uint32 `json:"number"`
	} `json:"frame"`
	TimeSegment *struct {
		BeginSeconds float64 `json:"begin_seconds"`
		EndSeconds   float64 `json:"end_seconds"`
	} `json:"time_segment"`
	TrackID        string         `json:"track_id"`
	Text           string         `json:"text"`
	Metadata       jsontext.Value `json:"metadata"`
	AnnotationInfo jsontext.Value `json:"annotation_info"`
	Status         string         `json:"status"`
}

type pointFields struct {
	Row        float64 `json:"row"`
	Col        float64 `json:"col"`
	Z          float64 `json:"z"`
	Visibility string  `json:"visibility"`
}

func (p pointFields) point() (Point, error) {
	v, err := ParseVisibility(p.Visibility)
	return Point{Row: float32(p.Row), Col: float32(p.Col), Z: float32(p.Z), Visibility: v}, err
}

var visibilities = map[string]clarifai.PointVisibility{
	"": clarifai.PointVisibilityNotSet, "VISIBLE": clarifai.PointVisible,
	"NOT_VISIBLE": clarifai.PointNotVisible, "NOT_PRESENT": clarifai.PointNotPresent,
}

// Visibilities are the names of point visibilities.
var Visibilities = []string{"VISIBLE", "NOT_VISIBLE", "NOT_PRESENT"}

// ParseVisibility reads the visibility of a point. An empty name means that none is set.
func ParseVisibility(name string) (clarifai.PointVisibility, error) {
	if v, ok := visibilities[name]; ok {
		return v, nil
	}
	return 0, fmt.Errorf("visibility %q is none of %s", name, strings.Join(Visibilities, ", "))
}

// statuses are the statuses of annotations that can be set, by the names that attributes and rows use.
var statuses = map[string]clarifai.StatusCode{
	"success": 24150, "pending": 24151, "awaiting_review": 24157, "review_denied": 24158,
}

// Statuses are the names of the statuses that can be set.
var Statuses = slices.Sorted(maps.Keys(statuses))

// ParseStatus reads the name of a status. An empty name means that none is set.
func ParseStatus(name string) (clarifai.StatusCode, error) {
	if name == "" {
		return 0, nil
	}
	if code, ok := statuses[name]; ok {
		return code, nil
	}
	return 0, fmt.Errorf("status %q is none of %s", name, strings.Join(Statuses, ", "))
}

// StatusName returns the name of a status, or the number of a status that only the service sets.
func StatusName(code clarifai.StatusCode) string {
	for name, c := range statuses {
		if c == code {
			return name
		}
	}
	switch code {
	case 0:
		return ""
	case 24159:
		return "awaiting_consensus_review"
	}
	return fmt.Sprint(int(code))
}

// Parse reads the annotations of a row: a JSON array of objects. beside returns the path of a mask's
// file.
func Parse(value jsontext.Value, beside func(file string) string) ([]Annotation, error) {
	var list []fields
	if err := json.Unmarshal(value, &list, json.RejectUnknownMembers(true)); err != nil {
		return nil, explain(err)
	}
	all := make([]Annotation, 0, len(list))
	for i, f := range list {
		a, err := f.annotation(beside)
		if err != nil {
			return nil, fmt.Errorf("annotations[%d]: %w", i, err)
		}
		all = append(all, a)
	}
	return all, nil
}

func explain(err error) error {
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return fmt.Errorf("annotations: %s", strings.TrimPrefix(err.Error(), "jsontext: "))
	}
	at := "annotations" + strings.ReplaceAll(string(semantic.JSONPointer), "/", ".")
	if errors.Is(err, json.ErrUnknownName) {
		return fmt.Errorf("there is no field %s", at)
	}
	return fmt.Errorf("%s cannot be a JSON %s", at, map[jsontext.Kind]string{
		'{': "object", '[': "array", '"': "string", '0': "number", 't': "boolean", 'f': "boolean", 'n': "null",
	}[semantic.JSONKind])
}

func (f *fields) annotation(beside func(string) string) (Annotation, error) {
	a := Annotation{ID: f.ID}
	var err error
	if a.Concepts, err = parseConcepts(f.Concepts); err != nil {
		return a, err
	}
	shapes := 0
	shape := func(s Shape, points ...pointFields) error {
		shapes++
		a.Shape = s
		for _, p := range points {
			point, err := p.point()
			if err != nil {
				return err
			}
			a.Points = append(a.Points, point)
		}
		return nil
	}
	if b := f.BoundingBox; b != nil {
		if b.TopRow == nil || b.LeftCol == nil || b.BottomRow == nil || b.RightCol == nil {
			return a, errors.New("bounding_box needs top_row, left_col, bottom_row and right_col")
		}
		a.Rect = Rectangle{float32(*b.TopRow), float32(*b.LeftCol), float32(*b.BottomRow), float32(*b.RightCol)}
		err = shape(Box)
	}
	if f.Polygon != nil {
		err = errors.Join(err, shape(Polygon, f.Polygon...))
	}
	if f.Point != nil {
		err = errors.Join(err, shape(SinglePoint, *f.Point))
	}
	if f.Keypoints != nil {
		err = errors.Join(err, shape(Keypoints, f.Keypoints...))
	}
	if m := f.Mask; m != nil {
		err = errors.Join(err, shape(Mask))
		if (m.File == "") == (m.URL == "") {
			return a, errors.New("mask needs file or url")
		}
		a.Edit().Mask = &MaskImage{File: beside(m.File), URL: m.URL}
	}
	if s := f.Span; s != nil {
		err = errors.Join(err, shape(Span))
		a.Edit().Span = &TextSpan{Start: s.CharStart, End: s.CharEnd, Text: s.RawText}
	}
	if err != nil {
		return a, err
	}
	if shapes > 1 {
		return a, errors.New("an annotation has at most one of bounding_box, polygon, point, keypoints, mask and span; write one " +
			"annotation for each")
	}
	return a, f.rest(&a)
}

func (f *fields) rest(a *Annotation) error {
	if f.Frame != nil {
		a.Edit().Frame = &Frame{TimeMS: f.Frame.TimeMS, Number: f.Frame.Number}
	}
	if s := f.TimeSegment; s != nil {
		a.Edit().Segment = &Segment{Begin: float32(s.BeginSeconds), End: float32(s.EndSeconds)}
	}
	if f.TrackID != "" {
		a.Edit().TrackID = f.TrackID
	}
	if f.Text != "" {
		a.Edit().Text = f.Text
	}
	for _, o := range []struct {
		name  string
		value jsontext.Value
		set   func(clarifai.Struct)
	}{
		{"metadata", f.Metadata, func(s clarifai.Struct) { a.Edit().Metadata = s }},
		{"annotation_info", f.AnnotationInfo, func(s clarifai.Struct) { a.Edit().Info = s }},
	} {
		if len(o.value) == 0 || o.value.Kind() == 'n' {
			continue
		}
		canonical, err := Object(o.value)
		if err != nil {
			return fmt.Errorf("%s is not a JSON object", o.name)
		}
		o.set(canonical)
	}
	status, err := ParseStatus(f.Status)
	if status != 0 {
		a.Edit().Status = status
	}
	return err
}

// Object returns a JSON object with its keys in order; nil for the empty one.
func Object(text []byte) (clarifai.Struct, error) {
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	if len(m) == 0 {
		return nil, nil
	}
	return json.Marshal(m, json.Deterministic(true))
}

// parseConcepts reads concepts from JSON: an object with values, or a list of IDs.
func parseConcepts(value jsontext.Value) ([]Concept, error) {
	var all []Concept
	switch {
	case len(value) == 0 || value.Kind() == 'n':
		return nil, nil
	case value.Kind() == '{':
		var m map[string]float64
		if err := json.Unmarshal(value, &m); err != nil {
			return nil, errors.New("concepts: values are numbers between 0 and 1")
		}
		for _, id := range slices.Sorted(maps.Keys(m)) {
			all = append(all, Concept{ID: id, Value: float32(m[id])})
		}
	case value.Kind() == '[':
		var list []string
		if err := json.Unmarshal(value, &list); err != nil {
			return nil, errors.New("concepts: a list has the ids of concepts")
		}
		for _, id := range list {
			if slices.ContainsFunc(all, func(c Concept) bool { return c.ID == id }) {
				return nil, fmt.Errorf("concept %q occurs twice", id)
			}
			all = append(all, Concept{ID: id, Value: 1})
		}
	default:
		return nil, errors.New(`concepts must be an object such as {"truck": 1} or a list such as ["truck"]`)
	}
	return all, nil
}
