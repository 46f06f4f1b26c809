package emulator_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Random outputs repeat with the seed, and do not change values that clients set.
func TestRandomOutputs_repeatWithSeed(t *testing.T) {
	read := func(seed uint64) []string {
		s := startNewer(t, func(o *emulator.Options) { inFleet(o); o.RandomOutputs = seed })
		s.post(fleet+"/datasets", `{"datasets":[{"id":"d","description":"mine","metadata":{"created_at":"mine"}}]}`)
		var all []string
		for range 20 {
			r := s.get(fleet + "/datasets/d")
			if r.at("dataset.id") != "d" || r.at("dataset.description") != "mine" || r.at("dataset.metadata.created_at") != "mine" {
				t.Fatalf("what the client set has changed: %s", r.raw)
			}
			all = append(all, fmt.Sprint(r.at("dataset")))
		}
		return all
	}
	first, again, other := read(7), read(7), read(8)
	if fmt.Sprint(first) != fmt.Sprint(again) {
		t.Error("the same seed gives other values")
	}
	if fmt.Sprint(first) == fmt.Sprint(other) || first[0] == first[1] && first[1] == first[2] {
		t.Error("the values are not random")
	}
}

func TestRandomOutputs_overHTTP(t *testing.T) {
	s := startNewer(t, inFleet)
	created := s.get(fleet).is(200, 10000).at("app.created_at")
	s.post("/__emulator/outputs?seed=3", "")
	if changed := s.get(fleet).at("app.created_at"); changed == created {
		t.Errorf("created_at is still %v", changed)
	}
	s.do(http.MethodDelete, "/__emulator/outputs", "")
	s.get(fleet).has("app.created_at", created)
	if r := s.post("/__emulator/outputs?seed=zero", ""); r.status != http.StatusBadRequest {
		t.Errorf("a bad seed: HTTP %d", r.status)
	}
}
