package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"
)

const (
	searches = fleet + "/inputs/searches"
	saved    = fleet + "/searches"
)

// trucks fills the app with inputs that searches distinguish.
func (s *session) trucks() {
	s.t.Helper()
	s.post(fleet+"/datasets", `{"datasets":[{"id":"night"},{"id":"day"}]}`).is(200, 10000)
	s.post(fleet+"/inputs", `{"inputs":[
		{"id":"a","dataset_ids":["night"],"data":{"image":{"url":"https://example.com/a.jpg"},
			"concepts":[{"id":"truck"}],"metadata":{"gate":"north","shift":1}}},
		{"id":"b","dataset_ids":["day"],"data":{"image":{"url":"https://example.com/b.jpg"},
			"concepts":[{"id":"truck"},{"id":"red"}],"metadata":{"gate":"south","shift":2},
			"geo":{"geo_point":{"latitude":40.7127,"longitude":-74.006}}}},
		{"id":"c","data":{"image":{"url":"https://example.com/c.jpg"},"concepts":[{"id":"truck","value":0}]}},
		{"id":"d","data":{"text":{"raw":"a red van"}}}]}`).is(200, 10000)
	s.clock.Advance(time.Minute)
	s.post(fleet+"/annotations", `{"annotations":[{"id":"box","input_id":"c",
		"data":{"regions":[{"region_info":{"bounding_box":{"top_row":0.1,"bottom_row":0.5,"right_col":1}},
		"data":{"concepts":[{"id":"wheel"}]}}]}}]}`).is(200, 10000)
}

func TestSearches_filters(t *testing.T) {
	s := start(t, inFleet)
	s.trucks()
	s.do(http.MethodPatch, fleet+"/concepts", `{"action":"overwrite","concepts":[{"id":"red","name":"scarlet"}]}`).is(200, 10000)
	for _, tt := range []struct {
		filters string
		want    []string
	}{
		{``, []string{"a", "b", "c", "d"}},
		{`{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}`, []string{"a", "b"}},
		{`{"annotation":{"data":{"concepts":[{"id":"truck","value":0}]}}}`, []string{"c"}},
		{`{"annotation":{"data":{"concepts":[{"name":"scarlet"}]}}}`, []string{"b"}},
		{`{"annotation":{"data":{"concepts":[{"id":"truck","name":"scarlet"}]}}}`, []string{}},
		{`{"negate":true,"annotation":{"data":{"concepts":[{"id":"truck"}]}}}`, []string{"c", "d"}},
		{`{"annotation":{"data":{"metadata":{"gate":"north","shift":2}}}}`, []string{"a", "b"}},
		{`{"annotation":{"data":{"metadata":{"gate":"north"}}}},{"annotation":{"data":{"metadata":{"shift":2}}}}`, []string{}},
		{`{"annotation":{"data":{"geo":{"geo_point":{"latitude":40.7,"longitude":-74},"geo_limit":{"type":"withinKilometers","value":5}}}}}`,
			[]string{"b"}},
		{`{"annotation":{"data":{"geo":{"geo_box":[{"geo_point":{"latitude":50,"longitude":-80}},{"geo_point":{"latitude":40,
			"longitude":-70}}]}}}}`, []string{"b"}},
		{`{"input":{"data":{"text":{}}}}`, []string{"d"}},
		{`{"input":{"data":{"image":{}}}},{"annotation":{"data":{"concepts":[{"id":"red"}]}}}`, []string{"b"}},
		{`{"input":{"dataset_ids":["night","day"]}}`, []string{"a", "b"}},
		{`{"input":{"status":{"code":30000}}}`, []string{"a", "b", "c", "d"}},
		{`{"input":{"status":{"code":30002}}}`, []string{}},
		{`{"annotation":{"data":{"regions":[{"region_info":{"bounding_box":{}}}]}}}`, []string{"c"}},
		{`{"annotation":{"data":{"regions":[{"region_info":{"mask":{}}}]}}}`, []string{}},
		{`{"annotation":{"input_id":"a"}}`, []string{"a"}},
		{`{"annotation":{"id":"box"}}`, []string{"c"}},
		{`{"lastUpdatedTimeRange":{"startTime":"2026-01-02T03:04:30Z"}}`, []string{"c"}},
	} {
		r := s.post(searches, `{"searches":[{"query":{"filters":[`+tt.filters+`]}}]}`).is(200, 10000)
		got := []string{}
		for i := range r.ids("hits", "user_id") {
			got = append(got, r.at(fmt.Sprintf("hits.%d.input.id", i)).(string))
			r.has(fmt.Sprintf("hits.%d.score", i), 1)
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.filters, got, tt.want)
		}
		counted := s.post(searches, `{"only_count":true,"searches":[{"query":{"filters":[`+tt.filters+`]}}]}`).is(200, 10000).has("hits", []any{})
		if len(tt.want) == 0 {
			counted.has("hit_counts.0", map[string]any{})
		} else {
			counted.has("hit_counts.0.estimated_total", strconv.Itoa(len(tt.want)))
		}
	}
	// The hit contains the annotation that matches the filter.
	s.post(searches, `{"searches":[{"query":{"filters":[{"annotation":{"id":"box"}}]}}]}`).has("hits.0.annotation.id", "box").
		has("hits.0.app_id", "fleet")
}

func TestSearches_ranks(t *testing.T) {
	s := start(t, inFleet)
	s.trucks()
	s.post(searches, `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"concepts":[{"id":"truck"},{"id":"red"}]}}}]}}]}`).is(200, 10000).
		has("hits.0.input.id", "b").has("hits.0.score", 1).
		has("hits.1.input.id", "a").has("hits.1.score", 0.5)
	s.post(searches, `{"searches":[{"min_value":0.75,"query":{"ranks":[{"annotation":{"data":{"concepts":[{"id":"truck"},
		{"id":"red"}]}}}]}}]}`).
		has("hits.0.input.id", "b").lacks("hits.1")
	s.post(searches, `{"searches":[{"query":{"ranks":[{"negate":true,"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}}]}`).
		has("hits.3.score", 0).has("hits.0.score", 1)
	s.post(searches, `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"image":{"url":"https://example.com/c.jpg"}}}}]}}]}`).
		has("hits.0.input.id", "c")
	s.post(searches, `{"searches":[{"query":{"ranks":[{"annotation":{"input_id":"b"}}]}}]}`).has("hits.0.input.id", "b").
		has("hits.1.input.id", "a")
	s.post(searches, `{"only_count":true,"searches":[{"query":{"ranks":[{"annotation":{"input_id":"b"}}]}}]}`).is(400, 43006)
}

func TestSearches_pages(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("a", "b", "c")
	page := func(n, size int) *reply {
		return s.post(searches, fmt.Sprintf(`{"searches":[{}],"pagination":{"page":%d,"per_page":%d}}`, n, size))
	}
	page(1, 2).is(200, 10000).has("hits.0.input.id", "c").has("hits.1.input.id", "b").lacks("hits.2")
	page(2, 2).is(200, 10000).has("hits.0.input.id", "a").lacks("hits.1")
	page(3, 2).is(200, 10000).has("hits", []any{})
	page(11, 1000).is(400, 40002).contains("page * perPage cannot exceed")
}

func TestSearches_rejected(t *testing.T) {
	s := start(t, inFleet)
	for _, body := range []string{
		`{"searches":[]}`,
		`{"searches":[{},{}]}`,
		`{"searches":[{"algorithm":"guess"}]}`,
		`{"searches":[{"metric":2}]}`,
		`{"searches":[{"query":{"ranks":[{}]}}]}`,
		`{"searches":[{"query":{"filters":[{"annotation":{"data":{"geo":{"geo_limit":{"type":"withinLight-years","value":1}}}}}]}}]}`,
	} {
		s.post(searches, body).is(400, 40002)
	}
	s.post(searches, `{"searches":[{"algorithm":"brute_force","metric":"COSINE_DISTANCE"}]}`).is(200, 10000)
	// The deprecated form is still accepted.
	s.trucks()
	s.post(searches, `{"searches":[{"query":{"ands":[{"input":{"data":{"concepts":[{"id":"truck"}]}}},{"negate":true,
		"input":{"dataset_ids":["day"]}}]}}]}`).
		is(200, 10000).has("hits.0.input.id", "a").lacks("hits.1")
	s.post(searches, `{"searches":[{"save":true}]}`).is(400, 11102)
}

func TestSavedSearches(t *testing.T) {
	s := start(t, inFleet)
	s.trucks()
	const trucksAtNight = `{"filters":[{"input":{"data":{"image":{}}}},{"input":{"dataset_ids":["night"]}},
		{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}`
	s.get(saved).is(200, 10000).lacks("searches").has("hits", []any{})
	s.post(searches, `{"searches":[{"id":"night-trucks","name":"Night trucks","save":true,"query":`+trucksAtNight+`}]}`).is(200, 10000).
		has("hits", []any{}).has("searches.0.application_id", "fleet").has("searches.0.save", true).has("searches.0.visibility.gettable", 10).
		has("searches.0.query.filters.0.input.data.image", map[string]any{})
	s.post(searches, `{"searches":[{"id":"night-trucks","save":true}]}`).is(400, 40010)
	s.get(saved+"/night-trucks").is(200, 10000).has("search.name", "Night trucks").
		has("search.query.filters.2.annotation.data.concepts.0.id", "truck")
	s.post(saved+"/night-trucks", `{}`).is(200, 10000).has("hits.0.input.id", "a").lacks("hits.1")

	s.clock.Advance(time.Minute)
	s.do(http.MethodPatch, searches, `{"action":"overwrite","searches":[{"id":"night-trucks","name":"Trucks","min_value":0,
		"query":{"filters":[{"input":{"dataset_ids":["day"]}}]}}]}`).
		is(200, 10000).has("searches.0.name", "Trucks").has("hits", []any{})
	s.get(saved+"/night-trucks").has("search.query.filters.0.input.dataset_ids.0", "day").
		has("search.modified_at", "2026-01-02T03:06:05.123456Z")
	s.post(saved+"/night-trucks", `{}`).has("hits.0.input.id", "b").lacks("hits.1")
	s.do(http.MethodPatch, searches, `{"action":"merge","searches":[{"id":"night-trucks"}]}`).is(400, 11102)
	s.do(http.MethodPatch, saved, `{"action":"overwrite","searches":[{"id":"nothing"}]}`).is(404, 11101)

	s.post(fleet+"/annotations/searches", `{"searches":[{"id":"boxes","save":true,
		"query":{"filters":[{"annotation":{"data":{"regions":[{"region_info":{"bounding_box":{}}}]}}}]}}]}`).is(200, 10000)
	s.post(saved+"/boxes", `{}`).has("hits.0.annotation.id", "box").lacks("hits.1")
	if got := s.get(saved).ids("searches", "id"); !slices.Equal(got, []string{"boxes", "night-trucks"}) {
		t.Errorf("listed: %v", got)
	}

	s.do(http.MethodDelete, saved+"/night-trucks", "").is(200, 10000)
	s.get(saved+"/night-trucks").is(404, 11101)
	s.do(http.MethodDelete, saved+"/night-trucks", "").is(404, 11101)
}

func TestSearches_asOf(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("a")
	s.clock.Advance(time.Hour)
	s.addImages("b")
	s.post(searches, `{"searches":[{"as_of":"2026-01-02T03:30:00Z"}]}`).is(200, 10000).has("hits.0.input.id", "a").lacks("hits.1")
	s.post(fleet+"/searches", `{"query":{"filters":[{"input":{"data":{"image":{}}}}]}}`).is(200, 10000).has("hits.1.input.id", "a")
	s.post(fleet+"/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"input_id":"b"}}]}}]}`).
		is(200, 10000).has("hits.0.annotation.input_id", "b").lacks("hits.1")
}
