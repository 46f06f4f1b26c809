package source

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Names of the formats of this package.
const (
	JSONLines = "jsonl"
	CSV       = "csv"
)

// Formats returns the formats of this package.
func Formats() []Format { return []Format{jsonLines{}, csvFormat{}} }

// Manifest is a file or directory that lists inputs.
type Manifest struct {
	Path   string
	Format string // name of a format; "" to detect it
}

// Open opens the manifest file for reading, without a byte order mark.
func (m *Manifest) Open() (io.ReadCloser, error) { return OpenFile(m.Path) }

// Name is how messages name the manifest.
func (m *Manifest) Name() string { return filepath.Base(m.Path) }

// Line is a position in the manifest file.
func (m *Manifest) Line(line int) Position { return Position{File: m.Name(), Line: line} }

// Resolve returns the path of a file that the manifest names relative to itself.
func (m *Manifest) Resolve(file string) string {
	if file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.Dir(m.Path), file)
}

// textFile is an open file whose byte order mark has been skipped.
type textFile struct {
	*bufio.Reader
	io.Closer
}

var errNotRegular = errors.New("not a regular file")

// OpenFile opens a regular file and skips its byte order mark, if it has one.
// Opening a named pipe or a device could block forever.
func OpenFile(path string) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(file, 1<<16)
	if start, _ := in.Peek(len(bom)); string(start) == bom {
		_, _ = in.Discard(len(bom))
	}
	return textFile{in, file}, nil
}

// bom is the byte order mark that some programs write before UTF-8.
const bom = "\xef\xbb\xbf"

// Load reads a manifest with the format that it sets or that its name implies.
func Load(m *Manifest, formats []Format) (*Rows, error) {
	format, err := m.format(formats)
	if err != nil {
		return nil, err
	}
	c := newCollector()
	if err := c.read(m, format); err != nil {
		return nil, err
	}
	return c.rows()
}

func (m *Manifest) format(formats []Format) (Format, error) {
	for _, f := range formats {
		if m.Format == f.Name() || m.Format == "" && f.Detect(m.Path, nil) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("the ending of %q is neither .jsonl nor .csv: set manifest_format", m.Path)
}

// read adds all records of the manifest.
func (c *collector) read(m *Manifest, format Format) error {
	for record, err := range format.Read(m) {
		var bad *RecordError
		switch {
		case err == nil:
			if record.At == (Position{}) {
				record.At.File = m.Name()
			}
			c.add(record)
		case errors.As(err, &bad):
			c.problem(bad.At, "%v", bad.Err)
		default:
			return manifestError(m, err)
		}
	}
	return nil
}

// manifestError says that the manifest as a whole cannot be read.
func manifestError(m *Manifest, err error) error {
	if unreadable := (*os.PathError)(nil); errors.As(err, &unreadable) {
		return &ReadError{"manifest", err}
	}
	return fmt.Errorf("cannot read the manifest %q: %w", m.Name(), err)
}

func hasExtension(path string, extensions ...string) bool {
	for _, e := range extensions {
		if strings.EqualFold(filepath.Ext(path), e) {
			return true
		}
	}
	return false
}
