package taxonomy

import (
	"strings"
	"testing"
)

const turtleHead = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix p: <http://example.org/> .\n"

// Turtle may be written in many ways.
func TestTurtleSpellings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"plain":                {turtleHead + "p:a a skos:Concept ; skos:prefLabel \"A\"@en .\n", "a|A||"},
		"two on a line":        {turtleHead + "p:a a skos:Concept . p:b a skos:Concept .\n", "a|a||;b|b||"},
		"prefixes on a line":   {strings.ReplaceAll(turtleHead, "\n", " ") + "p:a a skos:Concept .\n", "a|a||"},
		"several lines":        {turtleHead + "p:a a skos:Concept ; skos:definition \"\"\"one # two\nthree .\n four \"x\" \"\"\"@en .\n", "a|a|one # two\nthree .\n four \"x\" |"},
		"quote at the end":     {turtleHead + `p:a a skos:Concept ; skos:definition """say "yes"""" .`, `a|a|say "yes"|`},
		"single quotes":        {turtleHead + `p:a a skos:Concept ; skos:prefLabel 'a "b"'@en ; skos:definition '''c 'd' e'''@en .`, `a|a "b"|c 'd' e|`},
		"empty texts":          {turtleHead + `p:a a skos:Concept ; skos:prefLabel "A"@en ; skos:definition """""" ; skos:note "" .`, "a|A||"},
		"escapes":              {turtleHead + `p:a a skos:Concept ; skos:prefLabel "caf\u00e9 \U0001F600\t\"\\"@en .`, "a|café 😀\t\"\\||"},
		"backslash at the end": {turtleHead + `p:a a skos:Concept ; skos:prefLabel "C:\\" ; skos:definition "d" . p:b a skos:Concept .`, `a|C:\|d|;b|b||`},
		"comments":             {turtleHead + "# p:x a skos:Concept .\np:a a skos:Concept ; # no. 1\n skos:prefLabel 'A # . '@en . # end", "a|A # . ||"},
		"line ends of Windows": {strings.ReplaceAll(turtleHead+"p:a a skos:Concept ;\n skos:prefLabel 'A'@en .\n", "\n", "\r\n"), "a|A||"},
		"numbers":              {turtleHead + "p:a a skos:Concept ; p:x 1.5 , 2 .\np:b a skos:Concept ; p:x 1.", "a|a||;b|b||"},
		"dots without space":   {turtleHead + "p:a.b a skos:Concept.\np:b a skos:Concept.#x\np:c a skos:Concept.", "a-b|a-b||;b|b||;c|c||"},
		"sparql":               {"BASE <http://example.org/>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#> <a> a skos:Concept ; skos:broader <b> .\n<b> a skos:Concept .\n", "a|a||b;b|b||"},
		"blank nodes":          {turtleHead + "p:a a skos:Concept ; skos:note [ p:x \"y\" ; p:z ( 1.0 2 ) ] .\np:b a skos:Concept .", "a|a||;b|b||"},
		"datatypes":            {turtleHead + "p:a a skos:Concept ; skos:prefLabel \"A\"^^<http://www.w3.org/2001/XMLSchema#string> .", "a|A||"},
		"trailing semicolon":   {turtleHead + "p:a a skos:Concept ;\n skos:prefLabel \"A\"@en ;\n.\n", "a|A||"},
		"byte order mark":      {"\xef\xbb\xbf" + turtleHead + "p:a a skos:Concept .", "a|a||"},
		"several parents":      {turtleHead + "p:a a skos:Concept ; skos:broader p:b,p:c .\np:b a skos:Concept .\np:c a skos:Concept .", "a|a||b,c;b|b||;c|c||"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := ReadTurtle(t.Context(), "f.ttl", []byte(c.text), SKOSOptions{})
			if text := problems(g); text != "" {
				t.Fatal(text)
			}
			var got []string
			for _, concept := range g.Concepts() {
				got = append(got, strings.Join([]string{concept.ID, concept.Name, concept.Definition, strings.Join(concept.Parents, ",")}, "|"))
			}
			if text := strings.Join(got, ";"); text != c.want {
				t.Errorf("it says\n%q, want\n%q", text, c.want)
			}
		})
	}
}

func TestTurtleProblemsSayWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"nonsense":        {turtleHead + "\n# here:\np:a a skos:Concept ;\n nonsense .\np:b a skos:Concept .", "f.ttl:5: it is not Turtle, in the statement that begins here"},
		"no dot":          {turtleHead + "p:a a skos:Concept\n\np:b a skos:Concept .", "f.ttl:3: it is not Turtle"},
		"no prefix":       {turtleHead + "p:a a skos:Concept .\nq:b a skos:Concept .", "f.ttl:4: it is not Turtle, in the statement that begins here: undefined prefix"},
		"open text":       {turtleHead + "p:a a skos:Concept ;\n skos:prefLabel \"A@en .\n", "f.ttl:4: it is not Turtle: a text that begins here has no end"},
		"open long text":  {turtleHead + "p:a a skos:Concept ;\n skos:prefLabel \"\"\"A@en .\n\n\n", "f.ttl:4: it is not Turtle: a text that begins here has no end"},
		"open address":    {turtleHead + "p:a a skos:Concept ;\n skos:broader <http://x .\n", "f.ttl:4: it is not Turtle: an address that begins with < has no end"},
		"no escape":       {turtleHead + "p:a a skos:Concept ;\n skos:prefLabel \"\\x41\" .\n", `f.ttl:4: it is not Turtle: "\\x41\" " is no escape`},
		"lone surrogate":  {turtleHead + `p:a a skos:Concept ; skos:prefLabel "\uD800" .`, "is no escape"},
		"cut off escape":  {turtleHead + `p:a a skos:Concept ; skos:prefLabel "\u12`, "is no escape"},
		"cut off address": {"<", "f.ttl:1: it is not Turtle"},
		"cut off text":    {`"""`, "f.ttl:1: it is not Turtle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := problems(ReadTurtle(t.Context(), "f.ttl", []byte(c.text), SKOSOptions{})); !strings.Contains(got, c.want) {
				t.Errorf("%q is not among:\n%s", c.want, got)
			}
		})
	}
}
