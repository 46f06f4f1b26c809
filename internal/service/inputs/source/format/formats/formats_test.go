package formats_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formats"
)

// same are the files of one data set in each format.
var same = map[string]string{
	"coco": "coco.json", "voc": "voc", "yolo": "yolo/data.yaml", "cvat": "cvat.xml", "label_studio": "label_studio.json",
	"openimages": "openimages.csv", "kitti": "kitti", "hugging_face": "hugging_face/metadata.jsonl",
}

func boxed(class string, top, left, bottom, right float32) annotation.Annotation {
	return annotation.Annotation{
		Shape: annotation.Box, Concepts: []annotation.Concept{{ID: class, Value: 1}},
		Rect: annotation.Rectangle{Top: top, Left: left, Bottom: bottom, Right: right},
	}
}

// The same data set yields the same inputs and the same boxes in every format, without a warning for
// anything but what the format alone has.
func TestReaders_sameDataSet(t *testing.T) {
	t.Parallel()
	want := []annotation.Annotation{boxed("person", 0.25, 0.1, 0.75, 0.3), boxed("car", 0.5, 0.5, 1, 1)}
	for name := range formats.Readers {
		if name == "clarifai_csv" {
			continue // has no regions
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", "same", same[name])
			if found := formats.Detect(file); found != name {
				t.Errorf("detected as %q", found)
			}
			options := &format.Options{Directory: "testdata/same/images", Classes: []string{"person", "car"}, Report: &format.Report{}}
			if name == "yolo" {
				options.Directory = ""
			}
			labels := format.Labels{Names: true}
			var names []string
			for row, err := range formats.Readers[name](file, options) {
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, filepath.Base(row.File))
				if !row.HasAnnotations || row.HasConcepts {
					t.Errorf("%s: annotations %v, labels %v", row.Name, row.HasAnnotations, row.HasConcepts)
				}
				if filepath.Base(row.File) == "empty.png" {
					if len(row.Annotations) != 0 {
						t.Errorf("the image without objects has %d", len(row.Annotations))
					}
					continue
				}
				if len(row.Annotations) != len(want) {
					t.Fatalf("%d annotations, want %d", len(row.Annotations), len(want))
				}
				for i := range want {
					got := &row.Annotations[i]
					if err := labels.Resolve(got.Concepts); err != nil {
						t.Fatal(err)
					}
					if !annotation.Same(&want[i], got) {
						t.Errorf("annotation %d is %+v, want %+v", i, got, want[i])
					}
					if got.Line == 0 {
						t.Errorf("annotation %d has no line", i)
					}
				}
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != "empty.png street.png" && (name != "openimages" || got != "street.png") {
				t.Errorf("images %s", got)
			}
		})
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for content, want := range map[string]string{
		`{"id": "a", "url": "https://x/a.png"}`:                                                "",
		`{"file_name": "a.png", "text": "a red car"}`:                                          "hugging_face",
		`{"images": [{"id": 1, "file_name": "` + strings.Repeat("a", 100_000) + `"}]}`:         "coco",
		`{"info": {}, "licenses": [], "images": []}`:                                           "coco",
		`[{"id": 1, "data": {"image": "a.png"}, "annotations": []}]`:                           "label_studio",
		`[{"id": "a", "text": "x"}]`:                                                           "json",
		`[1, 2]`:                                                                               "",
		"\xef\xbb\xbf<?xml version='1.0'?>\n<annotation verified='yes'><folder/></annotation>": "voc",
		`<annotations><version>1.1</version></annotations>`:                                    "cvat",
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>`:                   "",
		"ImageID,Source,LabelName,Confidence\n":                                                "openimages",
		"inputid,input,concepts\n":                                                             "clarifai_csv",
		"input.id\tinput.data.image.url\n":                                                     "clarifai_csv",
		"file_name,text\n":                                                                     "hugging_face",
		"id,url,concepts\n":                                                                    "",
		"":                                                                                     "",
	} {
		name := filepath.Join(dir, "x")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := formats.Detect(name); got != want {
			t.Errorf("%.60q is detected as %q, want %q", content, got, want)
		}
	}
	if got := formats.Detect(filepath.Join(dir, "none")); got != "" {
		t.Errorf("a file that does not exist is detected as %q", got)
	}
}
