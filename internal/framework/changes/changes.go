// Package changes formats and reads the attribute "changes" of resources that hold
// many objects: clarifai_inputs, clarifai_taxonomy and clarifai_dataset_inputs. It
// says what the apply of a plan is going to do, never what an earlier apply has
// done. It is one string, so that a plan has few known values, and it is readable
// both by people and by policy tools:
//
//	2 to add, 1 to change, 0 to replace, 1 to remove; annotations: 5 to add, 0 to change, 0 to remove; 4 requests, about 1s at 15 requests/s
//	remove t-0500
//	change t-0017: concepts truck 1 -> 0, +van 1
//	add t-1000
//	add t-1001
//
// The grammar, where N is a decimal number without separators:
//
//	changes    = "" | summary { newline line } .
//	summary    = N " to add, " N " to change, " N " to replace, " N " to remove" { "; " part } [ "; " cost ] .
//	part       = noun ": " N " to add, " N " to change, " N " to remove" .
//	cost       = N " request" [ "s" ] [ ", about " duration " at " rate " requests/s" ] .
//	line       = verb " " [ noun " " ] object [ ": " difference ] | "... and " N " more " [ noun " " ] "to " verb | "note: " text .
//	verb       = "remove" | "replace" | "change" | "add" .
//
// The four counts are there even if they are 0; a policy tool reads them with
// [Pattern]. A part is something that belongs to the objects, such as annotations of
// inputs or relations of concepts; parts without changes are left out. The noun is
// plural in the summary and in "... and N more", and singular before an object. Up
// to [Listed] objects are listed for each noun and verb, what deletes first. The
// string is empty if there is nothing to do.
package changes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Listed is how many objects are listed for each kind of change.
const Listed = 10

// Pattern matches the counts at the beginning of the string: to add, to change, to
// replace, to remove.
const Pattern = `^(\d+) to add, (\d+) to change, (\d+) to replace, (\d+) to remove`

// Text is the documentation of the attribute. It follows what the counts are of.
const Text = "What this plan is going to do; empty if nothing. The first line has the counts in the form `2 to add, 1 to change, 0 to " +
	"replace, 1 to remove`, and the number of requests with the time that they take at the provider's `requests_per_second`. Policy tools " +
	"can read the counts with the regular expression `" + Pattern + "`; the guide *In pipelines* has the whole grammar. In state it is what " +
	"was planned last."

var counts = regexp.MustCompile(Pattern)

// Set is one kind of change.
type Set struct {
	Count int
	First []Object // up to Listed, in order; none if they are not listed
}

// Add counts an object, and lists it if it is one of the first.
func (s *Set) Add(id, difference string) {
	s.Count++
	if len(s.First) < Listed {
		s.First = append(s.First, Object{id, difference})
	}
}

// Object is an object that is changed.
type Object struct{ ID, Difference string }

// Part is what happens to things that belong to the objects, such as annotations.
type Part struct {
	Noun                string // in singular; an s makes it plural
	Add, Change, Remove Set
}

func (p Part) isEmpty() bool { return p.Add.Count+p.Change.Count+p.Remove.Count == 0 }

// Plan is what an apply is going to do.
type Plan struct {
	Add, Change, Replace, Remove Set
	Parts                        []Part
	Notes                        []string // what else is to be known
	Requests                     int      // that it will take; 0 if not known
	Rate                         float64  // requests per second; 0 if not limited
}

// IsEmpty reports whether there is nothing to do.
func (p Plan) IsEmpty() bool {
	for _, part := range p.Parts {
		if !part.isEmpty() {
			return false
		}
	}
	return p.Add.Count+p.Change.Count+p.Replace.Count+p.Remove.Count+len(p.Notes) == 0
}

// String formats the plan.
func (p Plan) String() string {
	if p.IsEmpty() {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d to add, %d to change, %d to replace, %d to remove", p.Add.Count, p.Change.Count, p.Replace.Count, p.Remove.Count)
	for _, part := range p.Parts {
		if !part.isEmpty() {
			fmt.Fprintf(&b, "; %ss: %d to add, %d to change, %d to remove", part.Noun, part.Add.Count, part.Change.Count, part.Remove.Count)
		}
	}
	if p.Requests > 0 {
		fmt.Fprintf(&b, "; %s", Cost(p.Requests, p.Rate))
	}
	// What deletes comes first.
	writeSet(&b, "remove", "", p.Remove)
	writeParts(&b, "remove", p.Parts, func(part Part) Set { return part.Remove })
	writeSet(&b, "replace", "", p.Replace)
	writeSet(&b, "change", "", p.Change)
	writeParts(&b, "change", p.Parts, func(part Part) Set { return part.Change })
	writeSet(&b, "add", "", p.Add)
	writeParts(&b, "add", p.Parts, func(part Part) Set { return part.Add })
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "\nnote: %s", note)
	}
	return b.String()
}

// Drift formats the plan as how Clarifai differs from the source, in one line:
//
//	1 input missing: t-0500; 1 input changed: t-0017 (concepts truck 1 -> 0)
//
// The differences read as in the plan: from what Clarifai has to what the source sets.
func (p Plan) Drift(noun string) string {
	var parts []string
	add := func(noun, what string, s Set) {
		if s.Count > 0 {
			parts = append(parts, driftOf(noun, what, s))
		}
	}
	add(noun, "missing", p.Add)
	add(noun, "changed", p.Change)
	add(noun, "with other content or not processed", p.Replace)
	add(noun, "without a row", p.Remove)
	for _, part := range p.Parts {
		add(part.Noun, "missing", part.Add)
		add(part.Noun, "changed", part.Change)
		add(part.Noun, "added", part.Remove)
	}
	return strings.Join(parts, "; ")
}

func driftOf(noun, what string, s Set) string {
	if s.Count != 1 {
		noun += "s"
	}
	text := fmt.Sprintf("%d %s %s", s.Count, noun, what)
	few := make([]string, len(s.First))
	for i, o := range s.First {
		few[i] = o.ID
		if o.Difference != "" {
			few[i] += " (" + o.Difference + ")"
		}
	}
	if len(few) > 0 {
		text += ": " + strings.Join(few, ", ")
	}
	if more := s.Count - len(few); more > 0 && len(few) > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func writeParts(b *strings.Builder, verb string, parts []Part, set func(Part) Set) {
	for _, part := range parts {
		writeSet(b, verb, part.Noun, set(part))
	}
}

func writeSet(b *strings.Builder, verb, noun string, s Set) {
	if len(s.First) == 0 {
		return
	}
	for _, o := range s.First {
		fmt.Fprintf(b, "\n%s ", verb)
		if noun != "" {
			fmt.Fprintf(b, "%s ", noun)
		}
		b.WriteString(o.ID)
		if o.Difference != "" {
			fmt.Fprintf(b, ": %s", o.Difference)
		}
	}
	if more := s.Count - len(s.First); more > 0 {
		fmt.Fprintf(b, "\n... and %d more ", more)
		if noun != "" {
			fmt.Fprintf(b, "%ss ", noun)
		}
		fmt.Fprintf(b, "to %s", verb)
	}
}

// Cost formats how many requests an apply takes, and how long they take at a rate.
func Cost(requests int, rate float64) string {
	text := fmt.Sprintf("%d requests", requests)
	if requests == 1 {
		text = "1 request"
	}
	if rate <= 0 {
		return text
	}
	took := max(time.Second, time.Duration(float64(requests)/rate*float64(time.Second)).Round(time.Second))
	return fmt.Sprintf("%s, about %s at %s requests/s", text, took, strconv.FormatFloat(rate, 'g', -1, 64))
}

// Counts reads the four counts back. It is not ok if the string has none.
func Counts(text string) (add, change, replace, remove int, ok bool) {
	m := counts.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, 0, 0, false
	}
	n := make([]int, 4)
	for i := range n {
		v, err := strconv.Atoi(m[i+1])
		if err != nil {
			return 0, 0, 0, 0, false
		}
		n[i] = v
	}
	return n[0], n[1], n[2], n[3], true
}

// Removed reads how many things of a part are removed; 0 if the string has no such part.
func Removed(text, noun string) int {
	first, _, _ := strings.Cut(text, "\n")
	_, after, found := strings.Cut(first, "; "+noun+"s: ")
	if !found {
		return 0
	}
	var add, change, remove int
	if _, err := fmt.Sscanf(after, "%d to add, %d to change, %d to remove", &add, &change, &remove); err != nil {
		return 0
	}
	return remove
}
