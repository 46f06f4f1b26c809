package protocheck

import (
	"encoding/base64"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// checkNames finds keys that are not the fields' own names, such as
// camelCase, which proto-JSON also reads.
func checkNames(f *finder, where string, m protoreflect.MessageDescriptor, value any) {
	if wellKnown(m) {
		return
	}
	members, ok := value.(map[string]any)
	if !ok {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		field := m.Fields().ByName(protoreflect.Name(key))
		if field == nil {
			f.add(where, "%s is not the name of a field of %s", key, m.Name())
			continue
		}
		each(where+"."+key, field, members[key], func(where string, field protoreflect.FieldDescriptor, v any) {
			if field.Message() != nil {
				checkNames(f, where, field.Message(), v)
			}
		})
	}
}

// each calls visit for a field's value, for each item of a list, or for each
// value of a map with the map's value field.
func each(where string, field protoreflect.FieldDescriptor, value any, visit func(string, protoreflect.FieldDescriptor, any)) {
	switch v := value.(type) {
	case []any:
		if field.IsList() {
			for i := range v {
				visit(where+"["+strconv.Itoa(i)+"]", field, v[i])
			}
			return
		}
	case map[string]any:
		if field.IsMap() {
			for _, key := range slices.Sorted(maps.Keys(v)) {
				visit(where+"["+strconv.Quote(key)+"]", field.MapValue(), v[key])
			}
			return
		}
	}
	visit(where, field, value)
}

// checkForm checks that a message has the form in which the service writes it.
// Strict proto-JSON finds values that do not fit the message at all.
func (d *definitions) checkForm(f *finder, where string, m protoreflect.MessageDescriptor, value any) {
	if wellKnown(m) {
		checkWellKnown(f, where, m, value)
		return
	}
	members, ok := value.(map[string]any)
	if !ok {
		f.add(where, "is not an object")
		return
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		field := m.Fields().ByName(protoreflect.Name(key))
		if f.mode&Camel != 0 {
			field = m.Fields().ByJSONName(key)
		}
		if field == nil {
			f.add(where, "%s is not the name of a field of %s", key, m.Name())
			continue
		}
		at := where + "." + key
		if d.isEmpty(field, members[key]) && !d.shown[field.FullName()] {
			f.add(at, "is empty, and such fields are left out")
		}
		each(at, field, members[key], func(where string, field protoreflect.FieldDescriptor, v any) {
			d.checkValue(f, where, field, v)
		})
	}
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		key := string(field.Name())
		if f.mode&Camel != 0 {
			key = field.JSONName()
		}
		// The fields of a message that is absent cannot be shown.
		if _, there := members[key]; !there && d.shown[field.FullName()] && (field.IsList() || field.Message() == nil) {
			f.add(where, "%s is not there; it is always shown", key)
		}
	}
}

// isEmpty reports whether a value is the value of an unset field.
func (d *definitions) isEmpty(field protoreflect.FieldDescriptor, value any) bool {
	switch v := value.(type) {
	case []any:
		return field.IsList() && len(v) == 0
	case map[string]any:
		return field.IsMap() && len(v) == 0
	}
	if field.HasPresence() {
		return false
	}
	switch v := value.(type) {
	case bool:
		return !v
	case float64:
		return v == 0
	case string:
		return v == "" || field.Kind() != protoreflect.StringKind && field.Kind() != protoreflect.BytesKind && v == "0"
	default:
		return false
	}
}

func (d *definitions) checkValue(f *finder, where string, field protoreflect.FieldDescriptor, value any) {
	if value == nil && (field.Message() == nil || field.Message().FullName() != "google.protobuf.Value") {
		f.add(where, "is null, which is never written")
		return
	}
	if field.Message() != nil {
		d.checkForm(f, where, field.Message(), value)
		return
	}
	checkScalar(f, where, field, value)
}

func checkScalar(f *finder, where string, field protoreflect.FieldDescriptor, value any) {
	kind := field.Kind()
	number, isNumber := value.(float64)
	text, isText := value.(string)
	if widened[field.FullName()] && (isNumber || isText) {
		return
	}
	switch kind {
	case protoreflect.EnumKind:
		if !isNumber {
			f.add(where, "%v: enums are integers", value)
		} else if !knownValue(field.Enum(), protoreflect.EnumNumber(number)) {
			f.add(where, "%v is no value of %s", value, field.Enum().Name())
		}
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind, protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		if !isText {
			f.add(where, "%v: 64-bit integers are strings", value)
		}
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind, protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		if !isNumber {
			f.add(where, "%v: 32-bit integers are numbers", value)
		}
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		if !isNumber {
			f.add(where, "%v: floats are numbers", value)
		} else if kind == protoreflect.FloatKind && number != shortest(number) {
			f.add(where, "%v has more digits than 32 bits hold; it is %v", value, shortest(number))
		}
	case protoreflect.BytesKind:
		if _, err := base64.StdEncoding.DecodeString(text); err != nil || !isText {
			f.add(where, "is not base64 with padding")
		}
	case protoreflect.BoolKind, protoreflect.StringKind:
		// strict proto-JSON accepts nothing else for them
	}
}

// widened are 32-bit integers that became 64-bit ones in releases after [Newest]:
// responses contain them as numbers or strings.
var widened = map[protoreflect.FullName]bool{
	"clarifai.api.FrameInfo.time": true, // uint64 since 12.0.12
}

func knownValue(enum protoreflect.EnumDescriptor, n protoreflect.EnumNumber) bool {
	return enum.Values().ByNumber(n) != nil || enum.FullName() == "clarifai.api.status.StatusCode" && newerCodes[n]
}

// shortest returns the shortest decimal of the same 32-bit float as n.
func shortest(n float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'g', -1, 32), 64)
	return v
}

// wellKnown reports whether a message has its own JSON form.
func wellKnown(m protoreflect.MessageDescriptor) bool {
	return m.ParentFile().Package() == "google.protobuf"
}

var (
	timestamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$`)
	duration  = regexp.MustCompile(`^-?\d+(\.\d{1,9})?s$`)
)

func checkWellKnown(f *finder, where string, m protoreflect.MessageDescriptor, value any) {
	text, _ := value.(string)
	switch m.Name() {
	case "Timestamp":
		if !timestamp.MatchString(text) {
			f.add(where, "%v is not a time in UTC with Z", value)
		}
	case "Duration":
		if !duration.MatchString(text) {
			f.add(where, "%v is not a duration in seconds", value)
		}
	case "Struct":
		if _, ok := value.(map[string]any); !ok {
			f.add(where, "is not an object")
		}
	default:
		if isWrapper(m) {
			checkScalar(f, where, m.Fields().ByName("value"), value)
		}
	}
}
