package emulator_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestAuthorization(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.PAT = "right" })
	for key, want := range map[string][2]int{
		"":             {401, 11102},
		"key right":    {401, 11102}, // the scheme is case-sensitive
		"Bearer right": {401, 11102},
		"Key ":         {401, 11102}, // the server receives "Key"
		"Key a b":      {401, 11008},
		"Key wrong":    {401, 11009},
		"Key right":    {200, 10000},
	} {
		s.key = key
		r := s.get(fleet+"/datasets").is(want[0], want[1])
		r.has("datasets", []any{}) // errors have it, too
	}
	s.key = "Key right"
	s.get("/v2/users/me/apps/fleet").is(200, 10000)
	s.get("/v2/users/other/apps/fleet").is(404, 11101)
	s.get("/v2/users/acme/apps/other/datasets").is(404, 11101)
}

func TestShortPaths_useTheInitialApp(t *testing.T) {
	s := start(t, inFleet)
	s.post("/v2/datasets", `{"datasets":[{"id":"d"}]}`).is(200, 10000).has("datasets.0.app_id", "fleet")
	s.get("/v2/datasets/d").is(200, 10000)
	s.get("/v2/app").is(200, 10000).has("app.id", "fleet")
	s.get("/v2/apps").is(200, 10000).has("apps.0.id", "fleet")
	s.do(http.MethodPatch, "/v2/users/me/apps/ids", `{"ids":[{"id":"fleet","new_id":"renamed"}],"action":"overwrite"}`).is(200, 10000)
	s.get("/v2/datasets/d").is(200, 10000).has("dataset.app_id", "renamed")
	s.get(fleet+"/datasets/d").is(307, 10050)
	s.do(http.MethodDelete, "/v2/users/acme/apps/renamed", "").is(200, 10000)
	s.get("/v2/datasets/d").is(404, 11101)
	without := start(t, nil)
	without.get("/v2/datasets").is(401, 11008).contains("app external id")
}

func TestUnknownPathsAndMethods(t *testing.T) {
	s := start(t, inFleet)
	s.get("/v2/nothing").is(404, 11101)
	s.get("/").is(404, 11101)
	s.do(http.MethodPut, fleet+"/datasets", "{}").is(405, 11103)
	s.do(http.MethodPatch, fleet+"/inputs/annotations", "{}").is(405, 11103) // a literal path, not the ID of an input
	s.get(fleet+"/inputs/status").is(200, 10000).has("counts.processed", 0)
	s.get(fleet+"/datasets/no%2Fslash").is(404, 11101).has("status.details", "dataset_id 'no/slash' not found. Check the url of your request.")
}

func TestRequestBodies_strictInBothSpellings(t *testing.T) {
	s := start(t, inFleet)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"a","defaultProcessingInfo":{"frameInterpolationInfo":{"sampleMs":5}},"description":null}],
		"userAppId":{"userId":"x"}}`).
		is(200, 10000).has("datasets.0.default_processing_info.frame_interpolation_info.sample_ms", 5).lacks("datasets.0.description")
	s.post(fleet+"/datasets", `{"datasets":[{"id":"b","describtion":"misspelt"}]}`).is(400, 11102).contains("describtion")
	s.post(fleet+"/datasets", `{"datasets":`).is(400, 11100)
	s.post(fleet+"/datasets", `{"datasets":"x"}`).is(400, 11100)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"c","visibility":{"gettable":"PUBLIC"}},{"id":"d","visibility":{"gettable":30}}]}`).
		is(200, 10000).
		has("datasets.0.visibility.gettable", 50).has("datasets.1.visibility.gettable", 30)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"e","visibility":{"gettable":"NOBODY"}}]}`).is(400, 11100)
}

func TestRequestBodies_statusCodesByNumberAndName(t *testing.T) {
	s := start(t, inFleet)
	s.addImages("a")
	for code, want := range map[string]int{`30000`: 1, `"INPUT_SUCCESS"`: 1, `"INPUT_DOWNLOAD_SUCCESS"`: 1, `30002`: 0, `"ZERO"`: 1,
		`null`: 1} {
		s.post(fleet+"/inputs/searches", `{"searches":[{"query":{"filters":[{"input":{"status":{"code":`+code+`}}}]}}]}`).is(200, 10000).
			count("hits", want)
	}
	s.post(fleet+"/inputs/searches", `{"searches":[{"query":{"filters":[{"input":{"status":{"code":"INPUT_DONE"}}}]}}]}`).
		is(400, 11100).contains("INPUT_DONE")
	s.get(fleet+"/inputs?status.code=INPUT_DOWNLOAD_SUCCESS").is(200, 10000).count("inputs", 1)
	s.get(fleet+"/inputs?status.code=ZERO").is(200, 10000).count("inputs", 1)
	s.get(fleet+"/inputs?status.code=INPUT_DONE").is(400, 11100)
	s.post("/__emulator/faults", `{"code":"INPUT_DONE"}`).contains("INPUT_DONE")
	s.get(fleet+"/inputs").is(200, 10000)
}

func TestResponses_documentedForm(t *testing.T) {
	s := start(t, inFleet)
	r := s.get(fleet+"/datasets").is(200, 10000).has("status.description", "Ok").lacks("status.details")
	if got := r.header.Get("Content-Type"); got != "application/json; charset=UTF-8" {
		t.Errorf("Content-Type is %q", got)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+fleet, nil)
	req.Header.Set("Authorization", s.key)
	req.Header.Set("X-Clarifai-Request-ID-Prefix", "sdk-go-1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if !bytes.Contains(body, []byte(`"req_id":"sdk-go-1-`)) {
		t.Errorf("no prefix in %s", body)
	}
}

func TestResponses_camelCase(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.CamelCase = true })
	r := s.post(fleet+"/datasets", `{"datasets":[{"id":"a","metadata":{"my_key":{"x_y":1}},
		"default_annotation_filter":{"search":{"min_value":0.5}}}]}`)
	if r.at("status.reqId") == nil {
		t.Errorf("no reqId in %s", r.raw)
	}
	r.has("datasets.0.appId", "fleet").has("datasets.0.metadata", map[string]any{"my_key": map[string]any{"x_y": 1.0}}).
		has("datasets.0.defaultAnnotationFilter.search.minValue", 0.5)
}

func TestThrottle(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.RPS = 2 })
	s.get(fleet).is(200, 10000)
	s.get(fleet).is(200, 10000)
	r := s.get(fleet).is(429, 11005).has("status.details", "exceeded limit of 2 requests per second")
	if r.header.Get("Retry-After") != "" {
		t.Error("Retry-After is not documented")
	}
	s.clock.Advance(500 * time.Millisecond)
	s.get(fleet).is(200, 10000)
	s.get(fleet).is(429, 11005)
}

func TestLatency_usesTheClock(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Latency = time.Minute })
	done := make(chan *reply)
	go func() { done <- s.get(fleet) }()
	s.clock.AwaitWaiters(1) // the request has arrived
	s.clock.Advance(59 * time.Second)
	s.clock.AwaitWaiters(1) // and still waits
	s.clock.Advance(time.Second)
	(<-done).is(200, 10000)
}

func TestFaults_ofRequests(t *testing.T) {
	s := start(t, inFleet)
	path := fleet + "/datasets"
	made := 0
	body := func() string { made++; return fmt.Sprintf(`{"datasets":[{"id":"d%d"}]}`, made) }

	t.Run("status code", func(t *testing.T) {
		name := s.MustFault(emulator.Fault{Op: "PostDatasets", Code: 98004, Details: "trouble", After: 1, Count: 1})
		s.post(path, body()).is(200, 10000)
		s.post(path, body()).is(500, 98004).has("status.details", "trouble").has("datasets", []any{})
		s.post(path, body()).is(200, 10000)
		if s.Struck(name) != 1 || s.Dataset("fleet", "d2") != nil {
			t.Error("the fault struck more than once, or the rejected request was processed")
		}
	})
	t.Run("throttled with Retry-After", func(t *testing.T) {
		s.MustFault(emulator.Fault{Method: "GET", Path: "/datasets$", HTTP: 429, RetryAfter: "7", Count: 1})
		r := s.get(path).is(429, 11005)
		if r.header.Get("Retry-After") != "7" {
			t.Errorf("headers are %v", r.header)
		}
		s.get(path).is(200, 10000)
	})
	t.Run("gateway page", func(t *testing.T) {
		s.MustFault(emulator.Fault{HTTP: 502, Body: "<html>bad gateway</html>", Count: 1})
		r := s.get(path)
		if r.status != 502 || string(r.raw) != "<html>bad gateway</html>" || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
			t.Errorf("HTTP %d %s: %s", r.status, r.header.Get("Content-Type"), r.raw)
		}
	})
	t.Run("gateway object", func(t *testing.T) {
		s.MustFault(emulator.Fault{HTTP: 503, Body: `{"code":14,"message":"upstream connect error","details":[]}`,
			ContentType: "application/json", Count: 1})
		s.get(path).has("code", 14)
	})
	t.Run("moved", func(t *testing.T) {
		s.MustFault(emulator.Fault{MovedTo: "/v2/users/acme/apps/fleet2/datasets", Count: 1})
		r := s.get(path).is(307, 10050).has("status.redirect_info.url", "/v2/users/acme/apps/fleet2/datasets")
		if r.header.Get("Location") == "" {
			t.Error("no Location")
		}
	})
	t.Run("connection cut before the work", func(t *testing.T) {
		s.MustFault(emulator.Fault{Op: "PostDatasets", Reset: emulator.BeforeWork, Count: 1})
		if r, err := s.try(http.MethodPost, path, body()); err == nil {
			t.Fatalf("response %s", r.raw)
		}
		if s.Dataset("fleet", fmt.Sprintf("d%d", made)) != nil {
			t.Error("the work was done")
		}
	})
	t.Run("response lost", func(t *testing.T) {
		s.MustFault(emulator.Fault{Op: "PostDatasets", Reset: emulator.AfterWork, Count: 1})
		if r, err := s.try(http.MethodPost, path, body()); err == nil {
			t.Fatalf("response %s", r.raw)
		}
		if s.Dataset("fleet", fmt.Sprintf("d%d", made)) == nil {
			t.Error("the work was not done")
		}
		if calls := s.Calls("PostDatasets"); calls[len(calls)-1].Status != 0 {
			t.Error("the lost answer is recorded as sent")
		}
	})
	t.Run("incomplete request", func(t *testing.T) {
		// Nobody waits for the response, and nothing is known about the body.
		s.ResetCalls()
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Length: 100\r\n\r\n{", path, s.key)
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if response, _ := io.ReadAll(conn); len(response) > 0 {
			t.Errorf("response %s", response)
		}
		if calls := s.Calls("PostDatasets"); len(calls) != 1 || calls[0].Status != 0 || calls[0].Request != nil {
			t.Errorf("calls are %v", calls)
		}
	})
	t.Run("truncated answer", func(t *testing.T) {
		s.MustFault(emulator.Fault{Op: "ListDatasets", Truncate: true, Count: 1})
		if r, err := s.try(http.MethodGet, path, ""); err == nil {
			t.Fatalf("whole answer %s", r.raw)
		}
	})
	t.Run("not found yet", func(t *testing.T) {
		s.MustFault(emulator.NotFoundFor(2, "GetDataset"))
		s.get(path+"/d1").is(404, 11101)
		s.get(path+"/d1").is(404, 11101)
		s.get(path+"/d1").is(200, 10000)
	})
	t.Run("probability", func(t *testing.T) {
		name := s.MustFault(emulator.Fault{Op: "GetDataset", Probability: 0.5, Code: 99009})
		for range 100 {
			if _, err := s.try(http.MethodGet, path+"/d1", ""); err != nil {
				t.Fatal(err)
			}
		}
		if n := s.Struck(name); n < 25 || n > 75 {
			t.Errorf("struck %d times of 100", n)
		}
		s.ClearFaults()
		s.get(path+"/d1").is(200, 10000)
	})
	t.Run("latency and slow body", func(t *testing.T) {
		s.MustFault(emulator.Fault{Op: "GetDataset", Latency: emulator.Duration(time.Minute), SlowBody: emulator.Duration(10 * time.Second),
			Count: 1})
		done := make(chan *reply)
		go func() { done <- s.get(path + "/d1") }()
		s.clock.AwaitWaiters(1)
		s.clock.Advance(time.Minute)
		for range 10 { // one for each part of the body
			s.clock.AwaitWaiters(1)
			s.clock.Advance(time.Second)
		}
		(<-done).is(200, 10000)
	})
	t.Run("bad faults are refused", func(t *testing.T) {
		for _, f := range []emulator.Fault{{Path: "("}, {ID: "x"}, {Object: "moon"}, {Reset: "never"}, {Probability: 2}} {
			if _, err := s.AddFault(f); err == nil {
				t.Errorf("%+v was taken", f)
			}
		}
	})
}

func TestAdmin_faultsAndCalls(t *testing.T) {
	s := start(t, inFleet)
	s.post("/__emulator/faults", `{"op":"GetApp","code":11005,"http":429,"retry_after":"1","count":1,"slow_body":"0s"}`).has("name", "fault-1")
	s.get(fleet).is(429, 11005)
	s.get("/__emulator/faults").has("faults.0.struck", 1).has("faults.0.op", "GetApp")
	s.get("/__emulator/calls?op=GetApp").has("calls.0.fault", "fault-1").has("calls.0.status", 429).lacks("calls.1").
		has("calls.0.headers.Authorization.0", "(secret)")
	s.do(http.MethodDelete, "/__emulator/faults?name=fault-1", "")
	s.get("/__emulator/faults").has("faults", []any{})
	s.do(http.MethodDelete, "/__emulator/calls", "")
	s.get("/__emulator/calls").has("calls", []any{})
	if r := s.post("/__emulator/faults", `{"opp":"x"}`); r.status != 400 {
		t.Errorf("a misspelt fault: HTTP %d", r.status)
	}
}

func TestAdmin_onlyFromLoopback(t *testing.T) {
	s := start(t, inFleet)
	for _, from := range []struct{ remote, host string }{{"192.0.2.1:99", "127.0.0.1"}, {"127.0.0.1:99", "evil.example.com"}} {
		req := httptest.NewRequest(http.MethodGet, "/__emulator/state", nil)
		req.RemoteAddr, req.Host = from.remote, from.host
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != http.StatusForbidden {
			t.Errorf("from %v: HTTP %d", from, w.Code)
		}
	}
}

func TestAdmin_rejectsWebPages(t *testing.T) {
	s := start(t, inFleet)
	for name, change := range map[string]func(*http.Request){
		"Origin":         func(r *http.Request) { r.Header.Set("Origin", "http://evil.example.com") },
		"opaque Origin":  func(r *http.Request) { r.Header.Set("Origin", "null") },
		"Sec-Fetch-Site": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"Host":           func(r *http.Request) { r.Host = "evil.example.com" },
	} {
		for _, path := range []string{fleet + "/datasets", "/__emulator/faults"} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", s.key)
			change(req)
			resp, err := (&http.Client{}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if resp.Body.Close(); resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s at %s: HTTP %d", name, path, resp.StatusCode)
			}
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+fleet, nil)
	req.Header.Set("Authorization", s.key)
	req.Header.Set("Origin", s.URL())
	req.Host = strings.Replace(req.Host, "127.0.0.1", "localhost", 1)
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Errorf("from this machine: HTTP %d", resp.StatusCode)
	}
}

func TestRecorder(t *testing.T) {
	s := start(t, inFleet)
	var seen []string
	var mu sync.Mutex
	s.Observe(func(c emulator.Call) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, fmt.Sprintf("%s %d %d %t", c.Op, c.Status, c.Code, len(c.Response) > 0))
	})
	s.post(fleet+"/datasets", `{"datasets":[{"id":"a"},{"id":"b"},{"id":"c"}],"x":1}`)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"a"},{"id":"b"},{"id":"c"}]}`)
	s.get(fleet + "/datasets?page=1")
	if got := fmt.Sprint(seen); got != "[PostDatasets 400 11102 true PostDatasets 200 10000 true ListDatasets 200 10000 true]" {
		t.Errorf("observed %v", got)
	}
	calls := s.Calls("PostDatasets")
	if len(calls) != 2 || calls[1].Items != 3 || !bytes.Contains(calls[1].Request, []byte(`"id":"b"`)) ||
		calls[1].Headers.Get("Authorization") != "(secret)" {
		t.Errorf("recorded %+v", calls)
	}
	if s.Count() != 3 || s.Count("ListDatasets") != 1 || s.MaxBodyItems("PostDatasets") != 3 || s.MaxInFlight() != 1 {
		t.Errorf("counts: %d %d %d %d", s.Count(), s.Count("ListDatasets"), s.MaxBodyItems("PostDatasets"), s.MaxInFlight())
	}
	if got := s.Calls("ListDatasets")[0].Query.Get("page"); got != "1" {
		t.Errorf("query is %q", got)
	}
	s.ResetCalls()
	if s.Count() != 0 || len(s.Calls()) != 0 {
		t.Error("calls are not forgotten")
	}
}

func TestRecorder_withoutRecordOption(t *testing.T) {
	s, err := emulator.New(emulator.Options{App: "fleet"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2500 {
		req := httptest.NewRequest(http.MethodPost, fleet+"/concepts/searches", strings.NewReader(`{}`))
		req.Header.Set("Authorization", "Key k")
		s.ServeHTTP(httptest.NewRecorder(), req)
	}
	calls := s.Calls()
	if len(calls) < 1000 || len(calls) > 2000 || calls[0].Request != nil || s.Count() != 2500 {
		t.Errorf("%d calls are kept of %d", len(calls), s.Count())
	}
}

func TestService_manyClientsAtOnce(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Async = time.Minute; o.Record = false })
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"}]}`).is(200, 10000)
	var wg sync.WaitGroup
	failures := make(chan error, 64)
	for client := range 64 {
		wg.Go(func() {
			failures <- func() error {
				for round := range 3 {
					id := fmt.Sprintf("c%d-%d", client, round)
					for _, call := range []struct{ method, path, body string }{
						{"POST", "/inputs", `{"inputs":[{"id":"` + id + `","data":{"text":{"raw":"` + id +
							`"},"concepts":[{"id":"shared"}]},"dataset_ids":["d"]}],"inputs_add_job_id":"job"}`},
						{"PATCH", "/inputs", `{"inputs":[{"id":"` + id + `","data":{"metadata":{"k":1},"concepts":[{"id":"x"}]}}],"action":"merge"}`},
						{"PATCH", "/datasets", `{"datasets":[{"id":"d","description":"` + id + `","metadata":{"` + id + `":1}}],"action":"merge"}`},
						{"GET", "/inputs?per_page=50", ""},
						{"GET", "/datasets/d/inputs", ""},
						{"POST", "/datasets/d/versions", `{"dataset_versions":[{"id":"` + id + `"}]}`},
						{"GET", "/datasets/d/versions/" + id, ""},
						{"GET", "/annotations", ""},
						{"GET", "/inputs/jobs/add/job", ""},
						{"DELETE", "/inputs/" + id, ""},
					} {
						r, err := s.try(call.method, fleet+call.path, call.body)
						if err != nil {
							return err
						}
						if r.status != 200 {
							return fmt.Errorf("%s %s: %s", call.method, call.path, r.raw)
						}
					}
					s.clock.Advance(time.Second)
				}
				return nil
			}()
		})
	}
	wg.Wait()
	close(failures)
	var all []error
	for err := range failures {
		all = append(all, err)
	}
	if err := errors.Join(all...); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Hour)
	s.get(fleet+"/inputs").is(200, 10000).has("inputs", []any{})
	if n := len(s.DatasetVersions("fleet", "d")); n != 64*3 {
		t.Errorf("%d versions were made", n)
	}
}
