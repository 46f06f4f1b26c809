package skos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// assignIDs gives each concept an id, the same for the same vocabulary every time. Two concepts with one id are a problem.
func (b *builder) assignIDs() {
	b.idOf = map[string]string{}
	taken := map[string]string{}
	var blank []*resource
	for _, r := range b.kept {
		where := b.where(r.line, r.iri)
		var id string
		switch {
		case b.options.IDFrom == IDFromNotation:
			id = b.notationID(r, where)
		case rdf.IsBlank(r.iri):
			blank = append(blank, r)
		case b.options.IDFrom == IDFromHash:
			id = graph.HashID(r.iri)
		default:
			last := lastPart(r.iri)
			id = graph.NewID(last, r.iri)
			if id == "" {
				b.Problem(where, "the last part of its IRI, %q, holds nothing that an id may hold; use another id_from", last)
			}
		}
		if other, twice := taken[id]; twice && id != "" {
			b.Problem(where, "its id would be %q, which is also that of <%s>; use another id_from", id, other)
			id = ""
		}
		taken[id] = r.iri
		b.idOf[r.iri] = id
	}
	if len(blank) > 0 {
		slices.SortFunc(blank, func(x, y *resource) int { return x.line - y.line })
		b.Problem(b.where(blank[0].line, blank[0].iri),
			"concepts without an IRI (blank nodes) have nothing that an id can follow from: %d, the first with the label %q. Give them IRIs, or "+
				"set id_from = %q",
			len(blank), b.labels[blank[0].iri][b.languages.own].value, IDFromNotation)
	}
}

func (b *builder) notationID(r *resource, where string) string {
	switch len(r.notations) {
	case 0:
		b.Problem(where, "it has no notation to make its id of")
		return ""
	case 1:
	default:
		slices.Sort(r.notations)
		b.Problem(where, "it has %d notations, %s, and an id can follow from one only; use another "+
			"id_from", len(r.notations), strings.Join(r.notations, " and "))
		return ""
	}
	id := graph.NewID(r.notations[0], r.notations[0])
	if id == "" {
		b.Problem(where, "its notation %q holds nothing that an id may hold; use another id_from", r.notations[0])
	}
	return id
}

func lastPart(iri string) string {
	iri = strings.TrimRight(iri, "/#")
	return iri[strings.LastIndexAny(iri, "/#:")+1:]
}

// addRelations adds what the file states about one concept and others.
func (b *builder) addRelations(r *resource) {
	c := b.Get(b.idOf[r.iri])
	if c == nil {
		return
	}
	for _, to := range r.broader {
		if id, ok := b.resolve(r, "broader", to); ok {
			c.Parents = appendNew(c.Parents, id)
		}
	}
	narrower := append(slices.Clone(r.narrower), r.members...)
	for _, to := range narrower {
		if id, ok := b.resolve(r, "narrower", to); ok {
			below := b.Get(id)
			below.Parents = appendNew(below.Parents, c.ID)
		}
	}
	for _, to := range r.same {
		if id, ok := b.match(r, to); ok && id != c.ID {
			c.Synonyms = appendNew(c.Synonyms, id)
		}
	}
	for _, to := range r.broadMatch {
		if id, ok := b.match(r, to); ok {
			c.Parents = appendNew(c.Parents, id)
		}
	}
	for _, to := range r.narrowMatch {
		if id, ok := b.match(r, to); ok {
			below := b.Get(id)
			below.Parents = appendNew(below.Parents, c.ID)
		}
	}
}

// resolve returns the id of a concept that another one refers to. A reference to anything else is skipped or a problem.
func (b *builder) resolve(from *resource, property string, to reference) (string, bool) {
	if id, ok := b.idOf[to.iri]; ok {
		return id, b.Get(id) != nil // a concept whose id is a problem is missing
	}
	if why, ok := b.dropped[to.iri]; ok {
		b.skip("references_to_skipped", "references to concepts that are skipped", 1, fmt.Sprintf("%s: the %s concept <%s> "+
			"%s", b.where(to.line, from.iri), property, to.iri, why))
		return "", false
	}
	what := "is not in the file"
	if other := b.resources[to.iri]; other != nil {
		what = "is in the file, but is no skos:Concept"
		switch {
		case other.isCollection:
			what += " (it is a collection)"
		case other.otherType != "":
			what += " (its type is " + short(other.otherType) + ")"
		}
	}
	if b.options.References == Error {
		b.Problem(b.where(to.line, from.iri), "%s concept <%s> %s", property, to.iri, what)
		return "", false
	}
	b.skip("unknown_references", "references to what is no concept of the file", 1, fmt.Sprintf("%s: %s concept <%s> "+
		"%s", b.where(to.line, from.iri), property, to.iri, what))
	return "", false
}

// match returns the id of a concept of this file that a mapping refers to. Mappings to other vocabularies are only counted.
func (b *builder) match(from *resource, to reference) (string, bool) {
	if id, ok := b.idOf[to.iri]; ok {
		return id, b.Get(id) != nil && to.iri != from.iri
	}
	b.skip("mappings", "mappings to concepts of other vocabularies", 1, "")
	return "", false
}

// short abbreviates the namespaces that readers know.
func short(iri string) string {
	for prefix, namespace := range map[string]string{
		"owl:": owlNS, "skos:": skosNS, "skosxl:": xlNS, "rdfs:": strings.TrimSuffix(rdfsLabel, "label"), "rdf:": rdf.NS,
	} {
		if local, ok := strings.CutPrefix(iri, namespace); ok {
			return prefix + local
		}
	}
	return "<" + iri + ">"
}

// addAlternatives makes a concept of each alternative label, a synonym of the concept that has it.
func (b *builder) addAlternatives() {
	for _, r := range b.kept {
		c := b.Get(b.idOf[r.iri])
		if c == nil {
			continue
		}
		var labels []string
		for _, t := range r.alternatives {
			if b.languages.of(t.tag) == b.languages.own && t.value != c.Name {
				labels = append(labels, t.value)
			}
		}
		slices.Sort(labels)
		for _, label := range slices.Compact(labels) {
			key := r.iri + " " + label
			if rdf.IsBlank(r.iri) {
				key = c.ID + " " + label
			}
			id := graph.NewID(label, key)
			if b.Get(id) != nil || id == "" {
				id = graph.HashID(key)
			}
			b.Add(&graph.Concept{ID: id, Name: label, Synonyms: []string{c.ID}, Where: c.Where})
		}
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
