package protocheck_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func TestDefinitions_available(t *testing.T) {
	protocheck.Need(t)
}

// watchedTest replaces a test that is watched, so that a test can check that it fails.
type watchedTest struct {
	testing.TB
	cleanups []func()
	errors   []string
}

func (w *watchedTest) Helper()           {}
func (w *watchedTest) Cleanup(f func())  { w.cleanups = append(w.cleanups, f) }
func (w *watchedTest) Error(args ...any) { w.errors = append(w.errors, fmt.Sprint(args...)) }
func (w *watchedTest) end() []string {
	for i := len(w.cleanups) - 1; i >= 0; i-- {
		w.cleanups[i]()
	}
	return w.errors
}

// A wrong call over HTTP fails the test that made it.
func TestWatch_failsTheTest(t *testing.T) {
	protocheck.Need(t)
	server, err := emulator.NewServer(emulator.Options{App: "fleet"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	watched := &watchedTest{TB: t}
	protocheck.Watch(watched, server.Service, 0)
	client, err := clarifai.New(clarifai.Config{BaseURL: server.URL(), PAT: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	app := clarifai.AppRef{UserID: emulator.DefaultUser, AppID: "fleet"}
	if _, err := client.GetApp(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	if found := watched.end(); len(found) > 0 {
		t.Fatalf("a proper call is anyFindings as: %v", found)
	}

	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+"/v2/users/me/apps/fleet?colour=red", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Key secret")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	found := watched.end()
	if len(found) != 1 {
		t.Fatalf("found %v, want one violation", found)
	}
	for _, part := range []string{"(2 calls like this)", "GetApp: query: colour: GetAppRequest has no field colour",
		"GET /v2/users/me/apps/fleet?colour=red"} {
		if !strings.Contains(found[0], part) {
			t.Errorf("%q is not in %s", part, found[0])
		}
	}
}

// Without definitions the check is skipped with a message, and in CI it fails.
func TestNeed_withoutDefinitions(t *testing.T) {
	for _, c := range []struct {
		what string
		env  []string
		fail bool
		says string
	}{
		{"on a user's machine", []string{"CI="}, false, "SKIP: TestDefinitions_available"},
		{"in CI", []string{"CI=true"}, true, "which CI must"},
		{"with a wrong directory", []string{"CI=", protocheck.DirectoryVariable + "=" + t.TempDir()}, true,
			"official definitions " + protocheck.Newest},
	} {
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		run := exec.CommandContext(t.Context(), program, "-test.run=^TestDefinitions_available$", "-test.v")
		run.Env = append(append(os.Environ(), protocheck.DirectoryVariable+"="), c.env...)
		out, err := run.CombinedOutput()
		if failed := err != nil; failed != c.fail {
			t.Errorf("%s: failed %t, want %t", c.what, failed, c.fail)
		}
		if !strings.Contains(string(out), c.says) {
			t.Errorf("%s: %q is not in %s", c.what, c.says, out)
		}
	}
}
