// Package clarifaicsv reads the CSV files of Clarifai's own uploaders: the SDK's, with the columns inputid,
// input, concepts, metadata and geopoints, and the portal's, with paths such as input.data.image.url.
package clarifaicsv

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// Read is the [format.Reader] of Clarifai's upload CSV.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		file, in, err := format.Open(path)
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		defer func() { _ = file.Close() }()
		r := &reader{path: path, options: options, csv: csv.NewReader(bufio.NewReader(in))}
		if err := r.header(in); err != nil {
			yield(format.Row{}, err)
			return
		}
		for {
			cells, err := r.csv.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			line, _ := r.csv.FieldPos(0)
			var row format.Row
			if err == nil || errors.Is(err, csv.ErrFieldCount) {
				row, err = r.row(cells, int32(line)) //nolint:gosec // lines of a file
			} else {
				yield(format.Row{}, format.Problemf(path, 0, "%v", err))
				return
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

type reader struct {
	path    string
	options *format.Options
	csv     *csv.Reader
	names   []string
}

var concept = regexp.MustCompile(`^input\.data\.concepts\[(\d+)\]\.(id|name|value)$`)

// header reads the names of the columns. Files with tabs are TSV.
func (r *reader) header(in *bufio.Reader) error {
	first, _ := in.Peek(4096)
	line, _, _ := strings.Cut(string(first), "\n")
	r.csv = csv.NewReader(in)
	if strings.Contains(line, "\t") {
		r.csv.Comma = '\t'
		r.csv.LazyQuotes = true
	}
	cells, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return format.Problemf(r.path, 0, "it is empty, and the first line names the columns")
	}
	if err != nil {
		return format.Problemf(r.path, 0, "%v", err)
	}
	content := false
	for _, name := range cells {
		name = strings.TrimSpace(name)
		switch {
		case known[name] || concept.MatchString(name):
			content = content || name == "input" || strings.HasPrefix(name, "input.data.") && strings.Count(name, ".") == 3
		default:
			return format.Problemf(
				r.path,
				1,
				"column %q is none of Clarifai's upload CSV: inputid, input, concepts, metadata, geopoints, or input.id, "+
					"input.data.image.url and so on",
				name,
			)
		}
		r.names = append(r.names, name)
	}
	if !content {
		return format.Problemf(r.path, 1, "there is no column \"input\" or \"input.data.image.url\" with the content")
	}
	return nil
}

var known = map[string]bool{
	"inputid": true, "input": true, "concepts": true, "metadata": true, "geopoints": true,
	"input.id": true, "input.data.image.url": true, "input.data.video.url": true, "input.data.audio.url": true, "input.data.text.url": true,
	"input.data.text.raw": true, "input.metadata": true, "input.data.metadata": true,
	"input.data.geo.geo_point.latitude": true, "input.data.geo.geo_point.longitude": true,
}

func (r *reader) row(cells []string, line int32) (format.Row, error) {
	row := format.Row{Path: r.path, Line: line}
	if len(cells) != len(r.names) {
		return row, format.Problemf(r.path, line, "it has %d cells, and the first line names %d columns", len(cells), len(r.names))
	}
	var labels portalLabels
	var latitude, longitude string
	for i, name := range r.names {
		cell := strings.TrimSpace(cells[i])
		if cell == "" {
			continue
		}
		var problem *format.Problem
		switch name {
		case "inputid", "input.id":
			row.ID = cell
		case "input":
			problem = r.content(&row, cells[i])
		case "input.data.text.raw":
			row.Kind, row.Text = inputcontent.Text, cells[i]
		case "concepts":
			row.HasConcepts = true
			for label := range strings.SplitSeq(cell, ",") {
				if label = strings.TrimSpace(label); label != "" {
					row.Concepts = append(row.Concepts, format.Label(label))
				}
			}
		case "metadata", "input.metadata", "input.data.metadata":
			row.Metadata, problem = metadata(r.path, line, cell)
		case "geopoints":
			east, north, _ := strings.Cut(cell, ",")
			longitude, latitude = east, north
		case "input.data.geo.geo_point.latitude":
			latitude = cell
		case "input.data.geo.geo_point.longitude":
			longitude = cell
		default:
			if m := concept.FindStringSubmatch(name); m != nil {
				labels.set(m[1], m[2], cell)
				break
			}
			row.Kind = strings.Split(name, ".")[2]
			problem = r.content(&row, cell)
		}
		if problem != nil {
			return row, problem
		}
	}
	if err := labels.add(&row); err != nil {
		return row, format.Problemf(r.path, line, "%v", err)
	}
	if latitude == "" && longitude == "" {
		return row, nil
	}
	return row, geo(&row, latitude, longitude).Err()
}

// content is a URL, the path of a file that exists, or a text.
func (r *reader) content(row *format.Row, cell string) *format.Problem {
	trimmed := strings.TrimSpace(cell)
	if format.IsURL(trimmed) || inputcontent.TypeOf(trimmed) != "" && !strings.Contains(trimmed, "\n") {
		return r.options.Find(row, trimmed, filepath.Dir(r.path))
	}
	row.Kind, row.Text = inputcontent.Text, cell
	return nil
}

// metadata is JSON or, as the SDK writes it, the text of a Python dictionary.
func metadata(path string, line int32, cell string) ([]byte, *format.Problem) {
	for _, text := range []string{cell, strings.ReplaceAll(cell, "'", `"`)} {
		if object, err := annotation.Object([]byte(text)); err == nil {
			if object == nil {
				return []byte("{}"), nil
			}
			return object, nil
		}
	}
	return nil, format.Problemf(path, line, "metadata %q is neither a JSON object nor a Python dictionary", cell)
}

func geo(row *format.Row, latitude, longitude string) *format.Problem {
	north, err1 := format.ParseFloat(latitude)
	east, err2 := format.ParseFloat(longitude)
	if err1 != nil || err2 != nil {
		return format.Problemf(row.Path, row.Line, "longitude %q, latitude %q are not two numbers", longitude, latitude)
	}
	row.Geo = &clarifai.GeoPoint{Latitude: clarifai.NewFloat(north), Longitude: clarifai.NewFloat(east)}
	return nil
}

// portalLabels are concepts in columns of their own.
type portalLabels struct {
	order []string
	cells map[string]map[string]string
}

func (p *portalLabels) set(index, field, cell string) {
	if p.cells == nil {
		p.cells = map[string]map[string]string{}
	}
	if p.cells[index] == nil {
		p.cells[index] = map[string]string{}
		p.order = append(p.order, index)
	}
	p.cells[index][field] = cell
}

func (p *portalLabels) add(row *format.Row) error {
	for _, index := range p.order {
		cells := p.cells[index]
		c := annotation.Concept{ID: cells["id"], Name: cells["name"], Value: 1}
		if c.ID == "" && c.Name == "" {
			return fmt.Errorf("concepts[%s] has a value and no id", index)
		}
		if text := cells["value"]; text != "" {
			value, err := format.ParseFloat(text)
			if err != nil {
				return fmt.Errorf("concepts[%s].value: %w", index, err)
			}
			c.Value = float32(value)
		}
		row.HasConcepts = true
		row.Concepts = append(row.Concepts, c)
	}
	return nil
}
