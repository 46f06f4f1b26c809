package clarifai

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// responseTypes are the messages of all responses.
var responseTypes = []func() any{
	func() any { return &BaseResponse{} }, func() any { return &MultiAnnotationFilterResponse{} },
	func() any { return &MultiAnnotationResponse{} }, func() any { return &MultiAppDuplicationsResponse{} },
	func() any { return &MultiAppResponse{} }, func() any { return &MultiBulkOperationsResponse{} },
	func() any { return &MultiConceptCountResponse{} }, func() any { return &MultiConceptLanguageResponse{} },
	func() any { return &MultiConceptMappingJobResponse{} }, func() any { return &MultiConceptRelationResponse{} },
	func() any { return &MultiConceptResponse{} }, func() any { return &MultiDatasetInputResponse{} },
	func() any { return &MultiDatasetResponse{} }, func() any { return &MultiDatasetVersionExportResponse{} },
	func() any { return &MultiDatasetVersionMetricsGroupResponse{} }, func() any { return &MultiDatasetVersionResponse{} },
	func() any { return &MultiEvalMetricsResponse{} }, func() any { return &MultiInputResponse{} },
	func() any { return &MultiInputsAddJobResponse{} }, func() any { return &MultiInputsExtractionJobResponse{} },
	func() any { return &MultiKnowledgeGraphResponse{} }, func() any { return &MultiModelVersionResponse{} },
	func() any { return &MultiScopeResponse{} }, func() any { return &MultiSearchResponse{} },
	func() any { return &MultiStatusCodeResponse{} }, func() any { return &MultiUploadResponse{} },
	func() any { return &SingleAppDuplicationResponse{} }, func() any { return &SingleConceptResponse{} },
	func() any { return &SingleDatasetVersionResponse{} }, func() any { return &SingleEvalMetricsResponse{} },
	func() any { return &SingleInputCountResponse{} }, func() any { return &SingleInputResponse{} },
	func() any { return &SingleModelResponse{} }, func() any { return &SingleModelTypeResponse{} },
	func() any { return &SingleSearchResponse{} }, func() any { return &SingleUploadResponse{} },
	func() any { return &SingleUserResponse{} }, func() any { return &briefInputsResponse{} },
}

// extremes are values that the JSON mapping of protobuf allows for a field of a type, as JSON.
func extremes(kind reflect.Type) []string {
	quoted := func(numbers ...string) []string {
		for _, n := range numbers {
			numbers = append(numbers, strconv.Quote(n))
		}
		return append(numbers, "null")
	}
	switch kind {
	case reflect.TypeFor[Float]():
		return append(quoted("0", "-0", "0.7", "1e-45", "3.4028235e38", "1e39", "-1e308"),
			`"NaN"`, `"Infinity"`, `"-Infinity"`, "true", "false")
	case reflect.TypeFor[float64]():
		return append(quoted("0", "0.1", "1.7976931348623157e308", "-5e-324"), `"NaN"`, `"Infinity"`, `"-Infinity"`)
	case reflect.TypeFor[Int64]():
		return quoted("0", "-1", "9223372036854775807", "-9223372036854775808")
	case reflect.TypeFor[Uint64]():
		return quoted("0", "1", "18446744073709551615")
	case reflect.TypeFor[int32]():
		return quoted("0", "-1", "2147483647", "-2147483648")
	case reflect.TypeFor[uint32]():
		return quoted("0", "1", "4294967295")
	case reflect.TypeFor[time.Time]():
		return []string{`"0001-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.999999999Z"`, `"2024-02-29T12:00:00.123456+05:30"`, "null"}
	case reflect.TypeFor[Struct]():
		return []string{"{}", `{"a":{"b":[1,null,"x"]}}`, `"text"`, "1e400", "null"}
	case reflect.TypeFor[[]byte]():
		return []string{`""`, `"AAEC/w=="`, "null"}
	}
	switch {
	case kind.Implements(reflect.TypeFor[interface{ Name() string }]()), reflect.PointerTo(kind).Implements(reflect.TypeFor[enumValue]()):
		return append(quoted("0", "1", "4711", "-1", "2147483647", "-2147483648"), `"NEWER"`, `""`)
	case kind.Kind() == reflect.String:
		return []string{`""`, `"x"`, `"\u0000\ud83d\ude00\n"`, `"` + strings.Repeat("long ", 1000) + `"`, "null"}
	case kind.Kind() == reflect.Bool:
		return []string{"true", "false", "null"}
	}
	return nil
}

// fields calls visit with the JSON of a message that holds each extreme value of each field once, down to a depth that
// covers every type of this package.
func fields(kind reflect.Type, seen map[reflect.Type]bool, wrap func(string) string, visit func(string)) {
	if values := extremes(kind); values != nil {
		for _, v := range values {
			visit(wrap(v))
		}
		return
	}
	switch kind.Kind() {
	case reflect.Pointer:
		visit(wrap("null"))
		fields(kind.Elem(), seen, wrap, visit)
	case reflect.Slice:
		visit(wrap("null"))
		visit(wrap("[]"))
		if kind.Elem().Kind() == reflect.Struct || kind.Elem().Kind() == reflect.Pointer {
			visit(wrap("[null]"))
			visit(wrap("[{},null,{}]"))
		}
		fields(kind.Elem(), seen, func(v string) string { return wrap("[" + v + "," + v + "]") }, visit)
	case reflect.Map:
		visit(wrap("null"))
		fields(kind.Elem(), seen, func(v string) string { return wrap(`{"":` + v + `,"key":` + v + `}`) }, visit)
	case reflect.Struct:
		if seen[kind] {
			return
		}
		seen[kind] = true
		visit(wrap("null"))
		visit(wrap("{}"))
		for i := range kind.NumField() {
			field := kind.Field(i)
			if field.Anonymous && field.Type == reflect.TypeFor[Envelope]() {
				continue
			}
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			fields(field.Type, seen, func(v string) string { return wrap(`{"` + name + `":` + v + `}`) }, visit)
		}
	default:
		panic("no values for " + kind.String())
	}
}

// Every value that a field of a response can have is decoded, and what was decoded can be encoded again: no field makes
// a response unreadable, and no number that cannot be stored gets through.
func TestDecode_extremeValuesOfEveryField(t *testing.T) {
	t.Parallel()
	count := 0
	for _, message := range responseTypes {
		fields(reflect.TypeOf(message()).Elem(), map[reflect.Type]bool{}, func(v string) string { return v }, func(text string) {
			count++
			v := message()
			if err := Decode([]byte(text), v); err != nil {
				t.Errorf("%T: %.200s: %v", v, text, err)
				return
			}
			written, err := Encode(v)
			if err != nil {
				t.Errorf("%T: %.200s cannot be encoded again: %v", v, text, err)
				return
			}
			if err := Decode(written, message()); err != nil {
				t.Errorf("%T: %.200s became %.200s: %v", v, text, written, err)
			}
		})
	}
	if count < 5000 {
		t.Errorf("only %d values", count)
	}
	t.Logf("%d values", count)
}

func TestDecode_numbersThatAreNotFinite(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"NaN"`, `"Infinity"`, `"-Infinity"`, "1e39", `"1e400"`} {
		var v struct {
			Pointer *Float  `json:"p"`
			Value   Float   `json:"v"`
			Double  float64 `json:"d"`
		}
		double := text
		if text == "1e39" {
			double = "1e400"
		}
		if err := Decode([]byte(`{"p":`+text+`,"v":`+text+`,"d":`+double+`}`), &v); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if v.Pointer != nil || v.Value.Finite() || v.Double != 0 {
			t.Errorf("%s became %v, %v, %v", text, v.Pointer, v.Value, v.Double)
		}
		if written, err := Encode(v.Value); err != nil || string(written) != "null" {
			t.Errorf("%s is written as %s, %v", text, written, err)
		}
	}
	if NewFloat(math.Inf(1)).Finite() || NewFloat(math.MaxFloat64).Finite() || !NewFloat(math.MaxFloat32).Finite() {
		t.Error("NewFloat lets through what the API cannot hold")
	}
}

func TestDecode_unknownEnumNamesAreBounded(t *testing.T) {
	var r nameRegistry
	first := r.number("FIRST")
	for i := range 2 * maxUnknownNames {
		r.number("NAME_" + strconv.Itoa(i))
	}
	if name, ok := r.name(first); !ok || name != "FIRST" || len(r.names) != maxUnknownNames {
		t.Errorf("%q, %v; %d names are kept", name, ok, len(r.names))
	}
	if _, ok := r.name(r.number("ONE_TOO_MANY")); ok {
		t.Error("a name beyond the bound was kept")
	}
}

// No text makes a decoder panic, and what it accepts can be encoded again.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/recorded/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no recorded responses")
	}
	for i, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), raw) //nolint:gosec // some dozens of files
	}
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		v := responseTypes[int(kind)%len(responseTypes)]()
		if Decode(text, v) != nil {
			return
		}
		if _, err := Encode(v); err != nil {
			t.Errorf("%T of %q cannot be encoded again: %v", v, text, err)
		}
	})
}
