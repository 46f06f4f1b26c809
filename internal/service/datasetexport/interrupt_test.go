package datasetexport_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// interrupted starts an apply, sends it Ctrl-C when told to, and returns what it printed.
func interrupted(t *testing.T, w *acctest.Workspace, when func()) string {
	t.Helper()
	var output acctest.Output
	apply := w.Command(t.Context(), &output, "apply", "-no-color", "-auto-approve")
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	when()
	if err := apply.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := apply.Wait(); err == nil {
		t.Errorf("an apply that was interrupted ended well:\n%s", output.String())
	}
	return strings.Join(strings.Fields(output.String()), " ")
}

// called closes the channel at the n-th call of an operation from now on.
func called(env *acctest.Env, op string, n int) <-chan struct{} {
	done := make(chan struct{})
	var mu sync.Mutex
	env.Observe(func(call emulator.Call) {
		mu.Lock()
		defer mu.Unlock()
		if call.Op != op {
			return
		}
		if n--; n == 0 {
			close(done)
		}
	})
	return done
}

// Ctrl-C while the service is at it: the next apply takes up the same export.
func TestAccDatasetVersionExport_ctrlC(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	env := service(t, slow(time.Hour), acctest.Emulator(func(o *emulator.Options) { o.Clock = clock }))
	clock.Advance(3 * time.Hour) // the version is ready
	w := env.Workspace(t, export(env, `download_to = "archive.zip"`))
	asked := called(env, "PutDatasetVersionExports", 1)
	polled := called(env, "GetDatasetVersion", 4)
	output := interrupted(t, w, func() { <-asked; <-polled })
	for _, want := range []string{"Not done yet: CLARIFAI_DATA_JSON export", "was interrupted", "The export goes on at the service", "starts nothing anew"} {
		if !strings.Contains(output, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	again := called(env, "GetDatasetVersion", 4)
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
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	output := interrupted(t, w, func() {
		for env.Struck(fault) == 0 {
			select {
			case <-tick.C:
			case <-t.Context().Done():
				t.Fatal("nothing was downloaded")
			}
		}
	})
	if !strings.Contains(output, "nothing is exported anew") {
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
