package protocheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Every message type of the client's package is part of a request or a response in the list.
func TestWireTypes_allAreCompared(t *testing.T) {
	compared := map[string]bool{}
	for _, value := range wireTypes {
		reach(reflect.TypeOf(value), compared)
	}
	found := 0
	for _, declaration := range clientDeclarations(t, "*.go") {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			declared, ok := spec.(*ast.TypeSpec)
			if !ok || !declared.Name.IsExported() || !isMessage(declared.Type) {
				continue
			}
			if declared.Name.Name == "Page" {
				continue // part of queries, not of messages
			}
			found++
			if !compared[declared.Name.Name] {
				t.Errorf("%s is compared with nothing", declared.Name.Name)
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d messages were found", found)
	}
}

// isMessage reports whether a type is a struct with JSON fields, its own or those of the envelope.
func isMessage(declared ast.Expr) bool {
	message, ok := declared.(*ast.StructType)
	return ok && slices.ContainsFunc(message.Fields.List, func(f *ast.Field) bool {
		embedded, _ := f.Type.(*ast.Ident)
		return f.Tag != nil && strings.Contains(f.Tag.Value, "json:") || len(f.Names) == 0 && embedded != nil && embedded.Name == "Envelope"
	})
}

// reach records the names of all structs that a type consists of.
func reach(kind reflect.Type, names map[string]bool) {
	switch kind.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		reach(kind.Elem(), names)
	case reflect.Struct:
		if names[kind.Name()] {
			return
		}
		names[kind.Name()] = true
		for i := range kind.NumField() {
			reach(kind.Field(i).Type, names)
		}
	}
}

// enumConstants are the client's enums whose constants are compared, with their official names.
var enumConstants = map[string]protoreflect.FullName{
	"DatasetSplitMethod":             "clarifai.api.SplitIntoDatasets.DatasetSplitMethod",
	"DatasetVersionExportFormat":     "clarifai.api.DatasetVersionExportFormat",
	"DatasetVersionMetricsGroupType": "clarifai.api.DatasetVersionMetricsGroupType",
	"DatasetVersionRequestOrigin":    "clarifai.api.DatasetVersionRequestOrigin",
	"EmbeddingsStorage":              "clarifai.api.App.EmbeddingsStorage",
	"Gettable":                       "clarifai.api.Visibility.Gettable",
	"InputIDConflictResolution":      "clarifai.api.InputIDConflictResolution",
	"PointVisibility":                "clarifai.api.Point.Visibility",
	"SearchMetric":                   "clarifai.api.Search.Metric",
	"StatusCode":                     "clarifai.api.status.StatusCode",
	"WorkflowModelUseCase":           "clarifai.api.WorkflowModelUseCase",
}

// otherNames are constants whose names do not contain the official ones, with these.
var otherNames = map[string]string{"DatasetSplitRandomPercentage": "RANDOM_PERCENTAGE_SPLIT"}

// Constants of enums have the numbers of the definitions, under names that contain the official ones.
func TestConstants_matchDefinitions(t *testing.T) {
	checker := Need(t)
	compared := map[string]bool{}
	for _, c := range clientConstants(t) {
		official, ok := enumConstants[c.kind]
		if !ok {
			t.Errorf("%s: it is not said which enum %s is", c.name, c.kind)
			continue
		}
		compared[c.kind] = true
		enum := checker.newest.enum(official)
		if enum == nil {
			t.Errorf("%s: there is no enum %s", c.kind, official)
			continue
		}
		value := enum.Values().ByNumber(c.number)
		switch {
		case value == nil && c.kind == "StatusCode" && newerCodes[c.number]:
		case value == nil:
			t.Errorf("%s: %d is no value of %s", c.name, c.number, official)
		case c.kind == "StatusCode":
			if got := clarifai.StatusCode(c.number).Name(); got != string(value.Name()) {
				t.Errorf("%s: %d is called %s in the table, officially %s", c.name, c.number, got, value.Name())
			}
		case c.number != 0 && !strings.Contains(letters(c.name), letters(string(value.Name()))) && otherNames[c.name] != string(value.Name()):
			t.Errorf("%s is %d, which is officially %s", c.name, c.number, value.Name())
		}
	}
	for kind := range enumConstants {
		if !compared[kind] {
			t.Errorf("%s has no constants", kind)
		}
	}
}

// The client's table of status codes has the official names.
func TestStatusCodes_matchDefinitions(t *testing.T) {
	checker := Need(t)
	enum := checker.newest.enum("clarifai.api.status.StatusCode")
	for _, code := range clarifai.StatusCodes() {
		value := enum.Values().ByNumber(protoreflect.EnumNumber(code))
		switch {
		case value == nil && newerCodes[protoreflect.EnumNumber(code)]:
		case value == nil:
			t.Errorf("%d %s is not in the definitions", code, code.Name())
		case string(value.Name()) != code.Name():
			t.Errorf("%d is called %s, officially %s", code, code.Name(), value.Name())
		}
	}
}

// letters returns a name in lower case without underscores.
func letters(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

func (d *definitions) enum(name protoreflect.FullName) protoreflect.EnumDescriptor {
	found, err := d.files.FindDescriptorByName(name)
	if err != nil {
		return nil
	}
	enum, _ := found.(protoreflect.EnumDescriptor)
	return enum
}

type constant struct {
	name, kind string
	number     protoreflect.EnumNumber
}

// clientConstants returns the constants of the client's package that are numbers of a named type.
func clientConstants(t *testing.T) []constant {
	t.Helper()
	var all []constant
	for _, declaration := range clientDeclarations(t, "*.go") {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || general.Tok != token.CONST {
			continue
		}
		for _, spec := range general.Specs {
			declared := spec.(*ast.ValueSpec)
			kind, ok := declared.Type.(*ast.Ident)
			if !ok || !kind.IsExported() || len(declared.Values) != 1 {
				continue
			}
			literal, ok := declared.Values[0].(*ast.BasicLit)
			if !ok || literal.Kind != token.INT {
				continue
			}
			number, err := strconv.ParseInt(literal.Value, 10, 32)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, constant{declared.Names[0].Name, kind.Name, protoreflect.EnumNumber(number)})
		}
	}
	return all
}

// clientDeclarations returns the top-level declarations in files of the client's package.
func clientDeclarations(t *testing.T, pattern string) []ast.Decl {
	t.Helper()
	files, err := filepath.Glob("../../clarifai/" + pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	var all []ast.Decl
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = slices.Concat(all, file.Decls)
	}
	return all
}
