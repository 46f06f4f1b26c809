// Package inputdata compares and patches the mutable data of an input: concepts,
// metadata and geo location.
package inputdata

import (
	"maps"
	"math"
	"reflect"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Values returns the values of concepts by ID. A concept without a value has 1.
func Values(concepts []clarifai.Concept) map[string]clarifai.Float {
	m := make(map[string]clarifai.Float, len(concepts))
	for _, c := range concepts {
		m[c.ID] = Value(c)
	}
	return m
}

// Value returns the value of a concept, 1 if it has none.
func Value(c clarifai.Concept) clarifai.Float {
	if c.Value == nil {
		return 1
	}
	return *c.Value
}

// Same reports whether two sets of values are equal for the service.
func Same(a, b map[string]clarifai.Float) bool { return maps.EqualFunc(a, b, SameFloat) }

// SameFloat treats adjacent 32-bit floats as equal, because the service may round in another way.
func SameFloat(a, b clarifai.Float) bool {
	x, y := float32(a), float32(b)
	return x == y || math.Nextafter32(x, y) == y
}

// SameGeo compares two geo locations, either of which may be nil.
func SameGeo(a, b *clarifai.Geo) bool {
	if a == nil || a.GeoPoint == nil || b == nil || b.GeoPoint == nil {
		return (a == nil || a.GeoPoint == nil) == (b == nil || b.GeoPoint == nil)
	}
	return SameFloat(a.GeoPoint.Latitude, b.GeoPoint.Latitude) && SameFloat(a.GeoPoint.Longitude, b.GeoPoint.Longitude)
}

// Sendable returns the concepts of a response in the form that requests need.
func Sendable(concepts []clarifai.Concept) []clarifai.Concept {
	var sent []clarifai.Concept
	for _, c := range concepts {
		sent = append(sent, clarifai.Concept{ID: c.ID, Value: c.Value})
	}
	return sent
}

// MergePatch returns the JSON object that, merged into before, gives now. It reports false if none
// exists: merging does not remove keys, appends to lists and ignores nulls.
func MergePatch(before, now clarifai.Struct) (clarifai.Struct, bool) {
	var x, y map[string]any
	if len(now) == 0 || json.Unmarshal(before, &x) != nil || json.Unmarshal(now, &y) != nil {
		return nil, false
	}
	difference, ok := mergePatch(x, y)
	if !ok || len(difference) == 0 {
		return nil, false
	}
	encoded, err := json.Marshal(difference, json.Deterministic(true))
	return encoded, err == nil
}

func mergePatch(before, now map[string]any) (map[string]any, bool) {
	for key := range before {
		if _, stays := now[key]; !stays {
			return nil, false
		}
	}
	difference := map[string]any{}
	for key, value := range now {
		old, had := before[key]
		if had && reflect.DeepEqual(old, value) {
			continue
		}
		switch v := value.(type) {
		case nil:
			return nil, false
		case []any:
			if had {
				return nil, false
			}
		case map[string]any:
			if o, wasObject := old.(map[string]any); wasObject {
				inner, ok := mergePatch(o, v)
				if !ok {
					return nil, false
				}
				value = inner
			} else if had {
				return nil, false
			}
		}
		difference[key] = value
	}
	return difference, true
}
