package format

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Lines counts the lines of what is read through it, for decoders that tell only byte offsets.
type Lines struct {
	r      io.Reader
	read   int64
	line   int32   // of the offsets before the first of ends
	ends   []int64 // offsets of line feeds that LineAt has not passed
	passed int     // of ends
}

// NewLines counts the lines of r.
func NewLines(r io.Reader) *Lines { return &Lines{r: r, line: 1} }

// Read reads on.
func (l *Lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for from := 0; ; {
		i := bytes.IndexByte(p[from:n], '\n')
		if i < 0 {
			break
		}
		l.ends = append(l.ends, l.read+int64(from+i))
		from += i + 1
	}
	l.read += int64(n)
	return n, err
}

// LineAt is the line of an offset. Offsets must not go backwards.
func (l *Lines) LineAt(offset int64) int32 {
	for l.passed < len(l.ends) && l.ends[l.passed] < offset {
		l.passed++
		l.line++
	}
	if l.passed > 4096 {
		l.ends = append(l.ends[:0], l.ends[l.passed:]...)
		l.passed = 0
	}
	return l.line
}

// Open opens a text file. A byte order mark is skipped, and UTF-16 is rejected.
func Open(path string) (*os.File, *bufio.Reader, error) {
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReaderSize(file, 1<<16)
	start, _ := in.Peek(3)
	switch {
	case bytes.Equal(start, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3)
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		_ = file.Close()
		return nil, nil, fmt.Errorf("%q is UTF-16; save it as UTF-8", path)
	}
	return file, in, nil
}

// JSON is a JSON file that is read as a stream.
type JSON struct {
	*jsontext.Decoder
	Path  string
	lines *Lines
	file  io.Closer
}

// OpenJSON opens a JSON file.
func OpenJSON(path string) (*JSON, error) {
	file, in, err := Open(path)
	if err != nil {
		return nil, err
	}
	lines := NewLines(in)
	return &JSON{
		Decoder: jsontext.NewDecoder(lines, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		Path:    path, lines: lines, file: file,
	}, nil
}

// Close closes the file.
func (j *JSON) Close() error { return j.file.Close() }

// Line is where the stream is.
func (j *JSON) Line() int32 { return j.lines.LineAt(j.InputOffset()) }

// Value reads the next value, and tells the line that it begins at. The value is valid until the next read.
func (j *JSON) Value() (jsontext.Value, int32, error) {
	value, err := j.ReadValue()
	if err != nil {
		return nil, 0, err
	}
	return value, j.lines.LineAt(j.InputOffset() - int64(len(value))), nil
}

// Explain says what is wrong with the file, with the line.
func (j *JSON) Explain(err error) error {
	if err == nil {
		return nil
	}
	var syntax *jsontext.SyntacticError
	line := j.Line()
	if errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) {
		line = j.lines.LineAt(syntax.ByteOffset)
		if text := syntax.Err.Error(); strings.Contains(text, "'N'") || strings.Contains(text, "'I'") {
			return Problemf(j.Path, line, "it is not JSON: NaN and Infinity are no JSON numbers")
		}
		return Problemf(j.Path, line, "it is not JSON: %v", syntax.Err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return Problemf(j.Path, line, "it is not JSON: the file ends too early")
	}
	var problem *Problem
	if errors.As(err, &problem) {
		return problem
	}
	return Problemf(j.Path, line, "%s", strings.TrimPrefix(err.Error(), "json: "))
}

// Members walks through the members of an object: visit reads the value of each. It must read all of it.
func (j *JSON) Members(visit func(name string) error) error {
	if kind := j.PeekKind(); kind != '{' {
		return j.unexpected("an object")
	}
	if _, err := j.ReadToken(); err != nil {
		return err
	}
	for j.PeekKind() != '}' {
		name, err := j.ReadToken()
		if err != nil {
			return err
		}
		if err := visit(name.String()); err != nil {
			return err
		}
	}
	_, err := j.ReadToken()
	return err
}

// Elements walks through the elements of an array. visit must read all of each. null is an empty array.
func (j *JSON) Elements(visit func() error) error {
	if j.PeekKind() == 'n' {
		return j.SkipValue()
	}
	if kind := j.PeekKind(); kind != '[' {
		return j.unexpected("an array")
	}
	if _, err := j.ReadToken(); err != nil {
		return err
	}
	for j.PeekKind() != ']' {
		if err := visit(); err != nil {
			return err
		}
	}
	_, err := j.ReadToken()
	return err
}

func (j *JSON) unexpected(want string) error {
	value, err := j.ReadValue()
	if err != nil {
		return err
	}
	at := string(j.StackPointer())
	if at == "" {
		at = "the file"
	}
	return Problemf(j.Path, j.Line(), "%s is a JSON %s, and must be %s", at, value.Kind(), want)
}
