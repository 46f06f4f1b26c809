package inputdata_test

import (
	"maps"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
)

// merge merges metadata as documented for the service: objects are merged, lists appended, null is
// ignored, other values are replaced. An empty list or object replaces.
func merge(old, sent any) any {
	switch s := sent.(type) {
	case nil:
		return old
	case map[string]any:
		o, ok := old.(map[string]any)
		if !ok || len(s) == 0 {
			return s
		}
		m := maps.Clone(o)
		for key, v := range s {
			if had, ok := o[key]; ok {
				v = merge(had, v)
			} else if v == nil {
				continue
			}
			m[key] = v
		}
		return m
	case []any:
		if o, ok := old.([]any); ok && len(s) > 0 {
			return append(append([]any{}, o...), s...)
		}
	}
	return sent
}

// Merging the patch gives the intended object.
func FuzzMergePatch(f *testing.F) {
	for _, pair := range [][2]string{
		{`{}`, `{"a":1}`},
		{`{"a":1}`, `{"a":1,"b":2}`},
		{`{"a":1}`, `{"a":2}`},
		{`{"a":1}`, `{"b":2}`},
		{`{"a":[1]}`, `{"a":[1,2]}`},
		{`{"a":[1]}`, `{"a":[1],"b":[2]}`},
		{`{"a":{"b":1}}`, `{"a":{"b":1,"c":2}}`},
		{`{"a":{"b":1}}`, `{"a":{}}`},
		{`{"a":{"b":1}}`, `{"a":null}`},
		{`{"a":1}`, `{"a":{"b":null}}`},
		{`{"a":1}`, `{"a":1,"b":null}`},
		{`{"a":{"b":[{"id":"x"}]}}`, `{"a":{"b":[{"id":"x"}],"c":{"d":null}}}`},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, before, now string) {
		var b, n map[string]any
		if json.Unmarshal([]byte(before), &b) != nil || json.Unmarshal([]byte(now), &n) != nil || b == nil || n == nil {
			return
		}
		difference, ok := inputdata.MergePatch(clarifai.Struct(before), clarifai.Struct(now))
		if !ok {
			return
		}
		var d map[string]any
		if err := json.Unmarshal(difference, &d); err != nil {
			t.Fatal(err)
		}
		if got := merge(b, d); !reflect.DeepEqual(got, any(n)) {
			t.Errorf("merging %s over %s gives %v, want %s", difference, before, got, now)
		}
	})
}

// The property above would also hold if MergePatch never found a patch.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ before, now, want string }{
		{`{"a":1}`, `{"a":2,"b":[1]}`, `{"a":2,"b":[1]}`},
		{`{"a":{"b":1,"d":4},"l":[1]}`, `{"a":{"b":2,"c":3,"d":4},"l":[1]}`, `{"a":{"b":2,"c":3}}`},
		{`{"a":1}`, `{}`, ``},
		{`{"a":1}`, ``, ``},
		{``, `{"a":1}`, ``},
		{`{"a":{"b":1}}`, `{"a":{"c":1}}`, ``},
		{`{"l":[1]}`, `{"l":[2]}`, ``},
		{`{"a":1}`, `{"a":null}`, ``},
	} {
		got, ok := inputdata.MergePatch(clarifai.Struct(test.before), clarifai.Struct(test.now))
		if string(got) != test.want || ok != (test.want != "") {
			t.Errorf("%s over %s: %s, %v, want %s", test.now, test.before, got, ok, test.want)
		}
	}
}

func TestSameGeo(t *testing.T) {
	t.Parallel()
	at := func(latitude float64) *clarifai.Geo {
		return &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: clarifai.Float(latitude)}}
	}
	for _, test := range []struct {
		a, b *clarifai.Geo
		want bool
	}{
		{nil, nil, true},
		{nil, at(0), false},
		{at(40.7127), at(40.7127), true},
		{at(40.7127), at(40.712704), true}, // an adjacent float
		{at(40.7127), at(40.7128), false},
	} {
		if got := inputdata.SameGeo(test.a, test.b); got != test.want {
			t.Errorf("%+v and %+v: %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
