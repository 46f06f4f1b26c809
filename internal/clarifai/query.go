package clarifai

import (
	"net/url"
	"strconv"
)

// parameters builds the query of a request. It omits zero values, which the service reads as "not requested".
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

// additional returns the query of requests whose only parameter is additional fields.
func additional(fields []string) url.Values {
	p := parameters{url.Values{}}
	p.texts("additional_fields", fields)
	return p.Values
}
