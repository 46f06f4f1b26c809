package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// onEmulator probes an emulator with dialects.
func onEmulator(t *testing.T, names []string, dialects ...string) (*emulator.Server, []result) {
	t.Helper()
	server := start(t, dialects...)
	results, err := run(t.Context(), targetOf(server), server.client(), names)
	if err != nil {
		t.Fatal(err)
	}
	return server.Server, results
}

type testServer struct {
	*emulator.Server
	clock turningClock
}

func (testServer) client() *http.Client { return &http.Client{} }

// turningClock advances when code waits for it, so that waits return at once.
type turningClock struct{ *emulator.ManualClock }

func (c turningClock) Wait(ctx context.Context, d time.Duration) error {
	c.Advance(d)
	return ctx.Err()
}

func start(t *testing.T, dialects ...string) testServer {
	t.Helper()
	clock := turningClock{emulator.NewManualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
	server, err := emulator.NewServer(emulator.Options{App: "empty", Clock: clock, Async: 10 * time.Second, Dialects: dialects})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return testServer{server, clock}
}

func targetOf(server testServer) target {
	return target{
		base: server.URL(), pat: "key", user: emulator.DefaultUser, app: "empty",
		interval: time.Second, timeout: time.Minute, clock: server.clock,
	}
}

func TestRun_withoutDialects(t *testing.T) {
	t.Parallel()
	server, results := onEmulator(t, nil)
	for _, r := range results {
		if r.Result != asAssumed && skipped[r.Fact] == "" {
			t.Errorf("%s: %s (%s)", r.Fact, r.Result, r.Observed)
		}
	}
	if len(results) != len(emulator.Dialects()) {
		t.Errorf("%d results of %d facts", len(results), len(emulator.Dialects()))
	}
	if left := server.Datasets("empty"); len(left) > 0 {
		t.Errorf("datasets are left: %v", left)
	}
}

// The probes distinguish each dialect from the assumption.
func TestRun_distinguishesDialects(t *testing.T) {
	t.Parallel()
	for _, d := range emulator.Dialects() {
		if skipped[d.Name] != "" {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			_, results := onEmulator(t, []string{d.Name}, d.Name)
			if len(results) != 1 || results[0].Result != alternative {
				t.Errorf("got %+v", results)
			}
		})
	}
}

func TestRun_rejectsNonEmptyApp(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.AddDataset("empty", clarifai.Dataset{ID: "of-value"})
	if _, err := run(t.Context(), targetOf(server), server.client(), nil); err == nil || !strings.Contains(err.Error(), `"of-value"`) {
		t.Errorf("got %v", err)
	}
	if n := server.Count("PostDatasets", "PostInputs"); n > 0 {
		t.Errorf("%d objects were created", n)
	}
}

// The check reads all pages: an object of value may be on the second one, in whichever order the service lists.
func TestRun_rejectsNonEmptyAppOnLaterPages(t *testing.T) {
	t.Parallel()
	app := clarifai.AppRef{UserID: emulator.DefaultUser, AppID: "empty"}
	saved := func(t *testing.T, server testServer, ids ...string) {
		t.Helper()
		client, err := clarifai.New(clarifai.Config{BaseURL: server.URL(), PAT: "key"})
		if err != nil {
			t.Fatal(err)
		}
		searches := make([]clarifai.Search, len(ids))
		for i, id := range ids {
			searches[i] = clarifai.Search{ID: id, Save: true, Query: &clarifai.Query{}}
		}
		if _, err := client.PostInputsSearches(t.Context(), app, clarifai.PostInputsSearchesRequest{Searches: searches}); err != nil {
			t.Fatal(err)
		}
	}
	each := func(add func(server testServer, id string)) func(*testing.T, testServer, ...string) {
		return func(_ *testing.T, server testServer, ids ...string) {
			for _, id := range ids {
				add(server, id)
			}
		}
	}
	for list, add := range map[string]func(*testing.T, testServer, ...string){
		"datasets": each(func(s testServer, id string) { s.AddDataset(app.AppID, clarifai.Dataset{ID: id}) }),
		"inputs": each(func(s testServer, id string) {
			s.AddInput(app.AppID, clarifai.Input{ID: id, Data: &clarifai.Data{Text: &clarifai.Text{Raw: id}}})
		}),
		"concepts": each(func(s testServer, id string) { s.AddConcept(app.AppID, clarifai.Concept{ID: id, Name: id}) }),
		"searches": saved,
	} {
		for _, first := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, first %t", list, first), func(t *testing.T) {
				t.Parallel()
				server := start(t)
				ids := make([]string, clarifai.MaxPerPage)
				for i := range ids {
					ids[i] = fmt.Sprintf("%s%04d", prefix, i)
				}
				at := len(ids)
				if first {
					at = 0
				}
				add(t, server, slices.Insert(ids, at, "valued")...) // after the prefix, if a list is ordered by id
				_, err := run(t.Context(), targetOf(server), server.client(), nil)
				if err == nil || !strings.Contains(err.Error(), `it has "valued" in `+list) {
					t.Errorf("got %v", err)
				}
				if n := server.Count("PostDatasets", "PostInputs", "PostConcepts"); n > 0 {
					t.Errorf("%d objects were created", n)
				}
			})
		}
	}
}

// The check ends at the first object of value.
func TestRun_rejectsNonEmptyAppAtFirstObject(t *testing.T) {
	t.Parallel()
	server := start(t)
	server.AddDataset("empty", clarifai.Dataset{ID: "of-value"})
	server.AddConcept("empty", clarifai.Concept{ID: "also-of-value"})
	_, err := run(t.Context(), targetOf(server), server.client(), nil)
	if err == nil || strings.Contains(err.Error(), "also-of-value") || server.Count() != 1 {
		t.Errorf("got %v after %d requests", err, server.Count())
	}
}

// An interrupt ends the probes, and what they created is removed.
func TestRun_interruptCleansUp(t *testing.T) {
	t.Parallel()
	server := start(t)
	ctx, interrupt := context.WithCancel(t.Context())
	server.Observe(func(call emulator.Call) {
		if call.Op == "PostDatasets" {
			interrupt()
		}
	})
	if _, err := run(ctx, targetOf(server), server.client(), nil); err == nil {
		t.Fatal("the run went on")
	}
	if server.Count("DeleteDatasets") == 0 || len(server.Datasets("empty")) > 0 {
		t.Errorf("left: %v", server.Datasets("empty"))
	}
}

// An interrupt also leaves what was found until then.
func TestCommand_interruptWritesTable(t *testing.T) {
	t.Parallel()
	server, err := emulator.NewServer(emulator.Options{App: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	ctx, interrupt := context.WithCancel(t.Context())
	server.Observe(func(call emulator.Call) {
		if call.Op == "DeleteDatasets" {
			interrupt()
		}
	})
	file := filepath.Join(t.TempDir(), "live.json")
	env := map[string]string{"CLARIFAI_API_BASE": server.URL(), "CLARIFAI_PAT": "key", "CLARIFAI_USER_ID": emulator.DefaultUser,
		"CLARIFAI_APP_ID": "empty"}
	var out bytes.Buffer
	if err := command(ctx, []string{"-json", file}, func(name string) string { return env[name] }, &out); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if first := emulator.Dialects()[0].Name; !strings.Contains(string(b), first) || !strings.Contains(out.String(), first) {
		t.Errorf("%s is not in the table:\n%s\n%s", first, b, &out)
	}
	if left := server.Datasets("empty"); len(left) > 0 {
		t.Errorf("datasets are left: %v", left)
	}
}

func TestCommand_printsAndWritesTable(t *testing.T) {
	t.Parallel()
	live, err := emulator.NewServer(emulator.Options{App: "empty"}) // with the system's clock, as the command uses it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(live.Close)
	server := testServer{Server: live}
	file := filepath.Join(t.TempDir(), "live.json")
	env := map[string]string{"CLARIFAI_API_BASE": server.URL(), "CLARIFAI_PAT": "key", "CLARIFAI_USER_ID": emulator.DefaultUser,
		"CLARIFAI_APP_ID": "empty"}
	var out bytes.Buffer
	if err := command(t.Context(), []string{"-json", file}, func(name string) string { return env[name] }, &out); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var results []result
	if err := json.Unmarshal(b, &results); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !strings.Contains(out.String(), r.Fact) {
			t.Errorf("%s is not in the table", r.Fact)
		}
	}
	delete(env, "CLARIFAI_PAT")
	if err := command(t.Context(), nil, func(name string) string { return env[name] }, &out); err == nil {
		t.Error("a run without credentials was started")
	}
}
