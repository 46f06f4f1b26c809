// Package surface is about what a client can send to the documented endpoints: the table of it, which is
// internal/clarifai/testdata/surface.tsv, and the part of it that a request sends.
package surface

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Class is what a client can do with a field or parameter. The table explains them.
type Class string

// The classes of fields.
const (
	Settable   Class = "settable"
	InPath     Class = "path"
	OutputOnly Class = "output-only"
	Deprecated Class = "deprecated"
	NotOffered Class = "not offered"
)

// ByFields is the reason of fields that are settable because fields below them are.
const ByFields = "(fields)"

// A Field is a field of a request's body, a query parameter or a path parameter.
type Field struct {
	Operation string
	Path      string // names with dots between
	Class     Class
	By        string // the attributes that set it, or why none does
	Source    string
}

// Read reads the table.
func Read(r io.Reader) ([]Field, error) {
	var fields []Field
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 5 {
			return nil, fmt.Errorf("line %d has %d columns, not 5", n, len(columns))
		}
		parent, names, several := strings.Cut(strings.TrimSuffix(columns[2], "}"), "{")
		if !several {
			parent, names = "", columns[2]
		}
		for name := range strings.SplitSeq(names, ",") {
			fields = append(fields, Field{
				Operation: columns[0], Class: Class(columns[1]), Path: parent + name, By: columns[3], Source: columns[4],
			})
		}
	}
	return fields, lines.Err()
}

// Sent lists the fields and query parameters that a request sends with a value that is not the zero value of its type, as
// paths of field names.
func Sent(call emulator.Call) ([]string, error) {
	sent := map[string]bool{}
	for name, values := range call.Query {
		if slices.ContainsFunc(values, func(v string) bool { return v != "" && v != "0" && v != "false" }) {
			for i := range name {
				if name[i] == '.' {
					sent[name[:i]] = true
				}
			}
			sent[name] = true
		}
	}
	if len(call.Request) > 0 {
		if err := note(jsontext.NewDecoder(bytes.NewReader(call.Request)), "", sent); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(sent)), nil
}

// note reads the value at a path, and adds the path if the value is more than its type's zero value.
func note(d *jsontext.Decoder, path string, sent map[string]bool) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	set := false
	switch token.Kind() {
	case '{':
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil {
				return err
			}
			below := name.String()
			if path != "" {
				below = path + "." + below
			}
			if err := note(d, below, sent); err != nil {
				return err
			}
			set = true
		}
		_, err = d.ReadToken()
	case '[':
		for d.PeekKind() != ']' {
			if err := note(d, path, sent); err != nil {
				return err
			}
			set = true
		}
		_, err = d.ReadToken()
	case '"':
		set = token.String() != ""
	case '0':
		var n float64
		n, err = token.Float()
		set = n != 0
	case 't':
		set = true
	}
	if set && path != "" {
		sent[path] = true
	}
	return err
}
