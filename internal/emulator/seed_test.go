package emulator_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const seed = `{"apps":[{"id":"fleet","description":"seeded","defaultLanguage":"de",
	"concepts":[{"id":"truck","name":"Lastwagen"}],
	"inputs":[
		{"id":"a","data":{"image":{"url":"https://example.com/a.jpg"},"concepts":[{"id":"truck"}]}},
		{"id":"b","data":{"text":{"raw":"from a seed"}}}],
	"annotations":[{"id":"n","input_id":"a","data":{"regions":[{"region_info":{"point":{"row":0.5,"col":0.5}}}]}}],
	"annotation_filters":[{"id":"f","search":{"query":{}}}],
	"datasets":[{"id":"d","description":"x","input_ids":["b","a"],"versions":[{"id":"v1"}]}],
	"searches":[{"id":"s","name":"trucks","query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}]}},
		{"id":"points","of_annotations":true,"query":{"filters":[{"annotation":{"data":{"regions":[{"region_info":{"point":{}}}]}}}]}}],
	"evaluations":[{"id":"e","model":{"id":"m","model_version":{"id":"mv"}},"ground_truth_dataset":{"id":"d","version":{"id":"v1"}}},
		{"id":"gone","model":{"id":"m","model_version":{"id":"mv"}},"ground_truth_dataset":{"id":"deleted"}}]}]}`

func TestSeed_existsFromStart(t *testing.T) {
	s := start(t, func(o *emulator.Options) { o.Async = time.Hour; o.Seed = strings.NewReader(seed) })
	s.get(fleet).is(200, 10000).has("app.description", "seeded").has("app.default_language", "de")
	s.get(fleet+"/concepts/truck").has("concept.name", "Lastwagen").has("concept.language", "de")
	s.get(fleet+"/inputs/a").has("input.status.code", 30000)
	s.get(fleet+"/inputs/a/annotations/n").is(200, 10000)
	s.get(fleet+"/datasets/d/versions/v1").has("dataset_version.status.code", 64015)
	s.get(fleet+"/searches/s").is(200, 10000).has("search.name", "trucks").has("search.save", true)
	s.post(fleet+"/searches/s", "{}").is(200, 10000).has("hits.0.input.id", "a").lacks("hits.1")
	s.post(fleet+"/searches/points", "{}").is(200, 10000).has("hits.0.annotation.id", "n").lacks("hits.1")
	s.get(fleet+"/evaluations/e?fields.test_set=true").is(200, 10000).has("eval_metrics.status.code", 21300).
		has("eval_metrics.test_set.0.input.id", "b").has("eval_metrics.model.app_id", "fleet")
	s.get(fleet+"/evaluations/gone").is(200, 10000).lacks("eval_metrics.summary")
	if got := fmt.Sprint(s.DatasetInputs("fleet", "d")); got != "[b a]" {
		t.Errorf("members are %s", got)
	}
}

func TestSnapshot_canBeLoaded(t *testing.T) {
	s := start(t, func(o *emulator.Options) { o.Seed = strings.NewReader(seed) })
	state := s.get("/__emulator/state")
	again := start(t, func(o *emulator.Options) { o.Seed = strings.NewReader(string(state.raw)) })
	if got := again.get("/__emulator/state"); string(got.raw) != string(state.raw) {
		t.Errorf("state was\n%s\nand is\n%s", state.raw, got.raw)
	}
	if got := again.Content("fleet", "b"); string(got) != "from a seed" {
		t.Errorf("content is %q", got)
	}
}

func TestSnapshot_sameAfterReload(t *testing.T) {
	s := start(t, inFleet)
	s.clock.Advance(time.Hour)
	s.do(http.MethodPatch, "/v2/users/acme/apps", `{"action":"overwrite","apps":[{"id":"fleet","description":"of trucks"}]}`).is(200, 10000)
	s.post(fleet+"/inputs", `{"inputs":[{"id":"b","data":{"text":{"raw":"a red van"}}},{"id":"one",
		"data":{"image":{"url":"https://example.com/1.jpg"}}},
		{"id":"same","data":{"image":{"url":"https://example.com/1.jpg","allow_duplicate_url":true}}}]}`).is(200, 10000)
	s.post(fleet+"/annotations", `{"annotations":[{"id":"n","input_id":"b","data":{"regions":[{"region_info":{"point":{"row":0.5,
		"col":0.5}}}]}}]}`).is(200, 10000)
	s.post(fleet+"/annotation_filters", `{"annotation_filters":[{"id":"f","search":{"query":{}}}]}`).is(200, 10000)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"d"}]}`).is(200, 10000)
	s.post("/__emulator/faults", `{"object":"dataset_version","id":"bad"}`)
	s.post(fleet+"/datasets/d/versions", `{"dataset_versions":[{"id":"v"},{"id":"bad"}]}`).is(200, 10000)
	s.clock.Advance(time.Hour)
	s.do(http.MethodPatch, fleet+"/datasets/d/versions", `{"action":"overwrite","dataset_versions":[{"id":"v","description":"x"}]}`).
		is(200, 10000)
	state := s.get("/__emulator/state")
	later := emulator.NewManualClock(s.clock.Now().Add(time.Hour))
	again := start(t, func(o *emulator.Options) { inFleet(o); o.Clock, o.Seed = later, strings.NewReader(string(state.raw)) })
	if got := again.get("/__emulator/state"); string(got.raw) != string(state.raw) {
		t.Errorf("state was\n%s\nand is\n%s", state.raw, got.raw)
	}
	again.get(fleet+"/datasets/d/versions/bad").has("dataset_version.status.code", 64020)
	if got := again.Content("fleet", "b"); string(got) != "a red van" {
		t.Errorf("content is %q", got)
	}
}

func TestSeed_describesInitialApp(t *testing.T) {
	s := start(t, func(o *emulator.Options) { inFleet(o); o.Seed = strings.NewReader(seed) })
	s.get("/v2/app").is(200, 10000).has("app.description", "seeded").has("app.default_language", "de")
}

func TestSeed_invalid(t *testing.T) {
	for bad, want := range map[string]string{
		`{"apps":[{"id":"a b"}]}`:                                           "may only hold",
		`{"apps":[{"id":"a","inputs":[{"id":"x"}]}]}`:                       "exactly one of",
		`{"apps":[{"id":"a","datasets":[{"id":"d","input_ids":["no"]}]}]}`:  "there is no input no",
		`{"apps":[{"id":"a","searches":[{"id":"s","algorithm":"guess"}]}]}`: "algorithm 'guess'",
		`{"apps":[{"id":"a","searches":[{"name":"s"}]}]}`:                   "search id",
		`{"apps":[{"id":"a","evaluations":[{"id":"e"}]}]}`:                  "model.id",
		`{"apps":[{"id":"a","datsets":[]}]}`:                                "datsets",
		`{"apps":[{"id":"a","annotations":[{"input_id":"no","data":{}}]}]}`: "does not exist",
		`{`: "unexpected EOF",
	} {
		_, err := emulator.New(emulator.Options{Seed: strings.NewReader(bad)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q in it", bad, err, want)
		}
	}
}

func TestCommand(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "seed.json")
	if err := os.WriteFile(file, []byte(seed), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- emulator.Command(ctx, []string{"-pat", "secret", "-user", "acme", "-app", "more", "-seed", file, "-async", "1s", "-bucket",
			"b=" + dir, "-verbose"}, in, io.Discard)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok || !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Fatalf("first line is %q", line)
	}
	for path, key := range map[string]string{fleet + "/inputs/a": "Key secret", "/v2/app": "Key secret"} {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, address+path, nil)
		req.Header.Set("Authorization", key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: HTTP %d", path, resp.StatusCode)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestCommand_invalidFlags(t *testing.T) {
	for _, args := range [][]string{{"-bucket", "x"}, {"-bucket", "x=/does/not/exist"}, {"-seed", "/does/not/exist"}, {"stray"},
		{"-unknown"}, {"-async", "-1s"}, {"-rps", "-1"}, {"-app", "a b"}} {
		if err := emulator.Command(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
