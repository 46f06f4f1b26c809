package emulator_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestPostDatasets_allOrNothing(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"trucks-day","description":"Daylight","metadata":{"n":1.0},
		"default_annotation_filter":{"search":{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}}},
		"defaultProcessingInfo":{"frame_interpolation_info":{"sample_ms":500}}}]}`).is(200, 10000).
		has("datasets.0.created_at", "2026-01-02T03:04:05.123456789Z").
		has("datasets.0.app_id", "fleet").has("datasets.0.user_id", "acme").has("datasets.0.visibility.gettable", 10).
		has("datasets.0.default_annotation_filter.search.query.filters.0.annotation.data.concepts.0.value", 1).
		has("datasets.0.default_processing_info.frame_interpolation_info.sample_ms", 500).
		has("datasets.0.metadata", map[string]any{"n": 1.0})
	s.get(fleet+"/datasets/trucks-day").is(200, 10000).has("dataset.created_at", "2026-01-02T03:04:05.123456Z").
		has("dataset.default_annotation_filter.app_id", "fleet").lacks("dataset.notes")

	s.post(fleet+"/datasets", `{"datasets":[{"id":"new"},{"id":"trucks-day"}]}`).is(400, 40010).has("datasets", []any{})
	s.get(fleet+"/datasets/new").is(404, 11101).has("status.details", "dataset_id 'new' not found. Check the url of your request.")
	s.post(fleet+"/datasets", `{"datasets":[{"id":"no spaces"}]}`).is(400, 11102)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"`+strings.Repeat("x", 33)+`"}]}`).is(400, 11102)
	s.post(fleet+"/datasets", `{"datasets":[]}`).is(400, 11102)
	made := s.post(fleet+"/datasets", `{"datasets":[{}]}`).is(200, 10000)
	if id, _ := made.at("datasets.0.id").(string); len(id) != 32 {
		t.Errorf("id made by the service is %q", id)
	}
	s.post(fleet+"/datasets", `{"datasets":[{"id":"n","notes":"`+strings.Repeat("x", 64<<10+1)+`"}]}`).is(400, 11102)
}

func TestPatchDatasets(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"a","description":"old","metadata":{"x":{"y":1},"list":[{"id":"1","v":1}]},
		"image":{"url":"https://e.com/i"}},{"id":"b"}]}`).is(200, 10000)
	patch := func(body string) *reply { return s.do(http.MethodPatch, fleet+"/datasets", body) }
	s.clock.Advance(time.Second)

	patch(`{"datasets":[{"id":"a","description":"","metadata":{"x":{"z":2},"list":[{"id":"1","w":2},{"id":"2"}]}}],"action":"merge"}`).
		is(200, 10000).
		has("datasets.0.description", "old"). // an empty text counts as absent
		has("datasets.0.metadata", map[string]any{
			"x":    map[string]any{"y": 1.0, "z": 2.0},
			"list": []any{map[string]any{"id": "1", "v": 1.0, "w": 2.0}, map[string]any{"id": "2"}},
		}).has("datasets.0.modified_at", "2026-01-02T03:04:06.123456Z")
	patch(`{"datasets":[{"id":"a","metadata":{"only":1}}],"action":"overwrite"}`).has("datasets.0.metadata", map[string]any{"only": 1.0}).
		has("datasets.0.description", "old")
	patch(`{"datasets":[{"id":"a","metadata":{}}],"action":"merge"}`).has("datasets.0.metadata", map[string]any{})
	patch(`{"datasets":[{"id":"a","description":"x"},{"id":"nope","description":"x"}],"action":"merge"}`).is(404, 11101)
	s.get(fleet+"/datasets/a").has("dataset.description", "old") // rolled back
	patch(`{"datasets":[{"id":"a","image":{"url":"https://e.com/other"}}],"action":"remove"}`).is(400, 11102)
	patch(`{"datasets":[{"id":"a","image":{"url":"https://e.com/i"},"description":"x"}],"action":"remove"}`).is(200, 10000).
		lacks("datasets.0.image").has("datasets.0.description", "old")
	patch(`{"datasets":[{"id":"a"}],"action":"delete"}`).is(400, 11102)
	patch(`{"datasets":[],"action":"merge"}`).is(400, 11102)
}

func TestPatchDatasets_zerosInPatch(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.PatchEmpties = true })
	s.post(fleet+"/datasets", `{"datasets":[{"id":"a","description":"old","notes":"old"}]}`)
	s.do(http.MethodPatch, fleet+"/datasets", `{"datasets":[{"id":"a","description":""}],"action":"merge"}`).is(200, 10000).
		lacks("datasets.0.description").has("datasets.0.notes", "old")
}

func TestListDatasets_sortsAndSearches(t *testing.T) {
	s := start(t, inFleet)
	for _, id := range []string{"b", "c", "a"} {
		s.post(fleet+"/datasets", `{"datasets":[{"id":"`+id+`","description":"about `+id+`-things"}]}`).is(200, 10000)
		s.clock.Advance(time.Second)
	}
	s.do(http.MethodPatch, fleet+"/datasets", `{"datasets":[{"id":"b","notes":"n"}],"action":"merge"}`)
	for query, want := range map[string]string{
		"":                                     "[b a c]", // last modified first
		"?sort_by_created_at=true":             "[a c b]",
		"?sort_by_id=true&sort_ascending=true": "[a b c]",
		"?sortById=true&page=2&per_page=1":     "[b]",
		"?search=about+c":                      "[c]",
		"?id=a":                                "[a]",
		"?starred_only=true":                   "[]",
		"?page=1000&per_page=500":              "[]",
	} {
		if got := s.get(fleet+"/datasets"+query).is(200, 10000).ids("datasets", "id"); fmt.Sprint(got) != want {
			t.Errorf("datasets%s: %v, want %s", query, got, want)
		}
	}
	if got := s.get("/v2/users/me/datasets").ids("datasets", "id"); len(got) != 3 {
		t.Errorf("the user's datasets are %v", got)
	}
}

func TestDatasetInputs(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"}]}`)
	s.addImages("a", "b", "c")
	s.post(fleet+"/datasets/d/inputs", `{"dataset_inputs":[{"input":{"id":"a"}},{"input":{"id":"nope"}}]}`).is(200, 10010).
		has("dataset_inputs.0.input.status.code", 64100).has("dataset_inputs.1.input.status.code", 30102)
	s.post(fleet+"/datasets/d/inputs", `{"dataset_inputs":[{"input":{"id":"nope"}}]}`).is(400, 10020)
	s.post(fleet+"/datasets/d/inputs", `{"dataset_inputs":[{"input":{"id":"a"}},{"input":{"id":"b"}}]}`).is(200, 10000) // a again
	if got := s.get(fleet+"/datasets/d/inputs").ids("dataset_inputs", "input.id"); fmt.Sprint(got) != "[b a]" {
		t.Errorf("members are %v", got)
	}
	s.get(fleet+"/datasets/d/inputs/a").is(200, 10000).has("dataset_input.input.status.code", 30000)
	s.get(fleet+"/datasets/d/inputs/c").is(404, 11101)
	s.do(http.MethodDelete, fleet+"/datasets/d/inputs", `{"input_ids":["a","c"]}`).is(200, 10000)
	s.get(fleet+"/datasets/d/inputs/a").is(404, 11101)
	s.get(fleet+"/inputs/a").is(200, 10000) // the input stays
	s.post(fleet+"/datasets/nope/inputs", `{"dataset_inputs":[{"input":{"id":"a"}}]}`).is(404, 11101).has("dataset_inputs", []any{})
	s.do(http.MethodDelete, fleet+"/datasets", `{"dataset_ids":["d","nope"]}`).is(404, 11101)
	s.do(http.MethodDelete, fleet+"/datasets", `{"dataset_ids":["d"]}`).is(200, 10000)
	s.get(fleet+"/datasets/d").is(404, 11101)
}

func TestPostDatasetInputs_search(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Async = 10 * time.Second })
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"}]}`)
	s.addImages("a", "b")
	s.post(fleet+"/inputs", `{"inputs":[{"id":"t","data":{"text":{"raw":"x"}}}]}`)
	r := s.post(fleet+"/datasets/d/inputs", `{"search":{"query":{"filters":[{"input":{"data":{"image":{}}}}]}}}`).is(200, 10000).
		has("dataset_inputs", []any{}).has("bulk_operation.status.code", 25402).has("bulk_operation.operation.add_to_dataset.dataset_id", "d")
	id := fmt.Sprint(r.at("bulk_operation.id"))
	s.clock.Advance(5 * time.Second)
	s.get(fleet+"/bulk_operations/"+id).has("bulk_operation.status.code", 25403)
	s.do(http.MethodDelete, fleet+"/bulk_operations", `{"ids":["`+id+`"]}`).is(400, 25404)
	s.clock.Advance(5 * time.Second)
	s.get(fleet+"/bulk_operations/"+id).has("bulk_operation.status.code", 25400).has("bulk_operation.progress.processed", 2)
	if got := slices.Sorted(slices.Values(s.DatasetInputs("fleet", "d"))); fmt.Sprint(got) != "[a b]" {
		t.Errorf("members are %v", got)
	}
	s.do(http.MethodDelete, fleet+"/bulk_operations", `{"ids":["`+id+`"]}`).is(200, 10000)
	s.get(fleet+"/bulk_operations/"+id).is(404, 11101)
}

func TestBulkOperations(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Async = 10 * time.Second })
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"},{"id":"train"},{"id":"test"}]}`)
	s.addImages("a", "b", "c", "d")
	for _, id := range s.Inputs("fleet") {
		s.JoinDataset("fleet", "d", id)
	}
	start := func(operation string) string {
		t.Helper()
		r := s.post(fleet+"/bulk_operations", `{"bulk_operations":[{"dataset":{"id":"d"},"operation":`+operation+`}]}`).is(200, 10000)
		return fmt.Sprint(r.at("bulk_operation.0.id"))
	}
	start(`{"add_concepts":{"concepts":[{"id":"truck"}]}}`)
	start(`{"add_metadata":{"metadata":{"k":1,"l":2}}}`)
	start(`{"delete_metadata":{"metadata":{"l":0}}}`)
	start(`{"overwrite_geo":{"geo":{"geo_point":{"latitude":1,"longitude":2}}}}`)
	start(`{"split_into_datasets":{"method":1,"dataset_splits":[{"dataset":{"id":"train"},"percentage":75},{"dataset":{"id":"test"},
		"percentage":25}]}}`)
	cancelled := start(`{"delete_geo":{}}`)
	s.do(http.MethodPatch, fleet+"/bulk_operations", `{"ids":["`+cancelled+`"]}`).is(200, 10000).has("bulk_operation.0.status.code", 25405)
	s.clock.Advance(10 * time.Second)
	s.get(fleet+"/inputs/a").has("input.data.concepts.0.id", "truck").has("input.data.metadata", map[string]any{"k": 1.0}).
		has("input.data.geo.geo_point.latitude", 1)
	if train, test := s.DatasetInputs("fleet", "train"), s.DatasetInputs("fleet", "test"); len(train) != 3 || len(test) != 1 {
		t.Errorf("split into %v and %v", train, test)
	}
	s.post(fleet+"/bulk_operations", `{"bulk_operations":[{"dataset":{"id":"d"},"operation":{}}]}`).is(400, 25404)
	s.post(fleet+"/bulk_operations", `{"bulk_operations":[{"dataset":{"id":"nope"},"operation":{"delete_geo":{}}}]}`).is(404, 11101)
}

// withVersion creates a dataset of three inputs and a version of it.
func withVersion(t *testing.T, async time.Duration) *session {
	t.Helper()
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Async = async })
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d","default_processing_info":{"frame_interpolation_info":{"sample_ms":500}}}]}`).
		is(200, 10000)
	s.post(fleet+"/inputs", `{"inputs":[
		{"id":"one","data":{"image":{"url":"https://example.com/1.jpg"},
			"concepts":[{"id":"truck"},{"id":"van","value":0}],"metadata":{"n":1}},"dataset_ids":["d"]},
		{"id":"two","data":{"image":{"url":"https://example.com/2.jpg"},
			"concepts":[{"id":"truck"}],"geo":{"geo_point":{"latitude":1,"longitude":2}}},"dataset_ids":["d"]},
		{"id":"three","data":{"text":{"raw":"three"},"concepts":[{"id":"note"}]},"dataset_ids":["d"]}]}`).is(200, 10000)
	s.clock.Advance(async)
	s.post(fleet+"/annotations", `{"annotations":[{"input_id":"two","data":{"regions":[{"region_info":{"bounding_box":{"top_row":0.1,
		"left_col":0.1,"bottom_row":0.5,"right_col":0.6}},"data":{"concepts":[{"id":"truck"}]}}]}}]}`).is(200, 10000)
	return s
}

const versionPath = fleet + "/datasets/d/versions"

func TestDatasetVersion_isASnapshot(t *testing.T) {
	s := withVersion(t, 10*time.Second)
	s.post(versionPath, `{"dataset_versions":[{"id":"v1","description":"first","metadata":{"a":1}}]}`).is(200, 10000).
		has("dataset_versions.0.status.code", 64005).
		has("dataset_versions.0.processing_info.frame_interpolation_info.sample_ms", 500).
		has("dataset_versions.0.dataset_id", "d").lacks("dataset_versions.0.metrics").lacks("dataset_versions.0.export_info")
	s.post(versionPath, `{"dataset_versions":[{"id":"v2"},{"id":"v1"}]}`).is(400, 40010).has("dataset_versions", []any{})
	s.get(versionPath+"/v2").is(404, 11101)
	s.do(http.MethodPut, versionPath+"/v1/exports", `{"exports":[{"format":3}]}`).is(400, 64030)
	s.clock.Advance(5 * time.Second)
	s.get(versionPath+"/v1").has("dataset_version.status.code", 64010)

	// Later changes are not part of the version.
	s.do(http.MethodPatch, fleet+"/inputs", `{"inputs":[{"id":"one","data":{"concepts":[{"id":"later"}]}}],"action":"overwrite"}`).
		is(200, 10000)
	s.do(http.MethodDelete, fleet+"/datasets/d/inputs", `{"input_ids":["two"]}`).is(200, 10000)

	s.clock.Advance(5 * time.Second)
	s.get(versionPath+"/v1").has("dataset_version.status.code", 64015)
	s.get(versionPath+"/v1/metrics").is(200, 10000).has("dataset_version_metrics_groups", []any{})
	s.clock.Advance(10 * time.Second)
	m := s.get(versionPath+"/v1/metrics?types=CONCEPT_ID&types=2").is(200, 10000)
	if got := m.ids("dataset_version_metrics_groups", "value"); fmt.Sprint(got) != "[image text total note truck]" {
		t.Errorf("groups are %v", got)
	}
	m.has("dataset_version_metrics_groups.4.metrics.inputs_count", "2").
		has("dataset_version_metrics_groups.4.metrics.bounding_boxes_count", "1").
		has("dataset_version_metrics_groups.4.metrics.positive_input_tags_count", "2").
		has("dataset_version_metrics_groups.3.metrics.polygons_count", "0")
	s.get(versionPath+"/v1").
		has("dataset_version.metrics.all.inputs_count", "3").
		has("dataset_version.metrics.all.inputs_with_metadata_count", "1").
		has("dataset_version.metrics.all.inputs_with_geo_count", "1").
		has("dataset_version.metrics.all.regions_count", "1").
		has("dataset_version.metrics.all.positive_input_tags_count", "3")
	if got := s.get(versionPath+"/v1/metrics?per_page=2&page=2").ids("dataset_version_metrics_groups", "value"); len(got) != 2 {
		t.Errorf("a page of groups: %v", got)
	}

	s.do(http.MethodPatch, versionPath, `{"dataset_versions":[{"id":"v1","description":"second","metadata":{"b":2}}],"action":"overwrite"}`).
		is(200, 10000).
		has("dataset_versions.0.description", "second").has("dataset_versions.0.metadata", map[string]any{"b": 2.0})
	s.do(http.MethodPatch, versionPath, `{"dataset_versions":[{"id":"v1","processing_info":{}}],"action":"overwrite"}`).is(400, 64030)
	s.do(http.MethodPatch, versionPath, `{"dataset_versions":[{"id":"v1"}],"action":"merge"}`).is(400, 11102)
	s.post(versionPath, `{"dataset_versions":[{"id":"v2","processing_info":{}}]}`).is(200, 10000).
		has("dataset_versions.0.processing_info", map[string]any{})
	if got := s.get(versionPath).ids("dataset_versions", "id"); fmt.Sprint(got) != "[v2 v1]" {
		t.Errorf("versions are %v", got)
	}
	s.do(http.MethodDelete, versionPath, `{"dataset_version_ids":["v1"]}`).is(200, 10000)
	s.do(http.MethodDelete, versionPath, `{"dataset_version_ids":["v1"]}`).is(404, 11101)
}

func TestDatasetVersion_filter(t *testing.T) {
	s := withVersion(t, 0)
	filter := `{"search":{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}}}`
	s.post(versionPath, `{"dataset_versions":[
		{"id":"all"},
		{"id":"kept","annotation_filter_config":{"annotation_filter":`+filter+`}},
		{"id":"dropped","annotation_filter_config":{"annotation_filter":`+filter+`,"ignore_empty_inputs":true}}]}`).is(200, 10000).
		has("dataset_versions.2.annotation_filter_config.annotation_filter.search.query.filters.0.annotation.data.concepts.0.value", 1).
		lacks("dataset_versions.0.annotation_filter_config")
	for id, want := range map[string]string{"all": "[one two three]", "kept": "[one two three]", "dropped": "[one two]"} {
		if got := s.DatasetVersionInputs("fleet", "d", id); fmt.Sprint(got) != want {
			t.Errorf("version %s has %v, want %s", id, got, want)
		}
	}
	s.get(versionPath+"/kept").has("dataset_version.metrics.all.unlabeled_inputs_count", "1")

	// A version without a filter uses the dataset's.
	s.do(http.MethodPatch, fleet+"/datasets", `{"datasets":[{"id":"d","default_annotation_filter":`+filter+`}],"action":"merge"}`).
		is(200, 10000)
	s.post(versionPath, `{"dataset_versions":[{"id":"default","annotation_filter_config":{"ignore_empty_inputs":true}}]}`).is(200, 10000)
	if got := s.DatasetVersionInputs("fleet", "d", "default"); fmt.Sprint(got) != "[one two]" {
		t.Errorf("version by the default filter has %v", got)
	}
	s.post(versionPath, `{"dataset_versions":[{"id":"m","model_predict_config":{"model":{"id":"missing-model"}}}]}`).is(404, 21200)
	s.post(versionPath, `{"dataset_versions":[{"id":"m","model_predict_config":{"model":{"id":"some-model"}}}]}`).is(200, 10000)
	if got := s.DatasetVersionInputs("fleet", "d", "m"); len(got) != 3 {
		t.Errorf("version by predictions has %v", got)
	}
	s.post(versionPath, `{"dataset_versions":[{"id":"both","model_predict_config":{"model":{"id":"m"}},"annotation_filter_config":{}}]}`).
		is(400, 11102)
}

func TestFault_failsVersionsAndExports(t *testing.T) {
	s := withVersion(t, 0)
	s.MustFault(emulator.Fault{Object: "dataset_version", ID: "^doomed", Details: "out of luck"})
	s.MustFault(emulator.Fault{Object: "export", Count: 1, Code: 64204})
	s.post(versionPath, `{"dataset_versions":[{"id":"doomed"},{"id":"v"}]}`).is(200, 10000).has("dataset_versions.0.status.code", 64005)
	s.get(versionPath+"/doomed").has("dataset_version.status.code", 64020).has("dataset_version.status.details", "out of luck")
	put := func() *reply {
		return s.do(http.MethodPut, versionPath+"/v/exports", `{"exports":[{"format":"COCO"}]}`).is(200, 10000)
	}
	put().has("exports.0.status.code", 64201)
	s.get(versionPath+"/v").has("dataset_version.export_info.coco.status.code", 64204)
	put().has("exports.0.status.code", 64201) // after a failure the export starts again
	put().has("exports.0.status.code", 64200)
}

func TestExport_isAnArchiveOfTheVersion(t *testing.T) {
	s := withVersion(t, 10*time.Second)
	s.post(versionPath, `{"dataset_versions":[{"id":"v"}]}`).is(200, 10000)
	s.clock.Advance(10 * time.Second)
	put := func() *reply {
		return s.do(http.MethodPut, versionPath+"/v/exports", `{"exports":[{"format":"CLARIFAI_DATA_PROTOBUF"},{"format":3},{"format":2}]}`).
			is(200, 10000)
	}
	put().has("exports.0.format", 1).has("exports.0.status.code", 64201).has("exports.1.status.code", 64201).lacks("exports.0.url")
	s.clock.Advance(5 * time.Second)
	put().has("exports.1.status.code", 64203)
	s.clock.Advance(5 * time.Second)
	done := put().has("exports.0.status.code", 64200)
	s.get(versionPath+"/v").has("dataset_version.export_info.clarifai_data_json.url", done.at("exports.1.url"))
	s.do(http.MethodPut, versionPath+"/v/exports", `{"exports":[{}]}`).is(400, 11102)

	archives := map[int]*zip.Reader{}
	for i := range 3 {
		url := fmt.Sprint(done.at(fmt.Sprintf("exports.%d.url", i)))
		got := s.do(http.MethodGet, url, "")
		if size := done.at(fmt.Sprintf("exports.%d.size", i)); fmt.Sprint(len(got.raw)) != size {
			t.Errorf("archive %d has %d bytes, not %v", i, len(got.raw), size)
		}
		z, err := zip.NewReader(bytes.NewReader(got.raw), int64(len(got.raw)))
		if err != nil {
			t.Fatal(err)
		}
		archives[i] = z
		key := s.key
		s.key = ""
		s.do(http.MethodGet, url, "").is(401, 11102)
		s.key = key
	}
	if z := archives[0]; z.File[0].Name != "mimetype" || content(t, z.File[0]) != "application/x.clarifai-data+protobuf" {
		t.Error("the protobuf archive does not begin with its mimetype")
	}
	if z := archives[1]; z.File[0].Name != "mimetype" || content(t, z.File[0]) != "application/x.clarifai-data+json" {
		t.Error("the JSON archive does not begin with its mimetype")
	}
	batch := content(t, archives[1].File[1])
	var parsed struct {
		Inputs []map[string]any `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(batch), &parsed); err != nil || len(parsed.Inputs) != 3 {
		t.Fatalf("batch: %v\n%s", err, batch)
	}
	for _, in := range parsed.Inputs {
		if len(in) != 2 || in["id"] == nil || in["data"] == nil {
			t.Errorf("an exported input has more or less than id and data: %v", in)
		}
	}
	if !strings.Contains(content(t, archives[0].File[1]), "https://example.com/1.jpg") {
		t.Error("the protobuf batch lacks an input's url")
	}
	var coco struct {
		Images      []struct{ ID int }
		Annotations []struct {
			ImageID int       `json:"image_id"`
			BBox    []float64 `json:"bbox"`
		}
		Categories []struct{ Name string }
	}
	if err := json.Unmarshal([]byte(content(t, archives[2].File[0])), &coco, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if len(coco.Images) != 2 || len(coco.Annotations) != 3 || len(coco.Categories) != 1 || coco.Categories[0].Name != "truck" {
		t.Errorf("coco: %+v", coco)
	}

	// Deleting the version deletes its archives.
	s.do(http.MethodDelete, versionPath, `{"dataset_version_ids":["v"]}`).is(200, 10000)
	s.do(http.MethodGet, fmt.Sprint(done.at("exports.1.url")), "").is(404, 11101)
}

func content(t *testing.T, f *zip.File) string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
