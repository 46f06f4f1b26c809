package taxonomy

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// listSeparator separates several values in one cell.
const listSeparator = ";"

// ReadCSV reads a table: a column id, and optionally parent, name, definition,
// synonym, and name:LANGUAGE and definition:LANGUAGE for further languages. The
// order of columns does not matter. name is how problems call the file.
func ReadCSV(name string, text []byte) *Graph {
	g := newGraph()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))) // spreadsheets write a byte order mark
	r.FieldsPerRecord = -1                                                              // told with more than "wrong number of fields" below
	header, err := r.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			g.problem(name, "the file is empty; its first line must name the columns")
		} else {
			g.problem(name, "%v", err)
		}
		return g
	}
	columns, ok := csvColumns(g, name, header)
	if !ok {
		return g
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g
		}
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) { // a cell whose quote is not closed began earlier than shows
				g.problem(fmt.Sprintf("%s:%d", name, parse.StartLine), "%v, found in line %d", parse.Err, parse.Line)
			} else {
				g.problem(name, "%v", err)
			}
			return g
		}
		lineNumber, _ := r.FieldPos(0)
		where := fmt.Sprintf("%s:%d", name, lineNumber)
		if len(record) == 1 && strings.TrimSpace(record[0]) == "" {
			continue
		}
		if len(record) > len(header) {
			g.problem(where, "there are %d cells, but only %d columns", len(record), len(header))
			continue
		}
		c := &Concept{where: where, Names: map[string]Text{}}
		for i, cell := range record {
			columns[i](c, strings.TrimSpace(cell))
		}
		if c.ID == "" {
			g.problem(where, "the cell id is empty")
			continue
		}
		if c.Name == "" {
			c.Name = c.ID
		}
		g.add(c)
	}
}

// csvColumns finds out what each column sets.
func csvColumns(g *Graph, name string, header []string) ([]func(*Concept, string), bool) {
	where := name + ":1"
	columns := make([]func(*Concept, string), len(header))
	seen := map[string]bool{}
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		g.problem(where, "cells must be separated by commas; here they seem to be by %q", header[0][strings.IndexAny(header[0], ";\t")])
		return nil, false
	}
	for i, title := range header {
		title = strings.TrimSpace(title)
		base, language, translated := strings.Cut(title, ":")
		if seen[title] {
			g.problem(where, "there are two columns %q", title)
			return nil, false
		}
		seen[title] = true
		switch {
		case title == "id":
			columns[i] = func(c *Concept, cell string) { c.ID = cell }
		case title == "parent":
			columns[i] = func(c *Concept, cell string) { c.Parents = cells(cell) }
		case title == "synonym":
			columns[i] = func(c *Concept, cell string) { c.Synonyms = cells(cell) }
		case title == "name":
			columns[i] = func(c *Concept, cell string) { c.Name = cell }
		case title == "definition":
			columns[i] = func(c *Concept, cell string) { c.Definition = cell }
		case translated && base == "name" && language != "":
			columns[i] = func(c *Concept, cell string) {
				if cell != "" {
					c.Names[language] = Text{Name: cell, Definition: c.Names[language].Definition}
				}
			}
		case translated && base == "definition" && language != "":
			columns[i] = func(c *Concept, cell string) {
				if cell != "" {
					c.Names[language] = Text{Name: c.Names[language].Name, Definition: cell}
				}
			}
		default:
			g.problem(where, "column %q is not known; columns are id, parent, synonym, name, definition, name:LANGUAGE and definition:LANGUAGE", title)
			return nil, false
		}
	}
	if !seen["id"] {
		g.problem(where, "there is no column id")
		return nil, false
	}
	return columns, true
}

func cells(cell string) []string {
	var values []string
	for part := range strings.SplitSeq(cell, listSeparator) {
		if part = strings.TrimSpace(part); part != "" {
			values = append(values, part)
		}
	}
	return values
}
