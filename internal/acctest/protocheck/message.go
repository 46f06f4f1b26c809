package protocheck

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// ReadJSON reads JSON strictly into a message of the newest definitions. name is the
// full name, such as clarifai.api.InputBatch.
func (c *Checker) ReadJSON(name protoreflect.FullName, b []byte) (proto.Message, error) {
	m := c.newest.message(name)
	if m == nil {
		return nil, fmt.Errorf("there is no message %s", name)
	}
	return c.newest.unmarshal(b, m)
}

// ReadBinary reads the binary form of a message and rejects fields that the
// message does not have.
func (c *Checker) ReadBinary(name protoreflect.FullName, b []byte) (proto.Message, error) {
	m := c.newest.message(name)
	if m == nil {
		return nil, fmt.Errorf("there is no message %s", name)
	}
	message := dynamicpb.NewMessage(m)
	if err := proto.Unmarshal(b, message); err != nil {
		return nil, err
	}
	return message, unknownIn(message)
}

// unknownIn returns an error if a message, or one in it, has fields that the
// definitions do not have.
func unknownIn(m protoreflect.Message) error {
	if n := len(m.GetUnknown()); n > 0 {
		return fmt.Errorf("%s has %d bytes of unknown fields", m.Descriptor().FullName(), n)
	}
	var found error
	m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case field.Message() == nil:
		case field.IsMap():
			v.Map().Range(func(_ protoreflect.MapKey, each protoreflect.Value) bool {
				if field.MapValue().Message() != nil {
					found = unknownIn(each.Message())
				}
				return found == nil
			})
		case field.IsList():
			for i := 0; i < v.List().Len() && found == nil; i++ {
				found = unknownIn(v.List().Get(i).Message())
			}
		default:
			found = unknownIn(v.Message())
		}
		return found == nil
	})
	return found
}
