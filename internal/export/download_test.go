package export_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const opDownload = "DownloadMedia"

// seedContent adds an image and a text that are sent as bytes, and an image by URL. It returns the files that -download
// writes.
func seedContent(t *testing.T, e *acctest.Env) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	e.PostDatasets(t, "trucks")
	e.PostInputs(t,
		clarifai.Input{ID: "red-truck", DatasetIDs: []string{"trucks"}, Data: &clarifai.Data{Image: &clarifai.Image{Base64: b.Bytes()}}},
		clarifai.Input{ID: "note", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "a red truck"}}},
		clarifai.Input{ID: "by-url", Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://samples.clarifai.com/1.jpg"}}},
	)
	return map[string]string{"red-truck.png": b.String(), "note.txt": "a red truck"}
}

// checkContent checks the files of a folder and their checksums.
func checkContent(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	var sums strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(files[name])), name)
	}
	want := maps.Clone(files)
	want["SHA256SUMS"] = sums.String()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		got := readFile(t, filepath.Join(dir, entry.Name()))
		if text, ok := want[entry.Name()]; !ok || got != text {
			t.Errorf("%s has %q, want %q (expected: %v)", entry.Name(), got, text, ok)
		}
		delete(want, entry.Name())
	}
	for name := range want {
		t.Errorf("no file %s", name)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func mustRun(t *testing.T, args ...string) {
	t.Helper()
	if _, _, err := run(t, args...); err != nil {
		t.Fatal(err)
	}
}

// Uploaded content is downloaded once. A later run downloads what is missing, damaged or replaced.
func TestExport_download(t *testing.T) {
	e := acctest.New(t, acctest.Serial)
	setenv(t, e)
	files := seedContent(t, e)
	dir := filepath.Join(t.TempDir(), "out")
	content := filepath.Join(dir, "content")
	args := []string{"-out", dir, "-download", "-requests-per-second", "0"}
	mustRun(t, args...)
	checkContent(t, content, files)
	if manifest := readFile(t, filepath.Join(dir, "inputs.jsonl")); strings.Contains(manifest, `"file"`) {
		t.Errorf("rows reference files without -manage-content:\n%s", manifest)
	}
	if readme := readFile(t, filepath.Join(dir, "README.md")); !strings.Contains(readme, "cd content && sha256sum -c SHA256SUMS") ||
		!strings.Contains(readme, "| content files | 2 | in `content/` |") {
		t.Errorf("README.md does not describe the content:\n%s", readme)
	}

	args = append(args, "-update")
	image := filepath.Join(content, "red-truck.png")
	for _, step := range []struct {
		name   string
		change func() error
		want   int // requests for files
	}{
		{"nothing changed", func() error { return nil }, 0},
		{"a damaged file", func() error { return os.WriteFile(image, []byte("damaged"), 0o600) }, 1},
		{"a file is missing", func() error { return os.Remove(image) }, 1},
		{"the checksums are missing", func() error { return os.Remove(filepath.Join(content, "SHA256SUMS")) }, 2},
		{"a killed run", func() error {
			sums, err := os.OpenFile(filepath.Join(content, "SHA256SUMS"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = sums.WriteString("0123456789abcdef") // half a line
			return errors.Join(err, sums.Close(), os.WriteFile(filepath.Join(content, "red-truck.part"), []byte("half"), 0o600))
		}, 0},
		{"an input is replaced", func() error {
			if err := e.Client.DeleteInput(t.Context(), e.App, "note"); err != nil {
				return err
			}
			e.Clock.Advance(time.Minute)
			e.PostInputs(t, clarifai.Input{ID: "note", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "a blue truck"}}})
			files["note.txt"] = "a blue truck"
			return nil
		}, 1},
		{"an input is deleted", func() error { return e.Client.DeleteInput(t.Context(), e.App, "note") }, 0}, // its file is kept
		{"single inputs", func() error {
			args = append(args, "-single", "inputs")
			return os.Remove(image)
		}, 1},
	} {
		if err := step.change(); err != nil {
			t.Fatal(err)
		}
		before := e.Count(opDownload)
		mustRun(t, args...)
		if got := e.Count(opDownload) - before; got != step.want {
			t.Errorf("%s: %d requests for files, want %d", step.name, got, step.want)
		}
		checkContent(t, content, files)
	}
}

// A download that breaks off is resumed. One that fails is reported at the end, after everything else was written.
func TestExport_downloadFails(t *testing.T) {
	e := acctest.New(t, acctest.Serial)
	setenv(t, e)
	files := seedContent(t, e)
	dir := filepath.Join(t.TempDir(), "out")
	content := filepath.Join(dir, "content")
	e.MustFault(emulator.Fault{Op: opDownload, Code: clarifai.StatusDoesNotExist, Details: "gone"})
	_, _, err := run(t, "-out", dir, "-download", "-manage-content")
	if err == nil || !strings.Contains(err.Error(), "the content of 2 inputs was not downloaded: ") || !strings.Contains(err.Error(), "gone") {
		t.Errorf("got %v", err)
	}
	checkContent(t, content, map[string]string{})
	if readme := readFile(t, filepath.Join(dir, "README.md")); !strings.Contains(
		readme,
		"* The content of 2 inputs whose downloads failed: `",
	) {
		t.Errorf("README.md does not say what failed:\n%s", readme)
	}
	if manifest := readFile(t, filepath.Join(dir, "inputs.jsonl")); strings.Contains(manifest, `"file"`) ||
		strings.Count(manifest, "\n") != 3 {
		t.Errorf("rows reference files that do not exist:\n%s", manifest)
	}

	e.ClearFaults()
	e.MustFault(emulator.Fault{Op: opDownload, Truncate: true, Count: 1})
	before := e.Count(opDownload)
	mustRun(t, "-out", dir, "-download", "-manage-content", "-update")
	if got := e.Count(opDownload) - before; got != 3 {
		t.Errorf("%d requests for files, want 3: one is repeated", got)
	}
	checkContent(t, content, files)
	for _, file := range []string{`"file":"content/red-truck.png"`, `"file":"content/note.txt"`} {
		if manifest := readFile(t, filepath.Join(dir, "inputs.jsonl")); !strings.Contains(manifest, file) {
			t.Errorf("no row has %s:\n%s", file, manifest)
		}
	}
}

// Downloaded content changes nothing in the plan. With -manage-content, the provider manages it.
func TestAccExport_downloadedContent(t *testing.T) {
	e := acctest.New(t, acctest.Serial, acctest.RealTime)
	setenv(t, e)
	seedContent(t, e)
	w := e.Workspace(t, "")
	w.Dir = filepath.Join(w.Dir, "adopted")
	mustRun(t, "-out", w.Dir, "-download")
	if plan := w.MustRun(t, "plan", "-no-color"); !strings.Contains(plan, " to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Fatalf("the plan changes something:\n%s", plan)
	}
	mustRun(t, "-out", w.Dir, "-update", "-download", "-manage-content")
	w.MustRun(t, "plan", "-no-color")
	w.MustRun(t, "apply", "-no-color", "-auto-approve")
	if plan, code := w.Run(t, "plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after the apply ends with %d:\n%s", code, plan)
	}
	w.Write(t, filepath.Join("content", "note.txt"), "a green truck")
	if plan, code := w.Run(t, "plan", "-no-color", "-detailed-exitcode"); code == 0 {
		t.Errorf("the provider does not manage the content:\n%s", plan)
	}
}
