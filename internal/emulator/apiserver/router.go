package apiserver

import (
	"net/url"
	"strings"
)

// A router finds the endpoint of a path. Literal segments have priority over {parameters},
// as in the service, where /inputs/status is never the ID of an input. (ServeMux
// rejects some pairs that the service has: models/types/{x} and models/{x}/versions.)
type router struct {
	literal  map[string]*router
	param    *router
	byMethod map[string]*Endpoint
}

// add registers e under a pattern such as /v2/users/{user_id}/apps.
func (r *router) add(pattern string, e *Endpoint) {
	for segment := range strings.SplitSeq(strings.Trim(pattern, "/"), "/") {
		if strings.HasPrefix(segment, "{") {
			if r.param == nil {
				r.param = &router{}
			}
			r = r.param
			continue
		}
		if r.literal == nil {
			r.literal = map[string]*router{}
		}
		next := r.literal[segment]
		if next == nil {
			next = &router{}
			r.literal[segment] = next
		}
		r = next
	}
	if r.byMethod == nil {
		r.byMethod = map[string]*Endpoint{}
	}
	if r.byMethod[e.Method] != nil {
		panic("apiserver: two endpoints at " + e.Method + " " + pattern)
	}
	r.byMethod[e.Method] = e
}

// find returns the endpoint and the values of the pattern's parameters, in order.
// pathKnown reports that the path is served with another method.
func (r *router) find(method, escapedPath string) (e *Endpoint, values []string, pathKnown bool) {
	segments := strings.Split(strings.Trim(escapedPath, "/"), "/")
	for i, s := range segments {
		decoded, err := url.PathUnescape(s)
		if err != nil || decoded == "" {
			return nil, nil, false
		}
		segments[i] = decoded
	}
	return r.match(method, segments, nil)
}

func (r *router) match(method string, segments, values []string) (*Endpoint, []string, bool) {
	if len(segments) == 0 {
		return r.byMethod[method], values, len(r.byMethod) > 0
	}
	if next := r.literal[segments[0]]; next != nil {
		e, v, known := next.match(method, segments[1:], values)
		if known { // a literal path hides parameters for all methods
			return e, v, true
		}
	}
	if r.param != nil {
		e, v, known := r.param.match(method, segments[1:], append(values, segments[0]))
		if known {
			return e, v, true
		}
	}
	return nil, nil, false
}
