package huggingface_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/huggingface"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text    string
		options format.Options
		want    string // of the annotations and labels, or of the problem
		skipped string
	}{
		"caption": {`{"file_name": "https://example.com/a.png", "text": "a red car"}`, format.Options{}, "", ""},
		"label":   {`{"file_name": "https://example.com/a.png", "label": "car"}`, format.Options{}, "label car", ""},
		"numbered label": {
			`{"file_name": "https://example.com/a.png", "label": 1}`, format.Options{Classes: []string{"a", "b"}}, "label b", "",
		},
		"number without a name": {`{"file_name": "https://example.com/a.png", "label": 1}`, format.Options{}, "set class_names", ""},
		"lists": {
			`{"file_name": "https://example.com/a.png", "width": 100, "height": 50, "objects": {"bbox": [[10, 10, 40, ` +
				`40]], "categories": ["car"]}}`,
			format.Options{}, "box car 0.2 0.1 1 0.5", "",
		},
		"objects": {
			`{"file_name": "https://example.com/a.png", "width": 100, "height": 50, "objects": [{"bbox": [10, 10, 40, ` +
				`40], "category": "car"}]}`,
			format.Options{}, "box car 0.2 0.1 1 0.5", "",
		},
		"lists of different lengths": {
			`{"file_name": "https://example.com/a.png", "objects": {"bbox": [[10, 10, 40, 40]], "categories": []}}`, format.Options{},
			"of the same length", "",
		},
		"another column": {
			`{"path": "https://example.com/a.png", "class": ["car"]}`,
			format.Options{Columns: map[string]string{"file": "path", "concepts": "class"}}, "label car", "",
		},
		"no file": {`{"text": "a"}`, format.Options{}, `there is no "file_name"`, ""},
		"not JSON": {`file_name
`, format.Options{}, "not a JSON object", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Report = &format.Report{}
			got := formattest.Outcome(t, huggingface.Read, "metadata.jsonl", test.text, &test.options)
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := test.options.Report.Text(); test.skipped == "" && text != "" || !strings.Contains(text, test.skipped) {
				t.Errorf("skipped %q, want %q", text, test.skipped)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"file_name": "a.png", "objects": {"bbox": [[10, 10, 40, 40]], "categories": [1]}}`))
	f.Add([]byte(`{"file_name": "a.png", "label": [0, "x"], "objects": [{"bbox": [1, 2, 3, 4], "category": "car"}]}`))
	formattest.Fuzz(f, huggingface.Read, "metadata.jsonl")
}
