// Package source reads the inputs that a configuration lists: from a manifest
// file, from a directory, or from the items of the configuration itself.
//
// A [Format] reads one kind of manifest and yields a [Record] for each input.
// Package source checks the records, reads the files that they name, and returns
// the resulting rows as [Rows], ordered by id. It sends no requests.
//
// To add a manifest format, implement [Format] in a package of its own and add
// it to the formats that package inputs passes to [Load].
package source

import (
	"fmt"
	"iter"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// Position is where a record is written. It is part of every message about it.
type Position struct {
	File string // the file, or another name such as items["a"]
	Line int    // the line in it, from 1 on; 0 if File says enough
}

// String returns the position as it appears in messages.
func (p Position) String() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s line %d", p.File, p.Line)
	}
	return p.File
}

// Concept is a label of an input. The API holds values as 32-bit floats.
type Concept struct {
	ID    string
	Value float64
	Name  string // sent along if the concept may have to be created
}

// Geo is a geo location in degrees.
type Geo struct{ Latitude, Longitude float64 }

// Record is one input as a format reads it. Records are checked by package
// source, so a format does not have to check ids, values or files.
//
// Concepts, Metadata, Geo, Datasets and Annotations that are nil are not managed.
// Empty ones mean that the input has none.
type Record struct {
	At       Position // defaults to the manifest, without a line
	ID       string
	Kind     string // one of inputcontent.Types, or "" for what the ending of URL or File says
	URL      string // exactly one of URL, File and Text is set
	File     string // a path that can be opened, see [Manifest.Resolve]
	Text     string
	Concepts []Concept
	Metadata []byte // a JSON object
	Geo      *Geo
	Datasets []string // ids

	Annotations []annotation.Annotation // of the input, nil if they are not managed
}

// Format reads manifests of one format.
type Format interface {
	// Name is the value of manifest_format that selects the format.
	Name() string

	// Detect reports whether a manifest is certainly of this format, from its path
	// and its first bytes; head is nil if path is a directory.
	Detect(path string, head []byte) bool

	// Read yields the records of the manifest in their order. It must not hold the
	// whole manifest in memory, and may share strings between records.
	//
	// A [*RecordError] concerns one record: reading continues after it, so that all
	// problems of a manifest are reported at once. Any other error ends reading.
	Read(m *Manifest) iter.Seq2[Record, error]
}

// RecordError is a problem of one record.
type RecordError struct {
	At  Position
	Err error
}

func (e *RecordError) Error() string { return e.At.String() + ": " + e.Err.Error() }

// Unwrap returns the problem without its position.
func (e *RecordError) Unwrap() error { return e.Err }

// Warning is something that people should know about the rows before they apply.
type Warning struct{ Summary, Detail string }

// ReadError is a manifest or directory that cannot be read.
type ReadError struct {
	What string // "manifest" or "directory"
	Err  error
}

func (e *ReadError) Error() string {
	return "cannot read the " + e.What + " " + inputcontent.FileError(e.Err) + tildeHint(e.Err)
}

// Unwrap returns the error of the file system.
func (e *ReadError) Unwrap() error { return e.Err }
