package emulator_test

import (
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const datasets = fleet + "/datasets"

// datasetD reads the dataset that every fault case starts with.
func datasetD(s *session) *reply { return s.get(datasets + "/d") }

// A faultCase checks the effect of one field of a fault. set adds a fault over HTTP, as users do.
type faultCase func(t *testing.T, s *session, set func(fault string))

// selectingFaults has a case for each of the fields that select requests and objects.
var selectingFaults = map[string]faultCase{
	"name": func(_ *testing.T, s *session, set func(string)) {
		set(`{"name":"mine","code":98004}`)
		datasetD(s).is(500, 98004)
		s.get("/__emulator/calls?op=GetDataset").has("calls.0.fault", "mine")
		s.get("/__emulator/faults").has("faults.0.name", "mine").has("faults.0.seen", 1).has("faults.0.struck", 1)
		s.do(http.MethodDelete, "/__emulator/faults?name=mine", "")
		datasetD(s).is(200, 10000)
	},
	"op": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"ListDatasets","code":98004}`)
		s.get(datasets).is(500, 98004)
		datasetD(s).is(200, 10000)
	},
	"method": func(_ *testing.T, s *session, set func(string)) {
		set(`{"method":"PATCH","code":98004}`)
		s.do(http.MethodPatch, datasets, `{"datasets":[{"id":"d"}],"action":"merge"}`).is(500, 98004)
		datasetD(s).is(200, 10000)
	},
	"path": func(_ *testing.T, s *session, set func(string)) {
		set(`{"path":"/datasets/[^/]$","code":98004}`)
		datasetD(s).is(500, 98004)
		s.get(datasets).is(200, 10000)
	},
	"object": func(t *testing.T, s *session, set func(string)) {
		set(`{"object":"input"}`)
		s.post(fleet+"/inputs", `{"inputs":[{"id":"b","data":{"text":{"raw":"b"}}}]}`).is(200, 10000)
		s.get(fleet+"/inputs/b").has("input.status.code", 30002)
		s.get(fleet+"/inputs/a").has("input.status.code", 30000) // it existed before
		datasetD(s).is(200, 10000)                               // requests do not fail
		if r := s.post("/__emulator/faults", `{"object":"moon"}`); r.status != http.StatusBadRequest {
			t.Errorf("a fault of the moon: HTTP %d", r.status)
		}
	},
	"id": func(_ *testing.T, s *session, set func(string)) {
		set(`{"object":"input","id":"^bad"}`)
		s.post(fleet+"/inputs", `{"inputs":[{"id":"bad-1","data":{"text":{"raw":"x"}}},{"id":"good","data":{"text":{"raw":"y"}}}]}`)
		s.get(fleet+"/inputs/bad-1").has("input.status.code", 30002)
		s.get(fleet+"/inputs/good").has("input.status.code", 30000)
	},
	"url": func(_ *testing.T, s *session, set func(string)) {
		set(`{"object":"input","url":"\\.gif$"}`)
		s.post(fleet+"/inputs", `{"inputs":[{"id":"g","data":{"image":{"url":"https://example.com/a.gif"}}},{"id":"j",
			"data":{"image":{"url":"https://example.com/a.jpg"}}}]}`)
		s.get(fleet+"/inputs/g").has("input.status.code", 30002)
		s.get(fleet+"/inputs/j").has("input.status.code", 30000)
	},
	"after": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","code":98004,"after":2}`)
		datasetD(s).is(200, 10000)
		datasetD(s).is(200, 10000)
		datasetD(s).is(500, 98004)
		s.get("/__emulator/faults").has("faults.0.seen", 3).has("faults.0.struck", 1)
	},
	"count": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","code":98004,"count":2}`)
		datasetD(s).is(500, 98004)
		datasetD(s).is(500, 98004)
		datasetD(s).is(200, 10000)
	},
	"probability": func(t *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","code":98004,"probability":0.25}`)
		struck := 0
		for range 200 {
			if datasetD(s).status == http.StatusInternalServerError {
				struck++
			}
		}
		if struck < 25 || struck > 75 {
			t.Errorf("struck %d times of 200", struck)
		}
	},
}

// rejectingFaults has a case for each of the fields that reject the request.
var rejectingFaults = map[string]faultCase{
	"code": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","code":11007}`)
		datasetD(s).is(403, 11007).lacks("dataset")
	},
	"http": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","http":503}`)
		datasetD(s).is(503, 39997)
		s.do(http.MethodDelete, "/__emulator/faults", "")
		set(`{"op":"GetDataset","http":429}`)
		datasetD(s).is(429, 11005)
		s.do(http.MethodDelete, "/__emulator/faults", "")
		set(`{"op":"GetDataset","http":418,"code":99009}`)
		datasetD(s).is(418, 99009)
	},
	"details": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","code":98004,"details":"out of luck"}`)
		datasetD(s).is(500, 98004).has("status.details", "out of luck")
	},
	"retry_after": func(t *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","http":429,"retry_after":"7","count":1}`)
		if got := datasetD(s).is(429, 11005).header.Get("Retry-After"); got != "7" {
			t.Errorf("Retry-After is %q", got)
		}
		set(`{"op":"GetDataset","http":429,"count":1}`)
		if got, there := datasetD(s).is(429, 11005).header["Retry-After"]; there {
			t.Errorf("without one, Retry-After is %q", got)
		}
	},
	"body": func(t *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","body":"<html>bad gateway</html>"}`)
		r := datasetD(s)
		if r.status != http.StatusBadGateway || string(r.raw) != "<html>bad gateway</html>" ||
			r.header.Get("Content-Type") != "text/html; charset=UTF-8" {
			t.Errorf("HTTP %d %v: %s", r.status, r.header, r.raw)
		}
	},
	"content_type": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","http":503,"body":"{\"code\":14,\"message\":\"no upstream\"}","content_type":"application/json"}`)
		datasetD(s).has("code", 14)
	},
	"moved_to": func(t *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","moved_to":"/v2/users/acme/apps/newer/datasets/d"}`)
		r := datasetD(s).is(307, 10050).has("status.redirect_info.url", "/v2/users/acme/apps/newer/datasets/d").
			has("status.redirect_info.old_resource_id", "fleet")
		if got := r.header.Get("Location"); got != "/v2/users/acme/apps/newer/datasets/d" {
			t.Errorf("Location is %q", got)
		}
	},
}

// transportFaults has a case for each of the fields that disturb the transport.
var transportFaults = map[string]faultCase{
	"latency": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","latency":"90s"}`)
		answer := make(chan *reply)
		go func() { answer <- datasetD(s) }()
		s.clock.AwaitWaiters(1)
		s.clock.Advance(89 * time.Second)
		s.clock.AwaitWaiters(1) // it still waits
		s.clock.Advance(time.Second)
		(<-answer).is(200, 10000)
	},
	"reset": func(t *testing.T, s *session, set func(string)) {
		for _, moment := range []string{"before", "after"} {
			set(`{"op":"PostDatasets","reset":"` + moment + `","count":1}`)
			if r, err := s.try(http.MethodPost, datasets, `{"datasets":[{"id":"cut-`+moment+`"}]}`); err == nil {
				t.Errorf("%s: response with HTTP %d", moment, r.status)
			}
			if created := s.Dataset("fleet", "cut-"+moment) != nil; created != (moment == "after") {
				t.Errorf("%s: processed: %t", moment, created)
			}
		}
	},
	"truncate": func(t *testing.T, s *session, set func(string)) {
		set(`{"op":"PostDatasets","truncate":true}`)
		if r, err := s.try(http.MethodPost, datasets, `{"datasets":[{"id":"half"}]}`); err == nil {
			t.Errorf("complete response: %s", r.raw)
		}
		if s.Dataset("fleet", "half") == nil {
			t.Error("the request was not processed")
		}
	},
	"slow_body": func(_ *testing.T, s *session, set func(string)) {
		set(`{"op":"GetDataset","slow_body":"20s"}`)
		answer := make(chan *reply)
		go func() { answer <- datasetD(s) }()
		for range 10 { // the pieces of the body
			s.clock.AwaitWaiters(1)
			s.clock.Advance(2 * time.Second)
		}
		(<-answer).is(200, 10000).has("dataset.id", "d")
	},
}

// contentFaults has a case for each of the fields that change the content of a response.
var contentFaults = map[string]faultCase{
	"cut_json": func(t *testing.T, s *session, set func(string)) {
		set(`{"cut_json":true}`)
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+datasets+"/d", nil)
		req.Header.Set("Authorization", s.key)
		resp, err := (&http.Client{}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || !strings.Contains(string(body), `"code":10000`) || json.Unmarshal(body, new(any)) == nil {
			t.Errorf("%v: %s", err, body)
		}
	},
	"items": func(_ *testing.T, s *session, set func(string)) {
		set(`{"items":"null","count":1}`)
		s.get(datasets).has("datasets", []any{nil})
		set(`{"items":"wrong","count":1}`)
		s.get(datasets).has("datasets.0.id", "unrequested").lacks("datasets.1")
		set(`{"items":"missing","count":1}`)
		s.get(datasets).has("datasets", []any{})
		set(`{"items":"extra","count":1}`)
		s.get(datasets).has("datasets.0.id", "d").has("datasets.1.id", "unrequested")
	},
	"mixed": func(_ *testing.T, s *session, set func(string)) {
		set(`{"mixed":true}`)
		datasetD(s).is(200, 10010).has("dataset.id", "d")
	},
	"nan": func(_ *testing.T, s *session, set func(string)) {
		s.post(fleet+"/concepts", `{"concepts":[{"id":"truck"}]}`).is(200, 10000)
		set(`{"nan":true}`)
		s.get(fleet+"/concepts/truck").has("concept.value", "NaN")
	},
	"drop": func(_ *testing.T, s *session, set func(string)) {
		set(`{"drop":"app_id"}`)
		datasetD(s).is(200, 10000).lacks("dataset.app_id")
	},
}

// checkFaults runs the cases, each on its own emulator with one dataset and one input.
func checkFaults(t *testing.T, cases map[string]faultCase) {
	t.Helper()
	for name, check := range cases {
		t.Run(name, func(t *testing.T) {
			s := startNewer(t, inFleet)
			s.post(datasets, `{"datasets":[{"id":"d"}]}`).is(200, 10000)
			s.post(fleet+"/inputs", `{"inputs":[{"id":"a","data":{"text":{"raw":"a"}}}]}`).is(200, 10000)
			check(t, s, func(fault string) {
				if r := s.post("/__emulator/faults", fault); r.status != http.StatusOK {
					t.Fatalf("the fault %s is rejected: HTTP %d %s", fault, r.status, r.raw)
				}
			})
		})
	}
}

func TestFault_selectsRequestsAndObjects(t *testing.T) { checkFaults(t, selectingFaults) }

func TestFault_rejectsRequests(t *testing.T) { checkFaults(t, rejectingFaults) }

func TestFault_disturbsTransport(t *testing.T) { checkFaults(t, transportFaults) }

func TestFault_changesContent(t *testing.T) { checkFaults(t, contentFaults) }

func TestFault_everyFieldHasACase(t *testing.T) {
	fields := reflect.TypeFor[emulator.Fault]()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		found := 0
		for _, cases := range []map[string]faultCase{selectingFaults, rejectingFaults, transportFaults, contentFaults} {
			if cases[name] != nil {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s has %d cases, want 1", name, found)
		}
	}
}

// A fault makes asynchronous work on each kind of object fail, with the usual code or with a chosen
// one and details.
func TestFault_failsAsynchronousWork(t *testing.T) {
	version := fleet + "/datasets/d/versions"
	for object, work := range map[string]struct {
		usual, chosen int
		start         func(s *session) *reply // and what to read then
		status        string
	}{
		"input": {30002, 30101, func(s *session) *reply {
			s.post(fleet+"/inputs", `{"inputs":[{"id":"b","data":{"text":{"raw":"b"}}}]}`).is(200, 10000)
			return s.get(fleet + "/inputs/b")
		}, "input.status"},
		"dataset_version": {64020, 64025, func(s *session) *reply {
			s.post(version, `{"dataset_versions":[{"id":"w"}]}`).is(200, 10000)
			return s.get(version + "/w")
		}, "dataset_version.status"},
		"export": {64202, 64204, func(s *session) *reply {
			s.do(http.MethodPut, version+"/v/exports", `{"exports":[{"format":3}]}`).is(200, 10000)
			return s.get(version + "/v")
		}, "dataset_version.export_info.clarifai_data_json.status"},
		"bulk_operation": {25401, 25406, func(s *session) *reply {
			r := s.post(fleet+"/bulk_operations", `{"bulk_operations":[{"input_ids":{"input_ids":["a"]},"operation":{"delete_geo":{}}}]}`).
				is(200, 10000)
			return s.get(fleet + "/bulk_operations/" + r.at("bulk_operation.0.id").(string))
		}, "bulk_operation.status"},
		"extraction_job": {64003, 64006, func(s *session) *reply {
			s.post(fleet+"/inputs/data_sources", `{"data_sources":[{"url":{"url":"s3://reports/"}}]}`).is(200, 10000)
			return s.get(fleet + "/inputs/jobs/extraction")
		}, "inputs_extraction_jobs.0.status"},
		"evaluation": {21317, 21315, func(s *session) *reply {
			s.post(fleet+"/evaluations", `{"eval_metrics":[{"id":"e","model":{"id":"m","model_version":{"id":"mv"}}}]}`).is(200, 10000)
			return s.get(fleet + "/evaluations/e")
		}, "eval_metrics.status"},
		"app_duplication": {25201, 25204, func(s *session) *reply {
			r := s.post(fleet+"/duplications", `{"app_duplications":[{"destination_app":{"id":"copy"},"filter":{"copy_concepts":true}}]}`).
				is(200, 10000)
			return s.get("/v2/users/me/duplications/" + r.at("app_duplications.0.id").(string))
		}, "app_duplication.status"},
	} {
		t.Run(object, func(t *testing.T) {
			begin := func() *session {
				s := startNewer(t, inFleet)
				s.post(fleet+"/inputs", `{"inputs":[{"id":"a","data":{"text":{"raw":"a"},"concepts":[{"id":"truck"}]}}]}`).is(200, 10000)
				s.post(fleet+"/datasets", `{"datasets":[{"id":"d"}]}`).is(200, 10000)
				s.post(version, `{"dataset_versions":[{"id":"v"}]}`).is(200, 10000)
				return s
			}
			s := begin()
			s.post("/__emulator/faults", `{"object":"`+object+`"}`).has("name", "fault-1")
			work.start(s).is(200, 10000).has(work.status+".code", work.usual)

			s = begin()
			s.MustFault(emulator.Fault{Object: object, Code: clarifai.StatusCode(work.chosen), Details: "out of luck"})
			work.start(s).is(200, 10000).has(work.status+".code", work.chosen).has(work.status+".details", "out of luck")

			s = begin() // and without a fault none of it
			if got := work.start(s).is(200, 10000).at(work.status + ".code"); got == float64(work.usual) || got == float64(work.chosen) {
				t.Errorf("ends with %v of its own", got)
			}
		})
	}
}
