package annotation

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// ToAPI returns the annotation for a POST or an overwriting PATCH. It reads the file of a mask.
func (a *Annotation) ToAPI(inputID string) (clarifai.Annotation, error) {
	rest := a.Extra()
	data := &clarifai.Data{Concepts: conceptsToAPI(a.Concepts)}
	info, err := a.regionInfo()
	if err != nil {
		return clarifai.Annotation{}, err
	}
	if info != nil {
		data = &clarifai.Data{Regions: []clarifai.Region{{RegionInfo: info, Data: data, TrackID: rest.TrackID}}}
	}
	switch {
	case rest.Frame != nil:
		data = &clarifai.Data{Frames: []clarifai.Frame{{
			FrameInfo: &clarifai.FrameInfo{Time: clarifai.Uint64(rest.Frame.TimeMS), Number: rest.Frame.Number}, Data: data,
		}}}
	case rest.Segment != nil:
		data = &clarifai.Data{TimeSegments: []clarifai.TimeSegment{{
			TimeInfo: &clarifai.TimeInfo{BeginTime: clarifai.Float(rest.Segment.Begin), EndTime: clarifai.Float(rest.Segment.End)}, Data: data,
		}}}
	}
	if rest.Text != "" {
		data.Text = &clarifai.Text{Raw: rest.Text}
	}
	data.Metadata = rest.Metadata
	return clarifai.Annotation{
		ID: a.ID, InputID: inputID, Data: data, AnnotationInfo: rest.Info, Status: clarifai.Status{Code: rest.Status},
	}, nil
}

func conceptsToAPI(concepts []Concept) []clarifai.Concept {
	var sent []clarifai.Concept
	for _, c := range concepts {
		value := clarifai.Float(c.Value)
		sent = append(sent, clarifai.Concept{ID: c.ID, Name: c.Name, Value: &value})
	}
	return sent
}

func (a *Annotation) regionInfo() (*clarifai.RegionInfo, error) {
	switch a.Shape {
	case Box:
		r := a.Rect
		return &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{
			TopRow: clarifai.Float(r.Top), LeftCol: clarifai.Float(r.Left), BottomRow: clarifai.Float(r.Bottom), RightCol: clarifai.Float(r.Right),
		}}, nil
	case Polygon:
		return &clarifai.RegionInfo{Polygon: &clarifai.Polygon{Points: pointsToAPI(a.Points)}}, nil
	case SinglePoint:
		return &clarifai.RegionInfo{Point: &pointsToAPI(a.Points)[0]}, nil
	case Keypoints:
		return &clarifai.RegionInfo{KeypointLocations: pointsToAPI(a.Points)}, nil
	case Mask:
		image, err := a.Extra().Mask.toAPI()
		return &clarifai.RegionInfo{Mask: &clarifai.Mask{Image: image}}, err
	case Span:
		s := a.Extra().Span
		return &clarifai.RegionInfo{Span: &clarifai.Span{CharStart: s.Start, CharEnd: s.End, RawText: s.Text}}, nil
	}
	return nil, nil
}

func pointsToAPI(points []Point) []clarifai.Point {
	sent := make([]clarifai.Point, len(points))
	for i, p := range points {
		sent[i] = clarifai.Point{Row: clarifai.Float(p.Row), Col: clarifai.Float(p.Col), Z: clarifai.Float(p.Z), Visibility: p.Visibility}
	}
	return sent
}

func (m *MaskImage) toAPI() (*clarifai.Image, error) {
	switch {
	case m.URL != "":
		return &clarifai.Image{URL: m.URL}, nil
	case m.File != "":
		var content bytes.Buffer
		if problem := inputcontent.CopyFile(&content, inputcontent.Image, m.File); problem != "" {
			return nil, fmt.Errorf("%s", problem)
		}
		return &clarifai.Image{Base64: content.Bytes()}, nil
	}
	return &clarifai.Image{Base64: m.PNG}, nil
}

// FromAPI converts an annotation of the service. This package creates at most one region, frame or time
// segment in an annotation; of several, FromAPI converts the first.
func FromAPI(found *clarifai.Annotation) Annotation {
	a := Annotation{ID: found.ID}
	rest := Rest{Info: emptyToNil(found.AnnotationInfo), Status: found.Status.Code}
	data := found.Data
	if data == nil {
		data = &clarifai.Data{}
	}
	rest.Metadata = emptyToNil(data.Metadata)
	if data.Text != nil {
		rest.Text = data.Text.Raw
	}
	if len(data.Frames) > 0 {
		f := data.Frames[0]
		rest.Frame = &Frame{}
		if f.FrameInfo != nil {
			*rest.Frame = Frame{TimeMS: uint32(f.FrameInfo.Time), Number: f.FrameInfo.Number} //nolint:gosec // 49 days
		}
		if data = f.Data; data == nil {
			data = &clarifai.Data{}
		}
	} else if len(data.TimeSegments) > 0 {
		s := data.TimeSegments[0]
		rest.Segment = &Segment{}
		if s.TimeInfo != nil {
			*rest.Segment = Segment{Begin: float32(s.TimeInfo.BeginTime), End: float32(s.TimeInfo.EndTime)}
		}
		if data = s.Data; data == nil {
			data = &clarifai.Data{}
		}
	}
	concepts := data.Concepts
	if len(data.Regions) > 0 {
		r := &data.Regions[0]
		rest.TrackID = r.TrackID
		if r.Data != nil {
			concepts = append(slices.Clone(concepts), r.Data.Concepts...)
		}
		a.setRegion(r.RegionInfo, &rest)
	}
	for _, c := range concepts {
		value := float32(1) // of a concept without a value
		if c.Value != nil {
			value = float32(*c.Value)
		}
		a.Concepts = append(a.Concepts, Concept{ID: c.ID, Name: c.Name, Value: value})
	}
	a.Rest = &rest
	return a
}

func (a *Annotation) setRegion(info *clarifai.RegionInfo, rest *Rest) {
	switch {
	case info == nil:
	case info.BoundingBox != nil:
		b := info.BoundingBox
		a.Shape, a.Rect = Box, Rectangle{float32(b.TopRow), float32(b.LeftCol), float32(b.BottomRow), float32(b.RightCol)}
	case info.Polygon != nil:
		a.Shape, a.Points = Polygon, pointsFromAPI(info.Polygon.Points)
	case info.Point != nil:
		a.Shape, a.Points = SinglePoint, pointsFromAPI([]clarifai.Point{*info.Point})
	case info.Mask != nil:
		a.Shape, rest.Mask = Mask, &MaskImage{}
		if i := info.Mask.Image; i != nil {
			rest.Mask.URL, rest.Mask.PNG = i.URL, i.Base64
		}
	case info.Span != nil:
		a.Shape, rest.Span = Span, &TextSpan{Start: info.Span.CharStart, End: info.Span.CharEnd, Text: info.Span.RawText}
	case len(info.KeypointLocations) > 0:
		a.Shape, a.Points = Keypoints, pointsFromAPI(info.KeypointLocations)
	}
}

func pointsFromAPI(found []clarifai.Point) []Point {
	points := make([]Point, len(found))
	for i, p := range found {
		points[i] = Point{Row: float32(p.Row), Col: float32(p.Col), Z: float32(p.Z), Visibility: p.Visibility}
	}
	return points
}

func emptyToNil(s clarifai.Struct) clarifai.Struct {
	if len(s) == 0 || string(s) == "{}" || string(s) == "null" {
		return nil
	}
	return s
}

// Same reports whether found has all parts of want. It does not compare concept names, IDs of
// regions, the creator, and the bytes of masks, which the service does not return. A status, text or raw
// text that want omits is not compared either, because the service sets them itself.
func Same(want, found *Annotation) bool {
	w, f := want.Extra(), found.Extra()
	switch {
	case want.Shape != found.Shape || !sameRect(want.Rect, found.Rect) || !slices.EqualFunc(want.Points, found.Points, samePoint):
		return false
	case !sameConcepts(want.Concepts, found.Concepts):
		return false
	case w.TrackID != f.TrackID && want.Shape != Whole:
		return false
	case !sameMoment(w, f):
		return false
	case w.Text != "" && f.Text != "" && w.Text != f.Text:
		return false
	case w.Status != 0 && w.Status != f.Status:
		return false
	case want.Shape == Mask && w.Mask.URL != "" && f.Mask.URL != "" && w.Mask.URL != f.Mask.URL:
		return false
	}
	return sameSpan(w.Span, f.Span) && sameJSON(w.Metadata, f.Metadata) && sameJSON(w.Info, f.Info)
}

func sameRect(a, b Rectangle) bool {
	return Near(a.Top, b.Top) && Near(a.Left, b.Left) && Near(a.Bottom, b.Bottom) && Near(a.Right, b.Right)
}

func samePoint(a, b Point) bool {
	return Near(a.Row, b.Row) && Near(a.Col, b.Col) && Near(a.Z, b.Z) &&
		(a.Visibility == b.Visibility || a.Visibility == clarifai.PointVisibilityNotSet)
}

func sameConcepts(want, found []Concept) bool {
	if len(want) != len(found) {
		return false
	}
	for _, c := range want {
		i := slices.IndexFunc(found, func(f Concept) bool { return f.ID == c.ID })
		if i < 0 || !Near(c.Value, found[i].Value) {
			return false
		}
	}
	return true
}

func sameMoment(a, b *Rest) bool {
	if (a.Frame == nil) != (b.Frame == nil) || (a.Segment == nil) != (b.Segment == nil) {
		return false
	}
	return (a.Frame == nil || *a.Frame == *b.Frame) &&
		(a.Segment == nil || Near(a.Segment.Begin, b.Segment.Begin) && Near(a.Segment.End, b.Segment.End))
}

func sameSpan(want, found *TextSpan) bool {
	if want == nil || found == nil {
		return want == found
	}
	return want.Start == found.Start && want.End == found.End && (want.Text == "" || found.Text == "" || want.Text == found.Text)
}

// sameJSON compares objects. An empty want matches every object.
func sameJSON(want, found clarifai.Struct) bool {
	if want == nil {
		return true
	}
	if bytes.Equal(want, found) {
		return true
	}
	var x, y map[string]any
	if json.Unmarshal(want, &x) != nil || found != nil && json.Unmarshal(found, &y) != nil {
		return false
	}
	a, err1 := json.Marshal(x, json.Deterministic(true))
	b, err2 := json.Marshal(y, json.Deterministic(true))
	return err1 == nil && err2 == nil && (bytes.Equal(a, b) || len(x) == 0 && len(y) == 0)
}

// Hash adds all fields of the annotation to a digest. The parts that it writes are
// unambiguous: two annotations write the same if and only if the service treats them as the same.
func (a *Annotation) Hash(write func(text string), number func(uint64)) {
	rest := a.Extra()
	write(a.ID)
	number(uint64(a.Shape))
	float := func(values ...float32) {
		for _, v := range values {
			number(uint64(math.Float32bits(v)))
		}
	}
	float(a.Rect.Top, a.Rect.Left, a.Rect.Bottom, a.Rect.Right)
	number(uint64(len(a.Points)))
	for _, p := range a.Points {
		float(p.Row, p.Col, p.Z)
		number(uint64(p.Visibility)) //nolint:gosec // an enum
	}
	number(uint64(len(a.Concepts)))
	sorted := slices.SortedFunc(slices.Values(a.Concepts), func(x, y Concept) int { return strings.Compare(x.ID, y.ID) })
	for _, c := range sorted {
		write(c.ID)
		float(c.Value)
	}
	if rest.Mask != nil {
		write(rest.Mask.URL)
		write(rest.Mask.SHA256)
	}
	if rest.Span != nil {
		number(uint64(rest.Span.Start))
		number(uint64(rest.Span.End))
		write(rest.Span.Text)
	}
	if rest.Frame != nil {
		write("frame")
		number(uint64(rest.Frame.TimeMS))
		number(uint64(rest.Frame.Number))
	}
	if rest.Segment != nil {
		write("segment")
		float(rest.Segment.Begin, rest.Segment.End)
	}
	write(rest.TrackID)
	write(rest.Text)
	write(string(rest.Metadata))
	write(string(rest.Info))
	number(uint64(rest.Status)) //nolint:gosec // a code
}
