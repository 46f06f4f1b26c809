package rdf_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
)

// The references are those of RFC 3986, sections 5.4.1 and 5.4.2, and some IRIs.
func TestResolve(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]string{
		"g:h": "g:h", "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g", "//g": "http://g",
		"?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y", "#s": "http://a/b/c/d;p?q#s", "g#s": "http://a/b/c/g#s",
		"g?y#s": "http://a/b/c/g?y#s", ";x": "http://a/b/c/;x", "g;x": "http://a/b/c/g;x", "": "http://a/b/c/d;p?q", ".": "http://a/b/c/",
		"./": "http://a/b/c/", "..": "http://a/b/", "../": "http://a/b/", "../g": "http://a/b/g", "../..": "http://a/", "../../g": "http://a/g",
		"../../../g": "http://a/g", "/./g": "http://a/g", "/../g": "http://a/g", "g.": "http://a/b/c/g.", "..g": "http://a/b/c/..g",
		"./g/.": "http://a/b/c/g/", "g/./h": "http://a/b/c/g/h", "g/../h": "http://a/b/c/h", "café ü": "http://a/b/c/café ü",
	} {
		if got := rdf.Resolve("http://a/b/c/d;p?q", reference); got != want {
			t.Errorf("%q is %q, want %q", reference, got, want)
		}
	}
	for _, c := range []struct{ base, reference, want string }{
		{"", "g", "g"}, {"", "#g", "#g"}, {"http://a", "g", "http://a/g"}, {"urn:x:y", "#g", "urn:x:y#g"}, {"http://a/b#c", "", "http://a/b"},
	} {
		if got := rdf.Resolve(c.base, c.reference); got != c.want {
			t.Errorf("%q below %q is %q, want %q", c.reference, c.base, got, c.want)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rdf.Format{
		"": rdf.Unknown, " \n": rdf.Unknown, "\xef\xbb\xbf": rdf.Unknown,
		"@prefix a: <b> .":                        rdf.Turtle,
		"\xef\xbb\xbf\r\n# comment\n":             rdf.Turtle,
		"PREFIX a: <b>":                           rdf.Turtle,
		"<http://a> <http://b> <http://c> .":      rdf.Turtle,
		"[] a <http://c> .":                       rdf.Turtle,
		"[ a <http://c> ] .":                      rdf.Turtle,
		"_:a a <http://c> .":                      rdf.Turtle,
		"{ \"@id\": 1 }":                          rdf.JSONLD,
		"\xef\xbb\xbf {":                          rdf.JSONLD,
		"[\n {\"@id\": 1}]":                       rdf.JSONLD,
		"[]":                                      rdf.JSONLD,
		"<?xml version=\"1.0\"?>\n<rdf:RDF>":      rdf.XML,
		"\xef\xbb\xbf<rdf:RDF xmlns:rdf='x'>":     rdf.XML,
		"<rdf:RDF\n xmlns:rdf='x'>":               rdf.XML,
		"<!-- comment -->\n<rdf:RDF>":             rdf.XML,
		"<RDF xmlns='x'>":                         rdf.XML,
		"<!DOCTYPE rdf:RDF [":                     rdf.XML,
		"<!DOCTYPE HTML>\n<html>":                 rdf.HTML,
		"<html lang=\"en\">":                      rdf.HTML,
		"<?xml version=\"1.0\"?><!DOCTYPE html >": rdf.HTML,
	} {
		if got := rdf.Detect(text); got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}
