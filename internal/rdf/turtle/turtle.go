// Package turtle reads RDF 1.1 Turtle, of which N-Triples is a subset.
//
// The reader works through the text once, holds no more of it than the open brackets, and gives every triple its line. It uses no
// recursion, so deeply nested input costs memory in proportion to its length and nothing else. The test cases follow the
// structure of the W3C test suite: what every production of the grammar accepts and rejects.
package turtle

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
)

// Parse reads a document and calls emit for each triple, in the order of the text. The error is a *rdf.SyntaxError.
func Parse(text string, emit func(rdf.Triple)) error {
	p := &parser{
		lexer:    lexer{text: rdf.TrimBOM(text), line: 1},
		emit:     emit,
		prefixes: map[string]string{},
		names:    map[string]string{},
		labels:   map[string]string{},
	}
	if err := p.document(); err != nil {
		return err
	}
	return nil
}

type parser struct {
	lexer
	emit     func(rdf.Triple)
	base     string
	prefixes map[string]string // namespaces by prefix
	names    map[string]string // IRIs by prefixed name, so that each is built once
	labels   map[string]string // nodes by the document's labels
	blanks   int
	open     []frame
}

// frame is something that has started and not ended: the statement, a bracket or a list.
type frame struct {
	kind       frameKind
	subject    string // of statements and brackets
	predicate  string
	head       string // first node of a list
	last       string // node of the last item of a list, if there is one
	start      token  // of a statement
	isSubject  bool   // a bracket or list that is the subject of the statement
	hasObjects bool   // at least one triple has been read
}

type frameKind int

const (
	statement frameKind = iota
	bracket             // [ predicate object ; ... ]
	list                // ( item ... )
)

// state is what is expected next.
type state int

const (
	subject state = iota
	verb
	verbOrEnd // after ";", or after a bracket that is a subject
	object
	afterObject
	item
)

func (p *parser) document() *rdf.SyntaxError {
	expected := subject
	for {
		t, err := p.next()
		if err != nil {
			return err
		}
		if expected == subject {
			if t.kind == endOfFile {
				return nil
			}
			var isDirective bool
			if isDirective, err = p.directive(t); err != nil {
				return err
			}
			if isDirective {
				continue
			}
		}
		if t.kind == endOfFile {
			start := p.open[0].start
			return &rdf.SyntaxError{Line: start.line, Message: "the file ends within the statement that begins here; it may have been cut off"}
		}
		if expected, err = p.step(expected, t); err != nil {
			return err
		}
	}
}

// step handles one token and returns what is expected after it.
func (p *parser) step(expected state, t token) (state, *rdf.SyntaxError) {
	switch expected {
	case subject:
		p.open = append(p.open[:0], frame{kind: statement, start: t})
		return p.node(t, verb, "a subject")
	case verb, verbOrEnd:
		return p.verb(expected, t)
	case afterObject:
		return p.afterObject(t)
	case item:
		if t.kind == ')' {
			return p.closeList(t), nil
		}
		return p.node(t, item, `an item or ")"`)
	default:
		return p.node(t, afterObject, "an object")
	}
}

func (p *parser) top() *frame { return &p.open[len(p.open)-1] }

// verb handles a predicate, or the end of a predicate list.
func (p *parser) verb(expected state, t token) (state, *rdf.SyntaxError) {
	top := p.top()
	switch {
	case t.kind == word && t.value == "a":
		top.predicate = rdf.Type
		return object, nil
	case t.kind == iri || t.kind == prefixed:
		name, err := p.name(t)
		top.predicate = name
		return object, err
	case expected == verbOrEnd && t.kind == ';' && top.hasObjects:
		return verbOrEnd, nil
	case expected == verbOrEnd && t.kind == p.endOf(*top):
		return p.end(t)
	case expected == verbOrEnd:
		return 0, p.unexpected(t, fmt.Sprintf(`a predicate or "%c"`, p.endOf(*top)))
	}
	return 0, p.unexpected(t, "a predicate")
}

func (p *parser) afterObject(t token) (state, *rdf.SyntaxError) {
	switch t.kind {
	case ',':
		return object, nil
	case ';':
		return verbOrEnd, nil
	}
	return p.end(t)
}

// endOf is the mark that ends a statement or bracket.
func (p *parser) endOf(f frame) kind {
	if f.kind == statement {
		return '.'
	}
	return ']'
}

// end handles the end of a statement or of a bracket.
func (p *parser) end(t token) (state, *rdf.SyntaxError) {
	top := *p.top()
	if t.kind != p.endOf(top) {
		return 0, p.unexpected(t, fmt.Sprintf(`",", ";" or "%c"`, p.endOf(top)))
	}
	p.open = p.open[:len(p.open)-1]
	if top.kind == statement {
		return subject, nil
	}
	return p.afterNode(top), nil
}

// afterNode is what is expected after a bracket or list has been closed.
func (p *parser) afterNode(closed frame) state {
	switch {
	case p.top().kind == list:
		return item
	case !closed.isSubject:
		return afterObject
	case closed.kind == bracket:
		return verbOrEnd
	default:
		return verb
	}
}

// node handles a subject, an object or an item of a list. after is what is expected once the node is complete.
func (p *parser) node(t token, after state, wanted string) (state, *rdf.SyntaxError) {
	isSubject := after == verb
	switch t.kind {
	case iri, prefixed:
		name, err := p.name(t)
		if err == nil {
			p.deliver(rdf.Triple{Object: name}, t)
		}
		return after, err
	case blankLabel:
		p.deliver(rdf.Triple{Object: p.label(t.value)}, t)
		return after, nil
	case '[':
		node := p.blank()
		p.deliver(rdf.Triple{Object: node}, t)
		if p.closesAtOnce(']') {
			return after, nil
		}
		p.open = append(p.open, frame{kind: bracket, subject: node, isSubject: isSubject})
		return verb, nil
	case '(':
		if p.closesAtOnce(')') {
			p.deliver(rdf.Triple{Object: rdf.Nil}, t)
			return after, nil
		}
		head := p.blank()
		p.deliver(rdf.Triple{Object: head}, t)
		p.open = append(p.open, frame{kind: list, head: head, isSubject: isSubject})
		return item, nil
	case literal, number, word:
		if isSubject {
			break
		}
		return after, p.literal(t, wanted)
	}
	return 0, p.unexpected(t, wanted)
}

// closesAtOnce consumes the end of an empty bracket or list.
func (p *parser) closesAtOnce(end byte) bool {
	p.skipSpace()
	if p.at < len(p.text) && p.text[p.at] == end {
		p.at++
		return true
	}
	return false
}

// literal handles a literal with its language or datatype, which makes no difference to its text.
func (p *parser) literal(t token, wanted string) *rdf.SyntaxError {
	value := rdf.Triple{Object: t.value, Literal: true}
	switch t.kind {
	case word:
		if t.value != "true" && t.value != "false" {
			return p.unexpected(t, wanted)
		}
	case literal:
		p.skipSpace()
		if p.at >= len(p.text) || (p.text[p.at] != '@' && p.text[p.at] != '^') {
			break
		}
		mark, err := p.next()
		if err != nil {
			return err
		}
		if mark.kind == language || mark.kind == directive {
			value.Language = mark.value
			break
		}
		name, err := p.next()
		if err != nil {
			return err
		}
		if name.kind != iri && name.kind != prefixed {
			return p.unexpected(name, "a datatype")
		}
		if _, err := p.name(name); err != nil {
			return err
		}
	}
	p.deliver(value, t)
	return nil
}

// deliver puts a complete node where the innermost frame needs it: as the subject, as an item, or as an object.
func (p *parser) deliver(value rdf.Triple, t token) {
	value.Line = t.line
	top := p.top()
	switch {
	case top.kind == list:
		node := top.head
		if top.last != "" {
			node = p.blank()
			p.emit(rdf.Triple{Subject: top.last, Predicate: rdf.Rest, Object: node, Line: t.line})
		}
		top.last = node
		value.Subject, value.Predicate = node, rdf.First
		p.emit(value)
	case top.subject == "":
		top.subject = value.Object
	default:
		top.hasObjects = true
		value.Subject, value.Predicate = top.subject, top.predicate
		p.emit(value)
	}
}

func (p *parser) closeList(t token) state {
	closed := *p.top()
	p.emit(rdf.Triple{Subject: closed.last, Predicate: rdf.Rest, Object: rdf.Nil, Line: t.line})
	p.open = p.open[:len(p.open)-1]
	return p.afterNode(closed)
}

// blank returns a node that no label of the document can mean.
func (p *parser) blank() string {
	p.blanks++
	return "_:" + strconv.Itoa(p.blanks)
}

// label returns the node of a label.
func (p *parser) label(label string) string {
	node, ok := p.labels[label]
	if !ok {
		node = p.blank()
		p.labels[label] = node
	}
	return node
}

// name returns the IRI of an IRI token or prefixed name.
func (p *parser) name(t token) (string, *rdf.SyntaxError) {
	if t.kind == iri {
		return rdf.Resolve(p.base, t.value), nil
	}
	if name, ok := p.names[t.value]; ok {
		return name, nil
	}
	prefix, local, _ := strings.Cut(t.value, ":")
	namespace, ok := p.prefixes[prefix]
	if !ok {
		return "", p.errorAt(t.start, t.line, "the prefix %q is not declared", prefix+":")
	}
	name := namespace + unescapeName(local)
	p.names[t.value] = name
	return name, nil
}

// unescapeName removes the backslashes of a local name.
func unescapeName(name string) string {
	if !strings.Contains(name, `\`) {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '\\' {
			i++
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

// directive handles @prefix, @base, PREFIX and BASE, and reports whether t starts one.
func (p *parser) directive(t token) (bool, *rdf.SyntaxError) {
	var isPrefix bool
	switch {
	case t.kind == directive:
		isPrefix = t.value == "prefix"
	case t.kind == word && (strings.EqualFold(t.value, "prefix") || strings.EqualFold(t.value, "base")):
		isPrefix = len(t.value) == len("prefix")
	default:
		return false, nil
	}
	prefix := ""
	if isPrefix {
		name, err := p.next()
		if err != nil {
			return true, err
		}
		if name.kind != prefixed || strings.IndexByte(name.value, ':') != len(name.value)-1 {
			return true, p.unexpected(name, `a prefix that ends with ":"`)
		}
		prefix = strings.TrimSuffix(name.value, ":")
	}
	address, err := p.next()
	if err != nil {
		return true, err
	}
	if address.kind != iri {
		return true, p.unexpected(address, "an IRI in angle brackets")
	}
	resolved := rdf.Resolve(p.base, address.value)
	if isPrefix {
		if before, again := p.prefixes[prefix]; again && before != resolved {
			clear(p.names)
		}
		p.prefixes[prefix] = resolved
	} else {
		p.base = resolved
	}
	if t.kind == directive {
		dot, err := p.next()
		if err != nil {
			return true, err
		}
		if dot.kind != '.' {
			return true, p.unexpected(dot, `"." after @`+t.value)
		}
	}
	return true, nil
}

func (p *parser) unexpected(t token, wanted string) *rdf.SyntaxError {
	return p.errorAt(t.start, t.line, "%s is expected, not %s", wanted, t)
}
