// Package huggingface reads the metadata.jsonl or metadata.csv of Hugging Face's imagefolder data sets.
package huggingface

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// Read is the [format.Reader] of imagefolder metadata. path is one metadata file, or a directory with one
// in the folder of each split.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		files, err := list(path)
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		for _, file := range files {
			r := &reader{path: file, options: options, yield: yield}
			read := r.lines
			if strings.EqualFold(filepath.Ext(file), ".csv") {
				read = r.cells
			}
			if err := read(); errors.Is(err, errStop) {
				return
			} else if err != nil {
				yield(format.Row{}, err)
				return
			}
		}
	}
}

var (
	errStop = errors.New("the caller stopped")
	splits  = map[string]string{
		"train":      "train",
		"training":   "train",
		"val":        "validation",
		"valid":      "validation",
		"validation": "validation",
		"test":       "test",
	}
)

func list(path string) ([]string, error) {
	if !format.IsDirectory(path) {
		return []string{path}, nil
	}
	var all []string
	for _, pattern := range []string{"metadata.jsonl", "metadata.csv", "*/metadata.jsonl", "*/metadata.csv"} {
		found, err := filepath.Glob(filepath.Join(path, pattern))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there is no metadata.jsonl or metadata.csv in %q or its folders; Parquet files are not read", path)
	}
	return all, nil
}

type reader struct {
	path    string
	options *format.Options
	yield   func(format.Row, error) bool
}

func (r *reader) lines() error {
	file, in, err := format.Open(r.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, 64<<20)
	for line := int32(1); scanner.Scan(); line++ {
		text := strings.TrimSpace(scanner.Text())
		if text == "" {
			continue
		}
		var fields map[string]jsontext.Value
		if err := json.Unmarshal([]byte(text), &fields); err != nil {
			if !r.yield(format.Row{Path: r.path, Line: line}, format.Problemf(r.path, line, "it is not a JSON object")) {
				return errStop
			}
			continue
		}
		if err := r.emit(fields, line); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func (r *reader) cells() error {
	file, in, err := format.Open(r.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	records := csv.NewReader(in)
	header, err := records.Read()
	if err != nil {
		return format.Problemf(r.path, 0, "its first line does not name the columns: %v", err)
	}
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return format.Problemf(r.path, 0, "%v", err) // names the line
		}
		line, _ := records.FieldPos(0)
		fields := map[string]jsontext.Value{}
		for i, name := range header {
			if record[i] == "" {
				continue
			}
			value := jsontext.Value(record[i])
			if !value.IsValid() {
				if value, err = jsontext.AppendQuote(nil, record[i]); err != nil {
					return format.Problemf(r.path, int32(line), "column %q is not UTF-8", name) //nolint:gosec // lines of a file
				}
			}
			fields[strings.TrimSpace(name)] = value
		}
		if err := r.emit(fields, int32(line)); err != nil { //nolint:gosec // see above
			return err
		}
	}
}

func (r *reader) emit(fields map[string]jsontext.Value, line int32) error {
	row, problem := r.row(fields, line)
	if !r.yield(row, problem.Err()) {
		return errStop
	}
	return nil
}

// column is the name that the file has for a field: the options' columns, or else the usual one.
func (r *reader) column(field, usual string) string {
	if name := r.options.Columns[field]; name != "" {
		return name
	}
	return usual
}

func (r *reader) row(fields map[string]jsontext.Value, line int32) (format.Row, *format.Problem) {
	row := format.Row{Path: r.path, Line: line, Split: splits[strings.ToLower(filepath.Base(filepath.Dir(r.path)))]}
	name := r.column("file", "file_name")
	if _, ok := fields[name]; !ok {
		for _, candidate := range slices.Sorted(maps.Keys(fields)) {
			if strings.HasSuffix(candidate, "_file_name") {
				name = candidate
				break
			}
		}
	}
	if fields[name].Kind() != '"' {
		return row, format.Problemf(r.path, line, "there is no %q", name)
	}
	if problem := r.options.Find(&row, format.Key(fields[name]), filepath.Dir(r.path)); problem != nil {
		return row, problem
	}
	delete(fields, name)
	if id, ok := fields[r.column("id", "")]; ok {
		row.ID = format.Key(id)
		delete(fields, r.column("id", ""))
	}
	if problem := r.labels(&row, fields); problem != nil {
		return row, problem
	}
	if problem := r.objects(&row, fields); problem != nil {
		return row, problem
	}
	if len(fields) == 0 {
		return row, nil
	}
	metadata, err := json.Marshal(fields, json.Deterministic(true))
	if err != nil {
		return row, format.Problemf(r.path, line, "%v", err)
	}
	row.Metadata = metadata
	return row, nil
}

// labels reads the column of labels, if there is one: names, or numbers of classes.
func (r *reader) labels(row *format.Row, fields map[string]jsontext.Value) *format.Problem {
	for _, column := range []string{r.column("concepts", "label"), "labels"} {
		value, ok := fields[column]
		if !ok {
			continue
		}
		delete(fields, column)
		list := []jsontext.Value{value}
		if value.Kind() == '[' {
			list = nil
			if err := json.Unmarshal(value, &list); err != nil {
				return format.Problemf(row.Path, row.Line, "%s cannot be read", column)
			}
		}
		row.HasConcepts = true
		for _, v := range list {
			name, problem := r.class(row, v)
			if problem != nil {
				return problem
			}
			row.Concepts = append(row.Concepts, format.Label(name))
		}
		return nil
	}
	return nil
}

// class is the name of a class, which files often only number.
func (r *reader) class(row *format.Row, v jsontext.Value) (string, *format.Problem) {
	text := format.Key(v)
	if v.Kind() != '0' {
		return text, nil
	}
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= len(r.options.Classes) {
		return "", format.Problemf(
			row.Path,
			row.Line,
			"class %s has no name in the file: set class_names, which has %d names, to the names in the dataset card, in their order",
			text,
			len(r.options.Classes),
		)
	}
	return r.options.Classes[i], nil
}

// objects reads boxes, in pixels as COCO has them: lists of members, or a list of objects.
func (r *reader) objects(row *format.Row, fields map[string]jsontext.Value) *format.Problem {
	column := r.column("objects", "objects")
	value, ok := fields[column]
	if !ok || value.Kind() != '{' && value.Kind() != '[' {
		return nil
	}
	delete(fields, column)
	row.HasAnnotations = true
	boxes, classes, problem := r.parseObjects(row, value)
	if problem != nil || len(boxes) == 0 {
		return problem
	}
	size, problem := format.SizeOf(row, stated(fields))
	if problem != nil {
		return problem
	}
	for i, box := range boxes {
		if len(box) != 4 {
			return format.Problemf(row.Path, row.Line, "a bbox has %d numbers, and must have 4: left, top, width and height in pixels", len(box))
		}
		name, problem := r.class(row, classes[i])
		if problem != nil {
			return problem
		}
		n := [4]float64{float64(box[0]), float64(box[1]), float64(box[2]), float64(box[3])}
		a := annotation.Annotation{Shape: annotation.Box, Concepts: []annotation.Concept{format.Label(name)}, Line: row.Line}
		a.Rect = format.PixelBox(size, n[0], n[1], n[0]+n[2], n[1]+n[3])
		if problem := r.options.Add(row, a); problem != nil {
			return problem
		}
	}
	return nil
}

// stated is the size that columns state, as many data sets do.
func stated(fields map[string]jsontext.Value) format.Size {
	width, _ := format.ParseFloat(format.Key(fields["width"]))
	height, _ := format.ParseFloat(format.Key(fields["height"]))
	return format.Size{Width: int(width), Height: int(height)}
}

func (r *reader) parseObjects(
	row *format.Row,
	value jsontext.Value,
) (boxes [][]format.Number, classes []jsontext.Value, problem *format.Problem) {
	unreadable := format.Problemf(row.Path, row.Line, "objects has no lists bbox and categories of the same length")
	if value.Kind() == '{' {
		var lists map[string]jsontext.Value
		if json.Unmarshal(value, &lists) != nil || json.Unmarshal(lists["bbox"], &boxes) != nil {
			return nil, nil, unreadable
		}
		for _, name := range []string{"categories", "category", "label", "labels", "category_id"} {
			if lists[name] != nil && json.Unmarshal(lists[name], &classes) == nil {
				break
			}
		}
		if len(classes) != len(boxes) {
			return nil, nil, unreadable
		}
		return boxes, classes, nil
	}
	var list []map[string]jsontext.Value
	if json.Unmarshal(value, &list) != nil {
		return nil, nil, unreadable
	}
	for _, o := range list {
		var box []format.Number
		if json.Unmarshal(o["bbox"], &box) != nil {
			return nil, nil, unreadable
		}
		boxes = append(boxes, box)
		i := slices.IndexFunc([]string{"category", "categories", "label", "category_id"}, func(name string) bool { return o[name] != nil })
		if i < 0 {
			return nil, nil, unreadable
		}
		classes = append(classes, o[[]string{"category", "categories", "label", "category_id"}[i]])
	}
	return boxes, classes, nil
}
