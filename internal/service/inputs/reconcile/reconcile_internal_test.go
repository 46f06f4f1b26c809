package reconcile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

func parse(t *testing.T, format, text string) (*source.Rows, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m."+format)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return source.Load(&source.Manifest{Path: path, AllowOutside: true}, source.Formats())
}

func rowOf(t *testing.T, text string) *source.Row {
	t.Helper()
	rows, err := parse(t, source.JSONLines, text)
	if err != nil {
		t.Fatal(err)
	}
	return &rows.All[0]
}

func data(t *testing.T, text string) *clarifai.Data {
	t.Helper()
	var d clarifai.Data
	if err := clarifai.Decode([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	return &d
}

// Additions are merged. If something is removed, all of it is overwritten, and what is not managed is
// sent back.
func TestPatch(t *testing.T) {
	t.Parallel()
	const have = `{"image":{"url":"https://example.com/a.jpg"},"concepts":[{"id":"x","name":"X","value":1},{"id":"y","value":0.7}],
		"metadata":{"k":"v","l":[1]},
		"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`
	for _, test := range []struct{ wants, want string }{
		{``, ""},
		{`"concepts":{"x":1,"y":0.7}`, ""},
		{`"metadata":{"l":[1.0],"k":"v"},"geo":{"lat":1,"lon":2}`, ""},
		{`"concepts":{"x":1,"y":0.7,"z":0}`, `merge {"concepts":[{"id":"z","value":0}]}`},
		{`"concepts":{"x":0.5,"y":0.7}`, `merge {"concepts":[{"id":"x","value":0.5}]}`},
		{`"metadata":{"k":"w","l":[1]}`, `merge {"metadata":{"k":"w"}}`},
		{`"metadata":{"k":"v","l":[1],"m":2},"geo":{"lat":1,"lon":3}`, `merge {"metadata":{"m":2},"geo":{"geo_point":{"longitude":3,` +
			`"latitude":1}}}`},
		{`"concepts":{"x":1}`, `overwrite {"concepts":[{"id":"x","value":1}],"metadata":{"k":"v","l":[1]},"geo":{"geo_point":{"longitude":2,` +
			`"latitude":1}},"regions":[{"id":"r"}]}`},
		{`"concepts":{}`, `overwrite {"metadata":{"k":"v","l":[1]},"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`},
		{`"metadata":{}`, `overwrite {"concepts":[{"id":"x","value":1},{"id":"y","value":0.7}],"metadata":{},` +
			`"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`},
		{`"metadata":{"k":"v","l":[2]}`, `overwrite {"concepts":[{"id":"x","value":1},{"id":"y","value":0.7}],"metadata":{"k":"v","l":[2]},` +
			`"geo":{"geo_point":{"longitude":2,"latitude":1}},"regions":[{"id":"r"}]}`},
	} {
		wants := `{"id":"a","url":"https://example.com/a.jpg"`
		if test.wants != "" {
			wants += "," + test.wants
		}
		r, d := rowOf(t, wants+"}"), data(t, have)
		if !sameContent(r, d) {
			t.Fatalf("%s does not have the content", wants)
		}
		got := ""
		if !sameData(r, d) {
			sent, action := patchFor(r, d)
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

func TestSameContent(t *testing.T) {
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
		if got := sameContent(rowOf(t, `{"id":"a",`+test.row+`}`), data(t, test.have)); got != test.want {
			t.Errorf("%s and %s: %v", test.row, test.have, got)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	var rows []*source.Row
	for range 300 {
		rows = append(rows, &source.Row{Kind: "image", URL: "https://example.com/a.jpg"})
	}
	for range 2 {
		rows = append(rows, &source.Row{Kind: "video", URL: "https://example.com/a.mp4"})
	}
	for range 5 {
		rows = append(rows, &source.Row{Kind: "text", Text: string(make([]byte, 3<<20))})
	}
	light, heavy := split(rows)
	size := func(chunks [][]*source.Row) string {
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
	var patches []Patch
	for range 5 {
		r := &source.Row{Kind: "image", URL: "https://example.com/a.jpg", Metadata: big}
		rows = append(rows, r)
		patches = append(patches, Patch{r, &clarifai.Data{Metadata: big}, clarifai.ActionMerge})
	}
	light, heavy = split(rows)
	if got := size(light) + size(heavy); got != "2 2 1 " {
		t.Errorf("large metadata goes by %s", got)
	}
	for range 300 {
		patches = append(
			patches,
			Patch{rows[0], &clarifai.Data{}, clarifai.ActionMerge},
			Patch{rows[0], &clarifai.Data{}, clarifai.ActionOverwrite},
		)
	}
	var sizes []int
	for _, chunk := range splitPatches(patches, clarifai.ActionMerge) {
		sizes = append(sizes, len(chunk))
	}
	if fmt.Sprint(sizes) != "[2 2 128 128 45]" {
		t.Errorf("patches go by %v", sizes)
	}
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	p := NewFingerprints(2)
	p.Add("a")
	p.Datasets, p.Digest = []string{"d"}, "x"
	encode := func(p *Fingerprints) []byte {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	back := ParseFingerprints(encode(p))
	if back == nil || back.Count != 1 || back.Digest != "x" || fmt.Sprint(back.Datasets) != "[d]" || back.Contents == nil ||
		back.IsIncomplete() {
		t.Fatalf("got %+v", back)
	}
	if here, there, ok := back.IDs.Difference(p.IDs); !ok || len(here)+len(there) > 0 {
		t.Error("the ids came back different")
	}
	for _, bad := range []string{"", "{}", "null", `{"v":2,"ids":""}`, `{"v":1}`, `{"v":1,"ids":"!"}`} {
		if ParseFingerprints([]byte(bad)) != nil {
			t.Errorf("%q was understood", bad)
		}
	}
	if (*Fingerprints)(nil).IsIncomplete() {
		t.Error("no fingerprints are incomplete")
	}
	if n := len(encode(NewFingerprints(1_000_000))); n > 47_000 {
		t.Errorf("fingerprints of a million contents have %d bytes", n)
	}
	if n := len(encode(NewFingerprints(0))); n > 5_500 {
		t.Errorf("fingerprints without contents have %d bytes", n)
	}
}

// The content that is sent is the one that was planned.
func TestToAPI_contentOfFile(t *testing.T) {
	dir := t.TempDir()
	write := func(content string) {
		if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("words")
	r := rowOf(t, fmt.Sprintf(`{"id":"a","file":%q}`, filepath.Join(dir, "a.txt")))
	in, err := toAPI(r, false, []string{"tracking"})
	if err != nil || in.Data.Text == nil || in.Data.Text.Raw != "words" || fmt.Sprint(in.DatasetIDs) != "[tracking]" {
		t.Errorf("got %+v, %v", in, err)
	}
	write("other")
	if _, err := toAPI(r, false, nil); err == nil || !strings.Contains(err.Error(), "has changed since the plan") {
		t.Errorf("changed content: got %v", err)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add(
		`{"id":"b","url":"https://example.com/b.jpg","concepts":{"truck":1,"rain":0.7},"metadata":{"lens":{"mm":35}},`+
			`"geo":{"latitude":40.7127,"longitude":-74.0059},"datasets":["day"]}`,
		false,
	)
	f.Add("\xef\xbb\xbfid,text,concepts,metadata.k,lat,lon,datasets\na,x,truck:1;night:0,v,1,2,day;night\n", true)
	f.Add("id,text\n\"", true)
	f.Add(`{"id":"a","text":"x","concepts":{"a":1e400}}`, false)
	f.Fuzz(func(t *testing.T, text string, isCSV bool) {
		format := source.JSONLines
		if isCSV {
			format = source.CSV
		}
		if strings.Contains(text, "file") {
			return // do not read files of this machine
		}
		a, err := parse(t, format, text)
		if err != nil {
			return
		}
		// What can be read can be sent, and reads the same again.
		b, err := parse(t, format, text)
		if err != nil || a.Digest != b.Digest {
			t.Fatalf("%v %v", a.Digest, err)
		}
		for i := range a.All {
			r := &a.All[i]
			in, err := toAPI(r, false, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !sameData(r, in.Data) || !sameContent(r, withoutContent(in.Data)) {
				t.Fatalf("%+v is sent as %+v, which differs", r, in.Data)
			}
		}
	})
}

// withoutContent returns data as the API returns it.
func withoutContent(d *clarifai.Data) *clarifai.Data {
	c := *d
	if c.Text != nil {
		c.Text = &clarifai.Text{URL: c.Text.URL}
	}
	return &c
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	have := data(
		t,
		`{"concepts":[{"id":"truck","value":1},{"id":"night","value":1}],"metadata":{"a":1,"b":2},"geo":{"geo_point":{"longitude":2,`+
			`"latitude":1}}}`,
	)
	r := rowOf(
		t,
		`{"id":"a","url":"https://example.com/a.jpg","concepts":{"truck":0,"van":1},"metadata":{"a":2,"c":3},"geo":{"lat":1,"lon":3}}`,
	)
	const want = "concepts truck 1 -> 0, +van 1, -night; metadata a, +c, -b; geo (1, 2) -> (1, 3)"
	if got := differences(r, have); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Only the first differences by id are kept, whatever the order in which they are found.
func TestDetails(t *testing.T) {
	t.Parallel()
	c := &comparison{Diff: &Diff{}}
	have := data(t, `{}`)
	for _, i := range []int{15, 3, 9, 1, 14, 2, 13, 4, 12, 5, 11, 6, 10, 7, 8} {
		c.addDetail(rowOf(t, fmt.Sprintf(`{"id":"i%02d","text":"x","concepts":["c"]}`, i)), have)
	}
	var ids []string
	for _, d := range c.Details {
		ids = append(ids, d.ID)
	}
	if got := strings.Join(ids, " "); got != "i01 i02 i03 i04 i05 i06 i07 i08 i09 i10" {
		t.Errorf("got %s", got)
	}
}
