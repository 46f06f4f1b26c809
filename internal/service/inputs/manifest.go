package inputs

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// Formats of manifests.
const (
	formatJSONL = "jsonl"
	formatCSV   = "csv"
)

// manifestFormat is the format of a manifest that does not say it.
func manifestFormat(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return formatCSV
	case ".jsonl", ".ndjson":
		return formatJSONL
	}
	return ""
}

// loadManifest reads a manifest. Files that it names are relative to where it is.
func loadManifest(path, format string) (*collection, error) {
	if format == "" {
		if format = manifestFormat(path); format == "" {
			return nil, fmt.Errorf("the ending of %q is neither .jsonl nor .csv: set manifest_format", path)
		}
	}
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, &unreadableError{"manifest", err}
	}
	defer func() { _ = file.Close() }()
	return parseManifest(file, filepath.Base(path), filepath.Dir(path), format)
}

// unreadableError says that a file or directory cannot be opened.
type unreadableError struct {
	what string
	err  error
}

func (e *unreadableError) Error() string {
	return "cannot read the " + e.what + " " + inputcontent.FileError(e.err)
}
func (e *unreadableError) Unwrap() error { return e.err }

func parseManifest(r io.Reader, name, dir, format string) (*collection, error) {
	c := newCollector(func(line int32) string { return fmt.Sprintf("%s line %d", name, line) })
	in := bufio.NewReaderSize(r, 1<<16)
	if start, _ := in.Peek(3); len(trimBOM(start)) == 0 && len(start) == 3 {
		_, _ = in.Discard(3)
	}
	parse := parseJSONL
	if format == formatCSV {
		parse = parseCSV
	}
	if err := parse(c, in, dir); err != nil {
		return nil, fmt.Errorf("cannot read the manifest %q: %w", name, err)
	}
	return c.collect()
}

// record is a line of a JSON Lines manifest.
type record struct {
	ID       string         `json:"id"`
	Kind     string         `json:"kind"`
	URL      string         `json:"url"`
	File     string         `json:"file"`
	Text     string         `json:"text"`
	Concepts jsontext.Value `json:"concepts"`
	Metadata jsontext.Value `json:"metadata"`
	Geo      *struct {
		Latitude  *float64 `json:"latitude"`
		Longitude *float64 `json:"longitude"`
		Lat       *float64 `json:"lat"`
		Lon       *float64 `json:"lon"`
	} `json:"geo"`
	Datasets []string `json:"datasets"`
}

func parseJSONL(c *collector, in *bufio.Reader, dir string) error {
	var long []byte
	for line := int32(1); ; line++ {
		text, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long[:0], text...)
			for errors.Is(err, bufio.ErrBufferFull) {
				text, err = in.ReadSlice('\n')
				long = append(long, text...)
				if len(long) > inputcontent.MaxVideoBytes {
					return fmt.Errorf("line %d is longer than any input may be", line)
				}
			}
			text = long
		}
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			if in, err := parseRecord(text, dir); err != nil {
				c.problem(line, "%v", err)
			} else {
				c.add(line, in)
			}
		}
		if last {
			return nil
		}
	}
}

func parseRecord(text []byte, dir string) (raw, error) {
	var rec record
	if err := json.Unmarshal(text, &rec, json.RejectUnknownMembers(true)); err != nil {
		return raw{}, explainJSON(err)
	}
	in := raw{id: rec.ID, kind: rec.Kind, url: rec.URL, file: besides(dir, rec.File), text: rec.Text}
	if len(rec.Concepts) > 0 && rec.Concepts.Kind() != 'n' {
		found, err := parseLabels(rec.Concepts)
		if err != nil {
			return raw{}, err
		}
		in.labelled, in.labels = true, found
	}
	if len(rec.Metadata) > 0 && rec.Metadata.Kind() != 'n' {
		in.metadata = rec.Metadata
	}
	if g := rec.Geo; g != nil {
		latitude, longitude := either(g.Latitude, g.Lat), either(g.Longitude, g.Lon)
		if latitude == nil || longitude == nil {
			return raw{}, errors.New("geo needs latitude and longitude")
		}
		in.geo = point(*latitude, *longitude)
	}
	in.sorted, in.datasets = rec.Datasets != nil, rec.Datasets
	return in, nil
}

// explainJSON says what is wrong with a line, without the names of Go's types.
func explainJSON(err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON: %s (each line is an object of its own)", strings.TrimPrefix(err.Error(), "jsontext: "))
	case !errors.As(err, &semantic):
		return err
	case semantic.JSONPointer == "" && semantic.JSONKind != '{':
		return errors.New(`it is not a JSON object such as {"id": "a", "url": "https://..."}`)
	case errors.Is(err, json.ErrUnknownName):
		field := string(semantic.JSONPointer)[strings.LastIndex(string(semantic.JSONPointer), "/")+1:]
		return fmt.Errorf("there is no field %q; the fields are id, kind, url, file, text, concepts, metadata, geo, datasets", field)
	}
	return fmt.Errorf("%s cannot be a JSON %s", strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", "."), semantic.JSONKind)
}

func either(a, b *float64) *float64 {
	if a != nil {
		return a
	}
	return b
}

func point(latitude, longitude float64) *clarifai.GeoPoint {
	return &clarifai.GeoPoint{Latitude: clarifai.NewFloat(latitude), Longitude: clarifai.NewFloat(longitude)}
}

// besides is the path of a file named in a manifest that lies in dir.
func besides(dir, file string) string {
	if file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}

// metadataColumn begins the names of columns that hold one key of the metadata.
const metadataColumn = "metadata."

var columns = []string{"id", "kind", "url", "file", "text", "concepts", "metadata", "latitude", "longitude", "lat", "lon", "datasets"}

func parseCSV(c *collector, in *bufio.Reader, dir string) error {
	reader := csv.NewReader(in)
	reader.ReuseRecord = true
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty, and the first line of a CSV manifest names the columns")
	}
	if err != nil {
		return err
	}
	names := make([]string, len(header))
	for i, name := range header {
		name = strings.TrimSpace(name)
		if len(header) == 1 && strings.ContainsAny(name, ";\t") {
			return fmt.Errorf("line 1: there is one column, %q: columns are separated by commas", name)
		}
		if !slices.Contains(columns, name) && (!strings.HasPrefix(name, metadataColumn) || name == metadataColumn) {
			return fmt.Errorf("line 1: column %q is none of %s, %sKEY", name, strings.Join(columns, ", "), metadataColumn)
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("line 1: column %q is there twice", name)
		}
		names[i] = strings.Clone(name)
	}
	if !slices.Contains(names, "id") {
		return errors.New("line 1: there is no column \"id\"")
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, csv.ErrFieldCount) {
			line, _ := reader.FieldPos(0)
			c.problem(int32(line), "it has %d cells, and the first line names %d columns", len(cells), len(names)) //nolint:gosec // lines of a file
			continue
		}
		if err != nil {
			return err // names the line
		}
		line, _ := reader.FieldPos(0)
		at := int32(line) //nolint:gosec // lines of a file
		if in, err := parseCells(names, cells, dir); err != nil {
			c.problem(at, "%v", err)
		} else {
			c.add(at, in)
		}
	}
}

// parseCells reads a line of a CSV manifest. An empty cell says nothing.
func parseCells(names, cells []string, dir string) (raw, error) {
	var in raw
	var latitude, longitude string
	extra := map[string]any{}
	for i, name := range names {
		cell := cells[i]
		if cell == "" {
			continue
		}
		switch name {
		case "id":
			in.id = strings.Clone(cell)
		case "kind":
			in.kind = cell
		case "url":
			in.url = strings.Clone(cell)
		case "file":
			in.file = besides(dir, strings.Clone(cell))
		case "text":
			in.text = strings.Clone(cell)
		case "concepts":
			found, err := parseLabelCell(cell)
			if err != nil {
				return raw{}, err
			}
			in.labelled, in.labels = true, found
		case "metadata":
			in.metadata = []byte(cell)
		case "latitude", "lat":
			latitude = cell
		case "longitude", "lon":
			longitude = cell
		case "datasets":
			in.sorted = true
			for d := range strings.SplitSeq(cell, ";") {
				if d = strings.TrimSpace(d); d != "" {
					in.datasets = append(in.datasets, d)
				}
			}
		default:
			extra[strings.TrimPrefix(name, metadataColumn)] = cell
		}
	}
	if len(extra) > 0 {
		metadata, err := withKeys(in.metadata, extra)
		if err != nil {
			return raw{}, err
		}
		in.metadata = metadata
	}
	if (latitude == "") != (longitude == "") {
		return raw{}, errors.New("latitude and longitude go together")
	}
	if latitude != "" {
		north, err1 := strconv.ParseFloat(strings.TrimSpace(latitude), 64)
		east, err2 := strconv.ParseFloat(strings.TrimSpace(longitude), 64)
		if err1 != nil || err2 != nil {
			return raw{}, fmt.Errorf("latitude %q or longitude %q is not a number", latitude, longitude)
		}
		in.geo = point(north, east)
	}
	return in, nil
}

// withKeys adds the keys of columns to metadata.
func withKeys(metadata []byte, extra map[string]any) ([]byte, error) {
	all := map[string]any{}
	if len(metadata) > 0 {
		if err := json.Unmarshal(metadata, &all); err != nil {
			return nil, notAnObject(err)
		}
		if all == nil {
			all = map[string]any{}
		}
	}
	for key, value := range extra {
		if _, twice := all[key]; twice {
			return nil, fmt.Errorf("metadata has the key %q, and so has the column %s%s", key, metadataColumn, key)
		}
		all[key] = value
	}
	return json.Marshal(all)
}

// parseLabelCell reads "truck:1;night:0;day", or JSON.
func parseLabelCell(cell string) ([]label, error) {
	if text := strings.TrimSpace(cell); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		value := jsontext.Value(text)
		if !value.IsValid() {
			return nil, fmt.Errorf("concepts: %q is not JSON", cell)
		}
		return parseLabels(value)
	}
	var found []label
	for part := range strings.SplitSeq(cell, ";") {
		id, text, given := strings.Cut(strings.TrimSpace(part), ":")
		if id == "" && !given {
			continue
		}
		value := 1.0
		if given {
			var err error
			if value, err = strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
				return nil, fmt.Errorf("concepts: %q of %q is not a number", text, id)
			}
		}
		found = append(found, label{strings.TrimSpace(id), clarifai.Float(value)})
	}
	return found, nil
}
