package emulator

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// sorting is the order that a list request asks for.
type sorting struct {
	by        string // id, name, created_at, modified_at, star_count, relevance
	ascending bool
}

// sortKeys are the values by which lists of apps and datasets can be sorted.
type sortKeys struct {
	id, name          string
	created, modified time.Time
	stars             int32
}

// sortAs reads the order that a list request asks for and calls sort with it. The default
// is modified_at, descending.
func (c *call) sortAs(sort func(sorting)) error {
	order := sorting{by: "modified_at"}
	for _, by := range []string{"id", "name", "created_at", "modified_at", "star_count", "relevance"} {
		chosen, err := c.Query.Flag("sort_by_" + by)
		if err != nil {
			return err
		}
		if chosen {
			order.by = by
			break
		}
	}
	var err error
	if order.ascending, err = c.Query.Flag("sort_ascending"); err != nil {
		return err
	}
	sort(order)
	return nil
}

func sortBy[T any](items []T, order sorting, keys func(T) sortKeys) {
	slices.SortStableFunc(items, func(x, y T) int {
		a, b := keys(x), keys(y)
		var c int
		switch order.by {
		case "id":
			c = strings.Compare(a.id, b.id)
		case "name":
			c = strings.Compare(a.name, b.name)
		case "created_at":
			c = a.created.Compare(b.created)
		case "star_count":
			c = cmp.Compare(a.stars, b.stars)
		case "relevance": // equal for all objects
		default:
			c = a.modified.Compare(b.modified)
		}
		if !order.ascending {
			c = -c
		}
		return cmp.Or(c, strings.Compare(a.id, b.id))
	})
}

// hasWords reports whether each of the words is the beginning of a word in the texts.
func hasWords(words string, texts ...string) bool {
	isBreak := func(r rune) bool { return strings.ContainsRune(" \t\n-_.,;:/", r) }
	have := strings.FieldsFunc(strings.ToLower(strings.Join(texts, " ")), isBreak)
	for _, w := range strings.FieldsFunc(strings.ToLower(words), isBreak) {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}
