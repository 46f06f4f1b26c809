// Package skos makes a taxonomy of a SKOS vocabulary in any format of RDF.
//
// What the service cannot hold is counted (graph.Skip), never dropped without a trace. The taxonomy does not depend on the order of the
// file.
package skos

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/jsonld"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/rdfxml"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/turtle"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// Sources of the ids of concepts.
const (
	IDFromURI      = "uri"      // the last part of the IRI
	IDFromNotation = "notation" // skos:notation
	IDFromHash     = "hash"     // 32 hexadecimal digits that follow from the IRI
)

// What is done with parts of a vocabulary that do not fit.
const (
	Skip    = "skip"
	Error   = "error"
	Include = "include"
)

// Options state how a vocabulary becomes a taxonomy. Empty options are the defaults.
type Options struct {
	Language      string   // whose labels are the names; "en"
	Languages     []string // of further names; nil: all known ones
	Known         []string // languages of the service; nil: every language
	IDFrom        string   // IDFromURI
	AltAsSynonyms bool     // alternative labels become concepts of their own

	Collections string // Skip or Include
	References  string // to what is no concept of the file: Skip or Error
	Deprecated  string // concepts: Skip, Include or Error
	Unlabelled  string // concepts: Skip or Error
}

func (o Options) withDefaults() Options {
	if o.Language == "" {
		o.Language = "en"
	}
	return o
}

// Read reads a vocabulary in a format, or, with rdf.Unknown, in the format that its first characters show. name stands for the file in
// messages; instead is what to use if the text has another format.
func Read(name, content string, format rdf.Format, instead string, options Options) *graph.Graph {
	g := graph.New()
	detected := rdf.Detect(content)
	switch {
	case strings.TrimSpace(rdf.TrimBOM(content)) == "":
		g.Problem(name, "it is empty")
		return g
	case detected == rdf.HTML:
		g.Problem(name, "it is an HTML page, not a vocabulary; check the address that it was downloaded from")
		return g
	case format != rdf.Unknown && format != detected:
		g.Problem(name, "it is %s, not %s; %s", detected, format, instead)
		return g
	}
	c := &collector{resources: map[string]*resource{}}
	parse := map[rdf.Format]func(string, func(rdf.Triple)) error{
		rdf.Turtle: turtle.Parse, rdf.XML: rdfxml.Parse, rdf.JSONLD: jsonld.Parse,
	}[detected]
	if err := parse(content, c.add); err != nil {
		problem(g, name, detected, err)
		return g
	}
	c.link()
	b := builder{Graph: g, name: name, collector: c, options: options.withDefaults(), skips: map[string]*graph.Skip{}}
	b.languages = newLanguages(b.options)
	b.build()
	for _, key := range slices.Sorted(maps.Keys(b.skips)) {
		g.Skipped = append(g.Skipped, *b.skips[key])
	}
	return g
}

func problem(g *graph.Graph, name string, format rdf.Format, err error) {
	var syntax *rdf.SyntaxError
	if errors.As(err, &syntax) && syntax.Line > 0 {
		g.Problem(fmt.Sprintf("%s:%d", name, syntax.Line), "it is not valid %s: %s", format, syntax.Message)
		return
	}
	g.Problem(name, "it is not valid %s: %v", format, err)
}

// builder makes the taxonomy of what has been collected.
type builder struct {
	*graph.Graph
	*collector
	name      string
	options   Options
	languages languages

	kept    []*resource // concepts of the taxonomy, ordered by IRI
	labels  map[string]map[string]chosen
	idOf    map[string]string // by IRI
	dropped map[string]string // why a concept of the file is not in the taxonomy, by IRI
	skips   map[string]*graph.Skip
}

// skip counts something that is not in the taxonomy.
func (b *builder) skip(key, what string, n int, example string) {
	if n == 0 {
		return
	}
	s := b.skips[key]
	if s == nil {
		s = &graph.Skip{Key: key, Text: what, Notable: true}
		b.skips[key] = s
	}
	s.Count += n
	if example != "" && len(s.Examples) < diags.Shown {
		s.Examples = append(s.Examples, example)
	}
}

// where is a place in the file, for messages.
func (b *builder) where(line int, iri string) string {
	where := b.name
	if line > 0 {
		where = fmt.Sprintf("%s:%d", where, line)
	}
	if rdf.IsBlank(iri) {
		return where + " (a blank node)"
	}
	return where + " <" + iri + ">"
}

func (b *builder) build() {
	b.selectConcepts()
	if len(b.kept) == 0 {
		if len(b.dropped) == 0 {
			b.Problem(b.name, "it holds no skos:Concept")
		}
		return
	}
	b.chooseLabels()
	b.assignIDs()
	for _, r := range b.kept {
		b.addConcept(r)
	}
	for _, r := range b.kept {
		b.addRelations(r)
	}
	if b.options.AltAsSynonyms {
		b.addAlternatives()
	}
	b.countUnread()
}

// selectConcepts finds the concepts of the file, without the deprecated ones.
func (b *builder) selectConcepts() {
	b.dropped = map[string]string{}
	slices.Sort(b.order) // so that nothing follows the order of the file
	for _, iri := range b.order {
		r := b.resources[iri]
		collection := r.isCollection && !r.isConcept
		if collection && b.options.Collections != Include {
			b.skip("collections", "collections (collections = \"include\" makes concepts of them)", 1, "")
			continue
		}
		if !r.isConcept && !collection {
			continue
		}
		if r.deprecated && b.options.Deprecated != Include {
			if b.options.Deprecated == Error {
				b.Problem(b.where(r.line, iri), "the concept is deprecated (owl:deprecated)")
				continue
			}
			b.dropped[iri] = "is deprecated"
			b.skip("deprecated_concepts", "deprecated concepts", 1, iri)
			continue
		}
		b.kept = append(b.kept, r)
	}
	if len(b.kept) == 0 && len(b.dropped) > 0 {
		b.Problem(b.name, "all its concepts are deprecated; set deprecated_concepts = %q to include them", Include)
	}
}

// chooseLabels selects the labels and drops concepts that have none in the taxonomy's own language.
func (b *builder) chooseLabels() {
	own := b.languages.own
	b.labels = map[string]map[string]chosen{}
	count := map[string]int{}
	var labelled, unlabelled []*resource
	for _, r := range b.kept {
		labels := b.languages.choose(r.labels)
		b.labels[r.iri] = labels
		for service := range labels {
			count[service]++
		}
		if _, ok := labels[own]; ok {
			labelled = append(labelled, r)
		} else {
			unlabelled = append(unlabelled, r)
		}
	}
	withLabels := len(labelled)
	for _, r := range unlabelled {
		if len(b.labels[r.iri]) > 0 {
			withLabels++
		}
	}
	if len(labelled)*2 < withLabels { // most concepts would be missing: rather the option is wrong
		b.Problem(b.name, "%d of its %d concepts have a preferred label in language %q; labels are in %s. Set language",
			len(labelled), len(b.kept), b.options.Language, byCount(count))
		b.kept = nil
		return
	}
	if withLabels == 0 {
		b.Problem(b.name, "none of its %d concepts has a label", len(b.kept))
		b.kept = nil
		return
	}
	for _, r := range unlabelled {
		others := slices.Sorted(maps.Keys(b.labels[r.iri]))
		what := "it has no label"
		if len(others) > 0 {
			what = fmt.Sprintf("it has no preferred label in language %q, only in %s", b.options.Language, strings.Join(others, ", "))
		}
		if b.options.Unlabelled == Error {
			b.Problem(b.where(r.line, r.iri), "%s", what)
			continue
		}
		b.dropped[r.iri] = "has no label"
		b.skip("unlabelled_concepts", fmt.Sprintf("concepts without a label in language %q", b.options.Language), 1, b.where(r.line, r.iri))
	}
	b.kept = labelled
}

// byCount lists languages with their numbers, the most frequent first.
func byCount(count map[string]int) string {
	names := slices.Sorted(maps.Keys(count))
	slices.SortStableFunc(names, func(a, b string) int { return count[b] - count[a] })
	for i, name := range names {
		names[i] = fmt.Sprintf("%s (%d)", name, count[name])
	}
	return diags.Names(names)
}

// addConcept adds one concept without its relations.
func (b *builder) addConcept(r *resource) {
	id := b.idOf[r.iri]
	if id == "" {
		return // reported by assignIDs
	}
	l, labels := b.languages, b.labels[r.iri]
	definitions := l.choose(r.definitions)
	c := &graph.Concept{ID: id, Name: labels[l.own].value, Definition: definitions[l.own].value,
		Names: map[string]graph.Text{}, Where: b.where(r.line, r.iri)}
	for _, service := range slices.Sorted(maps.Keys(labels)) {
		label := labels[service]
		switch {
		case !l.isSelected(service):
			continue
		case !l.isKnown(service):
			b.skip("names:"+service, fmt.Sprintf("names in language %q, which Clarifai does not document", service), 1, "")
			continue
		}
		b.checkLabel(r, label)
		if service != l.own {
			c.Names[service] = graph.Text{Name: label.value, Definition: definitions[service].value}
		}
	}
	for service, definition := range definitions {
		_, named := c.Names[service]
		switch {
		case service == l.own || named:
			b.skip("definitions", "second definitions in one language", definition.variants+len(definition.same), "")
		case l.isSelected(service) && l.isKnown(service):
			b.skip("definitions_without_name", "definitions in a language in which the concept has no label", 1, "")
		}
	}
	b.Add(c)
}

// checkLabel reports two preferred labels with one tag, and counts labels of other regions and scripts.
func (b *builder) checkLabel(r *resource, label chosen) {
	if len(label.same) > 0 && label.rank != plainLabel {
		b.Problem(b.where(label.same[0].line, r.iri), "there are two preferred labels in language %q: %q and "+
			"%q", label.tag, label.value, label.same[0].value)
		return
	}
	b.skip("language_variants", "labels in other variants of a language (regions, scripts) than the one that is "+
		"used", label.variants+len(label.same), "")
}

// countUnread counts what the service cannot hold. Labels and notes for people do not make a plan warn.
func (b *builder) countUnread() {
	quiet := func(key, what string, n int) {
		b.skip(key, what, n, "")
		if n > 0 {
			b.skips[key].Notable = false
		}
	}
	for _, r := range b.kept {
		for property, n := range r.unread {
			switch property {
			case "skos:related", "skos:closeMatch", "skos:relatedMatch", "skos:broaderTransitive", "skos:narrowerTransitive":
				b.skip(property, property+" statements, for which Clarifai has no relation", n, "")
			default:
				quiet(property, property+" texts", n)
			}
		}
		if !b.options.AltAsSynonyms {
			quiet("skos:altLabel", "skos:altLabel texts (see alternative_labels_as_synonyms)", len(r.alternatives))
		} else {
			n := 0
			for _, t := range r.alternatives {
				if b.languages.of(t.tag) != b.languages.own {
					n++
				}
			}
			quiet("skos:altLabel", "skos:altLabel texts in other languages", n)
		}
	}
}
