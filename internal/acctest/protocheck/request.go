package protocheck

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// checkRequest builds the request message of a call, strictly.
func (d *definitions) checkRequest(f *finder, b *binding, variables map[string]string, call emulator.Call) {
	input := b.rpc.in
	message := dynamicpb.NewMessage(input)
	switch body := bytes.TrimSpace(call.Request); {
	case len(body) == 0:
	case !b.body:
		f.add("request", "%s has no body in the definitions", b.rpc.name)
	default:
		read, err := d.unmarshal(body, input)
		if err != nil {
			f.add("request", "is not a %s: %s", input.Name(), plain(err))
			break
		}
		message = read
		if f.mode&Untrusted == 0 {
			var members any
			if err := json.Unmarshal(body, &members); err != nil {
				f.add("request", "is not JSON: %v", err)
				break
			}
			checkNames(f, "request", input, members)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		holder, field, err := f.resolve(message, name)
		if err != nil {
			f.add("path", "%v", err)
			continue
		}
		if holder.Has(field) && f.mode&Untrusted == 0 {
			f.add("request."+name, "is in the path, and in the body again")
		}
		if err := f.set(holder, field, []string{variables[name]}); err != nil {
			f.add("path", "%s: %v", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(call.Query)) {
		if err := setQuery(f, message, b, variables, name, call.Query[name]); err != nil {
			f.add("query", "%s: %v", name, err)
		}
	}
}

// setQuery stores a query parameter.
func setQuery(f *finder, message *dynamicpb.Message, b *binding, variables map[string]string, name string, texts []string) error {
	for bound := range variables {
		if name == bound || strings.HasPrefix(bound, name+".") {
			return errors.New("is bound in the path")
		}
	}
	if b.body {
		return fmt.Errorf("%s takes its fields from the body, none from the query", b.rpc.name)
	}
	holder, field, err := f.resolve(message, name)
	if err != nil {
		return err
	}
	return f.set(holder, field, texts)
}

// resolve follows a path of field names with dots, and creates the messages on it.
func (f *finder) resolve(message protoreflect.Message, path string) (protoreflect.Message, protoreflect.FieldDescriptor, error) {
	steps := strings.Split(path, ".")
	for i, step := range steps {
		field := message.Descriptor().Fields().ByName(protoreflect.Name(step))
		if field == nil && f.mode&Untrusted != 0 {
			field = message.Descriptor().Fields().ByJSONName(step)
		}
		switch {
		case field == nil:
			return nil, nil, fmt.Errorf("%s has no field %s", message.Descriptor().Name(), step)
		case i == len(steps)-1:
			return message, field, nil
		case field.Message() == nil || field.IsList() || field.IsMap():
			return nil, nil, fmt.Errorf("%s of %s is not a message", step, message.Descriptor().Name())
		}
		message = message.Mutable(field).Message()
	}
	return nil, nil, errors.New("has no name")
}

// set stores the value of a parameter. Further values are appended to a list.
func (f *finder) set(holder protoreflect.Message, field protoreflect.FieldDescriptor, texts []string) error {
	if field.IsMap() || field.Message() != nil && !isWrapper(field.Message()) {
		return fmt.Errorf("is a %s, which no parameter can say", field.Message().Name())
	}
	if !field.IsList() && len(texts) != 1 {
		return fmt.Errorf("is given %d times and is not a list", len(texts))
	}
	for _, text := range texts {
		v, err := f.parse(holder, field, text)
		if err != nil {
			return err
		}
		if field.IsList() {
			holder.Mutable(field).List().Append(v)
		} else {
			holder.Set(field, v)
		}
	}
	return nil
}

func isWrapper(m protoreflect.MessageDescriptor) bool {
	return m.ParentFile().Path() == "google/protobuf/wrappers.proto"
}

// parse reads a parameter's text as a value of its field's kind.
func (f *finder) parse(holder protoreflect.Message, field protoreflect.FieldDescriptor, text string) (protoreflect.Value, error) {
	switch field.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text), nil
	case protoreflect.BoolKind:
		yes, err := strconv.ParseBool(text) // gateways also accept other spellings
		if err != nil || f.mode&Untrusted == 0 && text != "true" && text != "false" {
			return protoreflect.Value{}, fmt.Errorf("%q is neither true nor false", text)
		}
		return protoreflect.ValueOfBool(yes), nil
	case protoreflect.EnumKind:
		if v := field.Enum().Values().ByName(protoreflect.Name(text)); v != nil {
			return protoreflect.ValueOfEnum(v.Number()), nil
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || field.Enum().Values().ByNumber(protoreflect.EnumNumber(n)) == nil {
			return protoreflect.Value{}, fmt.Errorf("%q is no value of %s", text, field.Enum().Name())
		}
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n)), nil
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		n, err := strconv.ParseInt(text, 10, 32)
		return protoreflect.ValueOfInt32(int32(n)), err
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		n, err := strconv.ParseInt(text, 10, 64)
		return protoreflect.ValueOfInt64(n), err
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		n, err := strconv.ParseUint(text, 10, 32)
		return protoreflect.ValueOfUint32(uint32(n)), err
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		n, err := strconv.ParseUint(text, 10, 64)
		return protoreflect.ValueOfUint64(n), err
	case protoreflect.FloatKind:
		n, err := strconv.ParseFloat(text, 32)
		return protoreflect.ValueOfFloat32(float32(n)), err
	case protoreflect.DoubleKind:
		n, err := strconv.ParseFloat(text, 64)
		return protoreflect.ValueOfFloat64(n), err
	case protoreflect.MessageKind: // a wrapper message
		v := holder.NewField(field)
		inner := v.Message().Descriptor().Fields().ByName("value")
		return v, f.set(v.Message(), inner, []string{text})
	default:
		return protoreflect.Value{}, fmt.Errorf("is a %s, which no parameter can say", field.Kind())
	}
}
