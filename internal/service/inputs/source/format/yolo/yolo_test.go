package yolo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/yolo"
)

const data = "train: images\nval: images\nnames: [car, traffic light]\n"

// write makes a data set of one image with labels.
func write(t testing.TB, yaml, labels string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"data.yaml": yaml, "images/a.png": string(formattest.PNG(100, 50)), "labels/a.txt": labels, "labels/classes.txt": "car\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "data.yaml")
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ yaml, labels, want, skipped string }{
		"box":              {data, "1 0.3 0.6 0.4 0.8\n", "box traffic light 0.2 0.1 1 0.5", "both in train and in val"},
		"segment":          {data, "0 0 0 1 0 0.5 1\n", "polygon car 0,0 0,1 1,0.5", "both"},
		"Windows":          {data, "\ufeff1 3e-1 0.6 0.4 0.8\r\n\r\n", "box traffic light", "both"},
		"repeated":         {data, "1 0.3 0.6 0.4 0.8\n1 0.3 0.6  0.4 0.8\n", "box traffic light 0.2 0.1 1 0.5", "repeat another"},
		"float class":      {data, "1.0 0.3 0.6 0.4 0.8\n", "box traffic light", "both"},
		"class too large":  {data, "2 0.3 0.6 0.4 0.8\n", "none of the 2 classes", "both"},
		"pixels":           {data, "1 30 60 40 80\n", "the numbers are pixels", "both"},
		"outside":          {data, "1 1 0.6 0.4 0.8\n", "outside 0 to 1", "both"},
		"odd":              {data, "1 0.3 0.6 0.4\n", "3 numbers after the class", "both"},
		"Roboflow's paths": {"train: ../images\nval: ../none\nnames: [a]\n", "", "no such directory", ""},
		"names as a map":   {"train: images\nnames: {0: a, 1: b}\n", "1 0.3 0.6 0.4 0.8\n", "box b", ""},
		"gap in names":     {"train: images\nnames: {0: a, 2: b}\n", "", "index \"2\"", ""},
		"no names":         {"train: images\n", "", "no names", ""},
		"pose":             {"train: images\nnames: [a]\nkpt_shape: [17, 3]\n", "", "pose", ""},
		"not YAML":         {"{", "", "not YAML", ""},
		"nothing":          {"names: [a]\n", "", "no images", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := &format.Options{Report: &format.Report{}}
			got := formattest.OutcomeOf(yolo.Read(write(t, test.yaml, test.labels), options))
			if !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := options.Report.Text(); !strings.Contains(text, test.skipped) || test.skipped == "" && text != "" {
				t.Errorf("skipped %q, want %q", text, test.skipped)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(data, "1 0.3 0.6 0.4 0.8\n0 0 0 1 0 0.5 1\n")
	f.Add("path: .\ntrain: [images, images]\nnames: {0: a}\n", "0 nan 0.6 0.4 0.8\n")
	f.Fuzz(func(t *testing.T, yaml, labels string) {
		for row, err := range yolo.Read(write(t, yaml, labels), &format.Options{OnInvalid: format.OnInvalidClip}) {
			formattest.CheckRow(t, row, err)
		}
	})
}
