package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// jsonLines reads JSON Lines: an object in each line.
type jsonLines struct{}

func (jsonLines) Name() string { return JSONLines }

func (jsonLines) Detect(path string, _ []byte) bool { return hasExtension(path, ".jsonl", ".ndjson") }

func (jsonLines) Read(m *Manifest) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		file, err := m.Open()
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer func() { _ = file.Close() }()
		in := bufio.NewReaderSize(file, 1<<16)
		var buffer []byte
		for line := 1; ; line++ {
			text, err := readLine(in, &buffer)
			last := errors.Is(err, io.EOF)
			if err != nil && !last {
				yield(Record{}, fmt.Errorf("line %d: %w", line, err))
				return
			}
			if text = bytes.TrimSpace(text); len(text) > 0 {
				record, err := parseObject(text, m)
				record.At = m.Line(line)
				if err != nil {
					err = &RecordError{record.At, err}
				}
				if !yield(record, err) {
					return
				}
			}
			if last {
				return
			}
		}
	}
}

// readLine reads a line of any length up to that of the largest input. The line
// is valid until the next call.
func readLine(in *bufio.Reader, buffer *[]byte) ([]byte, error) {
	text, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, err
	}
	long := append((*buffer)[:0], text...)
	for errors.Is(err, bufio.ErrBufferFull) {
		text, err = in.ReadSlice('\n')
		if long = append(long, text...); len(long) > inputcontent.MaxVideoBytes {
			return nil, errors.New("it is longer than any input may be")
		}
	}
	*buffer = long
	return long, err
}

// object is a line of a JSON Lines manifest.
type object struct {
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
	Datasets    []string       `json:"datasets"`
	Annotations jsontext.Value `json:"annotations"`
}

func parseObject(text []byte, m *Manifest) (Record, error) {
	text, err := m.rename(text)
	if err != nil {
		return Record{}, err
	}
	var o object
	if err := json.Unmarshal(text, &o, json.RejectUnknownMembers(true)); err != nil {
		return Record{}, explainJSON(err)
	}
	r := Record{ID: o.ID, Kind: o.Kind, URL: o.URL, File: m.Resolve(o.File), Text: o.Text, Datasets: o.Datasets}
	if isSet(o.Concepts) {
		concepts, err := ParseConcepts(o.Concepts)
		if err != nil {
			return Record{}, err
		}
		r.Concepts = concepts
	}
	if r.ID == "" && o.File != "" {
		r.ID = m.idOf(o.File)
	}
	if isSet(o.Metadata) {
		r.Metadata = o.Metadata
	}
	if isSet(o.Annotations) {
		if r.Annotations, err = annotation.Parse(o.Annotations, m.Resolve); err != nil {
			return Record{}, err
		}
	}
	if g := o.Geo; g != nil {
		latitude, longitude := either(g.Latitude, g.Lat), either(g.Longitude, g.Lon)
		if latitude == nil || longitude == nil {
			return Record{}, errors.New("geo needs latitude and longitude")
		}
		r.Geo = &Geo{*latitude, *longitude}
	}
	return r, nil
}

func isSet(v jsontext.Value) bool { return len(v) > 0 && v.Kind() != 'n' }

func either(a, b *float64) *float64 {
	if a != nil {
		return a
	}
	return b
}

// explainJSON describes an error of the JSON package without names of Go types.
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
		return fmt.Errorf("there is no field %q; the fields are id, kind, url, file, text, concepts, metadata, geo, datasets, annotations", field)
	}
	field := strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")
	return fmt.Errorf("%s cannot be a JSON %s", field, semantic.JSONKind)
}

// ParseConcepts reads concepts from JSON: an object with values, or a list.
func ParseConcepts(value jsontext.Value) ([]Concept, error) {
	switch value.Kind() {
	case '{':
		var values map[string]float64
		if err := json.Unmarshal(value, &values); err != nil {
			return nil, explainConcepts(err)
		}
		concepts := make([]Concept, 0, len(values))
		for id, v := range values {
			concepts = append(concepts, Concept{ID: id, Value: v})
		}
		return concepts, nil
	case '[':
		var list []string
		if err := json.Unmarshal(value, &list); err != nil {
			return nil, explainConcepts(err)
		}
		concepts := make([]Concept, 0, len(list))
		for _, id := range list {
			concepts = append(concepts, Concept{ID: id, Value: 1})
		}
		return concepts, nil
	}
	return nil, fmt.Errorf(`concepts must be an object such as {"truck": 1} or a list such as ["truck"]`)
}

// explainConcepts says which concept has a value of a wrong type.
func explainConcepts(err error) error {
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) || semantic.JSONPointer == "" {
		return fmt.Errorf("concepts: %w", explainJSON(err))
	}
	return fmt.Errorf("concepts: the value of %q must be a number from 0 to 1, not a JSON %s",
		semantic.JSONPointer.LastToken(), semantic.JSONKind)
}
