package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formats"
)

// JSON is the format that is a JSON array of the objects that JSON Lines has.
const JSON = formats.JSON

// FormatNames returns the names of all formats.
func FormatNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name())
	}
	return names
}

// Values of the attribute labels.
const (
	LabelsIDs   = "ids"
	LabelsNames = "names"
)

// dataSetFormat is a format of another tool, which a [format.Reader] reads.
type dataSetFormat struct {
	name string
	read format.Reader
}

func dataSetFormats() []Format {
	var all []Format
	for _, name := range formats.Names {
		all = append(all, dataSetFormat{name, formats.Readers[name]})
	}
	return all
}

func (d dataSetFormat) Name() string { return d.name }

func (d dataSetFormat) Detect(path string, _ []byte) bool { return formats.Detect(path) == d.name }

func (d dataSetFormat) Read(m *Manifest) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		options := m.Options
		options.Report = &m.skipped
		for row, err := range d.read(m.Path, &options) {
			var problem *format.Problem
			record := m.record(&row)
			if errors.As(err, &problem) && row.Path != "" {
				at := m.position(problem.Path, problem.Line)
				err = &RecordError{at, errors.New(problem.Text)}
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

func (m *Manifest) position(file string, line int32) Position {
	return Position{File: path.Base(strings.ReplaceAll(file, `\`, "/")), Line: int(line)}
}

// record converts a row of a data set.
func (m *Manifest) record(row *format.Row) Record {
	r := Record{
		At: m.position(row.Path, row.Line), ID: row.ID, Kind: row.Kind, URL: row.URL, File: row.File, Text: row.Text, Metadata: row.Metadata,
	}
	if r.ID == "" {
		r.ID = m.idOf(row.Name)
	}
	if row.HasConcepts {
		r.Concepts = make([]Concept, 0, len(row.Concepts))
		for _, c := range row.Concepts {
			r.Concepts = append(r.Concepts, Concept{ID: c.ID, Name: c.Name, Value: float64(c.Value)})
		}
	}
	if row.Geo != nil {
		r.Geo = &Geo{float64(row.Geo.Latitude), float64(row.Geo.Longitude)}
	}
	if row.HasDatasets {
		r.Datasets = append([]string{}, row.Datasets...)
	}
	if row.HasAnnotations {
		if r.Annotations = row.Annotations; r.Annotations == nil {
			r.Annotations = []annotation.Annotation{}
		}
	}
	return r
}

// idOf derives an id from the path of a file, without its extension. A long one is shortened.
func (m *Manifest) idOf(name string) string {
	if m.IDFrom == IDFromName {
		name = path.Base(name)
	}
	return format.Identifier(strings.TrimSuffix(name, path.Ext(name)))
}

// Skipped describes what the format does not keep, one kind in each line; "" if nothing was skipped.
func (m *Manifest) Skipped() string { return m.skipped.Text() }

// jsonArray reads a JSON array of objects, one at a time.
type jsonArray struct{}

func (jsonArray) Name() string { return JSON }

func (jsonArray) Detect(path string, _ []byte) bool { return formats.Detect(path) == JSON }

func (jsonArray) Read(m *Manifest) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		in, err := format.OpenJSON(m.Path)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer func() { _ = in.Close() }()
		err = in.Elements(func() error {
			text, line, err := in.Value()
			if err != nil {
				return err
			}
			record, err := parseObject(text, m)
			record.At = m.Line(int(line))
			if err != nil {
				err = &RecordError{record.At, err}
			}
			if !yield(record, err) {
				return io.EOF // the caller has stopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, io.EOF) {
			yield(Record{}, in.Explain(err))
		}
	}
}

// rename renames the members of an object that columns maps to fields, and drops members that are no fields.
func (m *Manifest) rename(text []byte) ([]byte, error) {
	if len(m.Options.Columns) == 0 {
		return text, nil
	}
	d := jsontext.NewDecoder(bytes.NewReader(text))
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return text, nil //nolint:nilerr // the parser that follows says what is wrong
	}
	var out bytes.Buffer
	e := jsontext.NewEncoder(&out)
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return nil, err
	}
	for d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err != nil {
			return text, nil //nolint:nilerr // see above
		}
		field := m.field(token.String())
		value, err := d.ReadValue()
		if err != nil {
			return text, nil //nolint:nilerr // see above
		}
		if field == "" {
			continue
		}
		if err := e.WriteToken(jsontext.String(field)); err != nil {
			return nil, err
		}
		if err := e.WriteValue(value); err != nil {
			return nil, err
		}
	}
	if err := e.WriteToken(jsontext.EndObject); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// field is the field that a column or member holds; "" if none. A column that another is mapped to is none.
func (m *Manifest) field(column string) string {
	for field, mapped := range m.Options.Columns {
		if mapped == column {
			return field
		}
	}
	if _, taken := m.Options.Columns[column]; taken {
		return ""
	}
	if slices.Contains(columns, column) || strings.HasPrefix(column, metadataColumn) {
		return column
	}
	return ""
}

// checkAnnotations checks the annotations of a record, and resolves their concepts.
func (c *collector) checkAnnotations(r *Row, all []annotation.Annotation) error {
	if all == nil {
		return nil
	}
	own := map[string]bool{}
	for i := range all {
		a := &all[i]
		problem := c.checkAnnotation(r, a)
		if problem == "" && a.ID != "" && own[a.ID] {
			problem = fmt.Sprintf("id %q occurs twice", a.ID)
		}
		if problem != "" {
			return fmt.Errorf("annotations[%d]: %s", i, problem)
		}
		if a.ID != "" {
			own[a.ID] = true
		}
	}
	r.Annotations = slices.Clip(all)
	return nil
}

func (c *collector) checkAnnotation(r *Row, a *annotation.Annotation) string {
	if c.labels != nil {
		if err := c.labels.Resolve(a.Concepts); err != nil {
			return err.Error()
		}
	}
	for _, concept := range a.Concepts {
		if problem := c.conceptProblem(concept.ID); problem != "" {
			return fmt.Sprintf("concept %q cannot be used: %s", concept.ID, problem)
		}
	}
	if a.ID != "" {
		// Older annotations may have ids that Clarifai rejects for new ones.
		if problem := ids.ReferenceProblem(a.ID); problem != "" {
			return fmt.Sprintf("id %q cannot be used: %s", a.ID, problem)
		}
	}
	if mask := a.Extra().Mask; mask != nil {
		if err := mask.ReadDigest(); err != nil {
			return err.Error()
		}
	}
	if fault := a.Check(annotation.Limits{Kind: r.Kind, Text: r.Text}); fault != nil {
		return fault.Text
	}
	return ""
}

// resolveConcepts sets the ids of concepts from the names of classes.
func (c *collector) resolveConcepts(concepts []Concept) error {
	if c.labels == nil {
		return nil
	}
	for i := range concepts {
		one := []annotation.Concept{{ID: concepts[i].ID, Name: concepts[i].Name}}
		if one[0].Name == "" && c.labels.Names {
			one[0] = annotation.Concept{Name: concepts[i].ID}
		}
		if err := c.labels.Resolve(one); err != nil {
			return err
		}
		concepts[i].ID, concepts[i].Name = one[0].ID, one[0].Name
	}
	return nil
}
