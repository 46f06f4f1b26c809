// Package table makes a taxonomy of a table in CSV, with commas, semicolons or tabs between the cells.
package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// listSeparator separates several ids in one cell.
const listSeparator = ";"

// DefaultPathSeparator separates the names in a cell of the column path.
const DefaultPathSeparator = ">"

// Options state how a table is read. Empty options are the defaults.
type Options struct {
	Columns       map[string]string // title of the column, by what it holds; then other columns are ignored
	PathSeparator string
}

// Known describes the columns, for messages.
const Known = `id, parent, synonym, path, "level 1", "level 2" and so on, name, definition, name:LANGUAGE and definition:LANGUAGE`

// Read reads a table. name stands for the file in messages.
func Read(name, text string, options Options) *graph.Graph {
	g := graph.New()
	text = strings.TrimPrefix(text, "\xef\xbb\xbf") // spreadsheets write a byte order mark
	t := &table{Graph: g, name: name, options: options}
	if t.options.PathSeparator == "" {
		t.options.PathSeparator = DefaultPathSeparator
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1 // reported in other words below
	r.Comma = separator(text)
	// Tab-separated values have no quotation marks of their own, unless a spreadsheet has written them around a cell.
	r.LazyQuotes = r.Comma == '\t' && !strings.HasPrefix(text, `"`) && !strings.Contains(text, "\t\"") && !strings.Contains(text, "\n\"")
	r.ReuseRecord = true
	header, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		g.Problem(name, "it is empty; its first line must name the columns")
		return g
	case err != nil:
		t.syntax(err)
		return g
	}
	if !t.readHeader(header) {
		return g
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.syntax(err)
			return g
		}
		t.line, _ = r.FieldPos(0)
		last := r.InputOffset() >= int64(len(text)) && !strings.HasSuffix(text, "\n")
		t.readRow(record, last)
	}
	t.addPaths()
	return g
}

// separator is what separates the cells of the first line.
func separator(text string) rune {
	header, _, _ := strings.Cut(text, "\n")
	switch {
	case strings.Contains(header, "\t"):
		return '\t'
	case strings.Contains(header, ";") && !strings.Contains(header, ","):
		return ';'
	}
	return ','
}

// table is what is known while a table is read.
type table struct {
	*graph.Graph
	name    string
	options Options
	columns []func(*row, string)
	hasID   bool
	levels  int // columns "level 1" and so on
	hasPath bool
	line    int // of the row
	rows    []*row
}

// row is one row.
type row struct {
	*graph.Concept
	path []string
}

func (t *table) where() string { return fmt.Sprintf("%s:%d", t.name, t.line) }

// syntax reports an error of the CSV itself.
func (t *table) syntax(err error) {
	var parse *csv.ParseError
	if errors.As(err, &parse) { // a cell whose quotation mark is not closed begins before the line of the error
		t.Problem(fmt.Sprintf("%s:%d", t.name, parse.StartLine), "%v, found in line %d", parse.Err, parse.Line)
		return
	}
	t.Problem(t.name, "%v", err)
}

var levelTitle = regexp.MustCompile(`(?i)^(?:level|tier)[ _-]?([1-9][0-9]?)$`)

// readHeader finds out what each column holds.
func (t *table) readHeader(header []string) bool {
	where := t.name + ":1"
	holds := map[string]string{} // what a column holds, by title
	for _, role := range slices.Sorted(maps.Keys(t.options.Columns)) {
		title := t.options.Columns[role]
		if !slices.ContainsFunc(header, func(h string) bool { return strings.TrimSpace(h) == title }) {
			t.Problem(where, "there is no column %q, which columns names as %s; there are %s", title, role, quoted(header))
			return false
		}
		if other, twice := holds[title]; twice {
			t.Problem(where, "columns names the column %q twice, as %s and as %s", title, other, role)
			return false
		}
		holds[title] = role
	}
	seen := map[string]bool{}
	for _, title := range header {
		title = strings.TrimSpace(title)
		role := title
		if t.options.Columns != nil {
			role = holds[title]
		}
		if seen[title] && role != "" {
			t.Problem(where, "there are two columns %q", title)
			return false
		}
		seen[title] = true
		set, ok := t.setter(role)
		if !ok {
			t.Problem(where, "column %q is not known; columns are %s. To read a table with other titles, map them with columns", title, Known)
			return false
		}
		t.columns = append(t.columns, set)
	}
	return t.checkHeader(where, header)
}

func quoted(titles []string) string {
	var all []string
	for _, title := range titles {
		all = append(all, fmt.Sprintf("%q", strings.TrimSpace(title)))
	}
	return strings.Join(all, ", ")
}

func (t *table) checkHeader(where string, header []string) bool {
	switch {
	case t.hasPath && t.levels > 0:
		t.Problem(where, "there are a column path and columns for levels; use one of them")
	case !t.hasID && !t.hasPath && t.levels == 0:
		t.Problem(where, "there is no column id, nor path nor levels, from which ids can follow; there are %s. To read a table with other "+
			"titles, map them with columns", quoted(header))
	default:
		return true
	}
	return false
}

// setter returns what a column sets. A column without a role is ignored.
func (t *table) setter(role string) (func(*row, string), bool) {
	base, language, translated := strings.Cut(role, ":")
	switch {
	case role == "" && t.options.Columns != nil:
		return func(*row, string) {}, true
	case role == "id":
		t.hasID = true
		return func(r *row, cell string) { r.ID = cell }, true
	case role == "parent":
		return func(r *row, cell string) { r.Parents = list(cell) }, true
	case role == "synonym":
		return func(r *row, cell string) { r.Synonyms = list(cell) }, true
	case role == "name":
		return func(r *row, cell string) { r.Name = cell }, true
	case role == "definition":
		return func(r *row, cell string) { r.Definition = cell }, true
	case role == "path":
		t.hasPath = true
		return func(r *row, cell string) {
			if cell != "" {
				r.path = strings.Split(cell, t.options.PathSeparator)
			}
		}, true
	case levelTitle.MatchString(role):
		var level int
		_, _ = fmt.Sscan(levelTitle.FindStringSubmatch(role)[1], &level)
		t.levels = max(t.levels, level)
		return func(r *row, cell string) {
			for len(r.path) < level {
				r.path = append(r.path, "")
			}
			r.path[level-1] = cell
		}, true
	case translated && base == "name" && language != "":
		return func(r *row, cell string) { r.text(language, cell, "") }, true
	case translated && base == "definition" && language != "":
		return func(r *row, cell string) { r.text(language, "", cell) }, true
	}
	return nil, false
}

func (r *row) text(language, name, definition string) {
	if name == "" && definition == "" {
		return
	}
	text := r.Names[language]
	if name != "" {
		text.Name = name
	}
	if definition != "" {
		text.Definition = definition
	}
	r.Names[language] = text
}

func list(cell string) []string {
	var values []string
	for part := range strings.SplitSeq(cell, listSeparator) {
		if part = strings.TrimSpace(part); part != "" {
			values = append(values, part)
		}
	}
	return values
}

// readRow reads one row; last says that the text ends within its line.
func (t *table) readRow(record []string, last bool) {
	where := t.where()
	switch {
	case !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" }):
		return
	case len(record) > len(t.columns):
		t.Problem(where, "there are %d cells, but only %d columns", len(record), len(t.columns))
		return
	case last && len(record) < len(t.columns):
		t.Problem(where, "the file ends within this row: there are %d cells for %d columns; it may have been cut "+
			"off", len(record), len(t.columns))
		return
	}
	r := &row{Concept: &graph.Concept{Where: where, Names: map[string]graph.Text{}}}
	for i, cell := range record {
		t.columns[i](r, strings.TrimSpace(cell))
	}
	if t.hasID && r.ID == "" {
		t.Problem(where, "the cell id is empty")
		return
	}
	if !t.hasPath && t.levels == 0 {
		if r.Name == "" {
			r.Name = r.ID
		}
		t.Add(r.Concept)
		return
	}
	if t.cleanPath(r) {
		t.rows = append(t.rows, r)
	}
}

// cleanPath trims the names of a path and rejects gaps.
func (t *table) cleanPath(r *row) bool {
	for len(r.path) > 0 && strings.TrimSpace(r.path[len(r.path)-1]) == "" && t.levels > 0 {
		r.path = r.path[:len(r.path)-1]
	}
	if len(r.path) == 0 {
		t.Problem(t.where(), "the path is empty")
		return false
	}
	for i, name := range r.path {
		if r.path[i] = strings.TrimSpace(name); r.path[i] == "" {
			t.Problem(t.where(), "level %d of the path is empty, although there is a level below it", i+1)
			return false
		}
	}
	return true
}

// addPaths adds the concepts of a table with paths: each is below the one whose path is its own without the last name. Without a column id,
// ids follow from the paths, and concepts above them need no row of their own.
func (t *table) addPaths() {
	const between = "\x00"
	idOf := map[string]string{}
	var concepts []*row
	for _, r := range t.rows {
		key := strings.Join(r.path, between)
		if !t.hasID {
			r.ID = pathID(r.path)
		}
		if other, twice := idOf[key]; twice {
			t.Problem(r.Where, "the path %q was given before, for concept %q", strings.Join(r.path, " > "), other)
			continue
		}
		idOf[key] = r.ID
		concepts = append(concepts, r)
	}
	for i := 0; i < len(concepts); i++ { // it may grow
		r := concepts[i]
		if r.ID == "" {
			t.Problem(r.Where, "the path %q holds nothing that an id may hold; add a column id", strings.Join(r.path, " > "))
			continue
		}
		if r.Name == "" {
			r.Name = r.path[len(r.path)-1]
		}
		if above := r.path[:len(r.path)-1]; len(above) > 0 {
			key := strings.Join(above, between)
			parent, ok := idOf[key]
			switch {
			case !ok && t.hasID:
				t.Problem(r.Where, "there is no row with the path %q, which is above %q", strings.Join(above, " > "), r.path[len(r.path)-1])
				continue
			case !ok:
				parent = pathID(above)
				idOf[key] = parent
				concepts = append(concepts, &row{Concept: &graph.Concept{ID: parent, Where: r.Where}, path: above})
			}
			if parent != "" && !slices.Contains(r.Parents, parent) {
				r.Parents = append(r.Parents, parent)
			}
		}
		t.Add(r.Concept)
	}
}

func pathID(path []string) string {
	return graph.NewID(strings.Join(path, "-"), strings.Join(path, "\x00"))
}
