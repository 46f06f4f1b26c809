package datasetexport_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// interrupted starts an apply, sends it Ctrl-C, and returns what it printed, in one line.
func interrupted(t *testing.T, w *acctest.Workspace, when <-chan struct{}) string {
	t.Helper()
	output, code := w.CutOff(t, when, syscall.SIGINT)
	if code == 0 {
		t.Errorf("an apply that was interrupted ended well:\n%s", output)
	}
	return strings.Join(strings.Fields(output), " ")
}

// Ctrl-C while the service is at it: the next apply takes up the same export.
func TestAccDatasetVersionExport_ctrlC(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	env := service(t, acctest.Async(time.Hour), acctest.Emulator(func(o *emulator.Options) { o.Clock = clock }))
	clock.Advance(3 * time.Hour) // the version is ready
	w := env.Workspace(t, export(env, `download_to = "archive.zip"`))
	asked, polled, waiting := env.Reached("PutDatasetVersionExports", 1), env.Reached("GetDatasetVersion", 4), make(chan struct{})
	go func() {
		<-asked
		<-polled
		close(waiting)
	}()
	output := interrupted(t, w, waiting)
	for _, want := range []string{"Not done yet: CLARIFAI_DATA_JSON export", "was interrupted", "Clarifai continues the export",
		"resumes waiting for the same export"} {
		if !strings.Contains(output, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	again := env.Reached("GetDatasetVersion", 4)
	go func() {
		<-again
		clock.Advance(3 * time.Hour)
	}()
	w.MustRun(t, "apply", "-auto-approve")
	if n := env.Count("PutDatasetVersionExports"); n != 1 {
		t.Errorf("%d requests for the export, want 1", n)
	}
	if _, err := os.Stat(filepath.Join(w.Dir, "archive.zip")); err != nil {
		t.Error(err)
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
}

// Ctrl-C during the download leaves nothing half done, and the next apply only downloads.
func TestAccDatasetVersionExport_ctrlCDuringDownload(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	env := service(t, acctest.Emulator(func(o *emulator.Options) { o.Clock = clock }))
	w := env.Workspace(t, export(env, `download_to = "out/archive.zip"`))
	if err := os.Mkdir(filepath.Join(w.Dir, "out"), 0o700); err != nil {
		t.Fatal(err)
	}
	fault := env.MustFault(emulator.Fault{Op: "DownloadExport", SlowBody: emulator.Duration(time.Hour), Count: 1})
	output := interrupted(t, w, acctest.When(t, func() bool { return env.Struck(fault) > 0 }))
	if !strings.Contains(output, "nothing is exported again") {
		t.Errorf("the message does not say how to go on:\n%s", output)
	}
	if err := alone(filepath.Join(w.Dir, "out", "archive.zip")); err != nil {
		t.Error(err)
	}
	w.MustRun(t, "apply", "-auto-approve")
	if n := env.Count("PutDatasetVersionExports"); n != 1 {
		t.Errorf("%d requests for the export, want 1", n)
	}
	if err := alone(filepath.Join(w.Dir, "out", "archive.zip")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(w.Dir, "out", "archive.zip")); err != nil {
		t.Error(err)
	}
}
