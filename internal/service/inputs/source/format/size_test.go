package format_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
)

// tiff is the header of a TIFF with a size and an orientation.
func tiff(order binary.AppendByteOrder, mark string, width, height, orientation uint16) []byte {
	b := order.AppendUint32(order.AppendUint16([]byte(mark), 42), 8)
	b = order.AppendUint16(b, 3)
	for _, entry := range [][2]uint16{{0x100, width}, {0x101, height}, {0x112, orientation}} {
		b = order.AppendUint16(order.AppendUint16(b, entry[0]), 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(order.AppendUint16(b, entry[1]), 0)
	}
	return b
}

// photo is a JPEG with an EXIF orientation.
func photo(t *testing.T, width, height int, orientation uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00"), tiff(binary.BigEndian, "MM", 1, 1, orientation)...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return bytes.Join([][]byte{b.Bytes()[:2], segment, exif, b.Bytes()[2:]}, nil)
}

func TestReadHeader(t *testing.T) {
	t.Parallel()
	bmp := make([]byte, 32)
	copy(bmp, "BM")
	binary.LittleEndian.PutUint32(bmp[18:], 40)
	binary.LittleEndian.PutUint32(bmp[22:], ^uint32(20)+1) // from top to bottom
	webp := func(kind string, rest ...byte) []byte {
		return append([]byte("RIFF\x00\x00\x00\x00WEBP"+kind+"\x00\x00\x00\x00"), append(rest, make([]byte, 12)...)...)
	}
	for name, test := range map[string]struct {
		content []byte
		want    format.Header
	}{
		"png":       {formattest.PNG(40, 20), format.Header{Size: format.Size{Width: 40, Height: 20}}},
		"jpeg":      {photo(t, 40, 20, 6), format.Header{Size: format.Size{Width: 40, Height: 20}, Orientation: 6}},
		"bmp":       {bmp, format.Header{Size: format.Size{Width: 40, Height: 20}}},
		"tiff":      {tiff(binary.LittleEndian, "II", 40, 20, 3), format.Header{Size: format.Size{Width: 40, Height: 20}, Orientation: 3}},
		"webp":      {webp("VP8 ", 0, 0, 0, 0x9d, 1, 0x2a, 40, 0, 20, 0), format.Header{Size: format.Size{Width: 40, Height: 20}}},
		"webp VP8L": {webp("VP8L", 0x2f, 39, 19<<6&0xff, 19>>2, 0), format.Header{Size: format.Size{Width: 40, Height: 20}}},
		"webp VP8X": {webp("VP8X", 0, 0, 0, 0, 39, 0, 0, 19, 0, 0), format.Header{Size: format.Size{Width: 40, Height: 20}}},
	} {
		file := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(file, test.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := format.ReadHeader(file); err != nil || got != test.want {
			t.Errorf("%s: got %+v (%v), want %+v", name, got, err, test.want)
		}
		if err := os.WriteFile(file, test.content[:12], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := format.ReadHeader(file); err == nil {
			t.Errorf("%s: a file that is cut off has a size", name)
		}
	}
}

// Only a stated size that is that of the stored image, or another with no quarter turn, is certain.
func TestSizeOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	upright, turned := write("a.jpg", photo(t, 40, 20, 1)), write("b.jpg", photo(t, 40, 20, 6))
	for _, test := range []struct {
		file   string
		stated format.Size
		want   format.Size
		says   string
	}{
		{upright, format.Size{}, format.Size{Width: 40, Height: 20}, ""},
		{upright, format.Size{Width: 40, Height: 20}, format.Size{Width: 40, Height: 20}, ""},
		{upright, format.Size{Width: 80, Height: 40}, format.Size{Width: 80, Height: 40}, ""},
		{upright, format.Size{Width: 20, Height: 40}, format.Size{}, "turned by a quarter"},
		{turned, format.Size{Width: 40, Height: 20}, format.Size{Width: 40, Height: 20}, ""},
		{turned, format.Size{Width: 20, Height: 40}, format.Size{}, "EXIF orientation 6"},
		{turned, format.Size{}, format.Size{}, "could be meant for the stored image"},
		{"", format.Size{Width: 20, Height: 40}, format.Size{Width: 20, Height: 40}, ""},
		{"", format.Size{}, format.Size{}, "is not stated"},
	} {
		got, problem := format.SizeOf(&format.Row{File: test.file, Name: "a.jpg"}, test.stated)
		switch {
		case test.says == "" && (problem != nil || got != test.want):
			t.Errorf("%s stated %v: got %v (%v)", filepath.Base(test.file), test.stated, got, problem)
		case test.says != "" && (problem == nil || !strings.Contains(problem.Text, test.says)):
			t.Errorf("%s stated %v: got %v, want %q", filepath.Base(test.file), test.stated, problem, test.says)
		}
	}
}

// Files are found by the path that annotations name, or by the name alone if it is the only one.
func TestFind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a/one.png", "b/two.PNG", "a/same.png", "b/same.png", "b/label.txt"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"a/one.png": "a/one.png", `a\one.png`: "a/one.png", `C:\data\one.png`: "a/one.png", "/home/someone/one.png": "a/one.png",
		"one.jpg": "a/one.png", "two.png": "b/two.PNG", "b/same.png": "b/same.png",
		"same.png": "there are 2 files", "none.png": "no such file", "https://example.com/x/y.png?z": "x/y.png",
	} {
		row := format.Row{Path: "a.json", Line: 3}
		options := &format.Options{}
		problem := options.Find(&row, name, dir)
		got := row.Name
		if problem != nil {
			got = problem.Error()
		} else if row.URL == "" && row.File != filepath.Join(dir, filepath.FromSlash(want)) {
			t.Errorf("%s is file %s", name, row.File)
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	names := format.Labels{Names: true}
	concepts := []annotation.Concept{
		format.Label("traffic light"), format.Label("Pepper,_bell___Bacterial_spot and more"), format.Label("日本"), {ID: "kept", Name: "n"},
	}
	if err := names.Resolve(concepts); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"traffic-light", "Pepper-_bell___Bacteria-", "", "kept"} {
		if got := concepts[i].ID; !strings.HasPrefix(got, want) || len(got) > 32 || got == "" {
			t.Errorf("%q has the id %q, want %q", concepts[i].Name, got, want)
		}
	}
	err := names.Resolve([]annotation.Concept{format.Label("traffic-light")})
	if err == nil || !strings.Contains(err.Error(), `both become concept "traffic-light"`) {
		t.Errorf("two classes with one id: %v", err)
	}
	ids := format.Labels{}
	err = ids.Resolve([]annotation.Concept{format.Label("traffic/light")})
	if err == nil || !strings.Contains(err.Error(), `labels = "names"`) {
		t.Errorf("a name as an id: %v", err)
	}
	for _, id := range []string{"car", "traffic light"} { // older concepts have ids with spaces
		own := []annotation.Concept{format.Label(id)}
		if err := ids.Resolve(own); err != nil || own[0].ID != id || own[0].Name != "" {
			t.Errorf("got %+v (%v)", own, err)
		}
	}
}
