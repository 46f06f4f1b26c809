package protocheck

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// binding is one HTTP method and path of an RPC.
type binding struct {
	rpc      *rpc
	nth      int // among the RPC's bindings, from 1
	method   string
	template string
	segments []string // literals, or {field.path}
	body     bool     // whether the body is the whole request message
}

// bind reads an RPC's HTTP rule, including additional bindings.
func (r *rpc) bind(rule protoreflect.Message) error {
	fields := rule.Descriptor().Fields()
	pattern := rule.WhichOneof(rule.Descriptor().Oneofs().ByName("pattern"))
	if pattern == nil {
		return fmt.Errorf("%s has an HTTP rule without a path", r.name)
	}
	b := &binding{
		rpc:      r,
		nth:      len(r.bindings) + 1,
		method:   strings.ToUpper(string(pattern.Name())),
		template: rule.Get(pattern).String(),
	}
	switch body := rule.Get(fields.ByName("body")).String(); body {
	case "":
	case "*":
		b.body = true
	default:
		return fmt.Errorf("%s: bodies that are one field (%s) are not known here", r.name, body)
	}
	b.segments = strings.Split(strings.Trim(b.template, "/"), "/")
	for _, segment := range b.segments {
		if strings.ContainsAny(segment, "=*") {
			return fmt.Errorf("%s: patterns in paths (%s) are not known here", r.name, b.template)
		}
	}
	r.bindings = append(r.bindings, b)
	additional := rule.Get(fields.ByName("additional_bindings")).List()
	for i := range additional.Len() {
		if err := r.bind(additional.Get(i).Message()); err != nil {
			return err
		}
	}
	return nil
}

// variable returns the field path in a segment's braces.
func variable(segment string) (field string, ok bool) {
	inner, ok := strings.CutPrefix(segment, "{")
	return strings.TrimSuffix(inner, "}"), ok
}

// match returns the values of the path's variables by field path.
func (b *binding) match(segments []string) (map[string]string, bool) {
	if len(segments) != len(b.segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, segment := range b.segments {
		if field, ok := variable(segment); ok {
			values[field] = segments[i]
		} else if segment != segments[i] {
			return nil, false
		}
	}
	return values, true
}

// closer reports whether b has priority over other for a path that both match: the first
// segment in which only one of them has a literal decides.
func (b *binding) closer(other *binding) bool {
	for i := range b.segments {
		_, mine := variable(b.segments[i])
		_, others := variable(other.segments[i])
		if mine != others {
			return others
		}
	}
	return false
}

// find returns the binding that serves a call, and its path variables. If several
// RPCs share a binding, it prefers the named one.
func (d *definitions) find(method, path, preferred string) (*binding, map[string]string) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	var best *binding
	var variables map[string]string
	for _, b := range d.bindings {
		if b.method != method {
			continue
		}
		values, ok := b.match(segments)
		if !ok {
			continue
		}
		tie := best != nil && !best.closer(b) && !b.closer(best)
		if best == nil || b.closer(best) || tie && b.rpc.name == preferred && best.rpc.name != preferred {
			best, variables = b, values
		}
	}
	return best, variables
}
