// Package openimages reads the CSV files of Open Images: boxes, labels of whole images, and the names of
// classes.
package openimages

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// Read is the [format.Reader] of Open Images. path is one CSV file with boxes or labels, or a directory
// of them. Names of classes are taken from a file whose name contains class-descriptions beside them.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		r := &reader{options: options, rows: map[string]int{}, concepts: map[string][]annotation.Concept{}, names: map[string]string{}}
		if err := r.read(path); err != nil {
			yield(format.Row{}, err)
			return
		}
		for _, p := range r.problems {
			if !yield(format.Row{Path: p.Path, Line: p.Line}, p) {
				return
			}
		}
		for i := range r.all {
			row := r.all[i]
			r.all[i] = format.Row{}
			problem := options.Find(&row, row.ID, r.root)
			row.ID = ""
			if !yield(row, problem.Err()) {
				return
			}
		}
	}
}

type reader struct {
	options  *format.Options
	root     string
	names    map[string]string // of classes, by their MIDs
	concepts map[string][]annotation.Concept
	rows     map[string]int // by image id
	all      []format.Row
	problems []*format.Problem
}

func (r *reader) read(path string) error {
	files := []string{path}
	r.root = filepath.Dir(path)
	if format.IsDirectory(path) {
		r.root = path
		var err error
		if files, err = format.FilesBelow(path, ".csv"); err != nil {
			return err
		}
	}
	descriptions, err := filepath.Glob(filepath.Join(r.root, "*class-descriptions*.csv"))
	if err != nil {
		return err
	}
	for _, name := range descriptions {
		if err := r.readNames(name); err != nil {
			return err
		}
	}
	read := 0
	for _, name := range files {
		if strings.Contains(filepath.Base(name), "class-descriptions") {
			continue
		}
		known, err := r.readFile(name)
		if err != nil {
			return err
		}
		if known {
			read++
		}
	}
	if read == 0 {
		return fmt.Errorf("%q has no CSV file of Open Images with the column ImageID", path)
	}
	return nil
}

// records reads a CSV file: visit gets each record with its line.
func records(path string, visit func(line int32, cells []string) error) error {
	file, in, err := format.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	reader := csv.NewReader(bufio.NewReader(in))
	reader.ReuseRecord, reader.FieldsPerRecord = true, -1
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return format.Problemf(path, 0, "%v", err) // names the line
		}
		line, _ := reader.FieldPos(0)
		if err := visit(int32(line), cells); err != nil { //nolint:gosec // lines of a file
			return err
		}
	}
}

func (r *reader) readNames(path string) error {
	return records(path, func(_ int32, cells []string) error {
		if len(cells) >= 2 && cells[0] != "LabelName" {
			r.names[strings.Clone(cells[0])] = strings.Clone(cells[1])
		}
		return nil
	})
}

var (
	boxColumns = []string{"ImageID", "LabelName", "XMin", "XMax", "YMin", "YMax"}
	flags      = []string{"IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction", "IsInside"}
)

// readFile reads a file of boxes or labels. It is not known if it is neither.
func (r *reader) readFile(path string) (known bool, err error) {
	var columns map[string]int
	boxes := false
	err = records(path, func(line int32, cells []string) error {
		if columns == nil {
			columns = map[string]int{}
			for i, name := range cells {
				columns[strings.Clone(strings.TrimSpace(name))] = i
			}
			boxes = has(columns, boxColumns...)
			known = boxes || has(columns, "ImageID", "LabelName", "Confidence")
			if has(columns, "MaskPath") {
				r.options.Skip(path, 0, "files of masks, whose images have a size of their own")
				known = false
			}
			if !known {
				return io.EOF
			}
			return nil
		}
		if len(cells) < len(columns) {
			r.problems = append(
				r.problems,
				format.Problemf(path, line, "it has %d cells, and the first line names %d columns", len(cells), len(columns)),
			)
			return nil
		}
		cell := func(name string) string {
			if i, ok := columns[name]; ok {
				return cells[i]
			}
			return ""
		}
		row := r.row(path, line, cell("ImageID"))
		problem := r.label(row, line, cell)
		if boxes {
			problem = r.box(row, path, line, cell)
		}
		if problem != nil {
			r.problems = append(r.problems, problem)
		}
		return nil
	})
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return known, err
}

func has(columns map[string]int, names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, ok := columns[name]; return !ok })
}

func (r *reader) row(path string, line int32, id string) *format.Row {
	i, ok := r.rows[id]
	if !ok {
		id = strings.Clone(id)
		i = len(r.all)
		r.rows[id] = i
		r.all = append(r.all, format.Row{ID: id, Kind: inputcontent.Image, Path: path, Line: line, HasAnnotations: true})
	}
	return &r.all[i]
}

func (r *reader) class(mid string) []annotation.Concept {
	if c := r.concepts[mid]; c != nil {
		return c
	}
	name := strings.Clone(mid)
	if found := r.names[mid]; found != "" {
		name = found
	}
	c := []annotation.Concept{format.Label(name)}
	r.concepts[strings.Clone(mid)] = c
	return c
}

// label adds a label of the whole image: confidence 1 is verified present, 0 verified absent.
func (r *reader) label(row *format.Row, line int32, cell func(string) string) *format.Problem {
	if cell("XMin") != "" {
		return nil
	}
	confidence, err := format.ParseFloat(cell("Confidence"))
	if err != nil {
		return format.Problemf(row.Path, line, "Confidence: %v", err)
	}
	if confidence != 0 && confidence != 1 {
		r.options.Skip(row.Path, line, "labels made by models (confidence between 0 and 1)")
		return nil
	}
	c := r.class(cell("LabelName"))[0]
	c.Value = float32(confidence)
	row.HasConcepts = true
	row.Concepts = append(row.Concepts, c)
	return nil
}

func (r *reader) box(row *format.Row, path string, line int32, cell func(string) string) *format.Problem {
	var n [4]float64
	for i, name := range boxColumns[2:] {
		var err error
		if n[i], err = format.ParseFloat(cell(name)); err != nil {
			return format.Problemf(path, line, "%s: %v", name, err)
		}
	}
	a := annotation.Annotation{Shape: annotation.Box, Concepts: r.class(cell("LabelName")), Line: line}
	a.Rect = format.PixelBox(format.Size{Width: 1, Height: 1}, n[0], n[2], n[1], n[3])
	info := map[string]any{}
	for _, flag := range flags {
		if cell(flag) == "1" {
			info[flag] = true
		}
	}
	if len(info) > 0 {
		text, err := json.Marshal(info, json.Deterministic(true))
		if err != nil {
			return format.Problemf(path, line, "%v", err)
		}
		a.Edit().Info = text
	}
	return r.options.Add(row, a)
}
