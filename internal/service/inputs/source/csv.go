package source

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
)

// csvFormat reads comma-separated values whose first line names the columns.
type csvFormat struct{}

func (csvFormat) Name() string { return CSV }

func (csvFormat) Detect(path string, _ []byte) bool { return hasExtension(path, ".csv") }

// metadataColumn begins the names of columns that hold one key of the metadata.
const metadataColumn = "metadata."

var columns = []string{
	"id",
	"kind",
	"url",
	"file",
	"text",
	"concepts",
	"metadata",
	"latitude",
	"longitude",
	"lat",
	"lon",
	"datasets",
	"annotations",
	"boxes",
}

func (csvFormat) Read(m *Manifest) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		file, err := m.Open()
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer func() { _ = file.Close() }()
		reader := csv.NewReader(file)
		reader.ReuseRecord = true
		names, err := readHeader(reader, m)
		if err != nil {
			yield(Record{}, err)
			return
		}
		for {
			cells, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			wrongCount := errors.Is(err, csv.ErrFieldCount)
			if err != nil && !wrongCount {
				yield(Record{}, err) // names the line
				return
			}
			line, _ := reader.FieldPos(0)
			var record Record
			if wrongCount {
				err = fmt.Errorf("it has %d cells, and the first line names %d columns", len(cells), len(names))
			} else {
				record, err = parseCells(names, cells, m)
			}
			record.At = m.Line(line)
			if err != nil {
				err = &RecordError{record.At, err}
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// readHeader reads the names of the columns.
func readHeader(reader *csv.Reader, m *Manifest) ([]string, error) {
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("it is empty, and the first line of a CSV manifest names the columns")
	}
	if err != nil {
		return nil, err
	}
	names := make([]string, len(header))
	for i, name := range header {
		name = strings.TrimSpace(name)
		if len(header) == 1 && strings.ContainsAny(name, ";\t") {
			return nil, fmt.Errorf("line 1: there is one column, %q: columns are separated by commas", name)
		}
		if len(m.Options.Columns) > 0 {
			if name = m.field(name); name == "" {
				continue // a column that nothing is mapped to
			}
		}
		if name == "" {
			continue // such as after a comma at the end of each line; its cells must be empty
		}
		if !slices.Contains(columns, name) && (!strings.HasPrefix(name, metadataColumn) || name == metadataColumn) {
			return nil, fmt.Errorf("line 1: column %q is none of %s, %sKEY", name, strings.Join(columns, ", "), metadataColumn)
		}
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("line 1: column %q is there twice", name)
		}
		names[i] = strings.Clone(name)
	}
	if !slices.Contains(names, "id") && !slices.Contains(names, "file") {
		return nil, errors.New("line 1: there is no column \"id\"")
	}
	return names, nil
}

// parseCells reads a line of a CSV manifest. An empty cell sets nothing.
func parseCells(names, cells []string, m *Manifest) (Record, error) {
	var r Record
	var latitude, longitude, file string
	keys := map[string]any{}
	for i, name := range names {
		cell := cells[i]
		if name != "text" && !strings.HasPrefix(name, metadataColumn) {
			cell = strings.TrimSpace(cell)
		}
		if name == "" && cell != "" && len(m.Options.Columns) == 0 {
			return Record{}, fmt.Errorf("cell %d is not empty, and the first line does not name its column", i+1)
		}
		if cell == "" || name == "" {
			continue
		}
		switch name {
		case "id":
			r.ID = strings.Clone(cell)
		case "kind":
			r.Kind = cell
		case "url":
			r.URL = strings.Clone(cell)
		case "file":
			file = strings.Clone(cell)
			r.File = m.Resolve(file)
		case "text":
			r.Text = strings.Clone(cell)
		case "concepts":
			concepts, err := parseConceptsCell(cell)
			if err != nil {
				return Record{}, err
			}
			r.Concepts = concepts
		case "metadata":
			r.Metadata = []byte(cell)
		case "latitude", "lat":
			latitude = cell
		case "longitude", "lon":
			longitude = cell
		case "datasets":
			r.Datasets = splitList(cell)
		case "annotations":
			annotations, err := annotation.Parse(jsontext.Value(cell), m.Resolve)
			if err != nil {
				return Record{}, err
			}
			r.Annotations = annotations
		case "boxes":
			boxes, err := parseBoxes(cell)
			if err != nil {
				return Record{}, err
			}
			r.Annotations = append(r.Annotations, boxes...)
		default:
			keys[strings.TrimPrefix(name, metadataColumn)] = cell
		}
	}
	if len(keys) > 0 {
		metadata, err := addKeys(r.Metadata, keys)
		if err != nil {
			return Record{}, err
		}
		r.Metadata = metadata
	}
	if (latitude == "") != (longitude == "") {
		return Record{}, errors.New("latitude and longitude go together")
	}
	if latitude != "" {
		north, err1 := strconv.ParseFloat(strings.TrimSpace(latitude), 64)
		east, err2 := strconv.ParseFloat(strings.TrimSpace(longitude), 64)
		if err1 != nil || err2 != nil {
			return Record{}, fmt.Errorf("latitude %q or longitude %q is not a number", latitude, longitude)
		}
		r.Geo = &Geo{north, east}
	}
	if r.ID == "" && file != "" {
		r.ID = m.idOf(file)
	}
	return r, nil
}

// parseBoxes reads "truck 0.1 0.2 0.5 0.6;car 0 0 1 1": a concept with the top, left, bottom and right of its box.
func parseBoxes(cell string) ([]annotation.Annotation, error) {
	all := []annotation.Annotation{}
	for part := range strings.SplitSeq(cell, ";") {
		fields := strings.Fields(part)
		if len(fields) == 0 {
			continue
		}
		if len(fields) != 5 {
			return nil, fmt.Errorf("boxes: %q is not a concept with the top, left, bottom and right of a box", strings.TrimSpace(part))
		}
		var n [4]float32
		for i, text := range fields[1:] {
			v, err := strconv.ParseFloat(text, 32)
			if err != nil {
				return nil, fmt.Errorf("boxes: %q is not a number", text)
			}
			n[i] = float32(v)
		}
		all = append(all, annotation.Annotation{
			Shape: annotation.Box, Concepts: []annotation.Concept{{ID: fields[0], Value: 1}},
			Rect: annotation.Rectangle{Top: n[0], Left: n[1], Bottom: n[2], Right: n[3]},
		})
	}
	return all, nil
}

// splitList splits a cell at semicolons. The list is not nil, even if it is empty.
func splitList(cell string) []string {
	list := []string{}
	for part := range strings.SplitSeq(cell, ";") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, strings.Clone(part))
		}
	}
	return list
}

// addKeys adds the keys of single columns to metadata.
func addKeys(metadata []byte, keys map[string]any) ([]byte, error) {
	all := map[string]any{}
	if len(metadata) > 0 {
		if err := json.Unmarshal(metadata, &all); err != nil {
			return nil, notAnObject(err)
		}
		if all == nil {
			all = map[string]any{}
		}
	}
	for key, value := range keys {
		if _, twice := all[key]; twice {
			return nil, fmt.Errorf("metadata has the key %q, and so has the column %s%s", key, metadataColumn, key)
		}
		all[key] = value
	}
	return json.Marshal(all)
}

// parseConceptsCell reads "truck:1;night:0;day", or JSON.
func parseConceptsCell(cell string) ([]Concept, error) {
	if text := strings.TrimSpace(cell); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		value := jsontext.Value(text)
		if !value.IsValid() {
			return nil, fmt.Errorf("concepts: %q is not JSON", cell)
		}
		return ParseConcepts(value)
	}
	concepts := []Concept{}
	for part := range strings.SplitSeq(cell, ";") {
		id, text, hasValue := strings.Cut(strings.TrimSpace(part), ":")
		if id == "" && !hasValue {
			continue
		}
		value := 1.0
		if hasValue {
			var err error
			if value, err = strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
				return nil, fmt.Errorf("concepts: %q of %q is not a number", text, id)
			}
		}
		concepts = append(concepts, Concept{ID: strings.TrimSpace(id), Value: value})
	}
	return concepts, nil
}
