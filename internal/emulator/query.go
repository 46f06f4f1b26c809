package emulator

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// query holds the values of a query string under folded names, so that both
// page_size and pageSize are found. Dots of nested fields stay. As in the
// service's gateway, names that no message has are ignored.
type query map[string][]string

func newQuery(values url.Values) query {
	if len(values) == 0 {
		return nil
	}
	q := make(query, len(values))
	for name, v := range values {
		folded := foldName(name)
		q[folded] = append(q[folded], v...)
	}
	return q
}

func foldName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// text is the last value of name, or "".
func (q query) text(name string) string {
	v := q[foldName(name)]
	if len(v) == 0 {
		return ""
	}
	return v[len(v)-1]
}

// list is every value of a repeated name.
func (q query) list(name string) []string { return q[foldName(name)] }

// flag reads a boolean; absent is false.
func (q query) flag(name string) (bool, error) {
	v := q.text(name)
	if v == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(v)
	if err != nil {
		return false, fail(clarifai.StatusBadRequestFormat, "query parameter %s: '%s' is not a boolean", name, v)
	}
	return b, nil
}

// number reads a count; absent is 0.
func (q query) number(name string) (int, error) {
	v := q.text(name)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(v, 10, 32)
	if err != nil {
		return 0, fail(clarifai.StatusBadRequestFormat, "query parameter %s: '%s' is not a whole number", name, v)
	}
	return int(n), nil
}

// enums reads a repeated enum, by number or by name.
func enums[E any, P interface {
	*E
	UnmarshalJSON(b []byte) error
}](q query, name string) ([]E, error) {
	var all []E
	for _, v := range q.list(name) {
		var e E
		if err := P(&e).UnmarshalJSON([]byte(v)); err != nil {
			return nil, fail(clarifai.StatusBadRequestFormat, "query parameter %s: %v", name, err)
		}
		all = append(all, e)
	}
	return all, nil
}
