package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestListDatasetsSelectsAndSorts(t *testing.T) {
	s := start(t, inFleet)
	if err := s.Load(strings.NewReader(`{"apps":[{"id":"fleet","datasets":[
		{"id":"a","is_starred":true,"star_count":1},
		{"id":"b","star_count":7,"bookmark_origin":{"id":"b","app_id":"other","user_id":"someone","resource_type":"dataset"}},
		{"id":"c","is_starred":true,"star_count":5}]}]}`)); err != nil {
		t.Fatal(err)
	}
	list := func(query string) *reply { return s.get(fleet+"/datasets?"+query).is(200, 10000) }
	list(
		"sort_by_star_count=true",
	).has("datasets.0.id", "b").
		has("datasets.1.id", "c").
		has("datasets.2.id", "a").
		lacks("datasets.0.star_count")
	list("sort_by_star_count=true&sort_ascending=true&additional_fields=stars").has("datasets.0.id", "a").has("datasets.0.star_count", 1).
		has("datasets.0.is_starred", true).lacks("datasets.2.is_starred")
	list("starred_only=true&sort_by_id=true&sort_ascending=true").has("datasets.0.id", "a").has("datasets.1.id", "c").lacks("datasets.2")
	list("bookmark=true").has("datasets.0.id", "b").lacks("datasets.1")
	list("bookmark=false&sort_by_id=true").has("datasets.0.id", "c").has("datasets.1.id", "a").lacks("datasets.2")
	s.get(fleet+"/datasets/c").is(200, 10000).lacks("dataset.star_count")
	s.get(fleet+"/datasets/c?additional_fields=all").is(200, 10000).has("dataset.star_count", 5)
	s.get(fleet+"/datasets?bookmark=maybe").is(400, 11100)
}

// Searches in filters of datasets and versions and of bulk additions are held to the same rules as others.
func TestSettingsOfEmbeddedSearches(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/inputs", `{"inputs":[{"id":"early","data":{"text":{"raw":"a"},"concepts":[{"id":"truck"}]}}]}`).is(200, 10000)
	s.clock.Advance(time.Hour)
	s.post(fleet+"/inputs", `{"inputs":[{"id":"late","data":{"text":{"raw":"b"},"concepts":[{"id":"truck"}]}}]}`).is(200, 10000)
	s.clock.Advance(time.Hour)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"all"},{"id":"found"},{"id":"scored"}]}`).is(200, 10000)
	s.post(fleet+"/datasets/all/inputs", `{"dataset_inputs":[{"input":{"id":"early"}},{"input":{"id":"late"}}]}`).is(200, 10000)

	for _, wrong := range []string{`"algorithm":"guess"`, `"metric":"COSINE_DISTANCE"`, `"query":{"ranks":[{}]}`} {
		s.post(fleet+"/datasets", `{"datasets":[{"id":"x","default_annotation_filter":{"search":{`+wrong+`}}}]}`).is(400, 40002)
		s.post(fleet+"/datasets/all/versions",
			`{"dataset_versions":[{"annotation_filter_config":{"annotation_filter":{"search":{`+wrong+`}}}}]}`).
			is(400, 40002)
		s.post(fleet+"/datasets/found/inputs", `{"search":{`+wrong+`}}`).is(400, 40002)
	}

	// At that time the later input did not exist.
	const then = `"as_of":"2026-01-02T03:30:00Z"`
	s.post(fleet+"/datasets/found/inputs",
		`{"search":{`+then+`,"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}}}`).
		is(200, 10000)
	// An input without the concept scores 0.
	s.post(fleet+"/datasets/scored/inputs",
		`{"search":{"min_value":0.5,"query":{"ranks":[{"annotation":{"data":{"concepts":[{"id":"bus"}]}}}]}}}`).
		is(200, 10000)
	s.post(fleet+"/datasets/all/versions", `{"dataset_versions":[{"id":"v","annotation_filter_config":{"ignore_empty_inputs":true,
		"annotation_filter":{"search":{`+then+`,"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}}}}}]}`).is(200, 10000)
	s.clock.Advance(time.Hour)
	s.get(fleet+"/datasets/found/inputs").is(200, 10000).has("dataset_inputs.0.input.id", "early").lacks("dataset_inputs.1")
	s.get(fleet+"/datasets/scored/inputs").is(200, 10000).lacks("dataset_inputs.0")
	if got := s.DatasetVersionInputs("fleet", "all", "v"); len(got) != 1 || got[0] != "early" {
		t.Errorf("the version has %v", got)
	}
}

func TestAppPATMustBeOfTheApp(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.PAT = "secret" })
	upload := func(pat string) *reply {
		return s.post(
			fleet+"/inputs/uploads",
			`{"inputs_uploads":[{"app_pat":"`+pat+`","upload":{"content_name":"a.zip","content_length":"5"}}]}`,
		)
	}
	upload("secret").is(http.StatusOK, 10000)
	upload("another").is(http.StatusBadRequest, 11102)
	s.post(fleet+"/inputs/data_sources", `{"app_pat":"another","data_sources":[{"url":{"url":"s3://nowhere/"}}]}`).
		is(http.StatusBadRequest, 11102)
}
