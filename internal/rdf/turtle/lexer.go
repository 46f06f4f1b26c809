package turtle

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
)

// kind is a kind of token. Punctuation marks are their own kind.
type kind int

const (
	endOfFile  kind = iota + 256
	iri             // value: as written, escapes decoded, not resolved
	prefixed        // value: prefix, colon, local name as written
	blankLabel      // value: with "_:"
	literal         // value: the text, escapes decoded
	number
	language // value: the tag without "@"
	datatype // "^^"
	word     // a bare word: "a", "true", "false", PREFIX, BASE
	directive
)

// token is one token and where it begins.
type token struct {
	kind  kind
	value string
	line  int
	start int // offset
}

func (t token) String() string {
	switch t.kind {
	case endOfFile:
		return "the end of the file"
	case iri:
		return "<" + t.value + ">"
	case literal:
		return "a string"
	case datatype:
		return `"^^"`
	case language, directive:
		return `"@` + t.value + `"`
	case prefixed, blankLabel, number, word:
		return fmt.Sprintf("%q", t.value)
	}
	return fmt.Sprintf(`"%c"`, rune(t.kind))
}

// lexer splits a text into tokens. Each call of next consumes at least one byte or reports an error or the end of the file.
type lexer struct {
	text string
	at   int
	line int
}

func (l *lexer) errorAt(offset, line int, format string, args ...any) *rdf.SyntaxError {
	lineStart := strings.LastIndexByte(l.text[:offset], '\n') + 1
	return &rdf.SyntaxError{
		Line: line, Column: 1 + utf8.RuneCountInString(l.text[lineStart:offset]), Message: fmt.Sprintf(format, args...),
	}
}

// skipSpace skips white space and comments.
func (l *lexer) skipSpace() {
	for l.at < len(l.text) {
		switch l.text[l.at] {
		case '\n':
			l.line++
			l.at++
		case ' ', '\t', '\r':
			l.at++
		case '#':
			end := strings.IndexAny(l.text[l.at:], "\r\n")
			if end < 0 {
				end = len(l.text) - l.at
			}
			l.at += end
		default:
			return
		}
	}
}

func (l *lexer) next() (token, *rdf.SyntaxError) {
	l.skipSpace()
	t := token{line: l.line, start: l.at}
	if l.at >= len(l.text) {
		t.kind = endOfFile
		return t, nil
	}
	var err *rdf.SyntaxError
	c := l.text[l.at]
	switch {
	case c == '<':
		t.kind = iri
		t.value, err = l.iri()
	case c == '"' || c == '\'':
		t.kind = literal
		t.value, err = l.quoted(c)
	case c == '@':
		t.value, err = l.tag()
		t.kind = language
		if t.value == "prefix" || t.value == "base" {
			t.kind = directive
		}
	case c == '^':
		if !strings.HasPrefix(l.text[l.at:], "^^") {
			return t, l.errorAt(l.at, l.line, `unexpected "^"`)
		}
		t.kind = datatype
		l.at += 2
	case c == '+' || c == '-' || isDigit(c) || (c == '.' && l.at+1 < len(l.text) && isDigit(l.text[l.at+1])):
		t.kind = number
		t.value, err = l.number()
	case strings.IndexByte(".,;[]()", c) >= 0:
		t.kind = kind(c)
		l.at++
	case strings.HasPrefix(l.text[l.at:], "_:"):
		t.kind = blankLabel
		t.value, err = l.blankLabel()
	default:
		t.kind, t.value, err = l.name()
	}
	return t, err
}

// iri reads <...>.
func (l *lexer) iri() (string, *rdf.SyntaxError) {
	start := l.at
	l.at++
	from := l.at
	var decoded []byte
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == '>':
			value := l.text[from:l.at]
			if decoded != nil {
				value = string(append(decoded, value...))
			}
			l.at++
			return value, nil
		case c == '\\':
			r, size := l.numericEscape()
			if size == 0 {
				return "", l.errorAt(l.at, l.line, "an IRI may only hold the escapes \\uXXXX and \\UXXXXXXXX")
			}
			if r < utf8.RuneSelf && !inIRI(byte(r)) {
				return "", l.errorAt(l.at, l.line, "an IRI must not hold %q", r)
			}
			decoded = utf8.AppendRune(append(decoded, l.text[from:l.at]...), r)
			l.at += size
			from = l.at
		case c == '\n':
			return "", l.errorAt(start, l.line, "the IRI that begins here has no end")
		case c == '<' && l.at == from && decoded == nil:
			return "", l.errorAt(start, l.line, "quoted triples (RDF-star) are not supported")
		case !inIRI(c):
			return "", l.errorAt(l.at, l.line, "an IRI must not hold %q", rune(c))
		default:
			l.at++
		}
	}
	return "", l.errorAt(start, l.line, "the IRI that begins here has no end")
}

// inIRI reports whether a byte may stand in an IRI as itself.
func inIRI(c byte) bool { return c > ' ' && strings.IndexByte("<>\"{}|^`\\", c) < 0 }

// numericEscape decodes \uXXXX or \UXXXXXXXX; its size is 0 if there is none.
func (l *lexer) numericEscape() (rune, int) {
	rest := l.text[l.at:]
	if len(rest) < 2 {
		return 0, 0
	}
	digits := 4
	if rest[1] == 'U' {
		digits = 8
	}
	if rest[1]|0x20 != 'u' || len(rest) < 2+digits {
		return 0, 0
	}
	var r rune
	for _, c := range []byte(rest[2 : 2+digits]) {
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, 0
		}
		if r > utf8.MaxRune {
			return 0, 0
		}
	}
	if !utf8.ValidRune(r) {
		return 0, 0
	}
	return r, 2 + digits
}

// quoted reads a string in one or three quotation marks.
func (l *lexer) quoted(quote byte) (string, *rdf.SyntaxError) {
	start, startLine := l.at, l.line
	rest := l.text[l.at:]
	long := len(rest) >= 3 && rest[1] == quote && rest[2] == quote
	l.at++
	if long {
		l.at += 2
	}
	from := l.at
	var decoded []byte
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == quote && !long, c == quote && strings.HasPrefix(l.text[l.at+1:], l.text[start+1:start+3]):
			value := l.text[from:l.at]
			if decoded != nil {
				value = string(append(decoded, value...))
			}
			l.at++
			if long {
				l.at += 2
			}
			return value, nil
		case c == '\\':
			r, size := l.escape()
			if size == 0 {
				end := min(l.at+6, len(l.text))
				return "", l.errorAt(l.at, l.line, "%q is not an escape sequence", l.text[l.at:end])
			}
			decoded = utf8.AppendRune(append(decoded, l.text[from:l.at]...), r)
			l.at += size
			from = l.at
		case c == '\n' || c == '\r':
			if !long {
				return "", l.errorAt(start, startLine, "the string that begins here has no end on its line")
			}
			if c == '\n' {
				l.line++
			}
			l.at++
		default:
			l.at++
		}
	}
	return "", l.errorAt(start, startLine, "the string that begins here has no end")
}

func (l *lexer) escape() (rune, int) {
	const letters, meanings = `tbnrf"'\`, "\t\b\n\r\f\"'\\"
	if l.at+1 < len(l.text) {
		if i := strings.IndexByte(letters, l.text[l.at+1]); i >= 0 {
			return rune(meanings[i]), 2
		}
	}
	return l.numericEscape()
}

// tag reads "@" and a language tag or the name of a directive.
func (l *lexer) tag() (string, *rdf.SyntaxError) {
	start := l.at
	l.at++
	from := l.at
	for l.at < len(l.text) && (isLetter(l.text[l.at]) || (l.at > from && (isDigit(l.text[l.at]) || l.text[l.at] == '-'))) {
		l.at++
	}
	value := l.text[from:l.at]
	first, rest, more := strings.Cut(value, "-")
	if first == "" || strings.ContainsAny(first, "0123456789") || (more && strings.Contains("-"+rest+"-", "--")) {
		return "", l.errorAt(start, l.line, "a language tag or directive is expected after @")
	}
	return value, nil
}

// number reads an integer, a decimal or a double.
func (l *lexer) number() (string, *rdf.SyntaxError) {
	start := l.at
	digits := func() int {
		from := l.at
		for l.at < len(l.text) && isDigit(l.text[l.at]) {
			l.at++
		}
		return l.at - from
	}
	if c := l.text[l.at]; c == '+' || c == '-' {
		l.at++
	}
	n := digits()
	if l.at+1 < len(l.text) && l.text[l.at] == '.' { // a dot at the end ends the statement, unless an exponent follows
		exponent := l.text[l.at+1] == 'e' || l.text[l.at+1] == 'E'
		if isDigit(l.text[l.at+1]) || (n > 0 && exponent) {
			l.at++
			n += digits()
		}
	}
	if l.at < len(l.text) && (l.text[l.at] == 'e' || l.text[l.at] == 'E') && n > 0 {
		l.at++
		if l.at < len(l.text) && (l.text[l.at] == '+' || l.text[l.at] == '-') {
			l.at++
		}
		if digits() == 0 {
			return "", l.errorAt(start, l.line, "a number with an exponent needs digits after E")
		}
	}
	if n == 0 {
		return "", l.errorAt(start, l.line, "a number needs digits")
	}
	return l.text[start:l.at], nil
}

// blankLabel reads "_:" and a label.
func (l *lexer) blankLabel() (string, *rdf.SyntaxError) {
	start := l.at
	l.at += 2
	r, size := utf8.DecodeRuneInString(l.text[l.at:])
	if !isNameStart(r) && r != '_' && !('0' <= r && r <= '9') {
		return "", l.errorAt(start, l.line, `a label is expected after "_:"`)
	}
	l.at += size
	end := l.at
	for l.at < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.at:])
		if !isNameChar(r) && r != '.' {
			break
		}
		l.at += size
		if r != '.' {
			end = l.at
		}
	}
	l.at = end // a dot is never the last character
	return l.text[start:l.at], nil
}

// name reads a prefixed name, or a bare word.
func (l *lexer) name() (kind, string, *rdf.SyntaxError) {
	start := l.at
	end := l.at
	for l.at < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.at:])
		if !isNameStart(r) && (l.at == start || (!isNameChar(r) && r != '.')) {
			break
		}
		l.at += size
		if r != '.' {
			end = l.at
		}
	}
	if end < l.at || l.at >= len(l.text) || l.text[l.at] != ':' {
		l.at = end
		if l.at == start {
			r, _ := utf8.DecodeRuneInString(l.text[start:])
			return 0, "", l.errorAt(start, l.line, "unexpected %q", r)
		}
		return word, l.text[start:l.at], nil
	}
	l.at++
	if err := l.localName(); err != nil {
		return 0, "", err
	}
	return prefixed, l.text[start:l.at], nil
}

// localName reads what follows the colon of a prefixed name.
func (l *lexer) localName() *rdf.SyntaxError {
	first := true
	end := l.at
	for l.at < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.at:])
		switch {
		case r == '%':
			if l.at+2 >= len(l.text) || !isHex(l.text[l.at+1]) || !isHex(l.text[l.at+2]) {
				return l.errorAt(l.at, l.line, "%% in a name must be followed by two hexadecimal digits")
			}
			size = 3
		case r == '\\':
			if l.at+1 >= len(l.text) || strings.IndexByte("_~.-!$&'()*+,;=/?#@%", l.text[l.at+1]) < 0 {
				return l.errorAt(l.at, l.line, "this character cannot be escaped in a name")
			}
			size = 2
		case r == ':' || isNameStart(r) || r == '_' || ('0' <= r && r <= '9'):
		case !first && (isNameChar(r) || r == '.'):
		default:
			l.at = end
			return nil
		}
		first = false
		l.at += size
		if r != '.' {
			end = l.at
		}
	}
	l.at = end
	return nil
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isHex(c byte) bool    { return isDigit(c) || ('a' <= c|0x20 && c|0x20 <= 'f') }

// isNameStart is PN_CHARS_BASE of the grammar.
func isNameStart(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return 0xC0 <= r && r <= 0x2FF && r != 0xD7 && r != 0xF7 || 0x370 <= r && r <= 0x1FFF && r != 0x37E || r == 0x200C || r == 0x200D ||
		0x2070 <= r && r <= 0x218F || 0x2C00 <= r && r <= 0x2FEF || 0x3001 <= r && r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF ||
		0xFDF0 <= r && r < utf8.RuneError || 0x10000 <= r && r <= 0xEFFFF
}

// isNameChar is PN_CHARS of the grammar.
func isNameChar(r rune) bool {
	return isNameStart(r) || r == '_' || r == '-' || '0' <= r && r <= '9' || r == 0xB7 ||
		0x300 <= r && r <= 0x36F || r == 0x203F || r == 0x2040
}
