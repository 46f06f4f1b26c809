package turtle_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/rdftest"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf/turtle"
)

func TestParse_accepts(t *testing.T) {
	t.Parallel()
	rdftest.Accepts(t, turtle.Parse, rdftest.Cases(t, "accepted.txt"))
}

func TestParse_rejects(t *testing.T) {
	t.Parallel()
	rdftest.Rejects(t, turtle.Parse, rdftest.Cases(t, "rejected.txt"))
}

func TestParse_damaged(t *testing.T) {
	t.Parallel()
	cases := append(rdftest.Cases(t, "accepted.txt"), rdftest.Cases(t, "rejected.txt")...)
	rdftest.Damaged(cases, 20_000, func(text string) { rdftest.Sound(t, turtle.Parse, text) })
}

// A document that is cut anywhere is rejected, unless the cut falls between two statements.
func TestParse_rejectsCutFiles(t *testing.T) {
	t.Parallel()
	const document = "@prefix : <http://e/> .\nPREFIX p: <http://p/>\n:a :b [ :c \"d\\\"\"@en , ( 1 'x' ) ] ;\n  p:q " +
		"\"\"\"long\n\"\"\"^^p:r .\n:x a :y .\n"
	between := func(i int) bool {
		for _, end := range []string{"<http://e/> .", "<http://p/>", "^^p:r .", ":y ."} {
			at := strings.Index(document, end) + len(end)
			if i == at || i == at+1 { // with or without the end of the line
				return true
			}
		}
		return i == 0
	}
	for i := range len(document) + 1 {
		_, err := rdftest.Format(turtle.Parse, document[:i])
		if (err == nil) != between(i) {
			t.Errorf("cut at %d, after %q: %v", i, document[max(0, i-10):i], err)
		}
	}
}

// Deeply nested brackets and lists neither overflow the stack nor take long.
func TestParse_deep(t *testing.T) {
	t.Parallel()
	const depth = 200_000
	for _, c := range []struct{ open, inside, closing string }{
		{"[ <p:> ", "<p:b>", " ]"},
		{"( ", "<p:b>", " )"},
	} {
		n := 0
		err := turtle.Parse("<p:a> <p:> "+strings.Repeat(c.open, depth)+c.inside+strings.Repeat(c.closing, depth)+" .", func(rdf.Triple) { n++ })
		if err != nil || n < depth {
			t.Errorf("%d triples, %v", n, err)
		}
		if err := turtle.Parse(strings.Repeat(c.open, depth), func(rdf.Triple) {}); err == nil {
			t.Error("open brackets were accepted")
		}
	}
}

// large is a document of at least size bytes as vocabularies are written.
func large(size int) string {
	var b strings.Builder
	b.WriteString("@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix : <https://example.org/vocabulary/> .\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, ":c%d a skos:Concept ;\n  skos:prefLabel \"Concept number %d\"@en , \"Begriff Nummer %d\"@de ;\n"+
			"  skos:broader :c%d ;\n  skos:definition \"What concept %d means, with a \\\"quotation\\\".\"@en .\n", i, i, i, i/10, i)
	}
	return b.String()
}

// Ten megabytes take well below three seconds; wall time on a busy machine may be a multiple of the processor time.
func TestParse_large(t *testing.T) {
	t.Parallel()
	text := large(10 << 20)
	began := time.Now()
	n := 0
	if err := turtle.Parse(text, func(rdf.Triple) { n++ }); err != nil {
		t.Fatal(err)
	}
	if n < 200_000 {
		t.Errorf("%d triples", n)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
}

func BenchmarkParse(b *testing.B) {
	text := large(10 << 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		_ = turtle.Parse(text, func(rdf.Triple) {})
	}
}

// Every triple has the line of its object.
func TestParse_lines(t *testing.T) {
	t.Parallel()
	var lines []int
	err := turtle.Parse("<a:>\n <b:>\n  <c:> ,\n  '''x\n\n''' ,\n ( 1\n 2 ) .", func(t rdf.Triple) { lines = append(lines, t.Line) })
	if got := fmt.Sprint(lines); err != nil || got != "[3 4 7 7 8 8 8]" {
		t.Errorf("lines are %s, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range append(rdftest.Cases(f, "accepted.txt"), rdftest.Cases(f, "rejected.txt")...) {
		f.Add(c.Document)
	}
	f.Fuzz(func(t *testing.T, text string) { rdftest.Sound(t, turtle.Parse, text) })
}
