package emulator

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A selection is the filters of a query, ready to be applied. Searches, dataset
// versions and bulk operations share it.
type selection struct {
	app     *app
	now     time.Time
	filters []condition
}

// condition is one filter.
type condition struct {
	clarifai.Filter
	metadata map[string]any // of the annotation's data; keys are alternatives
	info     map[string]any // annotation_info
}

func (a *app) selection(q *clarifai.Query, now time.Time) (*selection, error) {
	s := &selection{app: a, now: now}
	if q == nil {
		return s, nil
	}
	for _, f := range q.Filters {
		cond := condition{Filter: f}
		var err error
		if f.Annotation != nil {
			if cond.info, err = parseStruct(f.Annotation.AnnotationInfo); err != nil {
				return nil, err
			}
			if f.Annotation.Data != nil {
				if cond.metadata, err = parseStruct(f.Annotation.Data.Metadata); err != nil {
					return nil, err
				}
			}
			if err := checkGeoFilter(f.Annotation.Data); err != nil {
				return nil, err
			}
		}
		s.filters = append(s.filters, cond)
	}
	return s, nil
}

// input tells whether an input passes: whether for each filter the input or one
// of its annotations does. It also gives an annotation that speaks for the input.
func (s *selection) input(in *input) (bool, *clarifai.Annotation) {
	all := s.app.annotationsOf(in)
	speaker := all[0]
	for _, f := range s.filters {
		i := slices.IndexFunc(all, func(a *clarifai.Annotation) bool { return f.matches(s, in, a) })
		if (i >= 0) == f.Negate {
			return false, nil
		}
		if i > 0 {
			speaker = all[i]
		}
	}
	return true, speaker
}

// annotations gives the annotations of an input that pass every filter.
func (s *selection) annotations(in *input) []*clarifai.Annotation {
	return slices.DeleteFunc(s.app.annotationsOf(in), func(a *clarifai.Annotation) bool {
		return slices.ContainsFunc(s.filters, func(f condition) bool { return f.matches(s, in, a) == f.Negate })
	})
}

// inputs gives the inputs that pass, newest first.
func (s *selection) inputs() []*input {
	var found []*input
	for in := range s.app.inputs.newest() {
		if ok, _ := s.input(in); ok {
			found = append(found, in)
		}
	}
	return found
}

// matches applies one filter, its negation apart, to an annotation and its input.
func (f condition) matches(s *selection, in *input, a *clarifai.Annotation) bool {
	if f.Input != nil && !matchesInput(s, f.Input, in) {
		return false
	}
	if r := f.LastUpdatedTimeRange; r != nil {
		if r.StartTime != nil && a.ModifiedAt.Before(*r.StartTime) || r.EndTime != nil && a.ModifiedAt.After(*r.EndTime) {
			return false
		}
	}
	return f.Annotation == nil || f.matchesAnnotation(s.app, a)
}

func matchesInput(s *selection, want *clarifai.Input, in *input) bool {
	if want.ID != "" && want.ID != in.id {
		return false
	}
	if len(want.DatasetIDs) > 0 && !slices.ContainsFunc(want.DatasetIDs, func(id string) bool {
		d := s.app.datasets.get(id)
		return d != nil && d.members.has(in.id)
	}) {
		return false
	}
	if want.Status.Code != 0 && want.Status.Code != in.status(s.now).Code {
		return false
	}
	if d := want.Data; d != nil {
		return (d.Image == nil || in.data.Image != nil) && (d.Video == nil || in.data.Video != nil) &&
			(d.Audio == nil || in.data.Audio != nil) && (d.Text == nil || in.data.Text != nil)
	}
	return true
}

func (f condition) matchesAnnotation(of *app, a *clarifai.Annotation) bool {
	want := f.Annotation
	same := func(wanted, got string) bool { return wanted == "" || wanted == got }
	switch {
	case !same(want.ID, a.ID), !same(want.InputID, a.InputID), !same(want.TaskID, a.TaskID),
		!same(want.UserID, workerUser(a)), !same(want.ModelVersionID, workerModelVersion(a)),
		!same(workerUser(want), workerUser(a)), !same(workerModelVersion(want), workerModelVersion(a)),
		!same(workerWorkflowVersion(want), workerWorkflowVersion(a)),
		want.InputLevel && !a.InputLevel,
		want.Trusted && !a.Trusted,
		want.Status.Code != 0 && want.Status.Code != a.Status.Code:
		return false
	}
	if len(f.info) > 0 {
		have, _ := parseStruct(a.AnnotationInfo)
		if !contains(have, f.info) {
			return false
		}
	}
	return want.Data == nil || f.matchesData(of, a)
}

func (f condition) matchesData(of *app, a *clarifai.Annotation) bool {
	want, have := f.Annotation.Data, a.Data
	if reflect.DeepEqual(want, &clarifai.Data{}) { // alone it means: not bound to space or time
		return len(have.Regions) == 0 && len(have.Frames) == 0 && len(have.TimeSegments) == 0
	}
	labels := labelsIn(have)
	for _, c := range want.Concepts {
		if !slices.ContainsFunc(labels, func(l clarifai.Concept) bool {
			return (c.ID == "" || c.ID == l.ID) && (c.Name == "" || c.Name == of.labelView(l).Name) && *valueOf(c) == *valueOf(l)
		}) {
			return false
		}
	}
	if len(f.metadata) > 0 {
		got, _ := parseStruct(have.Metadata)
		any := false
		for key, v := range f.metadata {
			if g, ok := got[key]; ok && contains(g, v) {
				any = true
			}
		}
		if !any {
			return false
		}
	}
	if want.Geo != nil && !within(want.Geo, have.Geo) {
		return false
	}
	if want.Text != nil && !slices.ContainsFunc(have.Regions, func(r clarifai.Region) bool {
		return r.RegionInfo != nil && (r.RegionInfo.Span != nil || r.RegionInfo.Token != nil)
	}) && have.Text == nil {
		return false
	}
	for _, r := range want.Regions {
		if !slices.ContainsFunc(have.Regions, func(h clarifai.Region) bool {
			return (r.TrackID == "" || r.TrackID == h.TrackID) && sameShape(r.RegionInfo, h.RegionInfo)
		}) {
			return false
		}
	}
	for _, frame := range want.Frames {
		if frame.FrameInfo != nil && len(have.Frames) == 0 {
			return false
		}
	}
	for _, segment := range want.TimeSegments {
		if segment.TimeInfo != nil && len(have.TimeSegments) == 0 {
			return false
		}
	}
	return true
}

// sameShape tells whether a region has the shape that a filter's empty one asks for.
func sameShape(want, have *clarifai.RegionInfo) bool {
	if want == nil {
		return true
	}
	if have == nil {
		have = &clarifai.RegionInfo{}
	}
	return (want.BoundingBox == nil || have.BoundingBox != nil) && (want.Mask == nil || have.Mask != nil) &&
		(want.Polygon == nil || have.Polygon != nil) && (want.Point == nil || have.Point != nil) &&
		(want.Span == nil || have.Span != nil) && (want.Token == nil || have.Token != nil)
}

// labelsIn are the concepts of data, those of its regions, frames and segments included.
func labelsIn(d *clarifai.Data) []clarifai.Concept {
	if d == nil {
		return nil
	}
	labels := slices.Clone(d.Concepts)
	for _, r := range d.Regions {
		labels = append(labels, labelsIn(r.Data)...)
	}
	for _, f := range d.Frames {
		labels = append(labels, labelsIn(f.Data)...)
	}
	for _, t := range d.TimeSegments {
		labels = append(labels, labelsIn(t.Data)...)
	}
	return labels
}

// contains tells whether a JSON value includes another: objects by their keys,
// everything else by equality.
func contains(have, want any) bool {
	w, ok := want.(map[string]any)
	if !ok {
		return reflect.DeepEqual(have, want)
	}
	h, ok := have.(map[string]any)
	if !ok {
		return false
	}
	for key, v := range w {
		if got, ok := h[key]; !ok || !contains(got, v) {
			return false
		}
	}
	return true
}

func workerUser(a *clarifai.Annotation) string {
	if a.Worker != nil && a.Worker.User != nil {
		return a.Worker.User.ID
	}
	return ""
}

func workerModelVersion(a *clarifai.Annotation) string {
	if a.Worker != nil && a.Worker.Model != nil && a.Worker.Model.ModelVersion != nil {
		return a.Worker.Model.ModelVersion.ID
	}
	return ""
}

func workerWorkflowVersion(a *clarifai.Annotation) string {
	if a.Worker != nil && a.Worker.Workflow != nil && a.Worker.Workflow.Version != nil {
		return a.Worker.Workflow.Version.ID
	}
	return ""
}

const earthRadiusKm = 6371.0088

// limitsInRadians are the units of geo limits.
var limitsInRadians = map[string]float64{
	"withinradians":    1,
	"withindegrees":    math.Pi / 180,
	"withinkilometers": 1 / earthRadiusKm,
	"withinmiles":      1.609344 / earthRadiusKm,
}

func checkGeoFilter(d *clarifai.Data) error {
	if d == nil || d.Geo == nil {
		return nil
	}
	g := d.Geo
	switch {
	case len(g.GeoBox) > 0:
		if len(g.GeoBox) != 2 || g.GeoBox[0].GeoPoint == nil || g.GeoBox[1].GeoPoint == nil {
			return reject(clarifai.StatusSearchInvalid, "a geo_box has two corners")
		}
	case g.GeoPoint == nil || g.GeoLimit == nil:
		return reject(clarifai.StatusSearchInvalid, "a geo filter has a geo_box, or a geo_point with a geo_limit")
	case limitsInRadians[strings.ToLower(g.GeoLimit.Type)] == 0:
		return reject(clarifai.StatusSearchInvalid, "geo_limit type '%s' is none of withinMiles, withinKilometers, withinRadians, withinDegrees", g.GeoLimit.Type)
	}
	return nil
}

func within(area, place *clarifai.Geo) bool {
	if place == nil || place.GeoPoint == nil {
		return false
	}
	p := place.GeoPoint
	if len(area.GeoBox) == 2 {
		a, b := area.GeoBox[0].GeoPoint, area.GeoBox[1].GeoPoint
		return p.Latitude >= min(a.Latitude, b.Latitude) && p.Latitude <= max(a.Latitude, b.Latitude) &&
			p.Longitude >= min(a.Longitude, b.Longitude) && p.Longitude <= max(a.Longitude, b.Longitude)
	}
	limit := float64(area.GeoLimit.Value) * limitsInRadians[strings.ToLower(area.GeoLimit.Type)]
	return angle(area.GeoPoint, p) <= limit
}

// angle between two places, seen from the centre of the earth, in radians.
func angle(a, b *clarifai.GeoPoint) float64 {
	rad := func(f clarifai.Float) float64 { return float64(f) * math.Pi / 180 }
	dLat, dLon := rad(b.Latitude-a.Latitude), rad(b.Longitude-a.Longitude)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(rad(a.Latitude))*math.Cos(rad(b.Latitude))*math.Pow(math.Sin(dLon/2), 2)
	return 2 * math.Asin(min(1, math.Sqrt(h)))
}
