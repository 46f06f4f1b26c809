package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAnnotations_inputLevel(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/inputs", `{"inputs":[{"id":"a","data":{"text":{"raw":"x"},"concepts":[{"id":"truck"}],"metadata":{"k":1}}}]}`).
		is(200, 10000)
	r := s.get(fleet+"/annotations?input_ids=a").is(200, 10000).
		has("annotations.0.input_level", true).has("annotations.0.data.concepts.0.id", "truck").
		has("annotations.0.data.concepts.0.name", "truck").
		has("annotations.0.data.metadata", map[string]any{"k": 1.0}).has("annotations.0.status.code", 24150).
		has("annotations.0.worker.user.id", "acme").lacks("annotations.0.data.text").lacks("annotations.1")
	own := fmt.Sprint(r.at("annotations.0.id"))
	s.get(fleet+"/inputs/a/annotations/"+own).is(200, 10000)

	// A change of one is a change of the other.
	s.do(http.MethodPatch, fleet+"/annotations",
		`{"annotations":[{"id":"`+own+`","input_id":"a","data":{"concepts":[{"id":"van"}]}}],"action":"merge"}`).is(200, 10000)
	s.get(fleet+"/inputs/a").has("input.data.concepts.1.id", "van").has("input.data.text.text_info.char_count", 1)
	s.do(http.MethodPatch, fleet+"/inputs", `{"inputs":[{"id":"a","data":{"concepts":[{"id":"bus"}]}}],"action":"overwrite"}`).is(200, 10000)
	s.get(fleet+"/inputs/a/annotations/"+own).has("annotation.data.concepts.0.id", "bus").lacks("annotation.data.concepts.1")
	s.post(fleet+"/annotations", `{"annotations":[{"input_id":"a","input_level":true,"data":{"metadata":{"l":2}}}]}`).is(200, 10000).
		has("annotations.0.id", own)
	s.get(fleet+"/inputs/a").has("input.data.metadata", map[string]any{"l": 2.0})

	// It cannot be deleted.
	s.do(http.MethodDelete, fleet+"/inputs/a/annotations/"+own, "").is(200, 10000)
	s.get(fleet+"/inputs/a").has("input.data.concepts.0.id", "bus").has("input.data.metadata", map[string]any{"l": 2.0})
}

func TestAnnotations_ofRegions(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("a", "b")
	const box = `"regions":[{"region_info":{"bounding_box":{"top_row":0.1,"left_col":0.2,"bottom_row":0.3,"right_col":0.4}},
		"data":{"concepts":[{"id":"wheel"}]}}]`
	s.post(fleet+"/annotations", `{"annotations":[
		{"id":"n1","input_id":"a","data":{`+box+`},"annotation_info":{"by":"x"}},
		{"id":"n2","input_id":"b","data":{"concepts":[{"id":"truck"}]},"status":{"code":"ANNOTATION_AWAITING_REVIEW"},"task_id":"t1"},
		{"id":"n3","input_id":"nope","data":{}},
		{"id":"n1","input_id":"a","data":{}}]}`).is(200, 10010).
		has("annotations.0.status.code", 24150).has("annotations.0.data.regions.0.data.concepts.0.value", 1).
		has("annotations.1.status.code", 24157).has("annotations.2.status.code", 30102).has("annotations.3.status.code", 40010)
	s.get(fleet+"/concepts/wheel").is(200, 10000)
	for query, want := range map[string]int{
		"":                    4,
		"?input_ids=a":        2,
		"?ids=n1&input_ids=a": 1,
		"?ids=n1&input_ids=b": 0,
		"?task_id=t1":         1,
		"?user_ids=acme":      4,
		"?user_ids=somebody":  0,
		"?page=2&per_page=3":  1,
	} {
		if got := s.get(fleet+"/annotations"+query).is(200, 10000).ids("annotations", "id"); len(got) != want {
			t.Errorf("annotations%s: %v, want %d", query, got, want)
		}
	}
	s.get(fleet+"/annotations?ids=n1").is(400, 24155)

	s.clock.Advance(time.Second)
	s.do(http.MethodPatch, fleet+"/annotations",
		`{"annotations":[{"id":"n2","input_id":"b","data":{"concepts":[{"id":"truck"}]},"status":{"code":24150}}],"action":"remove"}`).
		is(200, 10000).has("annotations.0.status.code", 24150).lacks("annotations.0.data.concepts")
	s.do(http.MethodPatch, fleet+"/annotations",
		`{"annotations":[{"id":"n2","input_id":"b","data":{}}],"action":"merge","delete_if_empty_data":true}`).is(200, 10000)
	s.get(fleet+"/inputs/b/annotations/n2").is(404, 11101)

	s.do(http.MethodDelete, fleet+"/inputs/annotations", `{"input_ids":[]}`).is(400, 24155)
	s.do(http.MethodDelete, fleet+"/inputs/annotations", `{"input_ids":["a"],"ids":["n1","n2"]}`).is(400, 24155)
	s.do(http.MethodDelete, fleet+"/inputs/annotations", `{"input_ids":["a"],"ids":["nope"]}`).is(200, 10000)
	s.do(http.MethodDelete, fleet+"/annotations", `{"input_ids":["a"],"ids":["n1"]}`).is(200, 10000)
	if got := s.Annotations("fleet", "a"); len(got) != 1 {
		t.Errorf("left: %v", got)
	}
	s.post(fleet+"/annotations", `{"annotations":[{"id":"n4","input_id":"a","data":{`+box+`}}]}`).is(200, 10000)
	s.do(http.MethodPatch, fleet+"/inputs", `{"inputs":[{"id":"a","data":{"concepts":[{"id":"truck"}]}}],"action":"merge"}`).is(200, 10000)
	s.do(http.MethodDelete, fleet+"/inputs/annotations", `{"input_ids":["a","b"]}`).is(200, 10000)
	s.get(fleet+"/inputs/a").has("input.data.concepts.0.id", "truck")
	s.get(fleet + "/annotations").lacks("annotations.2")

	// A moved region, an annotation with only a status, and the limits.
	s.post(fleet+"/annotations", `{"annotations":[{"id":"n5","input_id":"a","data":{`+box+`}}]}`).is(200, 10000)
	moved := strings.Replace(box, `"top_row":0.1`, `"top_row":0.25`, 1)
	s.do(http.MethodPatch, fleet+"/annotations", `{"annotations":[{"id":"n5","input_id":"a","data":{`+moved+`}}],"action":"merge"}`).
		is(200, 10000).
		has("annotations.0.data.regions.0.region_info.bounding_box.top_row", 0.25).lacks("annotations.0.data.regions.1")
	s.post(fleet+"/annotations", `{"annotations":[{"id":"n6","input_id":"a","status":{"code":24151}}]}`).is(200, 10000).
		has("annotations.0.status.code", 24151)
	s.post(fleet+"/annotations", `{"annotations":[`+strings.Repeat(`{"input_id":"a","data":{}},`, 128)+`{"input_id":"a","data":{}}]}`).
		is(400, 24155)
	for _, region := range []string{
		strings.Replace(box, `"top_row":0.1`, `"top_row":1.1`, 1), strings.Replace(box, `"top_row":0.1`, `"top_row":0.9`, 1),
		`"regions":[{"region_info":{"polygon":{"points":[{"row":0.1,"col":0.1},{"row":0.2,"col":0.2}]}}}]`,
	} {
		s.post(fleet+"/annotations", `{"annotations":[{"input_id":"a","data":{`+region+`}}]}`).is(400, 10020).
			has("annotations.0.status.code", 24155)
	}
}

func TestListAnnotations_newestFirst(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("b")
	s.clock.Advance(time.Minute)
	s.post(fleet+"/annotations", `{"annotations":[{"id":"second","input_id":"b","data":{"concepts":[{"id":"truck"}]}}]}`).is(200, 10000)
	s.clock.Advance(time.Minute)
	s.addImages("a")
	s.clock.Advance(time.Minute)
	s.post(fleet+"/annotations", `{"annotations":[{"id":"last","input_id":"b","data":{"concepts":[{"id":"truck"}]}}]}`).is(200, 10000)
	for _, query := range []string{"", "?input_ids=a&input_ids=b"} {
		s.get(fleet+"/annotations"+query).is(200, 10000).count("annotations", 4).
			has("annotations.0.id", "last").has("annotations.1.input_id", "a").
			has("annotations.2.id", "second").has("annotations.3.input_id", "b").has("annotations.3.input_level", true)
	}
	s.get(fleet+"/annotations?per_page=2&page=2").count("annotations", 2).has("annotations.0.id", "second")
}

func TestAnnotationFilters(t *testing.T) {
	s := start(t, inFleet)
	path := fleet + "/annotation_filters"
	const trucks = `{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}}`
	s.post(path, `{"annotation_filters":[{"id":"only-trucks","search":`+trucks+`}]}`).is(200, 10000).
		has("annotation_filters.0.search.query.filters.0.annotation.data.concepts.0.value", 1).has("annotation_filters.0.app_id", "fleet")
	s.post(path, `{"annotation_filters":[{"id":"only-trucks","search":{}}]}`).is(400, 40010)
	s.get(path+"/only-trucks").is(200, 10000)
	s.get(path).has("annotation_filters.0.id", "only-trucks")
	s.do(http.MethodPatch, path, `{"annotation_filters":[{"id":"only-trucks","search":{"query":{"filters":[{"negate":true,
		"annotation":{"data":{"concepts":[{"id":"van"}]}}}]}}}],"action":"overwrite"}`).is(200, 10000)
	s.get(path+"/only-trucks").has("annotation_filter.search.query.filters.0.negate", true)
	// A dataset may refer to it.
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d","default_annotation_filter":{"id":"only-trucks"}}]}`).is(200, 10000).
		has("datasets.0.default_annotation_filter.search.query.filters.0.negate", true)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"e","default_annotation_filter":{"id":"nope"}}]}`).is(404, 11101)
	s.do(http.MethodDelete, path, `{"annotation_filter_ids":["only-trucks"]}`).is(200, 10000)
	s.get(path+"/only-trucks").is(404, 11101)
}

// TestFilters_selectInputs checks which inputs a filter selects, by creating a version that
// excludes the others.
func TestFilters_selectInputs(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"},{"id":"other"}]}`)
	s.post(fleet+"/inputs", `{"inputs":[
		{"id":"truck","data":{"image":{"url":"https://e.com/1"},"concepts":[{"id":"truck"}],
			"metadata":{"cam":"north","deep":{"a":1,"b":2}}},"dataset_ids":["d"]},
		{"id":"notruck","data":{"image":{"url":"https://e.com/2"},"concepts":[{"id":"truck","value":0},{"id":"van"}],
			"metadata":{"cam":"south"}},"dataset_ids":["d","other"]},
		{"id":"lisbon","data":{"text":{"raw":"x"},"geo":{"geo_point":{"latitude":38.72,"longitude":-9.14}}},"dataset_ids":["d"]},
		{"id":"paris","data":{"audio":{"url":"https://e.com/3"},"geo":{"geo_point":{"latitude":48.86,"longitude":2.35}}},"dataset_ids":["d"]},
		{"id":"blank","data":{"image":{"url":"https://e.com/4"}},"dataset_ids":["d"]}]}`).is(200, 10000)
	s.post(fleet+"/annotations", `{"annotations":[{"id":"box","input_id":"blank",
		"data":{"regions":[{"region_info":{"bounding_box":{"right_col":1,"bottom_row":1}},"data":{"concepts":[{"id":"wheel"}]}}]}}]}`).
		is(200, 10000)
	for filters, want := range map[string]string{
		`[]`: "[truck notruck lisbon paris blank]",
		`[{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]`: "[truck]",
		`[{"annotation":{"data":{"concepts":[{"id":"truck",
			"value":0}]}}}]`: "[notruck]",
		`[{"negate":true,"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]`: "[notruck lisbon paris blank]",
		`[{"annotation":{"data":{"metadata":{"cam":"north"}}}}]`:                "[truck]",
		`[{"annotation":{"data":{"metadata":{"cam":"south",
			"deep":{"a":1}}}}}]`: "[truck notruck]", // keys are alternatives
		`[{"annotation":{"data":{"metadata":{"deep":{"a":1,"b":3}}}}}]`:                          "[]",
		`[{"annotation":{"data":{"metadata":{"cam":"south"}}}},{"input":{"data":{"image":{}}}}]`: "[notruck]",
		`[{"input":{"data":{"audio":{}}}}]`:                                                      "[paris]",
		`[{"annotation":{"data":{"concepts":[{"id":"truck"},{"id":"van"}]}}}]`:                   "[truck notruck]",
		// Conditions of one filter are alternatives.
		`[{"input":{"data":{"audio":{}},"dataset_ids":["other"]}}]`: "[notruck paris]",
		`[{"input":{"dataset_ids":["other","nope"]}}]`:              "[notruck]",
		`[{"input":{"status":{"code":30000}}}]`:                     "[truck notruck lisbon paris blank]",
		`[{"input":{"status":{"code":30002}}}]`:                     "[]",
		`[{"annotation":{"data":{"geo":{"geo_point":{"latitude":38.7,"longitude":-9.1},"geo_limit":{"type":"withinKilometers",
			"value":20}}}}}]`: "[lisbon]",
		`[{"annotation":{"data":{"geo":{"geo_point":{"latitude":38.7,"longitude":-9.1},"geo_limit":{"type":"withinMiles",
			"value":1000}}}}}]`: "[lisbon paris]",
		`[{"annotation":{"data":{"geo":{"geo_box":[{"geo_point":{"latitude":50,"longitude":0}},{"geo_point":{"latitude":40,
			"longitude":5}}]}}}}]`: "[paris]",
		`[{"annotation":{"data":{"regions":[{"region_info":{"bounding_box":{}}}]}}}]`: "[blank]",
		`[{"annotation":{"data":{"regions":[{"region_info":{"polygon":{}}}]}}}]`:      "[]",
		`[{"annotation":{"id":"box"}}]`:                                               "[blank]",
		`[{"annotation":{"input_id":"paris"}}]`:                                       "[paris]",
		`[{"annotation":{"worker":{"user":{"id":"acme"}}}}]`:                          "[truck notruck lisbon paris blank]",
		`[{"annotation":{"worker":{"user":{"id":"bob"}}}}]`:                           "[]",
		`[{"last_updated_time_range":{"end_time":"2020-01-01T00:00:00Z"}}]`:           "[]",
		`[{"last_updated_time_range":{"start_time":"2020-01-01T00:00:00Z"}}]`:         "[truck notruck lisbon paris blank]",
	} {
		r := s.post(versionPath, `{"dataset_versions":[{"annotation_filter_config":{"ignore_empty_inputs":true,
			"annotation_filter":{"search":{"query":{"filters":`+filters+`}}}}}]}`).is(200, 10000)
		if got := fmt.Sprint(s.DatasetVersionInputs("fleet", "d", fmt.Sprint(r.at("dataset_versions.0.id")))); got != want {
			t.Errorf("%s selects %s, want %s", filters, got, want)
		}
	}
	s.post(versionPath,
		`{"dataset_versions":[{"annotation_filter_config":{"annotation_filter":{"search":{"query":{"filters":[
			{"annotation":{"data":{"geo":{"geo_point":{}}}}}]}}}}}]}`).
		is(400, 40002)
}
