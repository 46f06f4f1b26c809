package labelstudio_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/labelstudio"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text    string
		options format.Options
		want    string // of the annotations and labels, or of the problem
		skipped string
	}{
		"box": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"original_width": ` +
				`100, "original_height": 50, "type": "rectanglelabels", "value": {"x": 10, "y": 20, "width": 40, "height": ` +
				`80, "rotation": 0, "rectanglelabels": ["car", "red"]}}]}]}]`,
			format.Options{}, "box car red 0.2 0.1 1 0.5", "",
		},
		"turned box": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"original_width": ` +
				`100, "original_height": 50, "type": "rectanglelabels", "value": {"x": 50, "y": 50, "width": 10, "height": ` +
				`20, "rotation": 90, "rectanglelabels": ["car"]}}]}]}]`,
			format.Options{}, "polygon car 0.5,0.5 0.7,0.5 0.7,0.4 0.5,0.4", "",
		},
		"polygon": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"original_width": ` +
				`100, "original_height": 50, "type": "polygonlabels", "value": {"points": [[0,0],[100,0],[50,100]], ` +
				`"polygonlabels": ["car"]}}]}]}]`,
			format.Options{}, "polygon car 0,0 0,1 1,0.5", "",
		},
		"point": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"original_width": ` +
				`100, "original_height": 50, "type": "keypointlabels", "value": {"x": 50, "y": 25, "width": 1, ` +
				`"keypointlabels": ["nose"]}}]}]}]`,
			format.Options{}, "point nose 0.25,0.5", "",
		},
		"ellipse as box": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"original_width": ` +
				`100, "original_height": 50, "type": "ellipselabels", "value": {"x": 50, "y": 50, "radiusX": 50, "radiusY": ` +
				`50, "ellipselabels": ["sun"]}}]}]}]`,
			format.Options{BoxesOnly: true}, "box sun 0 0 1 1", "",
		},
		"choices": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"type": "choices", ` +
				`"value": {"choices": ["night"]}}]}]}]`,
			format.Options{}, "label night", "",
		},
		"span": {
			`[{"id": 1, "data": {"text": "Der Zug fährt"}, "annotations": [{"result": [{"type": "labels", "value": ` +
				`{"start": 8, "end": 13, "text": "fährt", "labels": ["verb"]}}]}]}]`,
			format.Options{}, `span verb 8-13 "fährt"`, "",
		},
		"span that does not fit": {
			`[{"id": 1, "data": {"text": "Der Zug"}, "annotations": [{"result": [{"type": "labels", "value": {"start": 0, ` +
				`"end": 3, "text": "Zug", "labels": ["verb"]}}]}]}]`,
			format.Options{}, `and not "Zug"`, "",
		},
		"audio": {
			`[{"id": 1, "data": {"audio": "https://example.com/a.mp3"}, "annotations": [{"result": [{"type": "labels", ` +
				`"value": {"start": 0.5, "end": 2, "channel": 0, "labels": ["dog"]}}]}]}]`,
			format.Options{}, "whole dog from 0.5 to 2 s", "",
		},
		"video": {
			`[{"id": 1, "data": {"video": "https://example.com/a.mp4"}, "annotations": [{"result": [{"id": "k9", "type": ` +
				`"videorectangle", "value": {"labels": ["dog"], "sequence": [{"frame": 26, "enabled": true, "rotation": 0, ` +
				`"x": 10, "y": 20, "width": 40, "height": 80, "time": 1}]}}]}]}]`,
			format.Options{}, "box dog 0.2 0.1 1 0.5 frame 25 at 1000 ms track-k9", "",
		},
		"ground truth counts": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"type": "choices", ` +
				`"value": {"choices": ["day"]}}]}, {"ground_truth": true, "result": [{"type": "choices", "value": {"choices": ` +
				`["night"]}}]}]}]`,
			format.Options{}, "label night", "further annotators",
		},
		"cancelled": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"was_cancelled": true, "result": ` +
				`[{"type": "choices", "value": {"choices": ["day"]}}]}]}]`,
			format.Options{}, "", "cancelled",
		},
		"predictions only": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [], "predictions": [{}]}]`, format.Options{}, "",
			"predictions only",
		},
		"no label": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"type": ` +
				`"rectanglelabels", "value": {"x": 10, "y": 20, "width": 40, "height": 80}}]}]}]`,
			format.Options{}, "", "without a label",
		},
		"turned image": {
			`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"type": ` +
				`"rectanglelabels", "image_rotation": 90, "value": {}}]}]}]`,
			format.Options{}, "turned by 90 degrees", "",
		},
		"JSON_MIN": {`[{"image": "https://example.com/a.png", "id": 1}]`, format.Options{}, "not JSON_MIN", ""},
		"content inside": {
			`[{"data": {"image": "data:image/png;base64,AAAA"}, "annotations": []}]`, format.Options{}, "inside the file", "",
		},
		"local file": {
			`[{"data": {"image": "/data/local-files/?d=none/b.jpg"}, "annotations": []}]`, format.Options{}, "none/b.jpg", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Report = &format.Report{}
			got := formattest.Outcome(t, labelstudio.Read, "a.json", test.text, &test.options)
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := test.options.Report.Text(); test.skipped == "" && text != "" || !strings.Contains(text, test.skipped) {
				t.Errorf("skipped %q, want %q", text, test.skipped)
			}
		})
	}
}

// A mask of 2 x 2 pixels whose second pixel is the object, as label-studio-converter encodes it.
func TestRead_brush(t *testing.T) {
	t.Parallel()
	text := `[{"data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [
{"type": "brushlabels", "original_width": 2, "original_height": 2,
"value": {"format": "rle", "rle": [0, 0, 0, 16, 57, 27, 252, 192, 0, 127, 215, 0], "brushlabels": ["spot"]}}]}]}]`
	rows, err := formattest.Read(t, labelstudio.Read, "a.json", text, &format.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := formattest.Pixels(t, rows[0].Annotations[0].Extra().Mask.PNG); got != ".# .." {
		t.Errorf("the mask is %q", got)
	}
	for _, damaged := range []string{"[0, 0, 0, 16]", "[0, 0, 0, 17, 1]", "[]", "[300]"} {
		broken := strings.Replace(text, "[0, 0, 0, 16, 57, 27, 252, 192, 0, 127, 215, 0]", damaged, 1)
		if _, err := formattest.Read(t, labelstudio.Read, "a.json", broken, &format.Options{}); err == nil {
			t.Errorf("%s: no error", damaged)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"original_width": ` +
		`100, "original_height": 50, "type": "rectanglelabels", "value": {"x": 10, "y": 20, "width": 40, "height": ` +
		`80, "rotation": 3, "rectanglelabels": ["car"]}}]}]}]`))
	f.Add([]byte(`[{"id": 1, "data": {"image": "https://example.com/a.png"}, "annotations": [{"result": [{"original_width": ` +
		`100, "original_height": 50, "type": "brushlabels", "value": {"rle": [0,0,0,16], "brushlabels": ["car"]}}]}]}]`))
	formattest.Fuzz(f, labelstudio.Read, "a.json")
}
