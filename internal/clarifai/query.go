package clarifai

import (
	"net/url"
	"strconv"
)

// parameters builds the query of a call. Zero values are left out: for the service they mean "not asked for".
type parameters struct{ url.Values }

func (p parameters) text(key, value string) {
	if value != "" {
		p.Set(key, value)
	}
}

func (p parameters) texts(key string, values []string) {
	for _, value := range values {
		p.Add(key, value)
	}
}

func (p parameters) flag(key string, on bool) {
	if on {
		p.Set(key, "true")
	}
}

func (p parameters) number(key string, n int64) {
	if n != 0 {
		p.Set(key, strconv.FormatInt(n, 10))
	}
}

// additional is the query of calls that know nothing but additional fields.
func additional(fields []string) url.Values {
	p := parameters{url.Values{}}
	p.texts("additional_fields", fields)
	return p.Values
}

// defaultPerPage is the service's own page size. A shorter page of it is known to be the last one.
const defaultPerPage = 128

// size is the page size to walk with.
func (p Page) size() uint32 {
	if p.PerPage == 0 {
		return defaultPerPage
	}
	return p.PerPage
}

// pagination is the page as calls carry it in their body.
func (p Page) pagination() *Pagination {
	if p == (Page{}) {
		return nil
	}
	return &Pagination{Page: p.Page, PerPage: p.PerPage}
}
