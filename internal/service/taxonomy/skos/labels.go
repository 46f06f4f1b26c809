package skos

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// languages decides which service language a tag belongs to and which of several tags counts.
type languages struct {
	own      string            // the taxonomy's own, as a service language
	wanted   map[string]string // the tag that comes first, by service language
	selected []string          // service languages that are read; nil: all that are known
	known    []string          // nil: every language
}

func newLanguages(options Options) languages {
	l := languages{own: graph.ServiceLanguage(options.Language), wanted: map[string]string{}, known: options.Known}
	for _, tag := range append([]string{options.Language}, options.Languages...) {
		service := graph.ServiceLanguage(tag)
		if _, twice := l.wanted[service]; !twice {
			l.wanted[service] = tag
		}
		if options.Languages != nil {
			l.selected = append(l.selected, service)
		}
	}
	return l
}

// of is the service language of a tag. Text without a tag is in the taxonomy's own language.
func (l languages) of(tag string) string { return cmp.Or(graph.ServiceLanguage(tag), l.own) }

func (l languages) isKnown(service string) bool {
	return l.known == nil || service == l.own || slices.Contains(l.known, service)
}

func (l languages) isSelected(service string) bool {
	return service == l.own || l.selected == nil || slices.Contains(l.selected, service)
}

// compare orders texts of one service language: by property, then by tag, then by the text itself, so that the order of the file makes no
// difference.
func (l languages) compare(service string) func(a, b text) int {
	rank := func(t text) int {
		if t.tag != "" && strings.EqualFold(t.tag, l.wanted[service]) {
			return 0
		}
		return graph.TagRank(t.tag)
	}
	return func(a, b text) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(rank(a), rank(b)),
			cmp.Compare(strings.ToLower(a.tag), strings.ToLower(b.tag)), cmp.Compare(a.value, b.value))
	}
}

// chosen is the text of one service language, and what else there is in it.
type chosen struct {
	text
	same     []text // other texts with the same tag and property
	variants int    // texts with other tags, or of other properties
}

// choose selects one text for each service language.
func (l languages) choose(texts []text) map[string]chosen {
	groups := map[string][]text{}
	for _, t := range texts {
		service := l.of(t.tag)
		groups[service] = append(groups[service], t)
	}
	result := make(map[string]chosen, len(groups))
	for service, group := range groups {
		if len(group) > 1 {
			slices.SortFunc(group, l.compare(service))
		}
		c := chosen{text: group[0]}
		for i, t := range group[1:] {
			switch {
			case t.value == c.value, t.value == group[i].value && t.tag == group[i].tag: // nothing new
			case t.rank == c.rank && strings.EqualFold(t.tag, c.tag):
				c.same = append(c.same, t)
			case t.rank == c.rank:
				c.variants++
			}
		}
		result[service] = c
	}
	return result
}
