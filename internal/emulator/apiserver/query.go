package apiserver

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Query holds the values of a query string by folded names, so that it finds both
// page_size and pageSize. Dots of nested fields stay. Like the
// service's gateway, it ignores unknown names.
type Query map[string][]string

func newQuery(values url.Values) Query {
	if len(values) == 0 {
		return nil
	}
	q := make(Query, len(values))
	for name, v := range values {
		folded := FoldName(name)
		q[folded] = append(q[folded], v...)
	}
	return q
}

// FoldName returns a name in lower case and without underscores.
func FoldName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// Text returns the last value of name, or "".
func (q Query) Text(name string) string {
	v := q[FoldName(name)]
	if len(v) == 0 {
		return ""
	}
	return v[len(v)-1]
}

// List returns all values of a repeated name.
func (q Query) List(name string) []string { return q[FoldName(name)] }

// Flag reads a boolean; absent is false.
func (q Query) Flag(name string) (bool, error) {
	v := q.Text(name)
	if v == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(v)
	if err != nil {
		return false, Reject(clarifai.StatusBadRequestFormat, "query parameter %s: '%s' is not a boolean", name, v)
	}
	return b, nil
}

// Number reads a count; absent is 0.
func (q Query) Number(name string) (int, error) {
	v := q.Text(name)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(v, 10, 32)
	if err != nil {
		return 0, Reject(clarifai.StatusBadRequestFormat, "query parameter %s: '%s' is not a whole number", name, v)
	}
	return int(n), nil
}

// Enums reads a repeated enum, by number or by name.
func Enums[E any, P interface {
	*E
	UnmarshalJSON(b []byte) error
}](q Query, name string) ([]E, error) {
	var all []E
	for _, v := range q.List(name) {
		var e E
		if err := P(&e).UnmarshalJSON([]byte(v)); err != nil {
			return nil, Reject(clarifai.StatusBadRequestFormat, "query parameter %s: %v", name, err)
		}
		all = append(all, e)
	}
	return all, nil
}
