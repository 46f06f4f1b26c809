package clarifai

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// enumNames is an enum of the API: number by official name.
type enumNames map[string]int32

// enumValue is a pointer to any enum.
type enumValue interface {
	enum() (names enumNames, into *int32)
}

// decodeEnum reads an enum of a response as a number or by name. Numbers and names that this package does not know are
// kept: the service may be newer.
func decodeEnum(dec *jsontext.Decoder, v enumValue) error {
	text, err := readScalar(dec)
	if err != nil {
		return err
	}
	names, into := v.enum()
	if text == "" {
		*into = 0
	} else if n, ok := names.number(text); ok {
		*into = n
	} else {
		*into = unknownNames.number(text)
	}
	return nil
}

// number returns the number of a name, or of a number in digits.
func (names enumNames) number(text string) (int32, bool) {
	if n, err := strconv.ParseInt(text, 10, 32); err == nil {
		return int32(n), true
	}
	n, ok := names[text]
	return n, ok
}

// unmarshal reads an enum that a user or a client wrote: an unknown name is an error.
func (names enumNames) unmarshal(b []byte, kind string, into *int32) error {
	if bytes.Equal(b, []byte("null")) {
		*into = 0
		return nil
	}
	n, ok := names.number(unquote(b))
	if !ok {
		return fmt.Errorf("%q is not a value of %s", unquote(b), kind)
	}
	*into = n
	return nil
}

// name returns the official name of n, or its digits if the table does not have it.
func (names enumNames) name(n int32) string {
	for name, value := range names {
		if value == n {
			return name
		}
	}
	if name, ok := unknownNames.name(n); ok {
		return name
	}
	return strconv.Itoa(int(n))
}

// marshal writes the number, or the name if it has no number that this package knows.
func (names enumNames) marshal(n int32) ([]byte, error) {
	if name, ok := unknownNames.name(n); ok {
		return jsontext.AppendQuote(nil, name)
	}
	return strconv.AppendInt(nil, int64(n), 10), nil
}

// unknownNames assigns numbers to names of enum values that this package does not know, so that they are
// held like any other value, shown by name and sent back by name.
var unknownNames nameRegistry

type nameRegistry struct {
	mu      sync.RWMutex
	numbers map[string]int32
	names   []string
}

const (
	firstUnknownName = math.MinInt32 // numbers that no enum of the API uses
	maxUnknownNames  = 10_000        // bounds the memory that a malicious service can use
)

func (r *nameRegistry) number(name string) int32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n, ok := r.numbers[name]; ok {
		return n
	}
	if len(r.names) >= maxUnknownNames {
		return firstUnknownName + maxUnknownNames
	}
	if r.numbers == nil {
		r.numbers = map[string]int32{}
	}
	n := firstUnknownName + int32(len(r.names)) //nolint:gosec // at most maxUnknownNames
	r.numbers[name], r.names = n, append(r.names, name)
	return n
}

func (r *nameRegistry) name(n int32) (string, bool) {
	if n > firstUnknownName+maxUnknownNames {
		return "", false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	i := int(n) - firstUnknownName
	if i >= len(r.names) {
		return "", false
	}
	return r.names[i], true
}
