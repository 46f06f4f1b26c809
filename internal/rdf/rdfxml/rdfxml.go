// Package rdfxml reads RDF 1.1 XML syntax. It uses no recursion and fetches nothing: of a document type declaration it takes the entities
// that are declared in the file itself, which vocabularies use to abbreviate IRIs.
package rdfxml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
)

// Parse reads a document and calls emit for each triple, in the order of the text. The error is a *rdf.SyntaxError.
func Parse(text string, emit func(rdf.Triple)) error {
	p := &parser{decoder: xml.NewDecoder(strings.NewReader(rdf.TrimBOM(text))), emit: emit, labels: map[string]string{}}
	p.decoder.Entity = map[string]string{}
	p.decoder.CharsetReader = func(charset string, input io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "us-ascii") || strings.EqualFold(charset, "ascii") || strings.EqualFold(charset, "utf8") {
			return input, nil
		}
		return nil, fmt.Errorf("the file declares the encoding %s; save it as UTF-8", charset)
	}
	for {
		token, err := p.decoder.Token()
		if errors.Is(err, io.EOF) {
			if !p.sawRoot {
				return p.fail("there is no element in the file")
			}
			return nil
		}
		if err != nil {
			return p.syntax(err)
		}
		if err := p.token(token); err != nil {
			return err
		}
	}
}

type parser struct {
	decoder *xml.Decoder
	emit    func(rdf.Triple)
	labels  map[string]string // nodes by rdf:nodeID
	blanks  int
	open    []frame
	sawRoot bool
}

// frame is an element that is open.
type frame struct {
	kind           frameKind
	base, language string

	implied bool // a root for which there is no element rdf:RDF, since the file holds one node only

	subject string // of a node; of a property, the node that has it
	items   int    // rdf:li elements of a node so far

	predicate string // of a property
	text      []byte // of a property without elements
	hasNode   bool   // a property whose object has been read
	resource  bool   // a property that must be empty, because attributes give its object
	last      string // node of the last item of a collection
}

type frameKind int

const (
	root       frameKind = iota // rdf:RDF: holds nodes
	node                        // holds properties
	property                    // holds text, or one node
	collection                  // a property that holds any number of nodes
	markup                      // within rdf:parseType="Literal"
)

func (p *parser) fail(format string, args ...any) error {
	line, column := p.decoder.InputPos()
	return &rdf.SyntaxError{Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

// syntax is an error of the XML itself.
func (p *parser) syntax(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		message := syntax.Msg
		if strings.Contains(message, "unexpected EOF") {
			message = "the file ends within an element; it may have been cut off"
		}
		return &rdf.SyntaxError{Line: syntax.Line, Message: message}
	}
	return p.fail("%s", strings.TrimPrefix(err.Error(), "xml: "))
}

func (p *parser) token(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return p.start(token)
	case xml.EndElement:
		p.end()
	case xml.CharData:
		return p.characters(string(token))
	case xml.Directive:
		return p.entities(string(token))
	}
	return nil
}

var entity = regexp.MustCompile(`<!ENTITY\s+([^\s%"']+)\s+(?:"([^"]*)"|'([^']*)')\s*>`)

// entities reads the entities that a document type declaration declares. One may use those before it.
func (p *parser) entities(declaration string) error {
	const most = 1 << 16 // characters of one entity, so that entities of entities do not grow without bound
	for _, match := range entity.FindAllStringSubmatch(declaration, -1) {
		value := match[2] + match[3]
		for name, text := range p.decoder.Entity {
			value = strings.ReplaceAll(value, "&"+name+";", text)
			if len(value) > most {
				return p.fail("the entity %q is too long", match[1])
			}
		}
		p.decoder.Entity[match[1]] = value
	}
	return nil
}

func (p *parser) start(element xml.StartElement) error {
	if len(p.open) > 0 && p.open[len(p.open)-1].kind == markup {
		p.open = append(p.open, frame{kind: markup})
		return nil
	}
	name, err := p.name(element.Name)
	if err != nil {
		return err
	}
	if len(p.open) == 0 {
		if p.sawRoot {
			return p.fail("there is a second element at the top")
		}
		p.sawRoot = true
		f := frame{kind: root, implied: name != rdf.NS+"RDF"}
		f.inherit(frame{}, element.Attr)
		p.open = append(p.open, f)
		if !f.implied {
			return nil
		}
	}
	parent := &p.open[len(p.open)-1]
	switch parent.kind {
	case node:
		return p.startProperty(name, element)
	case property:
		if parent.hasNode || parent.resource {
			return p.fail("a property holds one node only")
		}
		if strings.TrimSpace(string(parent.text)) != "" {
			return p.fail("a property holds text and a node")
		}
	}
	return p.startNode(name, element)
}

// inherit takes base and language of the parent, unless attributes set them.
func (f *frame) inherit(parent frame, attributes []xml.Attr) {
	f.base, f.language = parent.base, parent.language
	for _, a := range attributes {
		if !isXML(a.Name) {
			continue
		}
		switch a.Name.Local {
		case "base":
			base, _, _ := strings.Cut(rdf.Resolve(f.base, a.Value), "#")
			f.base = base
		case "lang":
			f.language = a.Value
		}
	}
}

func isXML(name xml.Name) bool {
	return name.Space == "xml" || name.Space == "http://www.w3.org/XML/1998/namespace"
}

// name is the IRI of an element.
func (p *parser) name(name xml.Name) (string, error) {
	if !strings.ContainsAny(name.Space, ":/#") { // encoding/xml leaves a prefix that is not declared in place
		if name.Space == "" {
			return "", p.fail("the element %q is in no namespace; is this RDF/XML?", name.Local)
		}
		return "", p.fail("the prefix %q is not declared", name.Space+":")
	}
	return name.Space + name.Local, nil
}

// attribute is one attribute other than those of XML itself.
type attribute struct{ name, value string }

// ownAttributes are those of RDF that old documents write without a prefix.
var ownAttributes = []string{"about", "ID", "nodeID", "resource", "parseType", "datatype"}

// attributes splits attributes into those of RDF, by local name, and properties.
func (p *parser) attributes(all []xml.Attr) (map[string]string, []attribute, error) {
	own := map[string]string{}
	var properties []attribute
	for _, a := range all {
		local := a.Name.Local
		switch {
		case isXML(a.Name), a.Name.Space == "xmlns", a.Name.Space == "" && local == "xmlns":
		case a.Name.Space == rdf.NS && local != "type" && local != "value" && !strings.HasPrefix(local, "_"),
			a.Name.Space == "" && slices.Contains(ownAttributes, local):
			own[local] = a.Value
		case a.Name.Space == "": // no RDF: tools write schema hints and the like
		default:
			name, err := p.name(a.Name)
			if err != nil {
				return nil, nil, err
			}
			properties = append(properties, attribute{name, a.Value})
		}
	}
	return own, properties, nil
}

// named returns the node that rdf:about, rdf:ID, rdf:nodeID or rdf:resource name, and whether one of them does.
func (p *parser) named(f frame, own map[string]string) (string, bool) {
	for _, key := range []string{"about", "resource"} {
		if value, ok := own[key]; ok {
			return rdf.Resolve(f.base, value), true
		}
	}
	if value, ok := own["nodeID"]; ok {
		label, ok := p.labels[value]
		if !ok {
			label = p.blank()
			p.labels[value] = label
		}
		return label, true
	}
	return "", false
}

func (p *parser) blank() string {
	p.blanks++
	return "_:" + strconv.Itoa(p.blanks)
}

func (p *parser) triple(subject, predicate, object string) {
	line, _ := p.decoder.InputPos()
	p.emit(rdf.Triple{Subject: subject, Predicate: predicate, Object: object, Line: line})
}

func (p *parser) text(f frame, subject, predicate, value string) {
	line, _ := p.decoder.InputPos()
	p.emit(rdf.Triple{Subject: subject, Predicate: predicate, Object: value, Literal: true, Language: f.language, Line: line})
}

func (p *parser) startNode(name string, element xml.StartElement) error {
	parent := &p.open[len(p.open)-1]
	f := frame{kind: node}
	f.inherit(*parent, element.Attr)
	own, properties, err := p.attributes(element.Attr)
	if err != nil {
		return err
	}
	subject, ok := p.named(f, own)
	if id, hasID := own["ID"]; hasID {
		subject, ok = rdf.Resolve(f.base, "#"+id), true
	}
	if !ok {
		subject = p.blank()
	}
	f.subject = subject
	p.deliver(parent, subject)
	if name != rdf.NS+"Description" {
		p.triple(subject, rdf.Type, name)
	}
	p.propertyAttributes(f, subject, properties)
	p.open = append(p.open, f)
	return nil
}

func (p *parser) propertyAttributes(f frame, subject string, properties []attribute) {
	for _, a := range properties {
		if a.name == rdf.Type {
			p.triple(subject, rdf.Type, rdf.Resolve(f.base, a.value))
		} else {
			p.text(f, subject, a.name, a.value)
		}
	}
}

// deliver makes a node the object of the property around it, or an item of the collection.
func (p *parser) deliver(parent *frame, object string) {
	switch parent.kind {
	case property:
		parent.hasNode = true
		p.triple(parent.subject, parent.predicate, object)
	case collection:
		item := p.blank()
		if parent.last == "" {
			p.triple(parent.subject, parent.predicate, item)
		} else {
			p.triple(parent.last, rdf.Rest, item)
		}
		parent.last = item
		p.triple(item, rdf.First, object)
	}
}

func (p *parser) startProperty(name string, element xml.StartElement) error {
	parent := &p.open[len(p.open)-1]
	if name == rdf.NS+"li" {
		parent.items++
		name = rdf.NS + "_" + strconv.Itoa(parent.items)
	}
	f := frame{kind: property, subject: parent.subject, predicate: name}
	f.inherit(*parent, element.Attr)
	own, properties, err := p.attributes(element.Attr)
	if err != nil {
		return err
	}
	switch own["parseType"] {
	case "Resource": // the element holds properties of a node of its own
		subject := p.blank()
		p.triple(f.subject, name, subject)
		f.kind, f.subject = node, subject
	case "Collection":
		f.kind = collection
	case "":
		object, ok := p.named(f, own)
		if ok || len(properties) > 0 {
			if !ok {
				object = p.blank()
			}
			f.resource = true
			p.triple(f.subject, name, object)
			p.propertyAttributes(f, object, properties)
		}
	default: // "Literal", and what is not known counts as such: markup, of which the text is read
		p.open = append(p.open, f, frame{kind: markup})
		return nil
	}
	p.open = append(p.open, f)
	return nil
}

func (p *parser) characters(text string) error {
	if len(p.open) == 0 {
		if strings.TrimSpace(text) != "" {
			return p.fail("there is text outside of the elements")
		}
		return nil
	}
	f := &p.open[len(p.open)-1]
	blank := strings.TrimSpace(text) == ""
	switch {
	case f.kind == markup:
		for i := len(p.open) - 1; ; i-- {
			if p.open[i].kind == property {
				p.open[i].text = append(p.open[i].text, text...)
				return nil
			}
		}
	case f.kind == property && !f.hasNode && !f.resource:
		f.text = append(f.text, text...)
	case !blank && f.kind == property:
		return p.fail("a property holds text and a node")
	case !blank:
		return p.fail("there is text where an element is expected")
	}
	return nil
}

func (p *parser) end() {
	f := &p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	switch f.kind {
	case markup:
		if outer := &p.open[len(p.open)-1]; outer.kind == property { // the markup's own element is the property's
			p.open = p.open[:len(p.open)-1]
			p.text(*outer, outer.subject, outer.predicate, string(outer.text))
		}
	case property:
		if !f.hasNode && !f.resource {
			p.text(*f, f.subject, f.predicate, string(f.text))
		}
	case collection:
		if f.last == "" {
			p.triple(f.subject, f.predicate, rdf.Nil)
		} else {
			p.triple(f.last, rdf.Rest, rdf.Nil)
		}
	}
	if len(p.open) == 1 && p.open[0].implied {
		p.open = nil
	}
}
