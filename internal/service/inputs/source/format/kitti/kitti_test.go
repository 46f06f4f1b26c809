package kitti_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/kitti"
)

func write(t testing.TB, labels string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"training/image_2/000001.png": string(formattest.PNG(100, 50)), "training/label_2/000001.txt": labels,
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const rest = " -1 -1 -1 -1000 -1000 -1000 -10\n"

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ labels, want, skipped string }{
		"box":          {"Car 0.50 1 -10 10.00 10.00 50.00 50.00" + rest, "box Car 0.2 0.1 1 0.5 {\"occluded\":1,\"truncated\":0.5}", ""},
		"with a score": {"Person_sitting 0 0 -10 10 10 50 50 1 1 1 2 2 2 0 0.9\n", "box Person_sitting", ""},
		"DontCare":     {"DontCare -1 -1 -10 1 1 2 2" + rest, "", "DontCare"},
		"few columns":  {"Car 0 0\n", "it has 3 columns", ""},
		"not a number": {"Car 0 0 -10 x 10 50 50" + rest, "left: \"x\" is not a number", ""},
		"outside":      {"Car 0 0 -10 10 10 150 50" + rest, "outside 0 to 1", ""},
		"without cars": {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := &format.Options{Report: &format.Report{}}
			got := formattest.OutcomeOf(kitti.Read(write(t, test.labels), options))
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := options.Report.Text(); !strings.Contains(text, test.skipped) {
				t.Errorf("skipped %q, want %q", text, test.skipped)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Car 0.50 1 -10 10.00 10.00 50.00 50.00" + rest)
	f.Fuzz(func(t *testing.T, labels string) {
		for row, err := range kitti.Read(write(t, labels), &format.Options{OnInvalid: format.OnInvalidClip}) {
			formattest.CheckRow(t, row, err)
		}
	})
}
