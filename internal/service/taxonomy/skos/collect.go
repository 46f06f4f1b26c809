package skos

import (
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
)

// Namespaces of the vocabularies that are read.
const (
	skosNS    = "http://www.w3.org/2004/02/skos/core#"
	xlNS      = "http://www.w3.org/2008/05/skos-xl#"
	thesNS    = "http://purl.org/iso25964/skos-thes#"
	rdfsLabel = "http://www.w3.org/2000/01/rdf-schema#label"
	owlNS     = "http://www.w3.org/2002/07/owl#"
)

// resource is what a vocabulary states of one subject.
type resource struct {
	iri  string
	line int // where it is first said to be a concept, or first a subject

	isConcept, isCollection, deprecated bool
	otherType                           string // a type, if it is neither a concept nor a collection

	labels       []text // rank by property: skos:prefLabel, skosxl:prefLabel, rdfs:label
	alternatives []text
	definitions  []text
	literalForms []text // of a skosxl:Label
	values       []text // rdf:value, of a definition that is a resource of its own
	notations    []string

	xlLabels, xlAlternatives []reference
	definitionNodes          []reference
	broader, narrower, same  []reference
	broadMatch, narrowMatch  []reference
	members                  []reference
	memberList               string
	first                    reference // of a list
	rest                     string

	unread map[string]int // statements that the service cannot hold, by property
}

// text is a literal and its language tag.
type text struct {
	value, tag string
	rank       int
	line       int
}

// reference is a statement about another subject.
type reference struct {
	iri  string
	line int
}

// collector gathers the statements that matter, by subject.
type collector struct {
	resources map[string]*resource
	order     []string
	last      *resource
}

func (c *collector) resource(t rdf.Triple) *resource {
	if c.last != nil && c.last.iri == t.Subject {
		return c.last
	}
	r := c.resources[t.Subject]
	if r == nil {
		r = &resource{iri: t.Subject, line: t.Line}
		c.resources[t.Subject] = r
		c.order = append(c.order, t.Subject)
	}
	c.last = r
	return r
}

// Ranks of labels: one of a lower rank counts if there is none of a higher rank.
const (
	prefLabel = iota
	xlLabel
	plainLabel
)

// add adds one statement.
func (c *collector) add(t rdf.Triple) {
	r := c.resource(t)
	switch {
	case t.Predicate == rdf.Type:
		r.addType(t)
	case strings.HasPrefix(t.Predicate, skosNS):
		if t.Literal {
			r.addText(t.Predicate[len(skosNS):], t)
		} else {
			r.addReference(t.Predicate[len(skosNS):], t)
		}
	case strings.HasPrefix(t.Predicate, thesNS):
		r.addThesaurus(t.Predicate[len(thesNS):], t)
	default:
		r.addOther(t)
	}
}

func (r *resource) addType(t rdf.Triple) {
	switch t.Object {
	case skosNS + "Concept":
		if !r.isConcept {
			r.isConcept, r.line = true, t.Line
		}
	case skosNS + "Collection", skosNS + "OrderedCollection", thesNS + "ConceptGroup", thesNS + "ThesaurusArray":
		r.isCollection = true
	default:
		if r.otherType == "" || t.Object < r.otherType {
			r.otherType = t.Object
		}
	}
}

func (r *resource) addText(property string, t rdf.Triple) {
	value := text{value: strings.TrimSpace(t.Object), tag: t.Language, line: t.Line}
	if value.value == "" {
		return
	}
	switch property {
	case "prefLabel":
		r.labels = append(r.labels, value)
	case "altLabel":
		r.alternatives = append(r.alternatives, value)
	case "definition":
		r.definitions = append(r.definitions, value)
	case "notation":
		if !slices.Contains(r.notations, value.value) {
			r.notations = append(r.notations, value.value)
		}
	case "hiddenLabel", "note", "scopeNote", "example", "changeNote", "editorialNote", "historyNote":
		r.count("skos:" + property)
	}
}

func (r *resource) addReference(property string, t rdf.Triple) {
	to := reference{iri: t.Object, line: t.Line}
	switch property {
	case "broader":
		r.broader = append(r.broader, to)
	case "narrower":
		r.narrower = append(r.narrower, to)
	case "exactMatch":
		r.same = append(r.same, to)
	case "broadMatch":
		r.broadMatch = append(r.broadMatch, to)
	case "narrowMatch":
		r.narrowMatch = append(r.narrowMatch, to)
	case "member":
		r.members = append(r.members, to)
	case "memberList":
		r.memberList = t.Object
	case "definition":
		r.definitionNodes = append(r.definitionNodes, to)
	case "related", "closeMatch", "relatedMatch", "broaderTransitive", "narrowerTransitive",
		"note", "scopeNote", "example", "changeNote", "editorialNote", "historyNote":
		r.count("skos:" + property)
	}
}

// addThesaurus reads the kinds of broader and narrower that ISO 25964 tells apart.
func (r *resource) addThesaurus(property string, t rdf.Triple) {
	to := reference{iri: t.Object, line: t.Line}
	switch property {
	case "broaderGeneric", "broaderInstantial", "broaderPartitive":
		r.broader = append(r.broader, to)
	case "narrowerGeneric", "narrowerInstantial", "narrowerPartitive":
		r.narrower = append(r.narrower, to)
	}
}

func (r *resource) addOther(t rdf.Triple) {
	value := text{value: strings.TrimSpace(t.Object), tag: t.Language, line: t.Line}
	to := reference{iri: t.Object, line: t.Line}
	switch t.Predicate {
	case rdfsLabel:
		if t.Literal && value.value != "" {
			value.rank = plainLabel
			r.labels = append(r.labels, value)
		}
	case xlNS + "prefLabel":
		r.xlLabels = append(r.xlLabels, to)
	case xlNS + "altLabel":
		r.xlAlternatives = append(r.xlAlternatives, to)
	case xlNS + "hiddenLabel":
		r.count("skos:hiddenLabel")
	case xlNS + "literalForm":
		r.literalForms = append(r.literalForms, value)
	case rdf.Value:
		r.values = append(r.values, value)
	case rdf.First:
		r.first = to
	case rdf.Rest:
		r.rest = t.Object
	case owlNS + "deprecated":
		r.deprecated = t.Literal && (value.value == "true" || value.value == "1")
	}
}

func (r *resource) count(property string) {
	if r.unread == nil {
		r.unread = map[string]int{}
	}
	r.unread[property]++
}

// link replaces references to labels, definitions and lists by what they hold.
func (c *collector) link() {
	for _, iri := range c.order {
		r := c.resources[iri]
		for _, to := range r.xlLabels {
			r.labels = append(r.labels, c.texts(to, xlLabel)...)
		}
		for _, to := range r.xlAlternatives {
			r.alternatives = append(r.alternatives, c.texts(to, prefLabel)...)
		}
		for _, to := range r.definitionNodes {
			if node := c.resources[to.iri]; node != nil {
				r.definitions = append(r.definitions, node.values...)
			}
		}
		seen := map[string]bool{}
		for at := r.memberList; at != "" && at != rdf.Nil && !seen[at]; {
			seen[at] = true
			node := c.resources[at]
			if node == nil {
				break
			}
			if node.first.iri != "" && !slices.ContainsFunc(r.members, func(m reference) bool { return m.iri == node.first.iri }) {
				r.members = append(r.members, node.first)
			}
			at = node.rest
		}
	}
}

func (c *collector) texts(to reference, rank int) []text {
	node := c.resources[to.iri]
	if node == nil {
		return nil
	}
	all := slices.Clone(node.literalForms)
	for i := range all {
		all[i].rank = rank
	}
	return all
}
