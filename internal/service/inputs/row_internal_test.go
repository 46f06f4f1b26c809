package inputs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func rowOf(t *testing.T, text string) *row {
	t.Helper()
	c, err := parse(t, formatJSONL, text)
	if err != nil {
		t.Fatal(err)
	}
	return &c.rows[0]
}

func data(t *testing.T, text string) *clarifai.Data {
	t.Helper()
	var d clarifai.Data
	if err := clarifai.Decode([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	return &d
}

// What only comes on top is merged; when something goes away all is overwritten, and what is not managed
// is sent back.
func TestPatch(t *testing.T) {
	t.Parallel()
	const have = `{"image":{"url":"https://example.com/a.jpg"},"concepts":[{"id":"x","name":"X","value":1},{"id":"y","value":0.7}],"metadata":{"k":"v","l":[1]},
		"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`
	for _, test := range []struct{ wants, want string }{
		{``, ""},
		{`"concepts":{"x":1,"y":0.7}`, ""},
		{`"metadata":{"l":[1.0],"k":"v"},"geo":{"lat":1,"lon":2}`, ""},
		{`"concepts":{"x":1,"y":0.7,"z":0}`, `merge {"concepts":[{"id":"z","value":0}]}`},
		{`"concepts":{"x":0.5,"y":0.7}`, `merge {"concepts":[{"id":"x","value":0.5}]}`},
		{`"metadata":{"k":"w","l":[1]}`, `merge {"metadata":{"k":"w"}}`},
		{`"metadata":{"k":"v","l":[1],"m":2},"geo":{"lat":1,"lon":3}`, `merge {"metadata":{"m":2},"geo":{"geo_point":{"longitude":3,"latitude":1}}}`},
		{`"concepts":{"x":1}`, `overwrite {"concepts":[{"id":"x","value":1}],"metadata":{"k":"v","l":[1]},"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`},
		{`"concepts":{}`, `overwrite {"metadata":{"k":"v","l":[1]},"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`},
		{`"metadata":{}`, `overwrite {"concepts":[{"id":"x","value":1},{"id":"y","value":0.7}],"metadata":{},"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`},
		{`"metadata":{"k":"v","l":[2]}`, `overwrite {"concepts":[{"id":"x","value":1},{"id":"y","value":0.7}],"metadata":{"k":"v","l":[2]},"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`},
	} {
		wants := `{"id":"a","url":"https://example.com/a.jpg"`
		if test.wants != "" {
			wants += "," + test.wants
		}
		r, d := rowOf(t, wants+"}"), data(t, have)
		if !r.isMedium(d) {
			t.Fatalf("%s is not of the medium", wants)
		}
		got := ""
		if !r.isLabelled(d) {
			sent, action := r.patch(d)
			encoded, err := clarifai.Encode(sent)
			if err != nil {
				t.Fatal(err)
			}
			got = fmt.Sprintf("%s %s", action, encoded)
		}
		if got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.wants, got, test.want)
		}
	}
}

func TestIsMedium(t *testing.T) {
	t.Parallel()
	const hosted = `"hosted":{"prefix":"https://data.example.com","suffix":"x/y"}`
	for _, test := range []struct {
		row, have string
		want      bool
	}{
		{`"url":"https://example.com/a.jpg"`, `{"image":{"url":"https://example.com/a.jpg",` + hosted + `}}`, true},
		{`"url":"https://example.com/a.jpg"`, `{"image":{"url":"https://example.com/b.jpg"}}`, false},
		{`"url":"https://example.com/a.jpg"`, `{"image":{` + hosted + `}}`, false},
		{`"url":"https://example.com/a.jpg"`, `{"video":{"url":"https://example.com/a.jpg"}}`, false},
		{`"text":"x"`, `{"text":{` + hosted + `}}`, true},
		{`"text":"x"`, `{"text":{"url":"https://data.example.com/orig/x/y",` + hosted + `}}`, true}, // its own copy
		{`"text":"x"`, `{"text":{"url":"https://example.com/a.txt",` + hosted + `}}`, false},
		{`"text":"x"`, `{}`, false},
	} {
		if got := rowOf(t, `{"id":"a",`+test.row+`}`).isMedium(data(t, test.have)); got != test.want {
			t.Errorf("%s and %s: %v", test.row, test.have, got)
		}
	}
}

func TestDivide(t *testing.T) {
	t.Parallel()
	var rows []*row
	for range 300 {
		rows = append(rows, &row{kind: "image", url: "https://example.com/a.jpg"})
	}
	for range 2 {
		rows = append(rows, &row{kind: "video", url: "https://example.com/a.mp4"})
	}
	for range 5 {
		rows = append(rows, &row{kind: "text", text: string(make([]byte, 3<<20))})
	}
	light, heavy := divide(rows)
	size := func(chunks [][]*row) string {
		text := ""
		for _, c := range chunks {
			text += fmt.Sprint(len(c), " ")
		}
		return text
	}
	if got := size(light); got != "128 128 44 " {
		t.Errorf("URLs go by %s", got)
	}
	if got := size(heavy); got != "1 1 2 2 1 " {
		t.Errorf("videos and contents go by %s", got)
	}
	// Metadata fills a call as well.
	big := clarifai.Struct(`{"k":"` + strings.Repeat("v", 3<<20) + `"}`)
	rows = nil
	var patches []patching
	for range 5 {
		r := &row{kind: "image", url: "https://example.com/a.jpg", metadata: big}
		rows = append(rows, r)
		patches = append(patches, patching{r, &clarifai.Data{Metadata: big}, clarifai.ActionMerge})
	}
	light, heavy = divide(rows)
	if got := size(light) + size(heavy); got != "2 2 1 " {
		t.Errorf("large metadata goes by %s", got)
	}
	for range 300 {
		patches = append(patches, patching{rows[0], &clarifai.Data{}, clarifai.ActionMerge}, patching{rows[0], &clarifai.Data{}, clarifai.ActionOverwrite})
	}
	var sizes []int
	for _, chunk := range dividePatches(patches, clarifai.ActionMerge) {
		sizes = append(sizes, len(chunk))
	}
	if fmt.Sprint(sizes) != "[2 2 128 128 45]" {
		t.Errorf("patches go by %v", sizes)
	}
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	p := newFingerprints(2)
	p.own("a")
	p.Datasets, p.Digest = []string{"d"}, "x"
	back := readFingerprints(p.String())
	if back == nil || back.Count != 1 || back.Digest != "x" || fmt.Sprint(back.Datasets) != "[d]" || back.Contents == nil || back.begun() {
		t.Fatalf("got %+v", back)
	}
	if here, there, ok := back.IDs.difference(p.IDs); !ok || len(here)+len(there) > 0 {
		t.Error("the ids came back different")
	}
	for _, bad := range []string{"", "{}", "null", `{"v":2,"ids":""}`, `{"v":1}`, `{"v":1,"ids":"!"}`} {
		if readFingerprints(bad) != nil {
			t.Errorf("%q was understood", bad)
		}
	}
	if (*fingerprints)(nil).begun() {
		t.Error("nothing is begun")
	}
	if n := len(newFingerprints(1_000_000).String()); n > 70_000 {
		t.Errorf("fingerprints of a million contents have %d bytes", n)
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := number(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
	if got := counted(1) + ", " + counted(2000); got != "1 input, 2,000 inputs" {
		t.Error(got)
	}
}
