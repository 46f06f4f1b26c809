package clarifai

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// The files of testdata/recorded are responses of the real service that were published: Clarifai/docs (doc_), Clarifai/examples
// (nb_), clarifai-python (sdk_), the test data of clarifai-java (java_) and of oharlem/clarifai-client-go (go2016_), and
// Clarifai/old-docs (olddocs_). IDs, keys and names of people are replaced.

// recordedMessages are the types of recorded responses by the field that carries the result.
var recordedMessages = map[string]func() any{
	"concept":                func() any { return &SingleConceptResponse{} },
	"concepts":               func() any { return &MultiConceptResponse{} },
	"concept_language":       func() any { return &SingleConceptLanguageResponse{} },
	"concept_languages":      func() any { return &MultiConceptLanguageResponse{} },
	"concept_relations":      func() any { return &MultiConceptRelationResponse{} },
	"input":                  func() any { return &SingleInputResponse{} },
	"inputs":                 func() any { return &MultiInputResponse{} },
	"counts":                 func() any { return &SingleInputCountResponse{} },
	"hits":                   func() any { return &MultiSearchResponse{} },
	"inputs_add_jobs":        func() any { return &MultiInputsAddJobResponse{} },
	"inputs_extraction_job":  func() any { return &SingleInputsExtractionJobResponse{} },
	"inputs_extraction_jobs": func() any { return &MultiInputsExtractionJobResponse{} },
	"outputs": func() any {
		return &struct {
			Envelope
			Outputs []struct {
				Data *Data `json:"data,omitzero"`
			} `json:"outputs"`
		}{}
	},
	"": func() any { return &BaseResponse{} },
}

// recordedResponses returns the recorded responses by name, as trees, and the type that each is decoded into.
func recordedResponses(t *testing.T) (trees map[string]any, messages map[string]func() any) {
	t.Helper()
	files, err := filepath.Glob("testdata/recorded/*.json")
	if err != nil || len(files) < 45 {
		t.Fatalf("%d recorded responses, %v", len(files), err)
	}
	trees, messages = map[string]any{}, map[string]func() any{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if name == "go2016_not_found" {
			continue // the page of a gateway; see TestRecorded_gateway
		}
		trees[name] = tree(t, raw)
		members, ok := trees[name].(map[string]any)
		if !ok {
			messages[name] = func() any { return &[]Annotation{} }
			continue
		}
		key := ""
		for member := range members {
			if member != "status" && member != "id" {
				key = member
			}
		}
		messages[name] = recordedMessages[key]
		if key == "eval_metrics" {
			messages[name] = func() any { return &MultiEvalMetricsResponse{} }
			if _, one := members[key].(map[string]any); one {
				messages[name] = func() any { return &SingleEvalMetricsResponse{} }
			}
		}
		if messages[name] == nil {
			t.Errorf("%s: no type for %q", name, key)
		}
	}
	return trees, messages
}

func decodeTree(t *testing.T, tree any, into any) error {
	t.Helper()
	raw, err := json.Marshal(tree, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return Decode(raw, into)
}

// Decoding a recorded response loses only the fields that this package does not know.
func TestRecorded(t *testing.T) {
	trees, messages := recordedResponses(t)
	for name, recorded := range trees {
		message := messages[name]()
		if err := decodeTree(t, recorded, message); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v := reflect.ValueOf(message).Elem(); v.Kind() == reflect.Struct && !strings.HasPrefix(name, "java_delete") {
			if v.Field(0).Interface().(Envelope).Status.Code == 0 {
				t.Errorf("%s has no status", name)
			}
			empty := v.NumField() > 1
			for i := 1; i < v.NumField(); i++ {
				empty = empty && v.Field(i).IsZero()
			}
			if empty && hasContent(recorded) {
				t.Errorf("%s was decoded to nothing", name)
			}
		}
	}
}

// hasContent reports whether a recorded response has anything besides its status.
func hasContent(response any) bool {
	members, ok := response.(map[string]any)
	for name, value := range members {
		if list, isList := value.([]any); name != "status" && value != nil && (!isList || len(list) > 0) {
			return true
		}
	}
	return !ok
}

// places calls visit for every member of every object below v, outside of free objects, with a function that gives the
// tree with another value in its place. drop as a value removes the member.
func places(v any, visit func(path string, value any, with func(any) any)) {
	walkPlaces("", v, func(x any) any { return x }, visit)
}

type dropped struct{}

func walkPlaces(path string, v any, whole func(any) any, visit func(string, any, func(any) any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			with := func(value any) any {
				changed := maps.Clone(v)
				if _, drop := value.(dropped); drop {
					delete(changed, key)
				} else {
					changed[key] = value
				}
				return whole(changed)
			}
			visit(path+"."+key, v[key], with)
			if key != "metadata" {
				walkPlaces(path+"."+key, v[key], with, visit)
			}
		}
	case []any:
		for i := range v {
			walkPlaces(fmt.Sprintf("%s[%d]", path, i), v[i], func(value any) any {
				changed := slices.Clone(v)
				changed[i] = value
				return whole(changed)
			}, visit)
		}
	}
}

// sameDecoded reports a difference between what two trees are decoded to.
func sameDecoded(t *testing.T, what string, message func() any, a, b any) {
	t.Helper()
	first, second := message(), message()
	if err := decodeTree(t, a, first); err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if err := decodeTree(t, b, second); err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if diff := cmp.Diff(first, second, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		t.Errorf("%s:\n%s", what, diff)
	}
}

func TestRecorded_numbersInQuotes(t *testing.T) {
	trees, messages := recordedResponses(t)
	count := 0
	for name, recorded := range trees {
		places(recorded, func(path string, value any, with func(any) any) {
			if number, ok := value.(float64); ok {
				count++
				sameDecoded(t, name+path+" in quotes", messages[name], recorded, with(fmt.Sprintf("%v", number)))
			}
		})
	}
	if count < 150 {
		t.Errorf("only %d numbers", count)
	}
}

func TestRecorded_unknownMembers(t *testing.T) {
	trees, messages := recordedResponses(t)
	for name, recorded := range trees {
		places(recorded, func(path string, value any, with func(any) any) {
			object, ok := value.(map[string]any)
			if !ok || strings.HasSuffix(path, ".metadata") {
				return
			}
			for _, unknown := range []any{"text", 1.5, true, nil, []any{nil}, map[string]any{"code": "x"}} {
				more := maps.Clone(object)
				more["newer_than_this_client"] = unknown
				sameDecoded(t, fmt.Sprintf("%s%s with an unknown %v", name, path, unknown), messages[name], recorded, with(more))
			}
		})
	}
}

func TestRecorded_nullIsAbsent(t *testing.T) {
	trees, messages := recordedResponses(t)
	for name, recorded := range trees {
		places(recorded, func(path string, _ any, with func(any) any) {
			sameDecoded(t, name+path+" as null", messages[name], with(dropped{}), with(nil))
		})
	}
}

// Enums occur as numbers and names, and both may be newer than this package.
func TestRecorded_unknownEnumValues(t *testing.T) {
	trees, messages := recordedResponses(t)
	count := 0
	for name, recorded := range trees {
		places(recorded, func(path string, _ any, with func(any) any) {
			if !strings.HasSuffix(path, ".gettable") && !strings.HasSuffix(path, ".code") {
				return
			}
			count++
			for _, unknown := range []any{4711.0, -1.0, "NEWER_THAN_THIS_CLIENT"} {
				message := messages[name]()
				if err := decodeTree(t, with(unknown), message); err != nil {
					t.Errorf("%s%s = %v: %v", name, path, unknown, err)
					continue
				}
				written, err := Encode(message)
				if err != nil || !strings.Contains(string(written), fmt.Sprint(unknown)) && !strings.HasSuffix(path, ".code") {
					t.Errorf("%s%s = %v is lost: %s, %v", name, path, unknown, written, err)
				}
			}
		})
	}
	if count < 80 {
		t.Errorf("only %d enums", count)
	}
}

// The gateway of 2016 put a text where the status is.
func TestRecorded_gateway(t *testing.T) {
	raw, err := os.ReadFile("testdata/recorded/go2016_not_found.json")
	if err != nil {
		t.Fatal(err)
	}
	client, _, _ := testClient(t, nil, answer(404, string(raw)))
	if err := get(t.Context(), client); err == nil || IsNotFound(err) || !strings.Contains(err.Error(), "not one of the Clarifai API") {
		t.Errorf("error = %v", err)
	}
}
