package emulator

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A selection holds the filters and limits of a search, ready to be applied. Searches, dataset
// versions and bulk operations share it.
type selection struct {
	app      *app
	now      time.Time
	asOf     time.Time       // annotations created later are left out, if set
	minValue clarifai.Float  // lowest score
	query    *clarifai.Query // whose ranks give the score
	filters  []condition
}

// condition is one filter.
type condition struct {
	clarifai.Filter
	metadata map[string]any // of the annotation's data; the keys are alternatives
	info     map[string]any // annotation_info
}

// selection is what a search selects; without a search, everything.
func (a *app) selection(search *clarifai.Search, now time.Time) (*selection, error) {
	s := &selection{app: a, now: now}
	if search == nil {
		return s, nil
	}
	if err := checkSearch(*search); err != nil {
		return nil, err
	}
	s.asOf, s.minValue, s.query = search.AsOf, search.MinValue, search.Query
	if s.query == nil {
		return s, nil
	}
	for _, f := range s.query.Filters {
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

// input reports whether an input passes: for each filter, the input or one
// of its annotations matches. It also returns an annotation to show for the input.
func (s *selection) input(in *input) (bool, *clarifai.Annotation) {
	all := s.then(in)
	if len(all) == 0 {
		return false, nil
	}
	shown := all[0]
	for _, f := range s.filters {
		i := slices.IndexFunc(all, func(a *clarifai.Annotation) bool { return f.matches(s, in, a) })
		if (i >= 0) == f.Negate {
			return false, nil
		}
		if i > 0 {
			shown = all[i]
		}
	}
	return true, shown
}

// annotations returns the annotations of an input that pass every filter.
func (s *selection) annotations(in *input) []*clarifai.Annotation {
	return slices.DeleteFunc(s.then(in), func(a *clarifai.Annotation) bool {
		return slices.ContainsFunc(s.filters, func(f condition) bool { return f.matches(s, in, a) == f.Negate })
	})
}

// then are the annotations that an input had at the time of the search.
func (s *selection) then(in *input) []*clarifai.Annotation {
	return slices.DeleteFunc(s.app.annotationsOf(in), func(a *clarifai.Annotation) bool {
		return !s.asOf.IsZero() && a.CreatedAt.After(s.asOf)
	})
}

// limited reports whether the selection depends on times or scores.
func (s *selection) limited() bool { return !s.asOf.IsZero() || s.minValue > 0 }

// scores reports whether an annotation of an input reaches the lowest score, and its score.
func (s *selection) scores(in *input, a *clarifai.Annotation) (clarifai.Float, bool) {
	score := s.app.score(s.query, in, a)
	return score, score >= s.minValue
}

// inputs returns the inputs that pass, newest first.
func (s *selection) inputs() []*input {
	var found []*input
	for in := range s.app.inputs.newest() {
		ok, shown := s.input(in)
		if ok {
			_, ok = s.scores(in, shown)
		}
		if ok {
			found = append(found, in)
		}
	}
	return found
}

// matches applies one filter, without its negation, to an annotation and its input.
// The conditions of one filter are alternatives: one match is enough.
func (f condition) matches(s *selection, in *input, a *clarifai.Annotation) bool {
	if r := f.LastUpdatedTimeRange; r != nil {
		if r.StartTime != nil && a.ModifiedAt.Before(*r.StartTime) || r.EndTime != nil && a.ModifiedAt.After(*r.EndTime) {
			return false
		}
	}
	var all alternatives
	if f.Input != nil {
		all.addInput(s, f.Input, in)
	}
	if f.Annotation != nil {
		f.addAnnotation(&all, s.app, a)
	}
	return all.hold(s.app.service.dialect(FilterKindsAnd))
}

// alternatives are the conditions of a filter by kind, with the value true if one of the kind holds.
type alternatives map[string]bool

// add adds a condition if the filter has it.
func (a *alternatives) add(kind string, present, holds bool) {
	if !present {
		return
	}
	if *a == nil {
		*a = alternatives{}
	}
	(*a)[kind] = (*a)[kind] || holds
}

// hold reports whether one condition holds or, with everyKind, one of each kind.
// A filter without conditions holds.
func (a alternatives) hold(everyKind bool) bool {
	holding := 0
	for _, holds := range a {
		if holds {
			holding++
		}
	}
	return len(a) == 0 || holding == len(a) || holding > 0 && !everyKind
}

func (a *alternatives) addInput(s *selection, want *clarifai.Input, in *input) {
	a.add("input.id", want.ID != "", want.ID == in.id)
	a.add("input.dataset_ids", len(want.DatasetIDs) > 0, slices.ContainsFunc(want.DatasetIDs, func(id string) bool {
		d := s.app.datasets.get(id)
		return d != nil && d.members.has(in.id)
	}))
	a.add("input.status", want.Status.Code != 0, want.Status.Code == in.status(s.now).Code)
	if d := want.Data; d != nil {
		a.add("input.type", d.Image != nil, in.data.Image != nil)
		a.add("input.type", d.Video != nil, in.data.Video != nil)
		a.add("input.type", d.Audio != nil, in.data.Audio != nil)
		a.add("input.type", d.Text != nil, in.data.Text != nil)
	}
}

func (f condition) addAnnotation(all *alternatives, of *app, a *clarifai.Annotation) {
	want := f.Annotation
	for kind, texts := range map[string][2]string{
		"id": {want.ID, a.ID}, "input_id": {want.InputID, a.InputID}, "task_id": {want.TaskID, a.TaskID},
		"user_id": {want.UserID, workerUser(a)}, "model_version_id": {want.ModelVersionID, workerModelVersion(a)},
		"worker.user": {workerUser(want), workerUser(a)}, "worker.model": {workerModelVersion(want), workerModelVersion(a)},
		"worker.workflow": {workerWorkflowVersion(want), workerWorkflowVersion(a)},
	} {
		all.add(kind, texts[0] != "", texts[0] == texts[1])
	}
	all.add("input_level", want.InputLevel, a.InputLevel)
	all.add("trusted", want.Trusted, !fromModel(a))
	all.add("status", want.Status.Code != 0, want.Status.Code == a.Status.Code)
	if len(f.info) > 0 {
		have, _ := parseStruct(a.AnnotationInfo)
		all.add("annotation_info", true, contains(have, f.info))
	}
	if want.Data != nil {
		f.addData(all, of, a)
	}
}

func (f condition) addData(all *alternatives, of *app, a *clarifai.Annotation) {
	want, have := f.Annotation.Data, a.Data
	if have == nil {
		have = &clarifai.Data{}
	}
	if reflect.DeepEqual(want, &clarifai.Data{}) { // an empty message alone means: an annotation of the whole input
		all.add("whole", true, len(have.Regions) == 0 && len(have.Frames) == 0 && len(have.TimeSegments) == 0)
		return
	}
	labels := labelsIn(have)
	for _, c := range want.Concepts {
		all.add("concepts", true, slices.ContainsFunc(labels, func(l clarifai.Concept) bool {
			return (c.ID == "" || c.ID == l.ID) && (c.Name == "" || c.Name == of.labelView(l).Name) && *valueOf(c) == *valueOf(l)
		}))
	}
	if len(f.metadata) > 0 {
		got, _ := parseStruct(have.Metadata)
		for key, v := range f.metadata {
			g, ok := got[key]
			all.add("metadata", true, ok && contains(g, v))
		}
	}
	if want.Geo != nil {
		all.add("geo", true, within(want.Geo, have.Geo))
	}
	all.add("text", want.Text != nil, have.Text != nil || slices.ContainsFunc(have.Regions, func(r clarifai.Region) bool {
		return r.RegionInfo != nil && (r.RegionInfo.Span != nil || r.RegionInfo.Token != nil)
	}))
	for _, r := range want.Regions {
		all.add("regions", true, slices.ContainsFunc(have.Regions, func(h clarifai.Region) bool {
			return (r.TrackID == "" || r.TrackID == h.TrackID) && sameShape(r.RegionInfo, h.RegionInfo)
		}))
	}
	all.add("frames", len(want.Frames) > 0, len(have.Frames) > 0)
	all.add("time_segments", len(want.TimeSegments) > 0, len(have.TimeSegments) > 0)
}

// sameShape reports whether a region has the shape that a filter requests by an empty message.
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

// labelsIn returns the concepts of data, including its regions, frames and segments.
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

// contains reports whether a JSON value contains another: objects by their keys,
// other values by equality.
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

// limitsInRadians maps the units of geo limits to radians.
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
		return reject(clarifai.StatusSearchInvalid,
			"geo_limit type '%s' is none of withinMiles, withinKilometers, withinRadians, withinDegrees", g.GeoLimit.Type)
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

// angle returns the angle between two locations, seen from the center of the earth, in radians.
func angle(a, b *clarifai.GeoPoint) float64 {
	rad := func(f clarifai.Float) float64 { return float64(f) * math.Pi / 180 }
	dLat, dLon := rad(b.Latitude-a.Latitude), rad(b.Longitude-a.Longitude)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(rad(a.Latitude))*math.Cos(rad(b.Latitude))*math.Pow(math.Sin(dLon/2), 2)
	return 2 * math.Asin(min(1, math.Sqrt(h)))
}
