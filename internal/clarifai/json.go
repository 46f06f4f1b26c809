package clarifai

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Struct is a free JSON object (google.protobuf.Struct), kept as it was
// written. Its numbers are JSON doubles for the service.
type Struct = jsontext.Value

// The service answers in snake_case; its published documentation shows
// camelCase. Both are read, in any order, and keys that this package does not
// know are ignored: the service may be newer than we are.
var decodeOptions = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true),
	jsontext.AllowDuplicateNames(true),
	jsontext.AllowInvalidUTF8(true),
)

// Encode writes v as the service expects it: snake_case keys, zero values
// omitted where the field says so, enums as integers, 64-bit integers as strings.
func Encode(v any) ([]byte, error) {
	return json.Marshal(v, json.Deterministic(true))
}

// Decode reads an answer of the service in either spelling and either enum form.
func Decode(b []byte, v any) error {
	return json.Unmarshal(b, v, decodeOptions)
}

// Float is a 32-bit float of the API. It is rounded to 32 bits and then held as
// the shortest decimal that means the same float32, so that 0.7 stays 0.7 after
// a round trip.
type Float float64

// NewFloat rounds v to what the API can hold.
func NewFloat(v float64) Float {
	f, err := strconv.ParseFloat(strconv.FormatFloat(float64(float32(v)), 'g', -1, 32), 64)
	if err != nil {
		return Float(v)
	}
	return Float(f)
}

// MarshalJSON writes the shortest decimal of the float32.
func (f Float) MarshalJSON() ([]byte, error) {
	return json.Marshal(float32(f))
}

// UnmarshalJSON accepts a number or, as proto-JSON does, a quoted number.
func (f *Float) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	v, err := strconv.ParseFloat(unquote(b), 64)
	if err != nil {
		return fmt.Errorf("%s is not a number", b)
	}
	*f = NewFloat(v)
	return nil
}

// Int64 is a signed 64-bit integer: written as a JSON string, read from a
// string or a number.
type Int64 int64

// MarshalJSON writes a quoted decimal.
func (i Int64) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(strconv.FormatInt(int64(i), 10))), nil
}

// UnmarshalJSON accepts "12" and 12.
func (i *Int64) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	v, err := strconv.ParseInt(unquote(b), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is not a 64-bit integer", b)
	}
	*i = Int64(v)
	return nil
}

// Uint64 is an unsigned 64-bit integer: written as a JSON string, read from a
// string or a number.
type Uint64 uint64

// MarshalJSON writes a quoted decimal.
func (u Uint64) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(strconv.FormatUint(uint64(u), 10))), nil
}

// UnmarshalJSON accepts "12" and 12.
func (u *Uint64) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	v, err := strconv.ParseUint(unquote(b), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is not an unsigned 64-bit integer", b)
	}
	*u = Uint64(v)
	return nil
}

// unmarshalEnum reads an enum as an integer or by name. An unknown name is an
// error; an unknown number is kept, since the service may be newer.
func unmarshalEnum(b []byte, byName map[string]int32, kind string) (int32, error) {
	if bytes.Equal(b, []byte("null")) {
		return 0, nil
	}
	text := unquote(b)
	if n, err := strconv.ParseInt(text, 10, 32); err == nil {
		return int32(n), nil
	}
	if n, ok := byName[text]; ok {
		return n, nil
	}
	return 0, fmt.Errorf("%q is not a value of %s", text, kind)
}

func unquote(b []byte) string {
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		return string(b[1 : len(b)-1])
	}
	return string(b)
}
