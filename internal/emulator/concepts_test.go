package emulator_test

import (
	"fmt"
	"net/http"
	"testing"
)

func TestConcepts(t *testing.T) {
	s := start(t, inFleet)
	path := fleet + "/concepts"
	s.post(path, `{"concepts":[{"id":"truck"},{"id":"van","name":"Van","definition":"small"}]}`).is(200, 10000).
		has("concepts.0.name", "truck").has("concepts.0.value", 1).has("concepts.0.language", "en").has("concepts.0.visibility.gettable", 10).
		has("concepts.1.definition", "small").has("concepts.0.created_at", "2026-01-02T03:04:05.123456789Z")
	s.post(path, `{"concepts":[{"id":"bus"},{"id":"truck"}]}`).is(400, 40003).contains("duplicate").has("concepts", []any{})
	s.get(path+"/bus").is(404, 11101)
	s.post(path, `{"concepts":[{"id":"a b"}]}`).is(400, 40003)
	s.post(path, `{"concepts":[]}`).is(400, 40003)
	s.get(path+"/van").is(200, 10000).has("concept.name", "Van").has("concept.user_id", "acme").
		has("concept.created_at", "2026-01-02T03:04:05.123456Z")

	patch := func(body string) *reply { return s.do(http.MethodPatch, path, body) }
	patch(`{"concepts":[{"id":"truck","name":"lorry"}],"action":"overwrite"}`).is(200, 10000).
		has("concepts.0.name", "lorry").lacks("concepts.0.visibility") // as in a recorded response
	patch(`{"concepts":[{"id":"truck","name":"x"},{"id":"nope","name":"x"}],"action":"overwrite"}`).is(404, 11101)
	s.get(path+"/truck").has("concept.name", "lorry")
	patch(`{"concepts":[{"id":"truck"}],"action":"merge"}`).is(400, 11102)
	s.do(http.MethodDelete, path, `{"ids":["truck"]}`).is(405, 11103) // concepts cannot be deleted

	s.post(path, `{"concepts":[{"id":"airbus","name":"Airbus"}]}`)
	for query, want := range map[string]string{
		"":                   "[airbus truck van]",
		"?page=2&per_page=2": "[van]",
		"?id=tru":            "[truck]",
	} {
		if got := s.get(path+query).is(200, 10000).ids("concepts", "id"); fmt.Sprint(got) != want {
			t.Errorf("concepts%s: %v, want %s", query, got, want)
		}
	}
}

func TestConceptSearches(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/concepts", `{"concepts":[{"id":"truck"},{"id":"tram"},{"id":"van"}]}`)
	for body, want := range map[string]string{
		`{}`:                                "[tram truck van ai_l8TKp2h5 ai_VSVscs9k ai_0wh0dJkQ]",
		`{"concept_query":{"name":"tr*"}}`:  "[tram truck]",
		`{"conceptQuery":{"name":"AN"}}`:    "[van]",
		`{"concept_query":{"name":"*r*k"}}`: "[truck]",
		`{"concept_query":{"name":"tr*","ignore_app_concepts":true}}`:           "[]",
		`{"concept_query":{"use_cases":["CLASSIFICATION"]}}`:                    "[]",
		`{"concept_query":{"name":"tr*"},"pagination":{"page":2,"per_page":1}}`: "[truck]",
		`{"concept_query":{"model":{"id":"general"}}}`:                          "[tram truck van]",
	} {
		if got := s.post(fleet+"/concepts/searches", body).is(200, 10000).ids("concepts", "id"); fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", body, got, want)
		}
	}
	s.post(fleet+"/concepts/searches", `{"concept_query":{"model":{"id":"missing-model"}}}`).is(404, 21200)
	s.post(fleet+"/concepts/searches", `{"concept_query":{"workflow":{"id":"missing-w"}}}`).is(404, 22102)
	s.post(fleet+"/concepts/searches", `{"concept_query":{"model":{"id":"a"},"workflow":{"id":"b"}}}`).is(400, 40003)
	s.post(fleet+"/concepts/searches", `{"extra_info":{"rankable_model":{"id":"m"}}}`).has("concepts.0.extra_info.is_rankable", true)
}

func TestConceptCounts(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/concepts", `{"concepts":[{"id":"unused"}]}`)
	s.post(fleet+"/inputs", `{"inputs":[
		{"id":"a","data":{"text":{"raw":"a"},"concepts":[{"id":"truck"}]}},
		{"id":"b","data":{"text":{"raw":"b"},"concepts":[{"id":"truck","value":0}]}},
		{"id":"c","data":{"image":{"url":"https://example.com/fail"},"concepts":[{"id":"truck"}]}}]}`).is(200, 10000)
	s.get(fleet+"/concepts/status").is(200, 10000).
		has("concept_counts.0.id", "truck").
		has("concept_counts.0.concept_type_count", map[string]any{"positive": 2.0, "negative": 1.0}).
		has("concept_counts.0.detail_concept_count.processed", map[string]any{"positive": 1.0, "negative": 1.0}).
		has("concept_counts.0.detail_concept_count.errors", map[string]any{"positive": 1.0, "negative": 0.0}).
		has("concept_counts.1.concept_type_count", map[string]any{"positive": 0.0, "negative": 0.0})
}
