package taxonomy

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/geoknoesis/rdf-go/rdf"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/piprate/json-gold/ld"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// Ways to make an id of a SKOS concept.
const (
	idFromURI      = "uri"      // the last part of the address
	idFromNotation = "notation" // skos:notation
	idFromHash     = "hash"     // 32 hexadecimal digits that follow from the address
)

// SKOSOptions say how a vocabulary becomes a taxonomy.
type SKOSOptions struct {
	Language      string // whose labels are the names; "en" when empty
	IDFrom        string // idFromURI when empty
	AltAsSynonyms bool   // alternative labels become concepts of their own
}

const (
	skosNS  = "http://www.w3.org/2004/02/skos/core#"
	rdfType = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
)

// triple is one statement of a vocabulary.
type triple struct {
	subject, predicate string
	object             string
	language           string // of a text
	isText             bool
	line               int // where the statement begins; 0 when that is not known
}

// ReadTurtle reads a SKOS vocabulary in Turtle.
func ReadTurtle(ctx context.Context, name string, text []byte, options SKOSOptions) *Graph {
	statements, problem := turtleStatements(string(text))
	if problem != nil {
		g := newGraph()
		g.problem(name+":"+problem.Where, "it is not Turtle: %s", problem.What)
		return g
	}
	var triples []triple
	lines := &lineReader{statements: statements}
	err := rdf.Parse(ctx, lines, rdf.FormatTurtle, func(s rdf.Statement) error {
		t := triple{subject: termText(s.S), predicate: s.P.Value, line: lines.line}
		if literal, ok := s.O.(rdf.Literal); ok {
			t.object, t.language, t.isText = literal.Lexical, literal.Lang, true
		} else {
			t.object = termText(s.O)
		}
		triples = append(triples, t)
		return nil
	})
	if err != nil {
		g := newGraph()
		var parse *rdf.ParseError
		for errors.As(err, &parse) && parse.Err != nil {
			err = parse.Err
		}
		g.problem(fmt.Sprintf("%s:%d", name, lines.line), "it is not Turtle, in the statement that begins here: %v", err)
		return g
	}
	return fromSKOS(name, triples, options)
}

// lineReader gives one statement at a time, so that it is known how far the parser
// came, which does not tell where its errors are.
type lineReader struct {
	statements []statement
	rest       string // of the statement that is being read
	line       int    // where it began
}

func (l *lineReader) Read(p []byte) (int, error) {
	if l.rest == "" {
		if len(l.statements) == 0 {
			return 0, io.EOF
		}
		l.rest, l.line = l.statements[0].text+"\n", l.statements[0].line
		l.statements = l.statements[1:]
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func termText(t rdf.Term) string {
	switch t := t.(type) {
	case rdf.IRI:
		return t.Value
	case rdf.BlankNode:
		return "_:" + t.ID
	default:
		return t.String()
	}
}

// ReadJSONLD reads a SKOS vocabulary in JSON-LD. Contexts must be in the file
// itself, or be that of SKOS: nothing is fetched.
func ReadJSONLD(name string, text []byte, options SKOSOptions) *Graph {
	g := newGraph()
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		where := name
		var syntax *jsontext.SyntacticError
		if errors.As(err, &syntax) {
			where = fmt.Sprintf("%s:%d", name, 1+bytes.Count(text[:min(int(syntax.ByteOffset), len(text))], []byte("\n")))
		}
		g.problem(where, "it is not JSON: %v", err)
		return g
	}
	o := ld.NewJsonLdOptions("")
	o.DocumentLoader = noFetching{}
	out, err := ld.NewJsonLdProcessor().ToRDF(document, o)
	if err != nil {
		g.problem(name, "it is not JSON-LD: %v", err)
		return g
	}
	dataset, ok := out.(*ld.RDFDataset)
	if !ok {
		g.problem(name, "it is not JSON-LD")
		return g
	}
	var triples []triple
	for _, quads := range dataset.Graphs {
		for _, q := range quads {
			t := triple{subject: q.Subject.GetValue(), predicate: q.Predicate.GetValue(), object: q.Object.GetValue()}
			if literal, ok := q.Object.(ld.Literal); ok {
				t.language, t.isText = literal.Language, true
			}
			triples = append(triples, t)
		}
	}
	return fromSKOS(name, triples, options)
}

// noFetching knows the context of SKOS and refuses everything else: reading a
// file must not make anybody's server a part of the plan.
type noFetching struct{}

func (noFetching) LoadDocument(address string) (*ld.RemoteDocument, error) {
	if strings.TrimSuffix(strings.Replace(address, "https:", "http:", 1), "#") != strings.TrimSuffix(skosNS, "#") {
		return nil, fmt.Errorf("the context %s would have to be fetched; put it into the file", address)
	}
	terms := map[string]any{"skos": skosNS}
	for _, term := range []string{"Concept", "ConceptScheme", "prefLabel", "altLabel", "definition", "notation"} {
		terms[term] = skosNS + term
	}
	for _, term := range []string{"broader", "narrower", "exactMatch", "inScheme", "topConceptOf", "hasTopConcept", "related"} {
		terms[term] = map[string]any{"@id": skosNS + term, "@type": "@id"}
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: map[string]any{"@context": terms}}, nil
}

// skosConcept is what a vocabulary says of one concept.
type skosConcept struct {
	uri                     string
	labels, definitions     map[string]string // by language
	alternatives            []string          // in the taxonomy's language
	notation                string
	broader, narrower, same []reference
	line                    int // where it is first said that it is a concept; 0 when that is not known
}

// reference is what one concept says of another.
type reference struct {
	uri  string
	line int
}

// place is where something is said of a concept, for messages.
func place(name string, line int, uri string) string {
	if line > 0 {
		name = fmt.Sprintf("%s:%d", name, line)
	}
	return name + " <" + uri + ">"
}

// fromSKOS makes a taxonomy of statements.
func fromSKOS(name string, triples []triple, options SKOSOptions) *Graph {
	own := cmp.Or(options.Language, "en")
	g := newGraph()
	found := map[string]*skosConcept{}
	var order []string
	for _, t := range triples {
		if t.predicate == rdfType && t.object == skosNS+"Concept" && found[t.subject] == nil {
			found[t.subject] = &skosConcept{uri: t.subject, labels: map[string]string{}, definitions: map[string]string{}, line: t.line}
			order = append(order, t.subject)
		}
	}
	for _, t := range triples {
		c := found[t.subject]
		term, ok := strings.CutPrefix(t.predicate, skosNS)
		if c == nil || !ok {
			continue
		}
		language := cmp.Or(apiLanguage(t.language), own)
		switch {
		case term == "prefLabel" && t.isText:
			if earlier, twice := c.labels[language]; twice && earlier != t.object {
				g.problem(place(name, t.line, c.uri), "there are two preferred labels in language %q: %q and %q", language, earlier, t.object)
			}
			c.labels[language] = t.object
		case term == "definition" && t.isText:
			c.definitions[language] = t.object
		case term == "altLabel" && t.isText && language == own:
			c.alternatives = append(c.alternatives, t.object)
		case term == "notation":
			c.notation = t.object
		case term == "broader":
			c.broader = append(c.broader, reference{t.object, t.line})
		case term == "narrower":
			c.narrower = append(c.narrower, reference{t.object, t.line})
		case term == "exactMatch":
			c.same = append(c.same, reference{t.object, t.line})
		}
	}
	if len(found) == 0 {
		g.problem(name, "there is no skos:Concept in it")
		return g
	}
	slices.Sort(order) // statements come in no particular order
	idOf := skosIDs(g, name, order, found, options.IDFrom)
	for _, uri := range order {
		g.addSKOS(name, found[uri], idOf, own)
	}
	for _, uri := range order {
		for _, below := range found[uri].narrower {
			if c := g.concepts[idOf[below.uri]]; c != nil {
				c.Parents = appendNew(c.Parents, idOf[uri])
			} else if found[below.uri] == nil {
				g.problem(place(name, below.line, uri), "narrower concept <%s> is not in the file", below.uri)
			}
		}
	}
	if options.AltAsSynonyms {
		g.addAlternatives(name, order, found, idOf)
	}
	return g
}

// addSKOS adds one concept with what is above it and equal to it.
func (g *Graph) addSKOS(name string, s *skosConcept, idOf map[string]string, own string) {
	where := place(name, s.line, s.uri)
	c := &Concept{ID: idOf[s.uri], Name: s.labels[own], Definition: s.definitions[own], Names: map[string]Text{}, where: where}
	if c.Name == "" {
		c.Name = c.ID
		if len(s.labels) > 0 {
			g.problem(where, "it has no preferred label in language %q, only in %s", own, strings.Join(slices.Sorted(maps.Keys(s.labels)), ", "))
		}
	}
	for language, label := range s.labels {
		if language != own {
			c.Names[language] = Text{Name: label, Definition: s.definitions[language]}
		}
	}
	for _, above := range s.broader {
		if id, ok := idOf[above.uri]; ok {
			c.Parents = appendNew(c.Parents, id)
		} else {
			g.problem(place(name, above.line, s.uri), "broader concept <%s> is not in the file", above.uri)
		}
	}
	for _, other := range s.same {
		if id, ok := idOf[other.uri]; ok { // matches with other vocabularies are no relations of this app
			c.Synonyms = appendNew(c.Synonyms, id)
		}
	}
	if c.ID != "" {
		g.add(c)
	}
}

// addAlternatives makes a concept of each alternative label, a synonym of what it
// is a label of.
func (g *Graph) addAlternatives(name string, order []string, found map[string]*skosConcept, idOf map[string]string) {
	for _, uri := range order {
		slices.Sort(found[uri].alternatives)
		for _, label := range slices.Compact(found[uri].alternatives) {
			id := shortened(slug(label), uri+" "+label)
			if g.concepts[id] != nil || id == "" {
				id = hashed(uri + " " + label)
			}
			g.add(&Concept{ID: id, Name: label, Synonyms: []string{idOf[uri]}, Names: map[string]Text{}, where: place(name, found[uri].line, uri)})
		}
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// skosIDs gives each concept an id, the same for the same vocabulary every time.
// Two concepts that would get one id are a problem.
func skosIDs(g *Graph, name string, order []string, found map[string]*skosConcept, from string) map[string]string {
	idOf, taken := map[string]string{}, map[string]string{}
	for _, uri := range order {
		where := place(name, found[uri].line, uri)
		var id string
		switch from {
		case idFromNotation:
			id = shortened(slug(found[uri].notation), uri)
			switch {
			case found[uri].notation == "":
				g.problem(where, "it has no notation to make its id of")
			case id == "":
				g.problem(where, "its notation %q holds nothing that an id may hold; use another id_from", found[uri].notation)
			}
		case idFromHash:
			id = hashed(uri)
		default:
			id = shortened(slug(lastPart(uri)), uri)
			if id == "" {
				g.problem(where, "the last part of its address, %q, holds nothing that an id may hold; use another id_from", lastPart(uri))
			}
		}
		if other, twice := taken[id]; twice && id != "" {
			g.problem(where, "its id would be %q, which is also that of <%s>; use another id_from", id, other)
			id = ""
		}
		taken[id] = uri
		idOf[uri] = id
	}
	return idOf
}

func lastPart(uri string) string {
	uri = strings.TrimRight(uri, "/#")
	return uri[strings.LastIndexAny(uri, "/#:")+1:]
}

var notInIDs = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

func slug(text string) string { return strings.Trim(notInIDs.ReplaceAllString(text, "-"), "-") }

// shortened is an id that fits: a long one keeps its beginning and gets some
// digits that follow from what it stands for.
func shortened(id, of string) string {
	const digits = 8
	if len(id) <= ids.MaxLength {
		return id
	}
	return id[:ids.MaxLength-digits-1] + "-" + hashed(of)[:digits]
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// apiLanguage is a language tag as the service writes it: "de" for "de-AT", but
// zh-TW stays what it is.
func apiLanguage(tag string) string {
	base, region, _ := strings.Cut(tag, "-")
	if strings.EqualFold(base, "zh") && (strings.EqualFold(region, "TW") || strings.EqualFold(region, "Hant")) {
		return "zh-TW"
	}
	return strings.ToLower(base)
}
