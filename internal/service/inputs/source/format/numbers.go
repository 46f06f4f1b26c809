package format

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Number is a JSON number, which some programs write as a string.
type Number float64

// UnmarshalJSON reads a number or a string with one.
func (n *Number) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return errors.New("not a number")
	}
	*n = Number(f)
	return nil
}

// Key is an id as text, whether it was a JSON number or a string.
func Key(value jsontext.Value) string {
	if value.Kind() == '"' {
		if text, err := jsontext.AppendUnquote(nil, value); err == nil {
			return string(text)
		}
	}
	if value.Kind() == 'n' {
		return ""
	}
	text := string(value)
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return strconv.FormatInt(int64(f), 10) // 7.0 is 7
	}
	return text
}

// ParseFloat reads a number of a text file. Infinity and NaN are none.
func ParseFloat(text string) (float64, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, errors.New(strconv.Quote(text) + " is not a number")
	}
	return f, nil
}
