package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

func parse(t *testing.T, format, text string) (*Rows, error) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "m."+format, text)
	return Load(&Manifest{Path: filepath.Join(dir, "m."+format)}, Formats())
}

const sameJSONL = `{"id":"b","url":"https://example.com/b.jpg","concepts":{"truck":1,"night":0,"rain":0.5},` +
	`"metadata":{"camera":"north","lens":{"mm":35}},"geo":{"latitude":40.7127,"longitude":-74.0059},"datasets":["night","day"]}
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

// The same rows in both formats are the same.
func TestManifestFormatsAgree(t *testing.T) {
	a, err := parse(t, JSONLines, sameJSONL)
	if err != nil {
		t.Fatal(err)
	}
	b, err := parse(t, CSV, strings.ReplaceAll(sameCSV, "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Digest != b.Digest {
		t.Errorf("JSON Lines and CSV differ:\n%+v\n%+v", a.All, b.All)
	}
	if len(a.All) != 4 || fmt.Sprint(a.Datasets) != "[day night]" {
		t.Errorf("got %+v", a)
	}
	row := a.Find("b")
	if row == nil || row.Kind != "image" || row.Datasets == nil || fmt.Sprint(row.Concepts) != "[{night 0 } {rain 0.5 } {truck 1 }]" ||
		a.Position(row).String() != "m.jsonl line 1" {
		t.Errorf("got %+v", row)
	}
	if c := a.Find("c"); c.Concepts != nil || c.Metadata != nil || c.Geo != nil || c.Datasets == nil || c.Kind != "video" {
		t.Errorf("got %+v", c)
	}
	if d := a.Find("d"); d.Concepts == nil || len(d.Concepts) != 0 || string(d.Metadata) != "{}" || d.Datasets != nil {
		t.Errorf("got %+v", d)
	}
	if a.Find("zz") != nil {
		t.Error("a row that does not exist was found")
	}
}

// Any difference between rows changes the digest.
func TestDigest(t *testing.T) {
	base := `{"id":"a","url":"https://example.com/a.jpg","concepts":{"x":1},"metadata":{"k":"v"},"geo":{"lat":1,"lon":2},"datasets":["d"]}`
	seen := map[string]string{}
	for _, change := range [][2]string{
		{"", ""}, {`"id":"a"`, `"id":"b"`}, {"a.jpg", "b.jpg"}, {`"url"`, `"kind":"video","url"`},
		{`"url":"https://example.com/a.jpg"`, `"text":"a"`},
		{`"url":"https://example.com/a.jpg"`, `"text":"b"`}, {`"x":1`, `"x":0`}, {`"x":1`, `"y":1`}, {`"x":1`, ``},
		{`"concepts":{"x":1},`, ``}, {`"x":1`, `"x":1,"y":1`},
		{`"v"`, `"w"`}, {`"k":"v"`, ``}, {`"metadata":{"k":"v"},`, ``}, {`"lat":1`, `"lat":2`}, {`"lon":2`, `"lon":1`},
		{`"geo":{"lat":1,"lon":2},`, ``},
		{`["d"]`, `["e"]`}, {`["d"]`, `[]`}, {`,"datasets":["d"]`, ``}, {`["d"]`, `["d","e"]`},
	} {
		text := strings.Replace(base, change[0], change[1], 1)
		c, err := parse(t, JSONLines, text)
		if err != nil {
			t.Fatal(text, err)
		}
		if other, taken := seen[c.Digest]; taken {
			t.Errorf("%s\nhas the digest of\n%s", text, other)
		}
		seen[c.Digest] = text
	}
}

func TestManifestProblems(t *testing.T) {
	for _, test := range []struct{ format, text, want string }{
		{JSONLines, "\n\n" + `{"id":"a"}`, "m.jsonl line 3: exactly one of url, file and text"},
		{JSONLines, `{"id":"a","url":"https://x.example/a.jpg","text":"b"}`, "exactly one of url, file and text is needed, and 2 are set"},
		{JSONLines, `{"id":"a b","text":"x"}`, `id "a b" cannot be used: it contains a space`},
		{JSONLines, `{"text":"x"}`, `id "" cannot be used: it is empty`},
		{JSONLines, `{"id":"a","text":"x"}` + "\n" + `{"id":"a","text":"y"}`, `line 2: id "a" is also that of m.jsonl line 1`},
		{JSONLines, `{"id":"a","urls":"x"}`, `line 1: there is no field "urls"; the fields are id, kind,`},
		{JSONLines, `{"id":"a","text":"x","geo":{"north":1}}`, `line 1: there is no field "north"`},
		{JSONLines, `{"id":"a","text":"x"`, "line 1: it is not JSON: unexpected EOF"},
		{JSONLines, `[]`, "line 1: it is not a JSON object"},
		{JSONLines, `"a"`, "line 1: it is not a JSON object"},
		{JSONLines, `{"id":5,"text":"x"}`, "line 1: id cannot be a JSON number"},
		{JSONLines, `{"id":"a","text":"x","geo":{"lat":"north"}}`, "line 1: geo.lat cannot be a JSON string"},
		{JSONLines, "{\"id\":\"a\",\"text\":\"\xff\"}", "line 1: it is not JSON: invalid UTF-8"},
		{JSONLines, `{"id":"a","url":"ftp://x.example/a.jpg"}`, "is not an http or https URL"},
		{JSONLines, `{"id":"a","url":"https://me:pw@x.example/a.jpg"}`, "is not an http or https URL"},
		{JSONLines, `{"id":"a","url":"https://x.example/a"}`, "does not tell what it is: set kind"},
		{JSONLines, `{"id":"a","url":"https://x.example/a.jpg","kind":"picture"}`, `kind "picture" is none of image, video, audio, text`},
		{JSONLines, `{"id":"a","text":"x","kind":"image"}`, `text is set, so that the input is a text, and kind is "image"`},
		{JSONLines, `{"id":"a","file":"nowhere.jpg"}`, "Cannot read"},
		{JSONLines, `{"id":"a","text":"x","concepts":{"b/c":1}}`, `concept "b/c" cannot be used: it contains a slash`},
		{JSONLines, `{"id":"a","text":"x","concepts":["` + strings.Repeat("b", 513) + `"]}`, "cannot be used: it has 513 characters"},
		{JSONLines, `{"id":"a","text":"x","concepts":{"b":2}}`, `value 2, and values are between 0 and 1`},
		{JSONLines, `{"id":"a","text":"x","concepts":["b","b"]}`, `concept "b" is there twice`},
		{JSONLines, `{"id":"a","text":"x","concepts":"b"}`, "concepts must be an object"},
		{JSONLines, `{"id":"a","text":"x","metadata":[]}`, "metadata is not a JSON object"},
		{JSONLines, `{"id":"a","text":"x","geo":{"lat":1}}`, "geo needs latitude and longitude"},
		{JSONLines, `{"id":"a","text":"x","geo":{"lat":91,"lon":0}}`, "is not on the globe"},
		{JSONLines, `{"id":"a","text":"x","datasets":["a/b"]}`, `dataset "a/b" cannot be used`},
		{JSONLines, `{"id":"a","text":"x","annotations":[{"id":"a/b"}]}`, `annotations[0]: id "a/b" cannot be used: it contains a slash`},
		{CSV, "", "it is empty"},
		{CSV, "id,text,tags\na,x,y\n", `column "tags" is none of`},
		{CSV, "text\nx\n", `there is no column "id"`},
		{CSV, "id,id\n", `column "id" is there twice`},
		{CSV, "id,metadata.\n", `column "metadata." is none of`},
		{CSV, "id;text\na;b\n", `there is one column, "id;text": columns are separated by commas`},
		{CSV, "id,text\na\nb,x,y\nc,x\n", "m.csv line 2: it has 1 cells, and the first line names 2 columns\nm.csv line 3: it has 3 cells"},
		{CSV, "id,text\na,\xff\xfe\n", "m.csv line 2: the content is not UTF-8"},
		{CSV, "id,text,lat,lon\na,x,NaN,1\n", "is not on the globe"},
		{CSV, "id,text\na,\"x\n", "quoted"},
		{CSV, "id,text\n\"a\nb\",x\nc,x\nc,x\n", `m.csv line 5: id "c" is also that of m.csv line 4`},
		{CSV, "id,text,concepts\na,x,truck:much\n", `"much" of "truck" is not a number`},
		{CSV, "id,text,concepts\na,x,{truck}\n", "is not JSON"},
		{CSV, "id,text,latitude\na,x,1\n", "latitude and longitude go together"},
		{CSV, "id,text,lat,lon\na,x,north,1\n", `latitude "north" or longitude "1" is not a number`},
		{CSV, "id,text,metadata,metadata.k\na,x,\"{\"\"k\"\":1}\",2\n", `metadata has the key "k", and so has the column metadata.k`},
		{CSV, "id,text,metadata,metadata.k\na,x,[],2\n", "metadata is not a JSON object"},
	} {
		_, err := parse(t, test.format, test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %q", test.text, err, test.want)
		}
	}
}

// Only the first problems are listed.
func TestManifestManyProblems(t *testing.T) {
	_, err := parse(t, JSONLines, strings.Repeat(`{"id":""}`+"\n", 25))
	var bad *RowsError
	if !errors.As(err, &bad) || bad.Count != 25 || strings.Count(err.Error(), "line ") != maxProblems ||
		!strings.Contains(err.Error(), "and 15 more") {
		t.Errorf("got %v", err)
	}
}

func TestManifestFiles(t *testing.T) {
	dir := t.TempDir()
	load := func(name string) (*Rows, error) { return Load(&Manifest{Path: filepath.Join(dir, name)}, Formats()) }
	write(t, dir, "media/a.txt", "words")
	write(t, dir, "m.jsonl", `{"id":"a","file":"media/a.txt"}`)
	c, err := load("m.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if r := c.Find("a"); r.File != filepath.Join(dir, "media", "a.txt") || r.Kind != "text" || !r.SendsContent() {
		t.Errorf("got %+v", r)
	}
	before := c.Digest
	write(t, dir, "media/a.txt", "other")
	if c, err = load("m.jsonl"); err != nil || c.Digest == before {
		t.Errorf("the digest does not depend on the content: %v", err)
	}
	write(t, dir, "m.txt", "?")
	if _, err := load("m.txt"); err == nil || !strings.Contains(err.Error(), "manifest_format") {
		t.Errorf("unknown format: got %v", err)
	}
	if _, err := load("nowhere.csv"); err == nil || !strings.Contains(err.Error(), "cannot read the manifest") {
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
	write(t, dir, "notes.md", "no input")
	write(t, dir, ".hidden/x.txt", "x")
	write(t, dir, "stop/.x.txt", "x")
	ids := func(d Directory) string {
		d.Path = dir
		c, err := LoadDirectory(d)
		if err != nil {
			return err.Error()
		}
		var all []string
		for _, r := range c.All {
			text := r.ID
			if r.Concepts != nil {
				text += fmt.Sprint(r.Concepts)
			}
			all = append(all, text)
		}
		return strings.Join(all, " ")
	}
	for _, test := range []struct {
		d    Directory
		want string
	}{
		{Directory{}, "go-a stop-a stop-deep-er-b top"},
		{Directory{Pattern: "a.*", LabelByFolder: true}, "go-a[{go 1 }] stop-a[{stop 1 }]"},
		{Directory{Pattern: "*/a.txt"}, "go-a stop-a"},
		{Directory{Pattern: "*.txt", LabelByFolder: true}, "go-a[{go 1 }] stop-a[{stop 1 }] stop-deep-er-b[{deep er 1 }] top"},
		{Directory{Pattern: "b.*", LabelByFolder: true, LabelNames: true}, "stop-deep-er-b[{deep-er 1 deep er}]"},
		{Directory{IDFrom: IDFromName}, `stop/a.txt: id "a" is also that of go/a.txt`},
		{Directory{IDFrom: IDFromName, Pattern: "top*"}, "top"},
		{Directory{IDFrom: IDFromContent, Pattern: "top*"}, "18ac3e7343f016890c510e93f9352611"},
		{Directory{Pattern: "["}, `pattern "[" cannot be read: syntax error in pattern`},
	} {
		if got := ids(test.d); got != test.want {
			t.Errorf("%+v:\n got %s\nwant %s", test.d, got, test.want)
		}
	}
	c, err := LoadDirectory(Directory{Path: dir, Datasets: []string{"d"}})
	if err != nil || c.Ignored != 1 || c.Find("top").Datasets == nil || fmt.Sprint(c.Datasets) != "[d]" {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := LoadDirectory(Directory{Path: filepath.Join(dir, "top.txt")}); err == nil {
		t.Error("a file was taken for a directory")
	}
}

func TestDirectory_pattern(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"top.txt", "a/mid.txt", "a/b/deep.txt", "c/other.txt"} {
		write(t, dir, name, name)
	}
	for pattern, want := range map[string]string{
		"**/*.txt": "a-b-deep a-mid c-other top", "{a,c}/*.txt": "a-mid c-other", "*.txt": "a-b-deep a-mid c-other top", "a/**": "a-b-deep a-mid",
	} {
		rows, err := LoadDirectory(Directory{Path: dir, Pattern: pattern})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range rows.All {
			ids = append(ids, r.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s finds %q, want %q", pattern, got, want)
		}
	}
}

// Names of files become ids that Clarifai accepts, different ones for different names.
func TestDirectory_longNames(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("x", 60)
	write(t, dir, long+"_png.rf.1.txt", "a")
	write(t, dir, long+"_png.rf.2.txt", "b")
	rows, err := LoadDirectory(Directory{Path: dir})
	if err != nil || rows.Len() != 2 {
		t.Fatalf("got %+v, %v", rows, err)
	}
	for _, r := range rows.All {
		if len(r.ID) != maxIDLength || !strings.HasPrefix(r.ID, "xxxx") {
			t.Errorf("got id %q", r.ID)
		}
	}
	again, err := LoadDirectory(Directory{Path: dir})
	if err != nil || again.Digest != rows.Digest {
		t.Errorf("the ids differ in the next run: %v", err)
	}
}

// What is probably not meant is a warning.
func TestDirectory_warnings(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "train/a.jpg", "\xff\xd8\xff\xe0 not quite an image")
	write(t, dir, "train/notes.txt", "words")
	write(t, dir, "train/b.txt", "0 0.5 0.5 0.25 0.25\n")
	rows, err := LoadDirectory(Directory{Path: dir, LabelByFolder: true})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(rows.Warnings)
	for _, want := range []string{"1 text files with annotations", "1 of kind image, 1 of kind text", "layout: train"} {
		if !strings.Contains(text, want) {
			t.Errorf("no warning %q in %s", want, text)
		}
	}
	rows, err = LoadDirectory(Directory{Path: dir, Kinds: []string{"image"}})
	if err != nil || rows.Len() != 1 || len(rows.Warnings) != 0 || rows.Ignored != 2 {
		t.Errorf("images only: %+v, %v", rows, err)
	}
}

// Older concepts have ids that new ones cannot have. Whether the app has them is not known here, so they are a warning.
func TestOlderConceptIDs(t *testing.T) {
	const hint = `set labels = "names"`
	many := make([]string, 12)
	for i := range many {
		many[i] = fmt.Sprintf(`{"id":"i%d","text":"x","concepts":["car %02d","traffic light"]}`, i, i)
	}
	for _, test := range []struct {
		format, text string
		labels       string
		want         []string // in the warning; none: no warning
	}{
		{JSONLines, `{"id":"a","text":"x","concepts":["traffic light"]}`, "",
			[]string{"Clarifai may reject the id of a concept", `"traffic light": it contains a space`, hint}},
		{JSONLines, `{"id":"a","text":"x","concepts":{"ai.people:1":1,"猫":0,"status":1}}`, "",
			[]string{"Clarifai may reject 3 ids of concepts", `"ai.people:1": it contains '.'`, `"status": it is a word in the API's own paths`}},
		{CSV, "id,text,concepts\na,x,traffic light:1;car\n", LabelsIDs, []string{`"traffic light": it contains a space`, hint}},
		{JSONLines, `{"id":"a","text":"x","annotations":[{"concepts":["traffic light"]}]}`, "", []string{`"traffic light": it contains`, hint}},
		{JSONLines, strings.Join(many, "\n"), "", []string{"Clarifai may reject 13 ids", `"car 00": it contains`, "... and 3 more"}},
		{JSONLines, `{"id":"a","text":"x","concepts":["traffic light"]}`, LabelsNames, nil},
		{JSONLines, `{"id":"a","text":"x","concepts":["truck"],"annotations":[{"id":"older annotation: 1"}]}`, "", nil},
	} {
		dir := t.TempDir()
		write(t, dir, "m."+test.format, test.text)
		rows, err := Load(&Manifest{Path: filepath.Join(dir, "m."+test.format), Labels: test.labels}, Formats())
		if err != nil || (rows.NewIDs == nil) != (test.want == nil) {
			t.Errorf("%s: got %+v, %v", test.text, rows, err)
			continue
		}
		for _, want := range test.want {
			if text := rows.NewIDs.Summary + "\n" + rows.NewIDs.Detail; !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", test.text, want, text)
			}
		}
	}
	dir := t.TempDir()
	write(t, dir, "traffic light/a.txt", "a")
	write(t, dir, "traffic light/b.txt", "b")
	rows, err := LoadDirectory(Directory{Path: dir, LabelByFolder: true})
	if err != nil || rows.NewIDs == nil || !strings.Contains(rows.NewIDs.Detail, hint) {
		t.Errorf("a folder: got %+v, %v", rows, err)
	}
	if rows, err = LoadDirectory(Directory{Path: dir, LabelByFolder: true, LabelNames: true}); err != nil || rows.NewIDs != nil {
		t.Errorf("a folder as a name: got %+v, %v", rows, err)
	}
	item := Record{ID: "a", Text: "x", Concepts: []Concept{{ID: "traffic light", Value: 1}}}
	rows, err = Collect(slices.Values([]Record{item}), nil)
	if err != nil || rows.NewIDs == nil || strings.Contains(rows.NewIDs.Detail, hint) {
		t.Errorf("an item: got %+v, %v", rows, err)
	}
}

func TestRowChecks(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`{"id":"` + strings.Repeat("a", 49) + `","text":"x"}`, "it has 49 characters, and ids of inputs have 1 to 48"},
		{`{"id":"status","text":"x"}`, `id "status" cannot be used: it is a word in the API's own paths`},
		{`{"id":"a","text":"x","metadata":{"n":76561198000000001}}`, "the number 76561198000000001, which Clarifai would store as " +
			"76561198000000000"},
		{`{"id":"a","text":"x","metadata":{"n":1e400}}`, "does not fit a 64-bit float"},
		{`{"id":"a","text":"x","concepts":{"a":"0.5"}}`, `concepts: the value of "a" must be a number from 0 to 1, not a JSON string`},
		{`{"id":"a","text":"x","annotations":[{"concepts":["c"],"bounding_box":{"top_row":0.5,"left_col":0,"bottom_row":0.25,` +
			`"right_col":1}}]}`, "annotations[0]: the box is inverted"},
		{`{"id":"a","kind":"text","file":"/etc/hostname"}`, "is outside the directory"},
		{`{"id":"a","kind":"text","file":"../m.jsonl"}`, "is outside the directory"},
	} {
		_, err := parse(t, JSONLines, test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.text, err, test.want)
		}
	}
	for _, good := range []string{
		`{"id":"` + strings.Repeat("a", 48) + `","text":"x"}`,
		`{"id":"a","text":"x","metadata":{"n":9007199254740993.0,"m":9007199254740992}}`,
		`{"id":"a","text":"x","concepts":["ai.people:1"]}`,
	} {
		if _, err := parse(t, JSONLines, good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

// White space around cells and a comma at the end of each line mean nothing.
func TestCSVCells(t *testing.T) {
	rows, err := parse(t, CSV, "id, text, concepts,\n a , x ,truck ,\n")
	if err != nil {
		t.Fatal(err)
	}
	if r := rows.Find("a"); r == nil || r.Text != " x " || fmt.Sprint(r.Concepts) != "[{truck 1 }]" {
		t.Errorf("got %+v", rows.All)
	}
	if _, err := parse(t, CSV, "id,text,\na,x,y\n"); err == nil || !strings.Contains(err.Error(), "line 2: cell 3 is not empty") {
		t.Errorf("got %v", err)
	}
}

// Files that do not exist are told from other problems: they may exist when the plan is applied.
func TestMissingFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "missing.jsonl", `{"id":"a","file":"a.txt"}`)
	write(t, dir, "mixed.jsonl", `{"id":"a","file":"a.txt"}`+"\n"+`{"id":"b c","text":"x"}`)
	for name, want := range map[string]bool{"missing.jsonl": true, "mixed.jsonl": false, "nowhere.jsonl": true} {
		_, err := Load(&Manifest{Path: filepath.Join(dir, name)}, Formats())
		if err == nil || errors.Is(err, fs.ErrNotExist) != want {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := Load(&Manifest{Path: "~/nowhere.jsonl"}, Formats())
	if err == nil || !strings.Contains(err.Error(), "pathexpand") {
		t.Errorf("got %v", err)
	}
}

// Datasets of all rows are added to those of single rows.
func TestDatasetsOfAllRows(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "m.jsonl", `{"id":"a","text":"x","datasets":["day"]}`+"\n"+`{"id":"b","text":"x"}`)
	rows, err := Load(&Manifest{Path: filepath.Join(dir, "m.jsonl"), DatasetIDs: []string{"trucks"}}, Formats())
	if err != nil || fmt.Sprint(rows.Find("a").Datasets, rows.Find("b").Datasets) != "[day trucks] [trucks]" {
		t.Errorf("got %+v, %v", rows, err)
	}
}

// Reading a large file lowers the target of the garbage collector.
func TestCollectMoreOften(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	path := filepath.Join(t.TempDir(), "a.json")
	for size, want := range map[int64]int{largeFile - 1: 100, largeFile: gcPercentForLarge} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		collectMoreOften(path)
		if got := debug.SetGCPercent(100); got != want {
			t.Errorf("a file of %d bytes: %d percent, want %d", size, got, want)
		}
	}
}
