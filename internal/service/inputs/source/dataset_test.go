package source_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// writeCOCO writes a data set with boxes for each of a number of images.
func writeCOCO(t testing.TB, images, boxes int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "instances.json")
	file, err := os.Create(name) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	comma := func(first bool) string {
		if first {
			return ""
		}
		return ",\n"
	}
	fmt.Fprint(w, `{"info": {}, "images": [`)
	for i := range images {
		fmt.Fprintf(
			w,
			`%s{"id": %d, "license": 1, "file_name": "https://example.com/images/%012d.jpg", "width": 640, "height": 480, "date_captured": `+
				`"2026-11-14 17:02:52"}`,
			comma(i == 0),
			i+1,
			i,
		)
	}
	fmt.Fprint(w, `], "annotations": [`)
	for i := range images * boxes {
		// The boxes of an image are not beside each other, as in the published files.
		fmt.Fprintf(
			w,
			`%s{"id": %d, "image_id": %d, "category_id": %d, "bbox": [%d.25, 10.5, 100.75, %d], "segmentation": [], "area": 1234.5, "iscrowd": 0}`,
			comma(i == 0),
			i+1,
			i%images+1,
			i%80,
			i%500,
			i%400+1,
		)
	}
	fmt.Fprint(w, `], "categories": [`)
	for i := range 80 {
		fmt.Fprintf(w, `%s{"id": %d, "name": "class %d"}`, comma(i == 0), i, i)
	}
	fmt.Fprint(w, `]}`)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// Memory is bounded per row and annotation, not per byte of the file.
func TestLoad_memory(t *testing.T) {
	const images, boxes = 2000, 20
	manifest := &source.Manifest{Path: writeCOCO(t, images, boxes)}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	rows, err := source.Load(manifest, source.Formats())
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if rows.Len() != images || rows.Annotations() != images*boxes {
		t.Fatalf("%d rows with %d annotations", rows.Len(), rows.Annotations())
	}
	if each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / (images * boxes); each > 160 {
		t.Errorf("%d bytes for each annotation", each)
	}
	runtime.KeepAlive(rows)
}

// The digest is that of what the rows set: an annotation that changes is a change of the source.
func TestLoad_digest(t *testing.T) {
	t.Parallel()
	load := func(row string) *source.Rows {
		name := filepath.Join(t.TempDir(), "rows.jsonl")
		if err := os.WriteFile(name, []byte(row), 0o600); err != nil {
			t.Fatal(err)
		}
		rows, err := source.Load(&source.Manifest{Path: name}, source.Formats())
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	row := `{"id": "a", "url": "https://example.com/a.png"%s}`
	digests := map[string]string{}
	for _, annotations := range []string{
		"", `, "annotations": []`, `, "annotations": [{"concepts": ["a"]}]`, `, "annotations": [{"concepts": ["b"]}]`, `, "annotations": ` +
			`[{"concepts": ["a"], "text": "x"}]`,
	} {
		digest := load(fmt.Sprintf(row, annotations)).Digest
		if other, taken := digests[digest]; taken {
			t.Errorf("%q has the digest of %q", annotations, other)
		}
		digests[digest] = annotations
	}
}

// A JSON array has the rows that JSON Lines has, with the lines that they begin at.
func TestLoad_jsonArray(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "rows.json")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(
		"[\n{\"id\": \"b\", \"text\": \"x\"},\n{\"id\": \"a\", \"url\": \"https://example.com/a.png\",\n \"annotations\": [{\"id\": \"m\", " +
			"\"point\": {\"row\": 0, \"col\": 1}}]}]",
	)
	rows, err := source.Load(&source.Manifest{Path: name}, source.Formats())
	if err != nil {
		t.Fatal(err)
	}
	a := rows.Find("a")
	if rows.Len() != 2 || a == nil || len(a.Annotations) != 1 || a.Annotations[0].Shape != annotation.SinglePoint ||
		rows.Position(a).Line != 3 {
		t.Errorf("got %+v", rows.All)
	}
	write("[\n{\"id\": \"b\", \"text\": \"x\"},\n{\"id\": \"a\", \"texts\": \"x\"}]")
	if _, err := source.Load(&source.Manifest{Path: name}, source.Formats()); err == nil ||
		!strings.Contains(err.Error(), `line 3: there is no field "texts"`) {
		t.Errorf("got %v", err)
	}
}

// Ids are derived from the names of files, where the manifest has none.
func TestLoad_derivedIDs(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "_annotations.coco.json")
	text := `{"images": [{"id": 1, "file_name": "https://example.com/train/photo-12_png.rf.0123456789abcdef0123456789abcdef.png"},
		{"id": 2, "file_name": "https://example.com/train/a b.png"}],
"annotations": [], "categories": []}`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for idFrom, want := range map[string]string{"": "train-a-b", source.IDFromName: "a-b"} {
		rows, err := source.Load(&source.Manifest{Path: name, IDFrom: idFrom}, source.Formats())
		if err != nil {
			t.Fatal(err)
		}
		if rows.Find(want) == nil || rows.Len() != 2 {
			t.Errorf("id_from %q: got %q and %q, want %q", idFrom, rows.All[0].ID, rows.All[1].ID, want)
		}
		for i := range rows.All {
			if len(rows.All[i].ID) > 32 {
				t.Errorf("id %q is too long", rows.All[i].ID)
			}
		}
	}
}

func BenchmarkLoad_coco(b *testing.B) {
	name := writeCOCO(b, 10_000, 7)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Load(&source.Manifest{Path: name}, source.Formats()); err != nil {
			b.Fatal(err)
		}
	}
}
