// Package rdf holds what the readers of RDF formats share: triples, syntax errors and the resolution of relative IRIs. The readers are the
// packages below it: turtle (which also reads N-Triples), rdfxml and jsonld. None of them fetches anything.
package rdf

import (
	"fmt"
	"strings"
)

// IRIs of the RDF vocabulary itself.
const (
	NS    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	Type  = NS + "type"
	First = NS + "first"
	Rest  = NS + "rest"
	Nil   = NS + "nil"
	Value = NS + "value"
)

// Triple is one statement. Subject and, unless it is a literal, Object are an IRI or the label of a blank node, which begins with "_:".
type Triple struct {
	Subject, Predicate, Object string

	Literal  bool
	Language string // language tag of a literal, as written

	Line int // line of the object; 0 if the format gives no positions
}

// IsBlank reports whether a subject or object is a blank node.
func IsBlank(node string) bool { return strings.HasPrefix(node, "_:") }

// SyntaxError is an error in the text of a file. Line and Column begin at 1; 0 means unknown.
type SyntaxError struct {
	Line, Column int
	Message      string
}

func (e *SyntaxError) Error() string {
	switch {
	case e.Line == 0:
		return e.Message
	case e.Column == 0:
		return fmt.Sprintf("line %d: %s", e.Line, e.Message)
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Format is a serialization of RDF.
type Format int

// Formats that Detect tells apart.
const (
	Unknown Format = iota
	Turtle         // N-Triples is a subset of it
	XML
	JSONLD
	HTML // no RDF, but what a download often gives instead
)

func (f Format) String() string {
	switch f {
	case Turtle:
		return "Turtle or N-Triples"
	case XML:
		return "RDF/XML"
	case JSONLD:
		return "JSON-LD"
	case HTML:
		return "an HTML page"
	}
	return "empty"
}

const byteOrderMark = "\xef\xbb\xbf"

// TrimBOM returns the text without a byte order mark.
func TrimBOM(text string) string { return strings.TrimPrefix(text, byteOrderMark) }

// Detect tells the format from the first characters of a text.
func Detect(text string) Format {
	text = strings.TrimLeft(TrimBOM(text), " \t\r\n")
	if text == "" {
		return Unknown
	}
	switch text[0] {
	case '{':
		return JSONLD
	case '[': // an array of JSON, or an anonymous blank node of Turtle
		inside := strings.TrimLeft(text[1:], " \t\r\n")
		if strings.HasPrefix(inside, "{") || strings.HasPrefix(inside, `"`) ||
			(strings.HasPrefix(inside, "]") && strings.TrimSpace(inside[1:]) == "") {
			return JSONLD
		}
		return Turtle
	case '<':
		return detectMarkup(text)
	}
	return Turtle
}

// detectMarkup tells an IRI in angle brackets, which holds no white space, from a tag.
func detectMarkup(text string) Format {
	start := strings.ToLower(text[:min(len(text), 256)])
	if strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html") {
		return HTML
	}
	if strings.HasPrefix(text, "<?") || strings.HasPrefix(text, "<!") {
		if strings.Contains(start, "<!doctype html") || strings.Contains(start, "<html") {
			return HTML
		}
		return XML
	}
	tag, _, closed := strings.Cut(text[1:], ">")
	if strings.HasPrefix(tag, "rdf:RDF") || (closed && strings.ContainsAny(tag, " \t\r\n")) {
		return XML
	}
	return Turtle
}

// Resolve resolves a reference against a base IRI (RFC 3986, section 5.2) without changing its characters. A reference without a base stays
// as it is.
func Resolve(base, reference string) string {
	if base == "" || scheme(reference) != "" {
		return reference
	}
	b := split(base)
	r := split(reference)
	switch {
	case r.hasAuthority:
		b.authority, b.hasAuthority, b.path, b.query = r.authority, true, removeDots(r.path), r.query
	case r.path == "":
		if r.query != "" {
			b.query = r.query
		}
	case strings.HasPrefix(r.path, "/"):
		b.path, b.query = removeDots(r.path), r.query
	default:
		directory := b.path[:strings.LastIndexByte(b.path, '/')+1]
		if directory == "" && b.hasAuthority {
			directory = "/"
		}
		b.path, b.query = removeDots(directory+r.path), r.query
	}
	b.fragment = r.fragment
	return b.String()
}

// parts are the components of an IRI; query and fragment include their mark.
type parts struct {
	scheme, authority, path, query, fragment string
	hasAuthority                             bool
}

func (p parts) String() string {
	text := p.scheme
	if p.hasAuthority {
		text += "//" + p.authority
	}
	return text + p.path + p.query + p.fragment
}

// scheme returns the scheme of an IRI with its colon, or nothing.
func scheme(iri string) string {
	for i := range len(iri) {
		c := iri[i] | 0x20
		switch {
		case 'a' <= c && c <= 'z', i > 0 && ('0' <= iri[i] && iri[i] <= '9' || strings.IndexByte("+-.", iri[i]) >= 0):
		case i > 0 && iri[i] == ':':
			return iri[:i+1]
		default:
			return ""
		}
	}
	return ""
}

func split(iri string) parts {
	p := parts{scheme: scheme(iri)}
	rest := iri[len(p.scheme):]
	if i := strings.IndexByte(rest, '#'); i >= 0 {
		rest, p.fragment = rest[:i], rest[i:]
	}
	if i := strings.IndexByte(rest, '?'); i >= 0 {
		rest, p.query = rest[:i], rest[i:]
	}
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		p.hasAuthority = true
		end := strings.IndexByte(after, '/')
		if end < 0 {
			end = len(after)
		}
		p.authority, rest = after[:end], after[end:]
	}
	p.path = rest
	return p
}

// removeDots removes "." and ".." segments from a path.
func removeDots(path string) string {
	segments := strings.Split(path, "/")
	var out []string
	for i, segment := range segments {
		last := i == len(segments)-1
		switch segment {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 1 || (len(out) == 1 && out[0] != "") {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, segment)
		}
	}
	return strings.Join(out, "/")
}
