package emulator_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func imageInput(id string) string {
	return fmt.Sprintf(`{"id":%q,"data":{"image":{"url":"https://example.com/%s.jpg"}}}`, id, id)
}

// addImages posts inputs and waits until they are processed.
func (s *session) addImages(ids ...string) {
	s.t.Helper()
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = imageInput(id)
	}
	s.post(fleet+"/inputs", `{"inputs":[`+strings.Join(items, ",")+`]}`).is(200, 10000)
}

func TestInput_isProcessedAfterTime(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Async = 10 * time.Second })
	created := s.post(fleet+"/inputs", `{"inputs":[{"id":"img-1","data":{"image":{"url":"https://example.com/img-1.jpg",
		"allowDuplicateUrl":true},
		"concepts":[{"id":"truck"},{"id":"van","value":0}],"metadata":{"camera":"north"},
			"geo":{"geo_point":{"longitude":-30,"latitude":40.5}}}}]}`).
		is(200, 10000).has("status.details", "All inputs successfully added").
		has("inputs.0.status.code", 30001).
		has("inputs.0.data.image.image_info.format", "UnknownImageFormat").
		has("inputs.0.data.concepts.0.value", 1).has("inputs.0.data.concepts.1.value", 0).
		has("inputs.0.created_at", "2026-01-02T03:04:05.123456789Z").
		lacks("inputs.0.data.image.allow_duplicate_url").lacks("inputs.0.dataset_ids")
	if !strings.Contains(string(created.raw), `"value":1,`) {
		t.Error("a whole float is not written without a fraction")
	}
	s.get(fleet+"/inputs/img-1").is(200, 10000).has("input.status.code", 30001).has("input.created_at", "2026-01-02T03:04:05.123456Z")
	s.clock.Advance(5 * time.Second)
	s.get(fleet+"/inputs/img-1").has("input.status.code", 30003)
	s.get(fleet+"/inputs/status").has("counts.processing", 1).has("counts.processed", 0)
	s.clock.Advance(5 * time.Second)
	s.get(fleet+"/inputs/img-1").has("input.status.code", 30000).
		has("input.data.image.image_info.width", 640).
		has("input.data.image.hosted.crossorigin", "use-credentials").
		has("input.data.metadata.camera", "north").
		has("input.data.geo.geo_point.latitude", 40.5)
	// The concepts of the labels were created.
	s.get(fleet+"/concepts/van").is(200, 10000).has("concept.name", "van")
}

func TestInput_withoutDelayIsPendingOnce(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/inputs", `{"inputs":[`+imageInput("a")+`]}`).has("inputs.0.status.code", 30001)
	s.get(fleet+"/inputs/a").has("input.status.code", 30000)
}

func TestInput_processingFails(t *testing.T) {
	s := start(t, inFleet)
	s.MustFault(emulator.Fault{Object: "input", ID: "^cursed", Code: 30105, Details: "too big"})
	s.post(fleet+"/inputs", `{"inputs":[
		{"id":"bad","data":{"image":{"url":"https://example.com/will-fail.jpg"}}},
		{"id":"unreachable","data":{"image":{"url":"https://host.invalid/a.jpg"}}},
		{"id":"cursed-1","data":{"image":{"url":"https://example.com/a.jpg"}}},
		{"id":"notimage","data":{"image":{"base64":"aGVsbG8="}}}]}`).is(200, 10000)
	for id, code := range map[string]int{"bad": 30002, "unreachable": 39996, "cursed-1": 30105, "notimage": 30101} {
		s.get(fleet+"/inputs/"+id).is(200, 10000).has("input.status.code", code)
	}
	s.get(fleet+"/inputs/cursed-1").has("input.status.details", "too big")
	s.get(fleet+"/inputs/status").has("counts.errors", 4)
	s.get(fleet+"/inputs?status.code=30002").has("inputs.0.id", "bad").lacks("inputs.1")
	s.get(fleet+"/inputs?status.code=INPUT_FAILED").has("inputs.0.id", "bad").lacks("inputs.1")
}

func TestPostInputs_ownOutcomes(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("a")
	s.post(fleet+"/inputs", `{"inputs":[`+imageInput("a")+`]}`).is(400, 10020).
		has("inputs.0.status.code", 30100).has("inputs.0.status.details", "Input has a duplicate ID.")
	s.post(fleet+"/inputs", `{"inputs":[`+imageInput(strings.Repeat("x", 49))+`]}`).is(400, 10020).
		has("inputs.0.status.code", 39999).has("inputs.0.status.details", "id must be between 1 and 48 characters long")
	r := s.post(fleet+"/inputs", `{"inputs":[`+imageInput("a")+`,`+imageInput("b")+`,`+imageInput("b")+`,
		{"id":"c","data":{"image":{"url":"https://example.com/a.jpg"}}},
		{"id":"d","data":{"image":{"url":"https://example.com/a.jpg","allow_duplicate_url":true}}},
		{"id":"e","data":{}},
		{"id":"f","data":{"image":{"url":"https://example.com/f"},"text":{"raw":"x"}}},
		{"id":"g","data":{"image":{"url":"ftp://example.com/f"}}},
		{"id":"h/i","data":{"image":{"url":"https://example.com/h"}}},
		{"id":"j","data":{"text":{"raw":"x"},"geo":{"geo_point":{"latitude":91}}}},
		{"id":"k","data":{"text":{"raw":"x"}},"dataset_ids":["nope"]}
		]}`).is(200, 10010)
	want := []int{30100, 30001, 30100, 30100, 30001, 30104, 30104, 30106, 30104, 30104, 30104}
	for i, code := range want {
		r.has(fmt.Sprintf("inputs.%d.status.code", i), code)
	}
	if got := s.get(fleet+"/inputs").ids("inputs", "id"); fmt.Sprint(got) != "[d b a]" {
		t.Errorf("inputs are %v", got)
	}
}

func TestPostInputs_suffixes(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("a")
	for i := range 10 {
		body := fmt.Sprintf(`{"inputs":[{"id":"a","data":{"text":{"raw":"%d"}}}],"input_id_conflict_resolution":"SUFFIX"}`, i)
		r := s.post(fleet+"/inputs", body).is(200, 10000)
		id, _ := r.at("inputs.0.id").(string)
		if want := fmt.Sprintf("a-%d", i+1); i < 9 && id != want || i == 9 && len(id) != 34 {
			t.Errorf("id %d is %q", i, id)
		}
	}
	s.post(fleet+"/inputs", `{"inputs":[{"id":"z","data":{"text":{"raw":"1"}}},{"id":"z","data":{"text":{"raw":"2"}}}],
		"input_id_conflict_resolution":2}`).
		is(200, 10010).has("inputs.1.status.code", 30100)
}

func TestPostInputs_limits(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/inputs", `{"inputs":[]}`).is(400, 39999)
	items := make([]string, 129)
	for i := range items {
		items[i] = imageInput(fmt.Sprintf("i%d", i))
	}
	s.post(fleet+"/inputs", `{"inputs":[`+strings.Join(items, ",")+`]}`).is(400, 39999)
	s.post(fleet+"/inputs", `{"inputs":[`+strings.Join(items[:128], ",")+`]}`).is(200, 10000)
	s.post(fleet+"/inputs", `{"inputs":[{"data":{"video":{"url":"https://e.com/1"}}},{"data":{"video":{"url":"https://e.com/2"}}}]}`).
		is(400, 39999)
	big := base64.StdEncoding.EncodeToString(make([]byte, 20<<20+1))
	s.post(fleet+"/inputs", `{"inputs":[{"id":"big","data":{"image":{"base64":"`+big+`"}}}]}`).is(400, 10020).
		has("inputs.0.status.code", 30105)
}

func TestPostInputs_bytesAreHosted(t *testing.T) {
	s := start(t, inFleet)
	const png = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAEklEQVR42mP8z8Dwn4GBgYEBAA0EAgHfrvbsAAAAAElFTkSuQmCC"
	s.post(fleet+"/inputs", `{"inputs":[{"id":"p","data":{"image":{"base64":"`+png+`"}}},{"id":"t","data":{"text":{"raw":"a red truck"}}}]}`).
		is(200, 10000).lacks("inputs.0.data.image.base64").has("inputs.1.data.text.raw", "a red truck")
	p := s.get(fleet+"/inputs/p").has("input.data.image.image_info.width", 2).has("input.data.image.image_info.height", 3).
		has("input.data.image.image_info.format", "PNG").lacks("input.data.image.base64")
	want, _ := base64.StdEncoding.DecodeString(png)
	hosted := fmt.Sprintf("%v/orig/%v", p.at("input.data.image.hosted.prefix"), p.at("input.data.image.hosted.suffix"))
	got := s.do(http.MethodGet, hosted, "")
	if got.status != 200 || string(got.raw) != string(want) || got.header.Get("Content-Type") != "image/png" {
		t.Errorf("hosted image: HTTP %d, %d bytes of %s", got.status, len(got.raw), got.header.Get("Content-Type"))
	}
	txt := s.get(fleet+"/inputs/t").lacks("input.data.text.raw").has("input.data.text.text_info.char_count", 11)
	hosted = fmt.Sprintf("%v/orig/%v", txt.at("input.data.text.hosted.prefix"), txt.at("input.data.text.hosted.suffix"))
	if got := s.do(http.MethodGet, hosted, ""); string(got.raw) != "a red truck" {
		t.Errorf("hosted text is %q", got.raw)
	}
	s.key = ""
	s.do(http.MethodGet, hosted, "").is(401, 11102)
}

func TestListInputs_newestFirst(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("a", "b", "c", "d", "e")
	for query, want := range map[string]string{
		"":                               "[e d c b a]",
		"?page=1&per_page=2":             "[e d]",
		"?page=2&perPage=2":              "[c b]",
		"?page=3&per_page=2":             "[a]",
		"?page=1000&per_page=500":        "[]",
		"?ids=c&ids=a&ids=zz&ids=c":      "[c a]",
		"?ids=c&ids=a&page=2&per_page=1": "[a]",
	} {
		if got := s.get(fleet+"/inputs"+query).is(200, 10000).ids("inputs", "id"); fmt.Sprint(got) != want {
			t.Errorf("inputs%s: %v, want %s", query, got, want)
		}
	}
	s.get(fleet+"/inputs?per_page=1001").is(400, 11102).has("inputs", []any{})
	s.get(fleet+"/inputs?page=x").is(400, 11100)
	s.get(fleet+"/inputs?per_page=1000").is(200, 10000)
}

func TestStreamInputs_followsCursor(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("c", "a", "d", "b")
	for query, want := range map[string]string{
		"":                               "[c a d b]",
		"?per_page=2":                    "[c a]",
		"?last_id=a":                     "[d b]",
		"?lastId=a&descending=true":      "[c]",
		"?descending=true":               "[b d a c]",
		"?order_by_id=true":              "[a b c d]",
		"?order_by_id=true&last_id=b":    "[c d]",
		"?order_by_id=true&last_id=bb":   "[c d]",
		"?order_by_id=true&descending=1": "[d c b a]",
		"?order_by_id=true&descending=1&last_id=c": "[b a]",
		"?last_id=b": "[]",
	} {
		if got := s.get(fleet+"/inputs/stream"+query).is(200, 10000).ids("inputs", "id"); fmt.Sprint(got) != want {
			t.Errorf("stream%s: %v, want %s", query, got, want)
		}
	}
	s.get(fleet+"/inputs/stream?last_id=zz").is(404, 11101)
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf("m%02d", i)
	}
	s.addImages(many...)
	if got := s.get(fleet+"/inputs/stream").ids("inputs", "id"); len(got) != 20 {
		t.Errorf("a stream's page has %d inputs, not 20", len(got))
	}
}

func TestPatchInputs(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/inputs", `{"inputs":[{"id":"a","data":{"text":{"raw":"x"},"concepts":[{"id":"truck"}],"metadata":{"camera":"north",
		"deep":{"x":1}},"geo":{"geo_point":{"longitude":1,"latitude":2}}}}]}`).is(200, 10000)
	patch := func(body string) *reply { return s.do(http.MethodPatch, fleet+"/inputs", body) }

	patch(`{"inputs":[{"id":"a","data":{"concepts":[{"id":"truck","value":0},{"id":"van"}],"metadata":{"deep":{"y":2},"camera":null}}}],
		"action":"merge"}`).
		is(200, 10000).has("inputs.0.status.code", 30200).
		has("inputs.0.data.concepts.0.value", 0).has("inputs.0.data.concepts.1.id", "van").has("inputs.0.data.concepts.1.value", 1).
		has("inputs.0.data.metadata", map[string]any{"camera": "north", "deep": map[string]any{"x": 1.0, "y": 2.0}}).
		has("inputs.0.data.geo.geo_point.latitude", 2)
	patch(`{"inputs":[{"id":"a","data":{"concepts":[{"id":"truck"}],"metadata":{"deep":{"x":1}}}}],"action":"remove"}`).
		is(200, 10000).has("inputs.0.data.concepts.0.id", "van").lacks("inputs.0.data.concepts.1").
		has("inputs.0.data.metadata", map[string]any{"camera": "north", "deep": map[string]any{"y": 2.0}})
	patch(`{"inputs":[{"id":"a","data":{"metadata":{"only":true}}}],"action":"overwrite"}`).
		is(200, 10000).has("inputs.0.data.metadata", map[string]any{"only": true}).
		lacks("inputs.0.data.concepts").lacks("inputs.0.data.geo").has("inputs.0.data.text.text_info.char_count", 1)
	s.get(fleet+"/inputs/a").has("input.status.code", 30000).has("input.data.metadata", map[string]any{"only": true})

	patch(`{"inputs":[{"id":"a","data":{"concepts":[{"id":"x"}]}},{"id":"nope","data":{}}],"action":"merge"}`).
		is(200, 10010).has("inputs.1.status.code", 30102)
	patch(`{"inputs":[{"id":"nope","data":{}}],"action":"merge"}`).is(400, 10020)
	patch(`{"inputs":[{"id":"a","data":{"text":{"raw":"other"}}}],"action":"merge"}`).is(400, 10020).has("inputs.0.status.code", 30104)
	patch(`{"inputs":[{"id":"a"}],"action":"replace"}`).is(400, 11102)
	patch(`{"inputs":[{"id":"a"}]}`).is(400, 11102)
}

func TestPostInputs_createsConceptsOfRegions(t *testing.T) {
	s := start(t, inFleet)
	box := func(id, concept string) string {
		return `{"inputs":[{"id":"` + id + `","data":{"image":{"url":"https://example.com/a.jpg"},
			"regions":[{"region_info":{"bounding_box":{"bottom_row":1,"right_col":1}},"data":{"concepts":[{"id":"` + concept + `"}]}}]}}]`
	}
	r := s.post(fleet+"/inputs", box("a", "wheel")+`}`).is(200, 10000).
		has("inputs.0.data.regions.0.data.concepts.0.name", "wheel").has("inputs.0.data.regions.0.data.concepts.0.value", 1)
	if id, _ := r.at("inputs.0.data.regions.0.id").(string); len(id) != 32 {
		t.Errorf("the region's id is %q", id)
	}
	s.get(fleet+"/concepts/wheel").is(200, 10000)
	s.do(http.MethodPatch, fleet+"/inputs", box("a", "door")+`,"action":"merge"}`).is(200, 10000).
		has("inputs.0.data.regions.1.data.concepts.0.name", "door")
	s.get(fleet+"/concepts/door").is(200, 10000)
	s.post(fleet+"/inputs", `{"inputs":[{"id":"b","data":{"text":{"raw":"x"},"regions":[{"data":{"concepts":[{"id":"no spaces"}]}}]}}]}`).
		is(400, 10020).has("inputs.0.status.code", 30104)
}

func TestDeleteInputs_isAsynchronous(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Async = time.Minute })
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"}]}`).is(200, 10000)
	s.addImages("a", "b", "c")
	s.post(fleet+"/datasets/d/inputs", `{"dataset_inputs":[{"input":{"id":"a"}},{"input":{"id":"b"}}]}`).is(200, 10000)
	s.do(http.MethodDelete, fleet+"/inputs/a", "").is(200, 10000)
	s.do(http.MethodDelete, fleet+"/inputs", `{"ids":["b","unknown"]}`).is(200, 10000)
	s.do(http.MethodDelete, fleet+"/inputs", `{"ids":["unknown"]}`).is(404, 11101)
	s.do(http.MethodDelete, fleet+"/inputs/unknown", "").is(404, 11101)
	s.get(fleet+"/inputs/a").is(200, 10000)
	s.post(fleet+"/inputs", `{"inputs":[`+imageInput("a")+`]}`).is(400, 10020)
	s.clock.Advance(time.Minute)
	s.get(fleet+"/inputs/a").is(404, 11101).has("status.details", "input_id 'a' not found. Check the url of your request.")
	if got := s.get(fleet+"/inputs").ids("inputs", "id"); fmt.Sprint(got) != "[c]" {
		t.Errorf("left: %v", got)
	}
	s.get(fleet+"/datasets/d/inputs").has("dataset_inputs", []any{})
	s.post(fleet+"/inputs", `{"inputs":[`+imageInput("a")+`]}`).is(200, 10000) // ID and URL can be used again
}

func TestAddJob_countsInputs(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Async = time.Minute })
	s.addImages("a")
	s.post(fleet+"/inputs", `{"inputs":[`+imageInput("a")+`,`+imageInput("b")+
		`,{"id":"c","data":{"image":{"url":"https://example.com/fail"}}}],"inputs_add_job_id":"job"}`).
		is(200, 10010).has("inputs_add_job.id", "job").has("inputs_add_job.progress", map[string]any{"pending_count": "2", "failed_count": "1"})
	s.get(fleet+"/inputs/jobs/add/job").has("inputs_add_job.status.code", 64000)
	s.clock.Advance(30 * time.Second)
	s.get(fleet+"/inputs/jobs/add/job").has("inputs_add_job.status.code", 64001).has("inputs_add_job.progress.in_progress_count", "2")
	s.clock.Advance(30 * time.Second)
	s.get(fleet+"/inputs/jobs/add/job").has("inputs_add_job.status.code", 64002).
		has("inputs_add_job.progress", map[string]any{"success_count": "1", "failed_count": "2"})
	s.get(fleet+"/inputs/jobs/add/other").is(404, 11101)
}
