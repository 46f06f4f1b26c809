package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// check writes a file into a tree of its own and returns what is found there.
func check(t *testing.T, path, content string) []string {
	t.Helper()
	rules, err := parseRules(wordList)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	file := filepath.Join(root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	findings, err := rules.checkTree(root)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, f := range findings {
		texts = append(texts, f.String())
	}
	return texts
}

// A planted word is found wherever people read it, and nowhere else.
func TestPlantedWord(t *testing.T) {
	tests := map[string]struct {
		path, content string
		want          []string // path, line and word of each finding
	}{
		"Markdown": {"README.md", "One.\n\nThe input is made\nanew.\n", []string{`README.md:3: "made anew"`, `README.md:4: "anew"`}},
		"template": {"templates/guides/a.md.tmpl", "A picture.", []string{`a.md.tmpl:1: "picture"`}},
		"example":  {"examples/resources/x/resource.tf", "# The ledger\nresource \"x\" \"y\" {}", []string{`resource.tf:1: "ledger"`}},
		"comment": {"internal/x/a.go", "package x\n\n// The concepts are taken\n// over by it.\nvar a int",
			[]string{`a.go:3: "taken over"`}},
		"comment of a test": {"internal/x/a_test.go", "package x\n// Whoever\nvar a = \"whoever\"", []string{`a_test.go:2: "Whoever"`}},
		"description": {"internal/x/a.go", "package x\nconst a = \"Refuses pictures.\"",
			[]string{`a.go:2: "Refuses"`, `a.go:2: "pictures"`}},
		"raw string": {"internal/x/a.go", "package x\nconst a = `\n\nforgotten`", []string{`a.go:4: "forgotten"`}},
		"evidence mark": {"internal/x/a.go", "package x\n\n// a is sent (inferred).\nconst a = \"Sent (inferred).\"",
			[]string{`a.go:4: "(inferred)"`}},
		"name":              {"internal/x/a.go", "package x\nfunc f() { theShelf := 1; _ = theShelf }", []string{`a.go:2: "theShelf"`}},
		"name of a package": {"internal/clarifai/a.go", "package clarifai\ntype roundTrip struct{ gate int }", []string{`a.go:2: "gate"`}},
		"plain words":       {"README.md", "A call in line, this kind of work, in its place. Troubleshooting. Encircled. Unforgettable.", nil},
		"inline code":       {"README.md", "The argument `foreign` and `take over`.", nil},
		"another package":   {"internal/service/app/a.go", "package app\nvar gate int", nil},
		"part of a name":    {"internal/x/a.go", "package x\nvar aboardroom int", nil},
		"generated pages":   {"docs/index.md", "Whoever", nil},
		"test data":         {"internal/x/testdata/a.md", "Whoever", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := check(t, test.path, test.content)
			if len(got) != len(test.want) {
				t.Fatalf("found %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("found %q, want %q", got[i], want)
				}
			}
		})
	}
}

func TestParseRules(t *testing.T) {
	for list, want := range map[string]string{
		"text | a(":                   "want SCOPE | PATTERN | INSTEAD",
		"text | a( | b":               "missing closing",
		"prose | a | b":               "unknown scope",
		"# comment\n\nname x | ( | b": "line 3",
	} {
		if _, err := parseRules(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", list, err, want)
		}
	}
	rules, err := parseRules("text | abc|d e | f\nexcept | README.md | abc|d e")
	if err != nil {
		t.Fatal(err)
	}
	if got := rules.checkText("A.md", 1, "abc d\ne", true); len(got) != 2 {
		t.Errorf("found %v, want both alternatives", got)
	}
	if got := rules.checkText("README.md", 1, "abc d\ne", true); len(got) != 0 {
		t.Errorf("found %v in a file with an exception", got)
	}
}

func TestWordsOf(t *testing.T) {
	for name, want := range map[string][]string{
		"planShelf": {"plan", "shelf"},
		"HTTPRider": {"http", "rider"},
		"a_b":       {"a", "b"},
		"URL":       {"url"},
	} {
		if got := wordsOf(name); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
