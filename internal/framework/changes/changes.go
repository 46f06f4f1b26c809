// Package changes writes and documents the attribute changes of resources that
// hold many objects. In a plan it says what the apply is going to do; it never
// says what an earlier apply has done. It is one string, so that a plan has few
// known values, and readable both by people and by policy tools:
//
//	2 to add, 1 to change, 0 to replace, 1 to remove; annotations: 5 to add, 0 to change, 0 to remove; 4 requests, about 1s at 15 requests/s
//	remove t-0500
//	change t-0017: concepts truck 1 -> 0, +van 1
//	add t-1000
//	add t-1001
//
// The first line begins with the four counts in this form, also if they are 0. A
// policy tool reads them with [Pattern]. Each other line is one object: what is
// done to it, its id and, if it is changed, what differs. Up to ten objects are
// listed for each of the four, and a line such as "... and 12 more to add" says
// how many are not listed. The string is empty if the plan has no changes.
package changes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Listed is the number of objects that are listed for each kind of change.
const Listed = 10

// Pattern matches the counts at the beginning of the string: to add, to change, to
// replace, to remove.
const Pattern = `^(\d+) to add, (\d+) to change, (\d+) to replace, (\d+) to remove`

var counts = regexp.MustCompile(Pattern)

// Set is one kind of change.
type Set struct {
	Count int
	First []Object // up to Listed, in order
}

// Object is an object that is changed.
type Object struct{ ID, Difference string }

// Part counts parts of the objects, such as annotations.
type Part struct {
	Name                string
	Add, Change, Remove int
}

// Plan is what an apply is going to do.
type Plan struct {
	Add, Change, Replace, Remove Set
	Parts                        []Part
	Requests                     int     // that it will take; 0 if not known
	Rate                         float64 // requests per second; 0 if not limited
}

// String formats the plan.
func (p Plan) String() string {
	if p.Add.Count+p.Change.Count+p.Replace.Count+p.Remove.Count == 0 && !p.hasParts() {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d to add, %d to change, %d to replace, %d to remove", p.Add.Count, p.Change.Count, p.Replace.Count, p.Remove.Count)
	for _, part := range p.Parts {
		if part.Add+part.Change+part.Remove > 0 {
			fmt.Fprintf(&b, "; %s: %d to add, %d to change, %d to remove", part.Name, part.Add, part.Change, part.Remove)
		}
	}
	if p.Requests > 0 {
		fmt.Fprintf(&b, "; %s", Cost(p.Requests, p.Rate))
	}
	// What deletes comes first.
	writeSet(&b, "remove", p.Remove)
	writeSet(&b, "replace", p.Replace)
	writeSet(&b, "change", p.Change)
	writeSet(&b, "add", p.Add)
	return b.String()
}

func (p Plan) hasParts() bool {
	for _, part := range p.Parts {
		if part.Add+part.Change+part.Remove > 0 {
			return true
		}
	}
	return false
}

func writeSet(b *strings.Builder, verb string, s Set) {
	for _, o := range s.First {
		fmt.Fprintf(b, "\n%s %s", verb, o.ID)
		if o.Difference != "" {
			fmt.Fprintf(b, ": %s", o.Difference)
		}
	}
	if more := s.Count - len(s.First); more > 0 {
		fmt.Fprintf(b, "\n... and %d more to %s", more, verb)
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

// Removed reads how many parts are removed; 0 if the string has no such part.
func Removed(text, part string) int {
	first, _, _ := strings.Cut(text, "\n")
	_, after, found := strings.Cut(first, "; "+part+": ")
	if !found {
		return 0
	}
	var add, change, remove int
	if _, err := fmt.Sscanf(after, "%d to add, %d to change, %d to remove", &add, &change, &remove); err != nil {
		return 0
	}
	return remove
}
