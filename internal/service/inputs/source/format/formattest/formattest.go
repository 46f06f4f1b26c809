// Package formattest is what tests of readers share.
package formattest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// Read writes a file and reads its rows, up to the first error.
func Read(t *testing.T, read format.Reader, name, text string, options *format.Options) ([]format.Row, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var rows []format.Row
	for row, err := range read(file, options) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// Outcome writes a file and reads it: its labels and annotations as a text to compare, or the first error.
func Outcome(t *testing.T, read format.Reader, name, text string, options *format.Options) string {
	t.Helper()
	dir := t.TempDir()
	for file, content := range map[string]string{name: text, "a.png": string(PNG(100, 50))} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return OutcomeOf(read(filepath.Join(dir, name), options))
}

// OutcomeOf is the labels and annotations of rows as a text to compare, or the first error.
func OutcomeOf(rows iter.Seq2[format.Row, error]) string {
	var all []format.Row
	var labels []string
	for row, err := range rows {
		if err != nil {
			return err.Error()
		}
		for _, c := range row.Concepts {
			name := c.Name + c.ID
			if c.Value == 0 {
				name = "not " + name
			}
			labels = append(labels, "label "+name)
		}
		all = append(all, row)
	}
	return strings.TrimSpace(strings.Join(labels, " ") + " " + Describe(all))
}

// CheckRow fails if what a reader yields for a damaged file is not valid.
func CheckRow(t *testing.T, row format.Row, err error) {
	t.Helper()
	if err != nil {
		return
	}
	for i := range row.Annotations {
		if fault := row.Annotations[i].Check(annotation.Limits{Text: row.Text}); fault != nil {
			t.Fatalf("annotation %d is not valid: %s", i, fault.Text)
		}
	}
}

// Describe is the annotations of rows as a text to compare.
func Describe(rows []format.Row) string {
	var all []string
	for _, row := range rows {
		for i := range row.Annotations {
			all = append(all, describe(&row.Annotations[i]))
		}
	}
	return strings.Join(all, "; ")
}

func describe(a *annotation.Annotation) string {
	parts := []string{a.Shape.String()}
	for _, c := range a.Concepts {
		parts = append(parts, c.Name)
	}
	if a.Shape == annotation.Box {
		parts = append(parts, fmt.Sprint(a.Rect.Top), fmt.Sprint(a.Rect.Left), fmt.Sprint(a.Rect.Bottom), fmt.Sprint(a.Rect.Right))
	}
	for _, p := range a.Points {
		parts = append(parts, fmt.Sprintf("%v,%v", p.Row, p.Col))
		if p.Visibility != clarifai.PointVisibilityNotSet {
			parts = append(parts, p.Visibility.String())
		}
	}
	rest := a.Extra()
	if rest.Frame != nil {
		parts = append(parts, fmt.Sprintf("frame %d at %d ms", rest.Frame.Number, rest.Frame.TimeMS))
	}
	if rest.Segment != nil {
		parts = append(parts, fmt.Sprintf("from %v to %v s", rest.Segment.Begin, rest.Segment.End))
	}
	if rest.Span != nil {
		parts = append(parts, fmt.Sprintf("%d-%d %q", rest.Span.Start, rest.Span.End, rest.Span.Text))
	}
	if rest.TrackID != "" {
		parts = append(parts, rest.TrackID)
	}
	if rest.Info != nil {
		parts = append(parts, string(rest.Info))
	}
	return strings.Join(parts, " ")
}

// PNG is an image with a size.
func PNG(width, height int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// Pixels draws a mask: # is the object; rows are separated by blanks.
func Pixels(t *testing.T, content []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for y := range img.Bounds().Dy() {
		var row strings.Builder
		for x := range img.Bounds().Dx() {
			if gray, ok := img.At(x, y).(color.Gray); ok && gray.Y > 0 {
				row.WriteByte('#')
			} else {
				row.WriteByte('.')
			}
		}
		rows = append(rows, row.String())
	}
	return strings.Join(rows, " ")
}

// Fuzz reads damaged files: whatever they hold, a reader returns, and what it yields is valid.
func Fuzz(f *testing.F, read format.Reader, name string) {
	f.Helper()
	dir := f.TempDir()
	for _, image := range []string{"a.png", "a.jpg"} {
		if err := os.WriteFile(filepath.Join(dir, image), PNG(100, 50), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		options := &format.Options{OnInvalid: format.OnInvalidClip, Report: &format.Report{}, FPS: 25, Classes: []string{"a", "b"}}
		for row, err := range read(file, options) {
			CheckRow(t, row, err)
		}
	})
}
