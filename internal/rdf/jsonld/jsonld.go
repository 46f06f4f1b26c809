// Package jsonld reads JSON-LD. Nothing is fetched: contexts must be in the document, or be the one of SKOS, which the package knows.
package jsonld

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/piprate/json-gold/ld"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
)

const skos = "http://www.w3.org/2004/02/skos/core#"

// noBase stands for the missing base IRI of the document, so that relative IRIs are kept. It is removed from what is read.
const noBase = "http://no-base.invalid/"

// Parse reads a document and calls emit for each triple of all its graphs. The error is a *rdf.SyntaxError.
func Parse(text string, emit func(rdf.Triple)) error {
	text = rdf.TrimBOM(text)
	var document any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		return jsonError(text, err)
	}
	options := ld.NewJsonLdOptions(noBase)
	options.DocumentLoader = noFetching{}
	out, err := ld.NewJsonLdProcessor().ToRDF(document, options)
	if err != nil {
		return &rdf.SyntaxError{Message: message(err)}
	}
	dataset, ok := out.(*ld.RDFDataset)
	if !ok {
		return &rdf.SyntaxError{Message: "the document holds no graph"}
	}
	for _, name := range slices.Sorted(maps.Keys(dataset.Graphs)) {
		for _, q := range dataset.Graphs[name] {
			t := rdf.Triple{Subject: iri(q.Subject), Predicate: iri(q.Predicate), Object: iri(q.Object)}
			if literal, ok := q.Object.(ld.Literal); ok {
				t.Object, t.Literal, t.Language = literal.Value, true, literal.Language
			}
			emit(t)
		}
	}
	return nil
}

func iri(node ld.Node) string { return strings.TrimPrefix(node.GetValue(), noBase) }

func jsonError(text string, err error) error {
	failure := &rdf.SyntaxError{Message: "it is not JSON: " + strings.TrimPrefix(err.Error(), "jsontext: ")}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		before := text[:min(int(syntax.ByteOffset), len(text))]
		failure.Line = 1 + strings.Count(before, "\n")
		failure.Column = len(before) - strings.LastIndexByte(before, '\n')
		failure.Message = "it is not JSON: " + syntax.Err.Error()
	}
	return failure
}

// message is what a JSON-LD processor says, without the names of its error codes where it says more.
func message(err error) string {
	var failure *ld.JsonLdError
	if errors.As(err, &failure) && failure.Details != nil {
		if inner, ok := failure.Details.(error); ok {
			return inner.Error()
		}
		return fmt.Sprintf("%s: %v", failure.Code, failure.Details)
	}
	return err.Error()
}

// noFetching knows the context of SKOS and rejects every other address: a plan must not depend on another server.
type noFetching struct{}

func (noFetching) LoadDocument(address string) (*ld.RemoteDocument, error) {
	if strings.TrimSuffix(strings.Replace(address, "https:", "http:", 1), "#") != strings.TrimSuffix(skos, "#") {
		return nil, fmt.Errorf("the context %s would have to be fetched; put it into the file", address)
	}
	terms := map[string]any{"skos": skos}
	for _, term := range []string{
		"Concept", "ConceptScheme", "Collection", "OrderedCollection", "prefLabel", "altLabel", "hiddenLabel", "definition", "notation",
		"note", "scopeNote", "example", "changeNote", "editorialNote", "historyNote",
	} {
		terms[term] = skos + term
	}
	for _, term := range []string{
		"broader", "narrower", "broaderTransitive", "narrowerTransitive", "related", "semanticRelation", "mappingRelation", "exactMatch",
		"closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "inScheme", "topConceptOf", "hasTopConcept", "member",
	} {
		terms[term] = map[string]any{"@id": skos + term, "@type": "@id"}
	}
	terms["memberList"] = map[string]any{"@id": skos + "memberList", "@type": "@id", "@container": "@list"}
	return &ld.RemoteDocument{DocumentURL: address, Document: map[string]any{"@context": terms}}, nil
}
