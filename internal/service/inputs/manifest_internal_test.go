package inputs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func parse(t *testing.T, format, text string) (*collection, error) {
	t.Helper()
	return parseManifest(strings.NewReader(text), "m."+format, t.TempDir(), format)
}

const sameJSONL = `{"id":"b","url":"https://example.com/b.jpg","concepts":{"truck":1,"night":0,"rain":0.5},"metadata":{"camera":"north","lens":{"mm":35}},"geo":{"latitude":40.7127,"longitude":-74.0059},"datasets":["night","day"]}
{"id":"a","text":"one, \"two\"","concepts":["truck"],"metadata":{"camera":"south"}}

{"id":"c","kind":"video","url":"https://example.com/clip?x=1.jpg","concepts":null,"metadata":null,"geo":null,"datasets":[]}
{"id":"d","url":"https://example.com/d.PNG","concepts":{},"metadata":{}}
`

const sameCSV = "\xef\xbb\xbf" + `id,kind,url,text,concepts,metadata,metadata.camera,latitude,lon,datasets
c,video,https://example.com/clip?x=1.jpg,,,,,,,;
a,text,,"one, ""two""",truck,,south,,,
b,,https://example.com/b.jpg,,truck:1; night:0;rain:0.50,"{""lens"":{""mm"":35.0}}",north,40.7127,-74.0059,day;night;day
d,,https://example.com/d.PNG,,{},{},,,,
`

func TestManifestsSayTheSame(t *testing.T) {
	a, err := parse(t, formatJSONL, sameJSONL)
	if err != nil {
		t.Fatal(err)
	}
	b, err := parse(t, formatCSV, strings.ReplaceAll(sameCSV, "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a.digest != b.digest {
		t.Errorf("JSON Lines and CSV differ:\n%+v\n%+v", a.rows, b.rows)
	}
	if len(a.rows) != 4 || fmt.Sprint(a.datasets) != "[day night]" || a.local() != 1 {
		t.Errorf("got %+v", a)
	}
	row := a.row("b")
	if row == nil || row.kind != "image" || !row.labelled || !row.sorted || fmt.Sprint(row.labels) != "[{night 0} {rain 0.5} {truck 1}]" || row.line != 1 {
		t.Errorf("got %+v", row)
	}
	if c := a.row("c"); c.labelled || c.metadata != nil || c.geo != nil || !c.sorted || c.kind != "video" {
		t.Errorf("got %+v", c)
	}
	if d := a.row("d"); !d.labelled || len(d.labels) != 0 || string(d.metadata) != "{}" || d.sorted {
		t.Errorf("got %+v", d)
	}
	if a.row("zz") != nil {
		t.Error("a row that is not there was found")
	}
}

// Any difference in what a row wants is one in the digest.
func TestDigest(t *testing.T) {
	base := `{"id":"a","url":"https://example.com/a.jpg","concepts":{"x":1},"metadata":{"k":"v"},"geo":{"lat":1,"lon":2},"datasets":["d"]}`
	seen := map[string]string{}
	for _, change := range [][2]string{
		{"", ""}, {`"id":"a"`, `"id":"b"`}, {"a.jpg", "b.jpg"}, {`"url"`, `"kind":"video","url"`}, {`"url":"https://example.com/a.jpg"`, `"text":"a"`},
		{`"url":"https://example.com/a.jpg"`, `"text":"b"`}, {`"x":1`, `"x":0`}, {`"x":1`, `"y":1`}, {`"x":1`, ``}, {`"concepts":{"x":1},`, ``}, {`"x":1`, `"x":1,"y":1`},
		{`"v"`, `"w"`}, {`"k":"v"`, ``}, {`"metadata":{"k":"v"},`, ``}, {`"lat":1`, `"lat":2`}, {`"lon":2`, `"lon":1`}, {`"geo":{"lat":1,"lon":2},`, ``},
		{`["d"]`, `["e"]`}, {`["d"]`, `[]`}, {`,"datasets":["d"]`, ``}, {`["d"]`, `["d","e"]`},
	} {
		text := strings.Replace(base, change[0], change[1], 1)
		c, err := parse(t, formatJSONL, text)
		if err != nil {
			t.Fatal(text, err)
		}
		if other, taken := seen[c.digest]; taken {
			t.Errorf("%s\nhas the digest of\n%s", text, other)
		}
		seen[c.digest] = text
	}
}

func TestManifestProblems(t *testing.T) {
	for _, test := range []struct{ format, text, want string }{
		{formatJSONL, "\n\n" + `{"id":"a"}`, "m.jsonl line 3: exactly one of url, file and text"},
		{formatJSONL, `{"id":"a","url":"https://x.example/a.jpg","text":"b"}`, "exactly one of url, file and text is needed, and 2 are set"},
		{formatJSONL, `{"id":"a b","text":"x"}`, `id "a b" cannot be used: it contains white space`},
		{formatJSONL, `{"text":"x"}`, `id "" cannot be used: it is empty`},
		{formatJSONL, `{"id":"a","text":"x"}` + "\n" + `{"id":"a","text":"y"}`, `line 2: id "a" is also that of m.jsonl line 1`},
		{formatJSONL, `{"id":"a","urls":"x"}`, `line 1: there is no field "urls"; the fields are id, kind,`},
		{formatJSONL, `{"id":"a","text":"x","geo":{"north":1}}`, `line 1: there is no field "north"`},
		{formatJSONL, `{"id":"a","text":"x"`, "line 1: it is not JSON: unexpected EOF"},
		{formatJSONL, `[]`, "line 1: it is not a JSON object"},
		{formatJSONL, `"a"`, "line 1: it is not a JSON object"},
		{formatJSONL, `{"id":5,"text":"x"}`, "line 1: id cannot be a JSON number"},
		{formatJSONL, `{"id":"a","text":"x","geo":{"lat":"north"}}`, "line 1: geo.lat cannot be a JSON string"},
		{formatJSONL, "{\"id\":\"a\",\"text\":\"\xff\"}", "line 1: it is not JSON: invalid UTF-8"},
		{formatJSONL, `{"id":"a","url":"ftp://x.example/a.jpg"}`, "is not an http or https URL"},
		{formatJSONL, `{"id":"a","url":"https://me:pw@x.example/a.jpg"}`, "is not an http or https URL"},
		{formatJSONL, `{"id":"a","url":"https://x.example/a"}`, "does not tell the kind of medium: set kind"},
		{formatJSONL, `{"id":"a","url":"https://x.example/a.jpg","kind":"picture"}`, `kind "picture" is none of image, video, audio, text`},
		{formatJSONL, `{"id":"a","text":"x","kind":"image"}`, `text makes a text, and kind is "image"`},
		{formatJSONL, `{"id":"a","file":"nowhere.jpg"}`, "Cannot read"},
		{formatJSONL, `{"id":"a","text":"x","concepts":{"b c":1}}`, `concept "b c" cannot be used`},
		{formatJSONL, `{"id":"a","text":"x","concepts":{"b":2}}`, `value 2, and values are between 0 and 1`},
		{formatJSONL, `{"id":"a","text":"x","concepts":["b","b"]}`, `concept "b" is there twice`},
		{formatJSONL, `{"id":"a","text":"x","concepts":"b"}`, "concepts must be an object"},
		{formatJSONL, `{"id":"a","text":"x","metadata":[]}`, "metadata is not a JSON object"},
		{formatJSONL, `{"id":"a","text":"x","geo":{"lat":1}}`, "geo needs latitude and longitude"},
		{formatJSONL, `{"id":"a","text":"x","geo":{"lat":91,"lon":0}}`, "is not on the globe"},
		{formatJSONL, `{"id":"a","text":"x","datasets":["a/b"]}`, `dataset "a/b" cannot be used`},
		{formatCSV, "", "it is empty"},
		{formatCSV, "id,text,tags\na,x,y\n", `column "tags" is none of`},
		{formatCSV, "text\nx\n", `there is no column "id"`},
		{formatCSV, "id,id\n", `column "id" is there twice`},
		{formatCSV, "id,metadata.\n", `column "metadata." is none of`},
		{formatCSV, "id;text\na;b\n", `there is one column, "id;text": columns are separated by commas`},
		{formatCSV, "id,text\na\nb,x,y\nc,x\n", "m.csv line 2: it has 1 cells, and the first line names 2 columns\nm.csv line 3: it has 3 cells"},
		{formatCSV, "id,text\na,\xff\xfe\n", "m.csv line 2: the content is not UTF-8"},
		{formatCSV, "id,text,lat,lon\na,x,NaN,1\n", "is not on the globe"},
		{formatCSV, "id,text\na,\"x\n", "quoted"},
		{formatCSV, "id,text\n\"a\nb\",x\nc,x\nc,x\n", `m.csv line 5: id "c" is also that of m.csv line 4`},
		{formatCSV, "id,text,concepts\na,x,truck:much\n", `"much" of "truck" is not a number`},
		{formatCSV, "id,text,concepts\na,x,{truck}\n", "is not JSON"},
		{formatCSV, "id,text,latitude\na,x,1\n", "latitude and longitude go together"},
		{formatCSV, "id,text,lat,lon\na,x,north,1\n", `latitude "north" or longitude "1" is not a number`},
		{formatCSV, "id,text,metadata,metadata.k\na,x,\"{\"\"k\"\":1}\",2\n", `metadata has the key "k", and so has the column metadata.k`},
		{formatCSV, "id,text,metadata,metadata.k\na,x,[],2\n", "metadata is not a JSON object"},
	} {
		_, err := parse(t, test.format, test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %q", test.text, err, test.want)
		}
	}
}

// Many problems are named in short.
func TestManifestManyProblems(t *testing.T) {
	_, err := parse(t, formatJSONL, strings.Repeat(`{"id":""}`+"\n", 25))
	var bad *badRowsError
	if !errors.As(err, &bad) || bad.all != 25 || strings.Count(err.Error(), "line ") != shownProblems || !strings.Contains(err.Error(), "and 15 more") {
		t.Errorf("got %v", err)
	}
}

func TestManifestFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "media/a.txt", "words")
	write(t, dir, "m.jsonl", `{"id":"a","file":"media/a.txt"}`)
	c, err := loadManifest(filepath.Join(dir, "m.jsonl"), "")
	if err != nil {
		t.Fatal(err)
	}
	in, err := c.row("a").input(false, []string{"ledger"})
	if err != nil || in.Data.Text == nil || in.Data.Text.Raw != "words" || fmt.Sprint(in.DatasetIDs) != "[ledger]" {
		t.Errorf("got %+v, %v", in, err)
	}
	before := c.digest
	write(t, dir, "media/a.txt", "other")
	if _, err := c.row("a").input(false, nil); err == nil || !strings.Contains(err.Error(), "has changed since the plan") {
		t.Errorf("changed content: got %v", err)
	}
	if c, err = loadManifest(filepath.Join(dir, "m.jsonl"), ""); err != nil || c.digest == before {
		t.Errorf("the digest does not see the content: %v", err)
	}
	if _, err := loadManifest(filepath.Join(dir, "m.txt"), ""); err == nil || !strings.Contains(err.Error(), "manifest_format") {
		t.Errorf("unknown format: got %v", err)
	}
	if _, err := loadManifest(filepath.Join(dir, "nowhere.csv"), ""); err == nil || !strings.Contains(err.Error(), "cannot read the manifest") {
		t.Errorf("missing manifest: got %v", err)
	}
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "stop/a.txt", "a")
	write(t, dir, "stop/deep er/b.txt", "b")
	write(t, dir, "go/a.txt", "c")
	write(t, dir, "top.txt", "d")
	write(t, dir, "notes.md", "no medium")
	write(t, dir, ".hidden/x.txt", "x")
	write(t, dir, "stop/.x.txt", "x")
	ids := func(d directory) string {
		d.path = dir
		c, err := loadDirectory(d)
		if err != nil {
			return err.Error()
		}
		var all []string
		for _, r := range c.rows {
			text := r.id
			if r.labelled {
				text += fmt.Sprint(r.labels)
			}
			all = append(all, text)
		}
		return strings.Join(all, " ")
	}
	for _, test := range []struct {
		d    directory
		want string
	}{
		{directory{}, "go-a stop-a stop-deep-er-b top"},
		{directory{pattern: "a.*", labelByFolder: true}, "go-a[{go 1}] stop-a[{stop 1}]"},
		{directory{pattern: "*/a.txt"}, "go-a stop-a"},
		{directory{pattern: "*.txt", labelByFolder: true}, `stop/deep er/b.txt: folder "deep er" cannot be the label of its files: it contains white space or a control character; rename it, or set label_by_folder = false`},
		{directory{idFrom: idFromName}, `stop/a.txt: id "a" is also that of go/a.txt`},
		{directory{idFrom: idFromName, pattern: "top*"}, "top"},
		{directory{idFrom: idFromContent, pattern: "top*"}, "18ac3e7343f016890c510e93f9352611"},
		{directory{pattern: "["}, `pattern "[" cannot be read: syntax error in pattern`},
	} {
		if got := ids(test.d); got != test.want {
			t.Errorf("%+v:\n got %s\nwant %s", test.d, got, test.want)
		}
	}
	c, err := loadDirectory(directory{path: dir, datasets: []string{"d"}})
	if err != nil || c.ignored != 1 || !c.row("top").sorted || fmt.Sprint(c.datasets) != "[d]" {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := loadDirectory(directory{path: filepath.Join(dir, "top.txt")}); err == nil {
		t.Error("a file was taken for a directory")
	}
}

func FuzzManifest(f *testing.F) {
	f.Add(sameJSONL, false)
	f.Add(sameCSV, true)
	f.Add("id,text\n\"", true)
	f.Add(`{"id":"a","text":"x","concepts":{"a":1e400}}`, false)
	f.Fuzz(func(t *testing.T, text string, isCSV bool) {
		format := formatJSONL
		if isCSV {
			format = formatCSV
		}
		if strings.Contains(text, "file") {
			return // nothing of this machine is read
		}
		a, err := parse(t, format, text)
		if err != nil {
			return
		}
		// What is understood can be sent, and is understood the same way again.
		b, err := parse(t, format, text)
		if err != nil || a.digest != b.digest {
			t.Fatalf("%v %v", a.digest, err)
		}
		for i := range a.rows {
			r := &a.rows[i]
			in, err := r.input(false, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !r.isLabelled(in.Data) || !r.isMedium(withoutContent(in.Data)) {
				t.Fatalf("what is sent for %+v is not what it wants: %+v", r, in.Data)
			}
		}
	})
}

// withoutContent is data as the service answers with it.
func withoutContent(d *clarifai.Data) *clarifai.Data {
	c := *d
	if c.Text != nil {
		c.Text = &clarifai.Text{URL: c.Text.URL}
	}
	return &c
}
