package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// maxIDLength is Clarifai's limit: "input ids must be between 1 and 48 characters".
const maxIDLength = 48

// idProblem says what is wrong with the id of an input, or "".
func idProblem(id string) string {
	if len(id) > maxIDLength {
		return fmt.Sprintf("it has %d characters, and ids of inputs have 1 to %d", len(id), maxIDLength)
	}
	return ids.InputProblem(id)
}

// conceptProblem says why no concept can have an id, or "". It collects ids that only older concepts have.
func (c *collector) conceptProblem(id string) string {
	problem := ids.ReferenceProblem(id)
	if problem == "" {
		c.olderIDs.Add(id)
	}
	return problem
}

// Row is one input as the configuration wants it: a [Record] that has been
// checked. Concepts, Metadata, Geo, Datasets and Annotations that are nil are not managed.
type Row struct {
	ID   string
	Kind string // one of inputcontent.Types

	URL  string // at most one of URL, File and Text is set; none: the content is not managed
	File string
	Text string

	// Content is the SHA-256 of the content of File or Text.
	Content [sha256.Size]byte

	Concepts []Concept // by id
	Metadata []byte    // canonical JSON: keys in order, numbers as doubles
	Geo      *Geo
	Datasets []string // in order

	// Annotations that have no id get one from [annotation.DeriveIDs] before they are compared.
	Annotations []annotation.Annotation

	line, file  int32  // position; file is an index of collector.files
	fileError   string // what is wrong with File
	fileMissing bool   // it does not exist
	looksText   bool   // File looks like a text, and Kind is none
}

// SendsContent reports whether the provider sends the content, rather than a URL
// that Clarifai downloads it from.
func (r *Row) SendsContent() bool { return r.File != "" || r.Text != "" }

// ManagesContent reports whether the row sets the content. If it does not, the input has to exist, and its
// content stays as it is.
func (r *Row) ManagesContent() bool { return r.URL != "" || r.SendsContent() }

// check turns a record into a row. Strings that many rows share are kept once.
func (c *collector) check(in Record) (Row, error) {
	r := Row{ID: in.ID, Kind: in.Kind, URL: in.URL, File: in.File, Text: in.Text, Geo: in.Geo}
	// A row without content is about an input that exists, which may be older than the rules.
	problem := idProblem(in.ID)
	if !r.ManagesContent() {
		problem = ids.ReferenceProblem(in.ID)
	}
	if problem != "" {
		return r, fmt.Errorf("id %q cannot be used: %s", in.ID, problem)
	}
	if err := r.checkContent(); err != nil {
		return r, err
	}
	if err := c.checkInside(r.File); err != nil {
		return r, err
	}
	r.Kind = c.intern(r.Kind)
	if err := c.resolveConcepts(in.Concepts); err != nil {
		return r, err
	}
	if err := c.checkAnnotations(&r, in.Annotations); err != nil {
		return r, err
	}
	if err := c.checkConcepts(&r, in.Concepts); err != nil {
		return r, err
	}
	if len(in.Metadata) > 0 {
		metadata, err := canonical(in.Metadata)
		if err != nil {
			return r, err
		}
		r.Metadata = metadata
	}
	if g := in.Geo; g != nil {
		if !(math.Abs(g.Latitude) <= 90 && math.Abs(g.Longitude) <= 180) { // false for NaN
			return r, fmt.Errorf("latitude %v, longitude %v is not on the globe", g.Latitude, g.Longitude)
		}
		r.Geo = &Geo{round(g.Latitude), round(g.Longitude)}
	}
	if in.Datasets == nil && c.datasetIDs == nil {
		return r, nil
	}
	r.Datasets = make([]string, 0, len(in.Datasets)+len(c.datasetIDs))
	for _, d := range append(slices.Clone(in.Datasets), c.datasetIDs...) {
		if problem := ids.ReferenceProblem(d); problem != "" {
			return r, fmt.Errorf("dataset %q cannot be used: %s", d, problem)
		}
		r.Datasets = append(r.Datasets, c.intern(d))
	}
	slices.Sort(r.Datasets)
	r.Datasets = slices.Compact(r.Datasets)
	return r, nil
}

func (c *collector) checkConcepts(r *Row, concepts []Concept) error {
	if concepts == nil {
		return nil
	}
	r.Concepts = make([]Concept, 0, len(concepts))
	for _, concept := range concepts {
		if problem := c.conceptProblem(concept.ID); problem != "" {
			return fmt.Errorf("concept %q cannot be used: %s", concept.ID, problem)
		}
		if concept.Value < 0 || concept.Value > 1 || math.IsNaN(concept.Value) {
			return fmt.Errorf("concept %q has value %v, and values are between 0 and 1", concept.ID, concept.Value)
		}
		r.Concepts = append(r.Concepts, Concept{ID: c.intern(concept.ID), Value: round(concept.Value), Name: concept.Name})
	}
	slices.SortFunc(r.Concepts, func(a, b Concept) int { return strings.Compare(a.ID, b.ID) })
	for i := 1; i < len(r.Concepts); i++ {
		if r.Concepts[i].ID == r.Concepts[i-1].ID {
			return fmt.Errorf("concept %q is there twice", r.Concepts[i].ID)
		}
	}
	return nil
}

// checkInside rejects a file outside the root, where a manifest of somebody else
// could have the provider send any file of the machine.
func (c *collector) checkInside(file string) error {
	if file == "" || c.root == "" {
		return nil
	}
	root, err := realPath(c.root)
	if err != nil {
		return nil //nolint:nilerr // reading the file says why it cannot be read
	}
	real, err := realPath(file)
	if err != nil {
		if real, err = filepath.Abs(file); err != nil {
			return err
		}
	}
	if relative, err := filepath.Rel(root, real); err != nil || !filepath.IsLocal(relative) {
		return fmt.Errorf("file %q is outside the directory %q of the manifest: set files_directory to a directory that contains it, or "+
			"allow_outside_files = true", file, c.root)
	}
	return nil
}

// realPath is an absolute path without symbolic links.
func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// round rounds to the 32-bit floats that the API holds.
func round(v float64) float64 { return float64(float32(v)) }

// checkContent checks that there is one content, of a known kind.
func (r *Row) checkContent() error {
	set := 0
	for _, s := range []string{r.URL, r.File, r.Text} {
		if s != "" {
			set++
		}
	}
	// JSON is UTF-8 in any case; a CSV file may be anything.
	if !utf8.ValidString(r.URL) || !utf8.ValidString(r.Text) {
		return errors.New("the content is not UTF-8, and the service takes nothing else; save the file as UTF-8")
	}
	if set > 1 || set == 0 && r.Kind == "" {
		return fmt.Errorf("exactly one of url, file and text is needed, and %d are set; "+
			"for an existing input whose content is not to be managed, set only kind", set)
	}
	path := r.File
	if r.URL != "" {
		u, err := url.Parse(r.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			return fmt.Errorf("url %q is not an http or https URL without user name and password", r.URL)
		}
		path = u.Path
	}
	switch {
	case r.Text != "" && (r.Kind == "" || r.Kind == inputcontent.Text):
		r.Kind = inputcontent.Text
		if problem := inputcontent.SizeProblem(r.Kind, int64(len(r.Text))); problem != "" {
			return fmt.Errorf("text: %s", problem)
		}
		r.Content = sha256.Sum256([]byte(r.Text))
	case r.Text != "":
		return fmt.Errorf("text is set, so that the input is a text, and kind is %q", r.Kind)
	case r.Kind == "":
		if r.Kind = inputcontent.TypeOf(path); r.Kind == "" {
			return fmt.Errorf("the ending of %q does not tell what it is: set kind to one of %s", path, strings.Join(inputcontent.Types, ", "))
		}
	case !slices.Contains(inputcontent.Types, r.Kind):
		return fmt.Errorf("kind %q is none of %s", r.Kind, strings.Join(inputcontent.Types, ", "))
	}
	return nil
}

// notAnObject says why metadata cannot be read, without names of Go types.
func notAnObject(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax) && strings.Contains(syntax.Err.Error(), "UTF-8"):
		return errors.New("metadata is not UTF-8; save the file as UTF-8")
	case errors.As(err, &syntax):
		return fmt.Errorf("metadata is not a JSON object: %w", syntax.Err)
	}
	return errors.New("metadata is not a JSON object")
}

// canonical returns a JSON object with its keys in order and numbers as doubles.
func canonical(object []byte) ([]byte, error) {
	if err := checkNumbers(object); err != nil {
		return nil, err
	}
	text := jsontext.Value(bytes.Clone(object))
	switch err := text.Canonicalize(); {
	case err != nil:
		return nil, notAnObject(err)
	case text.Kind() == jsontext.KindNull:
		return nil, nil
	case text.Kind() != jsontext.KindBeginObject:
		return nil, notAnObject(nil)
	}
	return text, nil
}

// digits is how many digits an integer has at least that a 64-bit float may not hold.
const digits = 16

// mayExceedFloats reports whether a text can contain a number that a 64-bit float does not hold.
func mayExceedFloats(text []byte) bool {
	run := 0
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9':
			if run++; run == digits {
				return true
			}
		case run > 0 && (b == 'e' || b == 'E'):
			return true
		default:
			run = 0
		}
	}
	return false
}

// checkNumbers rejects numbers that Clarifai, which stores doubles, would change.
func checkNumbers(object []byte) error {
	if !mayExceedFloats(object) {
		return nil // decoding each token costs as much as the rest of the row
	}
	for d := jsontext.NewDecoder(bytes.NewReader(object)); ; {
		token, err := d.ReadToken()
		if err != nil {
			return nil //nolint:nilerr // it is reported when the object is decoded
		}
		if token.Kind() != '0' {
			continue
		}
		text := token.String()
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("metadata has the number %s, which does not fit a 64-bit float", text)
		}
		exact := number == math.Trunc(number) && math.Abs(number) > 1<<53 && !strings.ContainsAny(text, ".eE")
		if exact && strconv.FormatFloat(number, 'f', -1, 64) != text {
			return fmt.Errorf("metadata has the number %s, which Clarifai would store as %.0f: numbers are 64-bit floats. Write it as a "+
				"text, %q", text, number, text)
		}
	}
}

// writeHash writes all that a row sets to h, so that different rows write different bytes.
func (r *Row) writeHash(h hash.Hash) {
	var number [8]byte
	count := func(n int) {
		binary.LittleEndian.PutUint64(number[:], uint64(n)) //nolint:gosec // never decoded
		_, _ = h.Write(number[:])
	}
	value := func(f float64) {
		binary.LittleEndian.PutUint64(number[:], math.Float64bits(f))
		_, _ = h.Write(number[:])
	}
	text := func(s string) {
		count(len(s))
		_, _ = h.Write([]byte(s))
	}
	text(r.ID)
	text(r.Kind)
	text(r.URL)
	_, _ = h.Write(r.Content[:])
	if r.Concepts != nil {
		count(len(r.Concepts))
		for _, c := range r.Concepts {
			text(c.ID)
			value(c.Value)
		}
	} else {
		count(-1)
	}
	text(string(r.Metadata))
	if r.Geo != nil {
		value(r.Geo.Latitude)
		value(r.Geo.Longitude)
	} else {
		count(-1)
	}
	if r.Datasets != nil {
		count(len(r.Datasets))
		for _, d := range r.Datasets {
			text(d)
		}
	} else {
		count(-1)
	}
	if r.Annotations == nil {
		return // as before rows had annotations
	}
	count(len(r.Annotations))
	for i := range r.Annotations {
		r.Annotations[i].Hash(text, func(n uint64) {
			binary.LittleEndian.PutUint64(number[:], n)
			_, _ = h.Write(number[:])
		})
	}
}
