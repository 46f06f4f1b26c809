package datasetversion_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// frozen is a service whose work goes on only when the test says so.
func frozen(t *testing.T) (*acctest.Env, *emulator.ManualClock) {
	t.Helper()
	clock := emulator.NewManualClock(time.Now())
	return service(t, acctest.Async(time.Hour), acctest.Emulator(func(o *emulator.Options) { o.Clock = clock })), clock
}

// carriesOn applies again while the version is still being built, and expects the very same one.
func carriesOn(t *testing.T, env *acctest.Env, w *acctest.Workspace, clock *emulator.ManualClock) {
	t.Helper()
	before := env.DatasetVersions(acctest.App, "trucks")
	if len(before) != 1 {
		t.Fatalf("the service has versions %v, want one", before)
	}
	polled := env.Reached("GetDatasetVersion", 4) // refresh, update, and two of the wait
	go func() {
		<-polled
		clock.Advance(3 * time.Hour)
	}()
	output := w.MustRun(t, "apply", "-no-color", "-auto-approve")
	if !strings.Contains(output, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the next apply should only wait on:\n%s", output)
	}
	if after := env.DatasetVersions(acctest.App, "trucks"); !slices.Equal(after, before) {
		t.Errorf("the service has versions %v, want %v", after, before)
	}
	if n := env.Count("PostDatasetVersions"); n != 1 {
		t.Errorf("%d versions were made, want 1", n)
	}
	w.NoChanges(t)
}

// Ctrl-C in the middle of the wait keeps the version, and nothing is built twice.
func TestAccDatasetVersion_ctrlC(t *testing.T) {
	env, clock := frozen(t)
	w := env.Workspace(t, version(env, `id = "v1"`)+`
resource "terraform_data" "dependent" { input = clarifai_dataset_version.test.id }
`)
	waiting := env.Reached("GetDatasetVersion", 2)
	output, code := w.CutOff(t, waiting, syscall.SIGINT)
	flat := acctest.Flat(output)
	for _, want := range []string{"Not ready yet: dataset version \"v1\"", "was interrupted", "Clarifai continues the build",
		"The next apply resumes waiting for the same version"} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	if strings.Contains(output, "terraform_data.dependent: Creating") || strings.Contains(output, "unknown value") {
		t.Errorf("after an interrupt nothing that depends on the version is created, and the state is whole:\n%s", output)
	}
	t.Logf("the interrupted apply ended with %d", code)
	w.Write(t, "main.tf", version(env, `id = "v1"`))
	carriesOn(t, env, w, clock)
}

// Ctrl-C while the service is still answering must not lose what the call has made, whose id nobody else knows.
func TestAccDatasetVersion_ctrlCDuringCreate(t *testing.T) {
	env, clock := frozen(t)
	env.MustFault(emulator.Fault{Op: "PostDatasetVersions", SlowBody: emulator.Duration(time.Hour), Count: 1})
	w := env.Workspace(t, version(env, ``))
	made := acctest.When(t, func() bool { return len(env.DatasetVersions(acctest.App, "trucks")) > 0 })
	output, _ := w.CutOff(t, made, syscall.SIGINT)
	if state := w.MustRun(t, "state", "list"); !strings.Contains(state, address) {
		t.Fatalf("the version is not in state; the apply said\n%s", output)
	}
	carriesOn(t, env, w, clock)
}

// A failed build says why, and the exit code is that of a failure; a timeout is a warning.
func TestAccDatasetVersion_exitCodes(t *testing.T) {
	env, _ := frozen(t)
	w := env.Workspace(t, version(env, `id = "v1"
  timeouts = { create = "1s" }`))
	output := w.MustRun(t, "apply", "-no-color", "-auto-approve")
	for _, want := range []string{"Warning: Not ready yet", "1 added"} {
		if !strings.Contains(output, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	output, code := w.Run(t, "apply", "-no-color", "-auto-approve")
	if code != 1 || !strings.Contains(output, "Error: Not ready yet") {
		t.Errorf("the second timeout ended with %d:\n%s", code, output)
	}
	// A postcondition fails the apply and keeps the version.
	env.MustFault(emulator.Fault{Op: "DeleteDatasetVersions", Code: 11007})
	strict := env.Workspace(t, version(env, `
  id       = "v2"
  timeouts = { create = "1s" }
  lifecycle {
    postcondition {
      condition     = self.status.name == "DATASET_VERSION_READY"
      error_message = "The version is not ready yet."
    }
  }`))
	output, code = strict.Run(t, "apply", "-no-color", "-auto-approve")
	if code != 1 || !strings.Contains(output, "The version is not ready yet.") {
		t.Errorf("the apply ended with %d:\n%s", code, output)
	}
	if output := strict.MustRun(t, "state", "show", "-no-color", "clarifai_dataset_version.test"); strings.Contains(output, "tainted") {
		t.Errorf("the version is tainted:\n%s", output)
	}
}
