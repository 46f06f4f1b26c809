package clarifai

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Struct is an arbitrary JSON object (google.protobuf.Struct), kept as it was written. The service holds its numbers as
// doubles.
type Struct = jsontext.Value

// The service responds in snake_case; its published documentation shows camelCase. Both are read, in any order, and keys
// that this package does not know are ignored, because the service may be newer.
var decodeOptions = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true),
	jsontext.AllowDuplicateNames(true),
	jsontext.AllowInvalidUTF8(true),
)

// responseOptions read responses as leniently as protobuf's JSON mapping demands, and more leniently in one respect: an
// unexpected value of one field must not make the others unreadable.
var (
	responseOptions      = json.JoinOptions(decodeOptions, json.WithUnmarshalers(responseUnmarshalers))
	responseUnmarshalers = json.JoinUnmarshalers(
		json.UnmarshalFromFunc(decodeEnum),
		json.UnmarshalFromFunc(decodeNumber(parseInt32)),
		json.UnmarshalFromFunc(decodeNumber(parseUint32)),
		json.UnmarshalFromFunc(decodeNumber(parseFloat64)),
		json.UnmarshalFromFunc(decodeFloatPointer),
		json.UnmarshalFromFunc(decodeValue),
	)
)

// Encode writes v as the service expects it: snake_case keys, zero values omitted where the field says so, enums as
// integers, 64-bit integers as strings.
func Encode(v any) ([]byte, error) {
	return json.Marshal(v, json.Deterministic(true))
}

// Decode reads a response of the service: in either spelling of keys, with numbers quoted or not, enums as numbers or
// names, including those that this package does not know, and null for any field that is absent.
func Decode(b []byte, v any) error { return decode(b, v, responseOptions) }

// DecodeStrict reads JSON that a user or a client wrote, as [Decode] does, but an unknown name of an enum is an error.
func DecodeStrict(b []byte, v any) error { return json.Unmarshal(b, v, decodeOptions) }

func decode(b []byte, v any, options json.Options) error { return json.Unmarshal(b, v, options) }

// isBrokenJSON reports whether a decoding error says that the text is not complete JSON, rather than that a field has an
// unexpected type.
func isBrokenJSON(err error) bool {
	var syntax *jsontext.SyntacticError
	return errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF)
}

// readScalar reads a number, a quoted number or null. It returns "" for null.
func readScalar(dec *jsontext.Decoder) (text string, err error) {
	value, err := dec.ReadValue()
	if err != nil {
		return "", err
	}
	if value.Kind() == jsontext.KindNull {
		return "", nil
	}
	return unquote(value), nil
}

// decodeNumber accepts a number, a quoted number, and null for 0.
func decodeNumber[T any](parse func(string) (T, error)) func(*jsontext.Decoder, *T) error {
	return func(dec *jsontext.Decoder, into *T) error {
		text, err := readScalar(dec)
		if err != nil || text == "" {
			var zero T
			*into = zero
			return err
		}
		*into, err = parse(text)
		return err
	}
}

func parseInt32(text string) (int32, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%s is not a 32-bit integer", text)
	}
	return int32(n), nil
}

func parseUint32(text string) (uint32, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%s is not an unsigned 32-bit integer", text)
	}
	return uint32(n), nil
}

// parseFloat64 returns 0 for numbers that are not finite: nothing that is stored or shown can hold them.
func parseFloat64(text string) (float64, error) {
	f, err := parseFloat(text)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, err
	}
	return f, nil
}

// parseFloat accepts what protobuf's JSON mapping writes, "NaN" and "Infinity" included.
func parseFloat(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%s is not a number", text)
	}
	return f, nil
}

// decodeFloatPointer leaves out a number that is not finite.
func decodeFloatPointer(dec *jsontext.Decoder, into **Float) error {
	*into = nil
	if dec.PeekKind() == jsontext.KindNull {
		return dec.SkipValue()
	}
	var f Float
	if err := f.UnmarshalJSONFrom(dec); err != nil {
		return err
	}
	if f.Finite() {
		*into = &f
	}
	return nil
}

// decodeValue reads null as an absent value.
func decodeValue(dec *jsontext.Decoder, into *jsontext.Value) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if value.Kind() == jsontext.KindNull {
		*into = nil
		return nil
	}
	*into = append((*into)[:0], value...)
	return nil
}

// Float is a 32-bit float of the API. It is rounded to 32 bits and then held as the shortest decimal that means the same
// float32, so that 0.7 stays 0.7 after a round trip.
//
// The service writes averages over nothing as "NaN". This package keeps them out of pointers (they become nil) and holds
// them as NaN otherwise: check [Float.Finite] before showing a Float.
type Float float64

// NewFloat rounds v to what the API can hold. Numbers beyond 32-bit floats become NaN.
func NewFloat(v float64) Float {
	short := float32(v)
	if f := float64(short); math.IsNaN(f) || math.IsInf(f, 0) {
		return Float(math.NaN())
	}
	f, err := strconv.ParseFloat(strconv.FormatFloat(float64(short), 'g', -1, 32), 64)
	if err != nil {
		return Float(v)
	}
	return Float(f)
}

// Finite reports whether f is a number that can be stored and shown.
func (f Float) Finite() bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }

// MarshalJSON writes the shortest decimal of the float32, or null if it is not finite.
func (f Float) MarshalJSON() ([]byte, error) {
	if short := float32(f); math.IsNaN(float64(short)) || math.IsInf(float64(short), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float32(f))
}

// UnmarshalJSONFrom accepts a number, a quoted number, and a boolean as 1 or 0, as the service accepts them for the
// values of concepts.
func (f *Float) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch value.Kind() {
	case jsontext.KindNull:
		*f = 0
		return nil
	case jsontext.KindTrue:
		*f = 1
		return nil
	case jsontext.KindFalse:
		*f = 0
		return nil
	}
	v, err := parseFloat(unquote(value))
	if err != nil {
		return err
	}
	*f = NewFloat(v)
	return nil
}

// Int64 is a signed 64-bit integer: written as a JSON string, read from a string or a number.
type Int64 int64

// MarshalJSON writes a quoted decimal.
func (i Int64) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(strconv.FormatInt(int64(i), 10))), nil
}

// UnmarshalJSON accepts "12" and 12.
func (i *Int64) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*i = 0
		return nil
	}
	v, err := strconv.ParseInt(unquote(b), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is not a 64-bit integer", b)
	}
	*i = Int64(v)
	return nil
}

// Uint64 is an unsigned 64-bit integer: written as a JSON string, read from a string or a number.
type Uint64 uint64

// MarshalJSON writes a quoted decimal.
func (u Uint64) MarshalJSON() ([]byte, error) {
	return []byte(strconv.Quote(strconv.FormatUint(uint64(u), 10))), nil
}

// UnmarshalJSON accepts "12" and 12.
func (u *Uint64) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*u = 0
		return nil
	}
	v, err := strconv.ParseUint(unquote(b), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is not an unsigned 64-bit integer", b)
	}
	*u = Uint64(v)
	return nil
}

func unquote(b []byte) string {
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		return string(b[1 : len(b)-1])
	}
	return string(b)
}
