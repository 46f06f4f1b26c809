package format

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// NewXML decodes XML as a stream: UTF-8 or ISO-8859-1, without external entities.
func NewXML(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(charset string, input io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "utf-8", "us-ascii", "ascii":
			return input, nil
		case "iso-8859-1", "latin1":
			return &latin1{in: bufio.NewReader(input)}, nil
		}
		return nil, fmt.Errorf("its encoding is %s; save it as UTF-8", charset)
	}
	return d
}

// latin1 turns ISO-8859-1 into UTF-8.
type latin1 struct{ in *bufio.Reader }

func (l *latin1) Read(p []byte) (int, error) {
	n := 0
	for n+2 <= len(p) {
		b, err := l.in.ReadByte()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		if b < 0x80 {
			p[n] = b
			n++
		} else {
			p[n], p[n+1] = 0xc0|b>>6, 0x80|b&0x3f
			n += 2
		}
	}
	return n, nil
}

// ExplainXML says what is wrong with an XML file, with the line.
func ExplainXML(path string, d *xml.Decoder, err error) *Problem {
	var problem *Problem
	if errors.As(err, &problem) {
		return problem
	}
	var syntax *xml.SyntaxError
	line, _ := d.InputPos()
	text := err.Error()
	switch {
	case errors.As(err, &syntax):
		line, text = syntax.Line, syntax.Msg
	case errors.Is(err, io.EOF):
		text = "the file ends too early"
	}
	return Problemf(path, int32(line), "it is not XML of this format: %s", text) //nolint:gosec // lines of a file
}
