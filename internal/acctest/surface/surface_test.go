package surface

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

const testdata = "../../clarifai/testdata"

// table is the table of the surface.
func table(t *testing.T) []Field {
	t.Helper()
	file, err := os.Open(filepath.Join(testdata, "surface.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fields, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

// documented returns the names that the documentation lists, by operation: a path or query parameter as it is, a field of
// a body as its last name.
func documented(t *testing.T) map[string][]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(testdata, "documented_fields.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 3 {
			t.Fatalf("%q has %d columns, not 3", line, len(columns))
		}
		names[columns[0]] = append(names[columns[0]], strings.Fields(columns[2])...)
	}
	return names
}

var underscore = regexp.MustCompile(`_[a-z0-9]`)

// camel is a name as the documentation spells it.
func camel(name string) string {
	return underscore.ReplaceAllStringFunc(name, func(s string) string { return strings.ToUpper(s[1:]) })
}

// The table has every name of the documentation as often as the documentation has it, and no other.
func TestTableHasTheDocumentedNames(t *testing.T) {
	want := documented(t)
	if len(want) != 50 {
		t.Fatalf("the documentation has %d operations, not 50", len(want))
	}
	got := map[string][]string{}
	for _, f := range table(t) {
		name := camel(f.Path)
		if !slices.Contains(want[f.Operation], name) { // of a body
			name = name[strings.LastIndex(name, ".")+1:]
		}
		got[f.Operation] = append(got[f.Operation], name)
	}
	for operation, names := range got {
		slices.Sort(names)
		wanted := slices.Sorted(slices.Values(want[operation]))
		if !slices.Equal(names, wanted) {
			t.Errorf("%s: the table has %v, the documentation %v", operation, names, wanted)
		}
		delete(want, operation)
	}
	for operation := range want {
		t.Errorf("the table lacks %s", operation)
	}
}

var sources = []string{"doc", "proto", "docs", "sdk", "inferred"}

func TestTableIsConsistent(t *testing.T) {
	type key struct{ operation, path string }
	classes := map[key]Class{}
	fields := table(t)
	counts := map[Class]int{}
	settableBelow := map[key]bool{}
	for _, f := range fields {
		k := key{f.Operation, f.Path}
		if classes[k] != "" {
			t.Errorf("%s %s is there twice", f.Operation, f.Path)
		}
		classes[k] = f.Class
		counts[f.Class]++
		for i, r := range f.Path {
			if r == '.' && f.Class == Settable {
				settableBelow[key{f.Operation, f.Path[:i]}] = true
			}
		}
	}
	for _, f := range fields {
		k := key{f.Operation, f.Path}
		switch f.Class {
		case Settable:
			if (f.By == ByFields) != settableBelow[k] {
				t.Errorf("%s %s is set by %q; fields below it are settable: %t", f.Operation, f.Path, f.By, settableBelow[k])
			}
		case NotOffered, OutputOnly, Deprecated:
			if settableBelow[k] {
				t.Errorf("%s %s is %s, and a field below it is settable", f.Operation, f.Path, f.Class)
			}
		case InPath:
		default:
			t.Errorf("%s %s has the unknown class %q", f.Operation, f.Path, f.Class)
		}
		if f.By == "" && (f.Class == Settable || f.Class == NotOffered) {
			t.Errorf("%s %s is %s, and the table does not say how or why", f.Operation, f.Path, f.Class)
		}
		if parent, ok := classes[key{f.Operation, parentOf(f.Path)}]; ok && parent != Settable && parent != f.Class {
			t.Errorf("%s %s is %s inside a field that is %s", f.Operation, f.Path, f.Class, parent)
		}
		if name, ok := strings.CutPrefix(f.Source, "recorded:"); ok {
			if _, err := os.Stat(filepath.Join(testdata, "recorded", name)); err != nil {
				t.Errorf("%s %s: %v", f.Operation, f.Path, err)
			}
		} else if !slices.Contains(sources, f.Source) {
			t.Errorf("%s %s has the unknown source %q", f.Operation, f.Path, f.Source)
		}
	}
	if offered, not := counts[Settable], counts[NotOffered]; 20*not > offered+not {
		t.Errorf("%d of %d fields that a client can set are not offered: more than 5%%", not, offered+not)
	}
	t.Logf("%d fields: %v", len(fields), counts)
}

func parentOf(path string) string {
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[:i]
	}
	return ""
}

// Every field of the table is in the official definitions, and what it calls deprecated is deprecated there unless the
// table says why.
func TestTableMatchesTheDefinitions(t *testing.T) {
	checker := protocheck.Need(t)
	for _, f := range table(t) {
		if f.Operation == "PostConceptMappingJobs" {
			continue // neither release has it
		}
		found, deprecated := checker.RequestField(f.Operation, f.Path)
		if !found {
			t.Errorf("the request of %s has no %s", f.Operation, f.Path)
		}
		if f.Class == Deprecated && f.By == "" && !deprecated {
			t.Errorf("%s %s is not deprecated in the definitions", f.Operation, f.Path)
		}
	}
}

// Every attribute that the table names is in the provider's schemas, and can be set.
func TestSettableFieldsHaveAttributes(t *testing.T) {
	server, err := provider.NewServer("test")()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, f := range table(t) {
		if f.Class != Settable || f.By == ByFields || strings.HasPrefix(f.By, "(provider) ") {
			continue
		}
		for name := range strings.FieldsSeq(f.By) {
			if problem := attributeProblem(schemas, name); problem != "" {
				t.Errorf("%s %s: %s %s", f.Operation, f.Path, name, problem)
			}
			checked++
		}
	}
	if checked < 200 {
		t.Errorf("only %d attributes were checked", checked)
	}
	for _, wrong := range []string{
		"clarifai_dataset.nothing", "clarifai_dataset.created_at", "data.clarifai_nothing.id", "clarifai_dataset.id.deeper",
	} {
		if attributeProblem(schemas, wrong) == "" {
			t.Errorf("%s is no attribute that can be set, and the test does not notice", wrong)
		}
	}
}

// attributeProblem says why a name such as data.clarifai_datasets.sort_by is no attribute that can be set, or nothing.
func attributeProblem(schemas *tfprotov6.GetProviderSchemaResponse, name string) string {
	of := schemas.ResourceSchemas
	kind, rest, _ := strings.Cut(name, ".")
	var schema *tfprotov6.Schema
	switch kind {
	case "data":
		of, name = schemas.DataSourceSchemas, rest
	case "list":
		of, name = schemas.ListResourceSchemas, rest
	case "action":
		typeName, _, _ := strings.Cut(rest, ".")
		if action := schemas.ActionSchemas[typeName]; action != nil {
			schema = action.Schema
		}
		name = rest
	}
	typeName, path, _ := strings.Cut(name, ".")
	if kind != "action" {
		schema = of[typeName]
	}
	if schema == nil {
		return "has no such type"
	}
	attributes := schema.Block.Attributes
	for step := range strings.SplitSeq(path, ".") {
		i := slices.IndexFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == step })
		if i < 0 {
			return "is not in the schema"
		}
		if !attributes[i].Optional && !attributes[i].Required {
			return "cannot be set"
		}
		nested := attributes[i].NestedType
		attributes = nil
		if nested != nil {
			attributes = nested.Attributes
		}
	}
	return ""
}

func TestSent(t *testing.T) {
	call := emulator.Call{
		Query: map[string][]string{"page": {"1"}, "descending": {"false"}, "search": {""}, "fields.test_set": {"true"}, "ids": {"", "a"}},
		Request: []byte(`{
			"user_app_id": {},
			"inputs": [
				{"id": "", "data": {"concepts": [{"id": "cat", "value": 0}, {"id": "dog", "value": 1}], "image": null}, "n": 0.0},
				{"data": {"text": {"raw": "x"}}, "save": false, "empty": [], "marker": {"image": {}}}
			],
			"only_count": true
		}`),
	}
	want := []string{
		"fields", "fields.test_set", "ids", "inputs", "inputs.data", "inputs.data.concepts", "inputs.data.concepts.id",
		"inputs.data.concepts.value", "inputs.data.text", "inputs.data.text.raw", "inputs.marker", "only_count", "page",
	}
	got, err := Sent(call)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if _, err := Sent(emulator.Call{Request: []byte(`{"a": [`)}); err == nil {
		t.Error("a body that is cut off gives no error")
	}
}

func TestReadRejectsOtherColumns(t *testing.T) {
	if _, err := Read(strings.NewReader("# comment\n\na\tb\tc\n")); err == nil || err.Error() != "line 3 has 3 columns, not 5" {
		t.Errorf("got %v", err)
	}
}
