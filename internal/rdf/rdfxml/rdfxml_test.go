package rdfxml_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/rdftest"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/rdfxml"
)

// cases are those of a file. Documents that do not begin with "<?", "<!" or "<rdf:RDF" get the element rdf:RDF around them.
func cases(t testing.TB, name string) []rdftest.Case {
	t.Helper()
	all := rdftest.Cases(t, name)
	for i, c := range all {
		all[i].Document = wrap(c.Document)
	}
	return all
}

func wrap(document string) string {
	if strings.HasPrefix(document, "<?") || strings.HasPrefix(document, "<!") || strings.HasPrefix(document, "<rdf:RDF") || document == "" {
		return document
	}
	return `<rdf:RDF xmlns:rdf="` + rdf.NS + `" xmlns:e="http://e/">` + document + "</rdf:RDF>"
}

func TestParse_accepts(t *testing.T) {
	t.Parallel()
	rdftest.Accepts(t, rdfxml.Parse, cases(t, "accepted.txt"))
}

func TestParse_rejects(t *testing.T) {
	t.Parallel()
	rdftest.Rejects(t, rdfxml.Parse, cases(t, "rejected.txt"))
}

func TestParse_damaged(t *testing.T) {
	t.Parallel()
	rdftest.Damaged(append(cases(t, "accepted.txt"), cases(t, "rejected.txt")...), 5_000, func(text string) {
		rdftest.Sound(t, rdfxml.Parse, text)
	})
}

// A document that is cut anywhere is rejected.
func TestParse_rejectsCutFiles(t *testing.T) {
	t.Parallel()
	document := `<?xml version="1.0"?>` + "\n" + wrap(`<e:A rdf:about="http://e/a"><e:p xml:lang="en">x &amp; y</e:p><!-- c --></e:A>`)
	for i := range len(document) {
		if _, err := rdftest.Format(rdfxml.Parse, document[:i]); err == nil {
			t.Errorf("cut at %d, after %q: accepted", i, document[max(0, i-10):i])
		}
	}
	if _, err := rdftest.Format(rdfxml.Parse, document+"\n"); err != nil {
		t.Error(err)
	}
}

func TestParse_deep(t *testing.T) {
	t.Parallel()
	const depth = 50_000
	n := 0
	err := rdfxml.Parse(wrap(strings.Repeat("<e:A><e:p>", depth)+strings.Repeat("</e:p></e:A>", depth)), func(rdf.Triple) { n++ })
	if err != nil || n < depth {
		t.Errorf("%d triples, %v", n, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range append(cases(f, "accepted.txt"), cases(f, "rejected.txt")...) {
		f.Add(c.Document)
	}
	f.Fuzz(func(t *testing.T, text string) { rdftest.Sound(t, rdfxml.Parse, text) })
}
