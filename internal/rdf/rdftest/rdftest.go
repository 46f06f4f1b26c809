// Package rdftest holds what the tests of the RDF readers share: cases in files, triples as text, and damaged documents.
package rdftest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
)

// Reader is a reader of one format.
type Reader func(text string, emit func(rdf.Triple)) error

// Case is a document, and what is expected of it: its triples, or a part of the error.
type Case struct{ Name, Document, Want string }

// Cases reads a file below testdata: "=== name", the document, "---", the expectation, and so on. A line that
// ends in "␍" ends in a carriage return and a line feed.
func Cases(t testing.TB, name string) []Case {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var all []Case
	for part := range strings.SplitSeq(strings.ReplaceAll(string(text), "␍\n", "\r\n"), "=== ") {
		title, rest, ok := strings.Cut(part, "\n")
		if !ok {
			continue
		}
		document, want, ok := strings.Cut(rest, "\n---\n")
		if !ok {
			t.Fatalf("case %q has no expectation", title)
		}
		all = append(all, Case{title, document, strings.TrimSpace(want)})
	}
	return all
}

// Format writes the triples of a document one a line: IRIs as they are, except that the namespace of RDF is "rdf:", blank nodes as
// the reader numbers them, literals in quotation marks.
func Format(read Reader, document string) (string, error) {
	var b strings.Builder
	err := read(document, func(t rdf.Triple) {
		value := t.Object
		if t.Literal {
			value = fmt.Sprintf("%q", t.Object)
			if t.Language != "" {
				value += "@" + t.Language
			}
		}
		fmt.Fprintln(&b, t.Subject, t.Predicate, value)
	})
	return strings.TrimSpace(strings.ReplaceAll(b.String(), rdf.NS, "rdf:")), err
}

// Accepts checks that the reader gives the triples of each case.
func Accepts(t *testing.T, read Reader, cases []Case) {
	t.Helper()
	for _, c := range cases {
		got, err := Format(read, c.Document)
		if err != nil || got != c.Want {
			t.Errorf("%s: %v\n%s\nwant:\n%s", c.Name, err, got, c.Want)
		}
	}
}

// Rejects checks that the reader reports the error of each case.
func Rejects(t *testing.T, read Reader, cases []Case) {
	t.Helper()
	for _, c := range cases {
		got, err := Format(read, c.Document)
		var syntax *rdf.SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), c.Want) {
			t.Errorf("%s: %v, want an error with %q; read:\n%s", c.Name, err, c.Want, got)
		}
	}
}

// Sound checks what holds for any text: the reader ends, gives no more triples than there are bytes, and only reports syntax errors
// within the text.
func Sound(t *testing.T, read Reader, text string) {
	t.Helper()
	n := 0
	err := read(text, func(rdf.Triple) { n++ })
	if n > len(text) {
		t.Fatalf("%d triples from %d bytes: %q", n, len(text), text)
	}
	var syntax *rdf.SyntaxError
	if err != nil && (!errors.As(err, &syntax) || syntax.Line < 0 || syntax.Line > 1+strings.Count(text, "\n")) {
		t.Fatalf("%v is not within the text: %q", err, text)
	}
}

// Damaged calls check with documents of the cases in which pieces are removed, repeated, exchanged or replaced. The damage is the
// same every time.
func Damaged(cases []Case, times int, check func(text string)) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // reproducible damage, no secrets
	marks := []string{"<", ">", "\"", "'''", "[", "]", "(", ")", ".", ";", ",", "@", "^^", "\\", "_:",
		"#", "\n", "&", "{", "}", ":", "\x00", "é", "\xff"}
	for range times {
		text := cases[random.IntN(len(cases))].Document
		for range 1 + random.IntN(3) {
			from := random.IntN(len(text) + 1)
			to := min(len(text), from+random.IntN(8))
			other := cases[random.IntN(len(cases))].Document
			cut := random.IntN(len(other) + 1)
			switch random.IntN(4) {
			case 0:
				text = text[:from] + text[to:]
			case 1:
				text = text[:to] + text[from:]
			case 2:
				text = text[:from] + marks[random.IntN(len(marks))] + text[to:]
			default:
				text = text[:from] + other[cut:min(len(other), cut+20)] + text[to:]
			}
		}
		check(text)
	}
}
