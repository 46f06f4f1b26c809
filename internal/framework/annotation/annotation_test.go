package annotation_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
)

func beside(file string) string {
	if file == "" {
		return ""
	}
	return "dir/" + file
}

// kinds are annotations as in rows of manifests, by kind.
var kinds = map[string]string{
	"whole": `{"concepts": ["night"]}`,
	"box": `{"concepts": {"car": 1, "bus": 0},
		"bounding_box": {"top_row": 0.1, "left_col": 0.2, "bottom_row": 0.3, "right_col": 0.4}}`,
	"polygon": `{"concepts": ["car"], "polygon": [{"row": 0, "col": 0}, {"row": 0, "col": 1}, {"row": 1, "col": 0.5}]}`,
	"point":   `{"concepts": ["nose"], "point": {"row": 0.5, "col": 0.25, "visibility": "NOT_VISIBLE"}}`,
	"keypoints": `{"concepts": ["man"],
		"keypoints": [{"row": 0.5, "col": 0.25, "z": 2}, {"row": 0, "col": 0, "visibility": "NOT_PRESENT"}]}`,
	"mask": `{"concepts": ["car"], "mask": {"url": "https://example.com/m.png"}}`,
	"span": `{"concepts": ["verb"], "span": {"char_start": 8, "char_end": 13, "raw_text": "fährt"}}`,
	"frame box": `{"concepts": ["car"], "frame": {"time_ms": 40, "number": 1}, "track_id": "t",
		"bounding_box": {"top_row": 0, "left_col": 0, "bottom_row": 1, "right_col": 1}}`,
	"frame whole": `{"concepts": ["car"], "frame": {"time_ms": 40}}`,
	"time segment": `{"concepts": ["dog"], "time_segment": {"begin_seconds": 0.5, "end_seconds": 2},
		"metadata": {"a": 1}, "annotation_info": {"b": [1]}, "text": "woof", "status": "pending"}`,
}

func parse(t *testing.T, text string) annotation.Annotation {
	t.Helper()
	all, err := annotation.Parse(jsontext.Value("["+text+"]"), beside)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// Every kind of annotation survives a round trip through the API's JSON, with its kind.
func TestAnnotation_roundTrip(t *testing.T) {
	t.Parallel()
	for kind, text := range kinds {
		want := parse(t, text)
		want.ID = "a"
		if want.Kind() != kind {
			t.Errorf("%s is a %s", text, want.Kind())
		}
		if fault := want.Check(annotation.Limits{}); fault != nil {
			t.Errorf("%s: %s", kind, fault.Text)
		}
		sent, err := want.ToAPI("i")
		if err != nil {
			t.Fatal(err)
		}
		wire, err := json.Marshal(sent)
		if err != nil {
			t.Fatal(err)
		}
		var found clarifai.Annotation
		if err := json.Unmarshal(wire, &found); err != nil {
			t.Fatal(err)
		}
		got := annotation.FromAPI(&found)
		if found.InputID != "i" || got.ID != "a" || !annotation.Same(&want, &got) || !annotation.Same(&got, &want) {
			t.Errorf("%s: sent %s, got %+v, want %+v", kind, wire, got, want)
		}
	}
}

// ToRow writes what Parse reads.
func TestAnnotation_toRow(t *testing.T) {
	t.Parallel()
	for kind, text := range kinds {
		want := parse(t, text)
		want.ID = "a"
		row, err := want.ToRow()
		if err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		got := parse(t, string(written))
		want.Edit().Status = 0
		if got.ID != "a" || !annotation.Same(&want, &got) || !annotation.Same(&got, &want) {
			t.Errorf("%s becomes %s", kind, written)
		}
	}
	mask := annotation.Annotation{Shape: annotation.Mask, Rest: &annotation.Rest{Mask: &annotation.MaskImage{}}}
	if row, err := mask.ToRow(); err == nil {
		t.Errorf("a mask without an image becomes %v", row)
	}
}

// Same detects every difference that the service stores, and so does the digest.
func TestSame(t *testing.T) {
	t.Parallel()
	digest := func(a annotation.Annotation) string {
		var parts []string
		a.Hash(func(text string) { parts = append(parts, "t"+text) }, func(n uint64) { parts = append(parts, string(rune(n%1000))) })
		return strings.Join(parts, "|")
	}
	for kind, text := range kinds {
		base := parse(t, text)
		for what, change := range map[string]func(*annotation.Annotation){
			"shape":    func(a *annotation.Annotation) { a.Shape++ },
			"rect":     func(a *annotation.Annotation) { a.Rect.Left += 0.01 },
			"points":   func(a *annotation.Annotation) { a.Points = append(a.Points, annotation.Point{Row: 0.5}) },
			"value":    func(a *annotation.Annotation) { a.Concepts[0].Value = 0.5 },
			"concept":  func(a *annotation.Annotation) { a.Concepts[0].ID = "other" },
			"frame":    func(a *annotation.Annotation) { a.Edit().Frame = &annotation.Frame{Number: 9} },
			"segment":  func(a *annotation.Annotation) { a.Edit().Segment = &annotation.Segment{End: 9} },
			"span":     func(a *annotation.Annotation) { a.Edit().Span = &annotation.TextSpan{End: 99} },
			"metadata": func(a *annotation.Annotation) { a.Edit().Metadata = clarifai.Struct(`{"x":1}`) },
			"info":     func(a *annotation.Annotation) { a.Edit().Info = clarifai.Struct(`{"x":1}`) },
			"status":   func(a *annotation.Annotation) { a.Edit().Status = 24158 },
		} {
			changed := parse(t, text)
			change(&changed)
			if annotation.Same(&changed, &base) {
				t.Errorf("%s: another %s is the same", kind, what)
			}
			if digest(changed) == digest(base) {
				t.Errorf("%s: another %s has the same digest", kind, what)
			}
		}
	}
	base, near := parse(t, kinds["box"]), parse(t, kinds["box"])
	near.Rect.Left = math.Nextafter32(near.Rect.Left, 1)
	if !annotation.Same(&near, &base) {
		t.Error("neighbours among the 32-bit floats differ")
	}
}

// A moved box keeps its ID, removing an annotation of another class changes no ID, and IDs depend on the owner.
func TestDeriveIDs(t *testing.T) {
	t.Parallel()
	list := func(texts ...string) []annotation.Annotation {
		var all []annotation.Annotation
		for _, text := range texts {
			all = append(all, parse(t, text))
		}
		annotation.DeriveIDs("app/set", "i", all)
		return all
	}
	boxOf := func(class, left string) string {
		return `{"concepts": ["` + class + `"], "bounding_box": {"top_row": 0, "left_col": ` + left + `, "bottom_row": 1, "right_col": 1}}`
	}
	before := list(boxOf("car", "0"), boxOf("bus", "0"), boxOf("car", "0"))
	after := list(boxOf("car", "0.5"), boxOf("car", "0"))
	if before[0].ID != after[0].ID || before[2].ID != after[1].ID {
		t.Error("ids change with coordinates or with other classes")
	}
	seen := map[string]bool{}
	for _, a := range before {
		if seen[a.ID] || len(a.ID) != 32 || !strings.HasPrefix(a.ID, annotation.Owner("app/set", "i")) {
			t.Errorf("id %q", a.ID)
		}
		seen[a.ID] = true
	}
	other := []annotation.Annotation{parse(t, boxOf("car", "0"))}
	annotation.DeriveIDs("app/other", "i", other)
	if other[0].ID == before[0].ID || strings.HasPrefix(other[0].ID, annotation.Owner("app/set", "i")) {
		t.Error("two resources derive the same id")
	}
	own := []annotation.Annotation{{ID: "mine"}}
	annotation.DeriveIDs("app/set", "i", own)
	if own[0].ID != "mine" {
		t.Errorf("an id of a row becomes %q", own[0].ID)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"concepts": {"a": 1.5}}`: "values are between 0 and 1",
		`{"bounding_box": {"top_row": 0.5, "left_col": 0, "bottom_row": 0.4, "right_col": 1}}`:    "inverted",
		`{"bounding_box": {"top_row": 0.5, "left_col": 0, "bottom_row": 0.5, "right_col": 1}}`:    "empty",
		`{"bounding_box": {"top_row": 0.5, "left_col": 0, "bottom_row": 1.1, "right_col": 1}}`:    "outside 0 to 1",
		`{"polygon": [{"row": 0, "col": 0}, {"row": 0, "col": 1}]}`:                               "2 distinct points",
		`{"polygon": [{"row": 0, "col": 0}, {"row": 0, "col": 1}, {"row": 0, "col": 2}]}`:         "outside 0 to 1",
		`{"point": {"row": -1, "col": 0}}`:                                                        "outside 0 to 1",
		`{"keypoints": []}`:                                                                       "no keypoints",
		`{"span": {"char_start": 4, "char_end": 4}}`:                                              "ends at 4",
		`{"span": {"char_start": 0, "char_end": 14}}`:                                             "beyond the text's 13",
		`{"span": {"char_start": 0, "char_end": 3, "raw_text": "Zug"}}`:                           `is "Der"`,
		`{"frame": {"time_ms": 5000}}`:                                                            "beyond the video's 4000 ms",
		`{"frame": {"number": 100}}`:                                                              "beyond the video's 100 frames",
		`{"time_segment": {"begin_seconds": 2, "end_seconds": 1}}`:                                "ends at 1 s",
		`{"time_segment": {"begin_seconds": 2, "end_seconds": 5}}`:                                "beyond the duration",
		`{"time_segment": {"begin_seconds": 1, "end_seconds": 2}, "point": {"row": 0, "col": 0}}`: "has no region",
		`{"time_segment": {"begin_seconds": 1, "end_seconds": 2}, "frame": {"number": 1}}`:        "not both",
	} {
		a := parse(t, text)
		fault := a.Check(annotation.Limits{Text: "Der Zug fährt", FrameCount: 100, DurationMS: 4000, DurationSecond: 4})
		if fault == nil || !strings.Contains(fault.Text, want) {
			t.Errorf("%s: %v, want %q", text, fault, want)
		}
	}
	for text, kind := range map[string]string{
		`{"span": {"char_start": 0, "char_end": 3}}`:               "image",
		`{"point": {"row": 0, "col": 0}}`:                          "video", // without a frame
		`{"frame": {"number": 1}}`:                                 "image",
		`{"time_segment": {"begin_seconds": 1, "end_seconds": 2}}`: "text",
	} {
		a := parse(t, text)
		if a.Check(annotation.Limits{Kind: kind}) == nil {
			t.Errorf("%s is accepted for type %s", text, kind)
		}
	}
	outside := parse(t, `{"bounding_box": {"top_row": -0.5, "left_col": 0, "bottom_row": 0.5, "right_col": 1.5}}`)
	if !outside.Clip() || outside.Rect != (annotation.Rectangle{Top: 0, Left: 0, Bottom: 0.5, Right: 1}) || outside.Clip() {
		t.Errorf("clipped to %+v", outside.Rect)
	}
}

func TestParse_problems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{}`:                                     "annotations cannot be a JSON object",
		`[{"box": []}]`:                          "no field annotations.0.box",
		`[{"concepts": "car"}]`:                  "concepts must be",
		`[{"concepts": ["car", "car"]}]`:         "occurs twice",
		`[{}, {"bounding_box": {"top_row": 0}}]`: "annotations[1]: bounding_box needs",
		`[{"mask": {}}]`:                         "file or url",
		`[{"point": {"row": 0, "col": 0}, "span": {"char_end": 1}}]`: "at most one of",
		`[{"point": {"row": 0, "col": 0, "visibility": "maybe"}}]`:   "none of VISIBLE",
		`[{"status": "fine"}]`: "none of awaiting_review",
		`[{"metadata": [1]}]`:  "metadata is not a JSON object",
	} {
		if _, err := annotation.Parse(jsontext.Value(text), beside); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	a := parse(t, `{"mask": {"file": "m.png"}}`)
	if want := (&annotation.MaskImage{File: "dir/m.png"}); !reflect.DeepEqual(a.Extra().Mask, want) {
		t.Errorf("the mask is %+v", a.Extra().Mask)
	}
}
