// Package format is what the readers of data set formats share: the row that they yield, the options
// that they follow, and the count of what they skip. Each format is a package below this one with one
// function of type [Reader]; package formats lists them.
//
// A reader streams: it holds the rows and annotations of a file in memory, never the file itself. What
// is wrong with one row is yielded as a [*Problem], and reading continues with the next; any other
// error ends the reading.
package format

import (
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
)

// Row is one input as a file describes it.
type Row struct {
	ID   string // as the file has it; "" derives it from Name
	Name string // path or URL of the content as the file names it, with slashes
	Kind string // image, video, audio or text; "" derives it from the ending of File or URL

	URL  string // or
	File string // a path that can be opened, or
	Text string

	Concepts    []annotation.Concept // of the whole input
	HasConcepts bool                 // false if the format has no such labels, so that they are not managed
	Metadata    []byte               // a JSON object
	Geo         *clarifai.GeoPoint
	Datasets    []string
	HasDatasets bool
	Split       string // train, validation and so on, as the file names it

	Annotations    []annotation.Annotation
	HasAnnotations bool

	Path string // of the file that the row was read from
	Line int32
}

// Reader reads the rows of a file or directory in one format.
type Reader func(path string, options *Options) iter.Seq2[Row, error]

// Problem is what is wrong with one row.
type Problem struct {
	Path string
	Line int32 // 0 if the problem is not at one line
	Text string
}

// Error names the file, the line and the problem.
func (p *Problem) Error() string {
	if p.Line == 0 {
		return filepath.Base(p.Path) + ": " + p.Text
	}
	return fmt.Sprintf("%s line %d: %s", filepath.Base(p.Path), p.Line, p.Text)
}

// Problemf makes a problem.
func Problemf(path string, line int32, text string, args ...any) *Problem {
	return &Problem{Path: path, Line: line, Text: fmt.Sprintf(text, args...)}
}

// Policy says what happens to annotations whose regions are empty, inverted or outside the image.
type Policy string

// Policies for regions that the service would reject.
const (
	OnInvalidError Policy = "error" // the file is rejected
	OnInvalidClip  Policy = "clip"  // cut to the image; skipped if nothing is left
	OnInvalidSkip  Policy = "skip"
)

// Options are what a manifest's attributes say about reading it.
type Options struct {
	Directory string            // that file names are relative to; "" is the directory of the file
	OnInvalid Policy            // "" is error
	Columns   map[string]string // field of a row to column or member of the file, for formats with columns
	Classes   []string          // names of classes that a file only numbers
	FPS       float64           // of videos whose format only numbers frames; 0 leaves the time out
	BoxesOnly bool              // only boxes, also of objects for which there are polygons, masks or keypoints
	Report    *Report           // of what is skipped; nil counts nothing

	found *index
}

// Report counts what is not kept, by reason.
type Report struct {
	reasons []string
	counts  map[string]*count
}

type count struct {
	n      int
	places []string
}

const shownPlaces = 3

// Skip counts something that is not kept.
func (o *Options) Skip(path string, line int32, reason string) {
	r := o.Report
	if r == nil {
		return
	}
	if r.counts == nil {
		r.counts = map[string]*count{}
	}
	c := r.counts[reason]
	if c == nil {
		c = &count{}
		r.counts[reason] = c
		r.reasons = append(r.reasons, reason)
	}
	if c.n++; len(c.places) < shownPlaces && line > 0 {
		c.places = append(c.places, fmt.Sprintf("%s line %d", filepath.Base(path), line))
	}
}

// Text lists the reasons with counts and the first places, one a line; "" if nothing was skipped.
func (r *Report) Text() string {
	var lines []string
	for _, reason := range slices.Sorted(slices.Values(r.reasons)) {
		c := r.counts[reason]
		line := fmt.Sprintf("%d: %s", c.n, reason)
		if len(c.places) > 0 {
			line += " (" + strings.Join(c.places, ", ")
			if c.n > len(c.places) {
				line += ", ..."
			}
			line += ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Count is how many were skipped for a reason.
func (r *Report) Count(reason string) int {
	if c := r.counts[reason]; c != nil {
		return c.n
	}
	return 0
}

// Add checks an annotation by the policy for invalid regions and adds it to the row. A problem is
// what the policy rejects.
func (o *Options) Add(row *Row, a annotation.Annotation) *Problem {
	f := a.Check(annotation.Limits{Text: row.Text})
	if f == nil {
		row.Annotations = append(row.Annotations, a)
		return nil
	}
	at := a.Line
	if at == 0 {
		at = row.Line
	}
	switch o.OnInvalid {
	case OnInvalidClip:
		if f.Out && a.Clip() && a.Check(annotation.Limits{Text: row.Text}) == nil {
			o.Skip(row.Path, at, "regions clipped to the image")
			row.Annotations = append(row.Annotations, a)
			return nil
		}
		o.Skip(row.Path, at, "regions skipped because they are empty or inverted, or nothing of them is inside the image")
		return nil
	case OnInvalidSkip:
		o.Skip(row.Path, at, "regions skipped because they are empty, inverted or reach outside the image")
		return nil
	}
	return Problemf(
		row.Path,
		at,
		"%s of %q: %s; set invalid_annotations to \"clip\" or \"skip\" to read the file nevertheless",
		a.Shape,
		label(&a),
		f.Text,
	)
}

func label(a *annotation.Annotation) string {
	if len(a.Concepts) == 0 {
		return ""
	}
	if name := a.Concepts[0].Name; name != "" {
		return name
	}
	return a.Concepts[0].ID
}

// Label is a class as a file names it: its id is derived later, see [Labels].
func Label(name string) annotation.Concept { return annotation.Concept{Name: name, Value: 1} }

// Err is the problem as an error: nil if there is none.
func (p *Problem) Err() error {
	if p == nil {
		return nil
	}
	return p
}
