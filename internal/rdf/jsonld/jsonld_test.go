package jsonld_test

import (
	"errors"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/jsonld"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/rdftest"
)

func TestParse_accepts(t *testing.T) {
	t.Parallel()
	rdftest.Accepts(t, jsonld.Parse, rdftest.Cases(t, "accepted.txt"))
}

func TestParse_rejects(t *testing.T) {
	t.Parallel()
	rdftest.Rejects(t, jsonld.Parse, rdftest.Cases(t, "rejected.txt"))
}

func all(t testing.TB) []rdftest.Case {
	return append(rdftest.Cases(t, "accepted.txt"), rdftest.Cases(t, "rejected.txt")...)
}

// sound checks that the reader ends and only reports syntax errors.
func sound(t *testing.T, text string) {
	err := jsonld.Parse(text, func(rdf.Triple) {})
	var syntax *rdf.SyntaxError
	if err != nil && !errors.As(err, &syntax) {
		t.Fatalf("%v is no syntax error", err)
	}
}

func TestParse_damaged(t *testing.T) {
	t.Parallel()
	rdftest.Damaged(all(t), 3_000, func(text string) { sound(t, text) })
}

func FuzzParse(f *testing.F) {
	for _, c := range all(f) {
		f.Add(c.Document)
	}
	f.Fuzz(sound)
}
