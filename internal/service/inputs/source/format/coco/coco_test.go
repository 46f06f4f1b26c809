package coco_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/coco"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
)

const images = `{"images": [{"id": "7", "file_name": "https://example.com/a.png", "width": "100", "height": 50.0}],
"categories": [{"id": 3, "name": "traffic light"}, {"id": 0, "name": "root"}],
"annotations": [`

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		annotations string
		options     format.Options
		want        string // of the rows' annotations, or of the problem
		skipped     string
	}{
		"box": {
			`{"image_id": 7, "category_id": 3, "bbox": [10, 10, "20", 30]}`, format.Options{}, "box traffic light 0.2 0.1 0.8 0.3", "",
		},
		"polygons": {
			`{"id": 5, "image_id": 7, "category_id": 3, "segmentation": [[0,0,100,0,100,50],[0,0,50,0,50,25]]}`, format.Options{},
			"polygon traffic light 0,0 0,1 1,1 {\"object_id\":\"5\"}; polygon traffic light 0,0 0,0.5 0.5,0.5 {\"object_id\":\"5\"}", "",
		},
		"boxes of polygons": {
			`{"image_id": 7, "category_id": 3, "bbox": [0,0,100,50], "segmentation": [[0,0,100,0,100,50]]}`,
			format.Options{BoxesOnly: true}, "box traffic light 0 0 1 1", "",
		},
		"keypoints": {
			`{"image_id": 7, "category_id": 3, "keypoints": [50,25,2, 0,0,0, 100,50,1]}`, format.Options{},
			"keypoints traffic light 0.5,0.5 VISIBLE 0,0 NOT_PRESENT 1,1 NOT_VISIBLE", "",
		},
		"crowd": {`{"image_id": 7, "category_id": 3, "bbox": [0,0,1,1], "iscrowd": 1}`, format.Options{}, "", "crowd"},
		"negative width": {
			`{"image_id": 7, "category_id": 3, "bbox": [10, 10, -5, 5]}`, format.Options{},
			`line 3: box of "traffic light": the box is inverted`, "",
		},
		"negative width, clip": {
			`{"image_id": 7, "category_id": 3, "bbox": [10, 10, -5, 5]}`, format.Options{OnInvalid: format.OnInvalidClip}, "",
			"nothing of them is inside",
		},
		"outside": {
			`{"image_id": 7, "category_id": 3, "bbox": [90, 40, 20, 20]}`, format.Options{}, "the coordinate 1.2 is outside 0 to 1", "",
		},
		"outside, clip": {
			`{"image_id": 7, "category_id": 3, "bbox": [90, 40, 20, 20]}`, format.Options{OnInvalid: format.OnInvalidClip},
			"box traffic light 0.8 0.9 1 1", "clipped",
		},
		"outside, skip": {
			`{"image_id": 7, "category_id": 3, "bbox": [90, 40, 20, 20]}`, format.Options{OnInvalid: format.OnInvalidSkip}, "",
			"reach outside",
		},
		"empty, skip": {
			`{"image_id": 7, "category_id": 3, "bbox": [9, 4, 0, 2]}`, format.Options{OnInvalid: format.OnInvalidSkip}, "", "empty",
		},
		"absent image":    {`{"image_id": 8, "category_id": 3, "bbox": [9, 4, 1, 2]}`, format.Options{}, "", "does not list"},
		"absent category": {`{"image_id": 7, "category_id": 4, "bbox": [9, 4, 1, 2]}`, format.Options{}, `"categories" does not list`, ""},
		"panoptic":        {`{"image_id": 7, "file_name": "7.png", "segments_info": []}`, format.Options{}, "panoptic", ""},
		"NaN":             {`{"image_id": 7, "category_id": 3, "bbox": [NaN, 4, 1, 2]}`, format.Options{}, "NaN and Infinity", ""},
		"three numbers":   {`{"image_id": 7, "category_id": 3, "bbox": [1, 4, 1]}`, format.Options{}, "bbox of annotation", ""},
		"caption":         {`{"image_id": 7, "caption": "a light"}`, format.Options{}, "", ""},
		"attributes": {
			`{"image_id": 7, "category_id": 3, "bbox": [0,0,100,50], "attributes": {"lit": true}}`, format.Options{},
			`box traffic light 0 0 1 1 {"lit":true}`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Report = &format.Report{}
			rows, err := formattest.Read(t, coco.Read, "a.json", images+test.annotations+"]}", &test.options)
			got := formattest.Describe(rows)
			if err != nil {
				got = err.Error()
			}
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := test.options.Report.Text(); test.skipped == "" && text != "" || !strings.Contains(text, test.skipped) {
				t.Errorf("skipped %q, want %q", text, test.skipped)
			}
			if name == "caption" && string(rows[0].Metadata) != `{"captions":["a light"]}` {
				t.Errorf("metadata %s", rows[0].Metadata)
			}
		})
	}
}

// The same mask in both notations: an image of 3 x 2 pixels whose middle column is the object.
func TestRead_runLengths(t *testing.T) {
	t.Parallel()
	const file = `{"annotations": [
 {"image_id": 1, "category_id": 1, "segmentation": {"size": [2, 3], "counts": [2, 2, 2]}},
 {"image_id": 1, "category_id": 1, "segmentation": {"size": [2, 3], "counts": "222"}}],
 "categories": [{"id": 1, "name": "bar"}], "images": [{"id": 1, "file_name": "https://example.com/a.png", "width": 3, "height": 2}]}`
	rows, err := formattest.Read(t, coco.Read, "a.json", file, &format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || len(rows[0].Annotations) != 2 {
		t.Fatalf("got %s", formattest.Describe(rows))
	}
	for i := range rows[0].Annotations {
		a := &rows[0].Annotations[i]
		if a.Shape != annotation.Mask {
			t.Fatalf("annotation %d is a %s", i, a.Shape)
		}
		if got := formattest.Pixels(t, a.Extra().Mask.PNG); got != ".#. .#." {
			t.Errorf("mask %d is %q", i, got)
		}
	}
	for name, counts := range map[string]string{"too long": "[7]", "negative": "[-1]", "damaged": `"\u007f"`, "other": "true"} {
		text := strings.Replace(file, "[2, 2, 2]", counts, 1)
		if _, err := formattest.Read(t, coco.Read, "a.json", text, &format.Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Annotations of an image are in the order of the file, however many there are and in whatever order the images are.
func TestRead_manyObjects(t *testing.T) {
	t.Parallel()
	const imageCount, perImage = 50, 700
	var text strings.Builder
	text.WriteString(`{"categories": [{"id": 1, "name": "a"}], "annotations": [`)
	for i := range imageCount * perImage {
		if i > 0 {
			text.WriteString(",")
		}
		// The images are visited in steps of 7, and the boxes of each get wider.
		fmt.Fprintf(&text, `{"image_id": %d, "category_id": 1, "bbox": [0, 0, %d, 1]}`, i*7%imageCount, 1+i/imageCount)
	}
	text.WriteString(`], "images": [`)
	for i := range imageCount {
		if i > 0 {
			text.WriteString(",")
		}
		fmt.Fprintf(&text, `{"id": %d, "file_name": "https://example.com/%d.png", "width": %d, "height": 10}`, i, i, perImage)
	}
	text.WriteString("]}")
	rows, err := formattest.Read(t, coco.Read, "a.json", text.String(), &format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != imageCount {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		if len(row.Annotations) != perImage {
			t.Fatalf("%s has %d annotations", row.Name, len(row.Annotations))
		}
		for i, a := range row.Annotations {
			if want := float32(float64(1+i) / perImage); a.Rect.Right != want {
				t.Fatalf("annotation %d of %s ends at %v, not at %v", i, row.Name, a.Rect.Right, want)
			}
		}
	}
}

func TestRead_badFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`[]`:             "must be an object",
		`{"images": {}}`: "must be an array",
		`{"images": [`:   "ends too early",
		`{"images": [{"id": 1, "file_name": "https://x/a.png"}, {"id": 1, "file_name": "https://x/b.png"}]}`: "" +
			"image id 1 is also that of the image at line 1",
		`{"images": [{"id": 1, "file_name": "none.png"}]}`: "set files_directory",
		`{"images": [{"id": 1, "file_name": "https://x/a.png"}], "categories": [{"id": 1, "name": "a"}], ` +
			`"annotations": [{"image_id": 1, "category_id": 1, "bbox": [0,0,1,1]}]}`: "size of \"a.png\" is not stated",
	} {
		if _, err := formattest.Read(t, coco.Read, "a.json", text, &format.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %v, want %q", text, err, want)
		}
	}
}

// An image whose annotator saw it turned by its EXIF orientation is reported.
func TestRead_quarterTurn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.png"), formattest.PNG(40, 20), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "a.json")
	text := `{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 40}], "categories": [{"id": 1, "name": "a"}],
"annotations": [{"image_id": 1, "category_id": 1, "bbox": [0,0,1,1]}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range coco.Read(file, &format.Options{}) {
		if err == nil || !strings.Contains(err.Error(), "stored with 40 x 20 pixels, and the annotations state 20 x 40") {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(images + `{"image_id": 7, "category_id": 3, "bbox": [10, 10, 20, 30], ` +
		`"segmentation": {"size": [50, 100], "counts": "222"}}]}`))
	f.Add([]byte(images + `{"image_id": 7, "category_id": 3, "keypoints": [1,2,2], "segmentation": [[1,2,3,4,5,6]]}]}`))
	formattest.Fuzz(f, coco.Read, "a.json")
}
