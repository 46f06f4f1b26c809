package criteria

import (
	"math"
	"reflect"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

// sameFilter reports whether got, a filter of a response, means the same as want.
func sameFilter(want, got clarifai.Filter) bool {
	return sameMeaning(stripFilter(want), stripFilter(got))
}

// sameRank reports whether got, a rank of a response, means the same as want.
func sameRank(want, got clarifai.Rank) bool {
	return sameMeaning(stripRank(want), stripRank(got))
}

// stripFilter removes values that the service adds and that have no effect in a filter.
func stripFilter(f clarifai.Filter) clarifai.Filter {
	f.Annotation = stripAnnotation(f.Annotation)
	if f.Input != nil {
		in := *f.Input
		in.CreatedAt, in.ModifiedAt = time.Time{}, time.Time{}
		in.Status = clarifai.Status{Code: in.Status.Code}
		f.Input = &in
	}
	if r := f.LastUpdatedTimeRange; r != nil {
		f.LastUpdatedTimeRange = &clarifai.TimeRange{StartTime: rounded(r.StartTime), EndTime: rounded(r.EndTime)}
	}
	return f
}

func stripRank(r clarifai.Rank) clarifai.Rank {
	r.Annotation = stripAnnotation(r.Annotation)
	return r
}

func stripAnnotation(a *clarifai.Annotation) *clarifai.Annotation {
	if a == nil {
		return nil
	}
	stripped := *a
	stripped.CreatedAt, stripped.ModifiedAt = time.Time{}, time.Time{}
	stripped.ConsensusInfo = nil
	stripped.Status = clarifai.Status{Code: a.Status.Code}
	if attrs.SameJSON(stripped.AnnotationInfo, nil) {
		stripped.AnnotationInfo = nil
	}
	if w := a.Worker; w != nil {
		stripped.Worker = stripWorker(w)
	}
	if d := a.Data; d != nil {
		data := *d
		if attrs.SameJSON(data.Metadata, nil) {
			data.Metadata = nil
		}
		data.Concepts = nil
		for _, c := range d.Concepts {
			data.Concepts = append(data.Concepts, clarifai.Concept{ID: c.ID, Name: c.Name, Value: c.Value})
		}
		stripped.Data = &data
	}
	return &stripped
}

func stripWorker(w *clarifai.Worker) *clarifai.Worker {
	var stripped clarifai.Worker
	if w.User != nil {
		stripped.User = &clarifai.User{ID: w.User.ID}
	}
	if w.Model != nil && w.Model.ModelVersion != nil {
		stripped.Model = &clarifai.Model{ModelVersion: &clarifai.ModelVersion{ID: w.Model.ModelVersion.ID}}
	}
	if w.Workflow != nil && w.Workflow.Version != nil {
		stripped.Workflow = &clarifai.Workflow{Version: &clarifai.WorkflowVersion{ID: w.Workflow.Version.ID}}
	}
	return &stripped
}

// rounded returns a time with the precision of the service.
func rounded(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	r := t.UTC().Truncate(time.Microsecond)
	return &r
}

// sameMeaning compares the JSON that would be sent.
func sameMeaning(want, got any) bool {
	a, ok1 := generic(want)
	b, ok2 := generic(got)
	return ok1 && ok2 && same("", a, b)
}

func generic(v any) (any, bool) {
	b, err := clarifai.Encode(v)
	if err != nil {
		return nil, false
	}
	var value any
	return value, json.Unmarshal(b, &value) == nil
}

// same compares JSON values under a key. It compares numbers as 32-bit floats, like the
// service, except in arbitrary JSON objects.
func same(key string, want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		return ok && sameObject(key, want, got)
	case []any:
		got, ok := got.([]any)
		if !ok || len(want) != len(got) {
			return false
		}
		for i := range want {
			if key == "concepts" && !sameConcept(want[i], got[i]) || key != "concepts" && !same(key, want[i], got[i]) {
				return false
			}
		}
		return true
	case float64:
		got, ok := got.(float64)
		return ok && math.Abs(want-got) <= 1e-6*math.Max(1, math.Abs(want))
	default:
		return want == got
	}
}

func sameObject(key string, want, got map[string]any) bool {
	if key == "metadata" || key == "annotation_info" {
		return reflect.DeepEqual(want, got)
	}
	for name, value := range want {
		other, ok := got[name]
		if !ok && name == "base64" {
			continue // the service may omit bytes
		}
		if !ok || !same(name, value, other) {
			return false
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			return false
		}
	}
	return true
}

// sameConcept ignores whether the service adds the ID or the name. An absent
// value means 1.
func sameConcept(want, got any) bool {
	a, ok1 := want.(map[string]any)
	b, ok2 := got.(map[string]any)
	if !ok1 || !ok2 {
		return false
	}
	named := false
	for _, key := range []string{"id", "name"} {
		x, y := a[key], b[key]
		if x == nil || y == nil {
			continue
		}
		if x != y {
			return false
		}
		named = true
	}
	return named && same("value", conceptValue(a), conceptValue(b))
}

func conceptValue(c map[string]any) any {
	if v, ok := c["value"]; ok {
		return v
	}
	return 1.0
}
