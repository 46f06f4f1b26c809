package ids

import (
	"fmt"
	"strings"
)

// ConceptWords are words in the paths of the API's requests about concepts. A concept with such an id could not be read.
var ConceptWords = []string{"knowledge_graphs", "mappings", "relations", "searches", "status"}

var newConcept = idValidator{max: MaxLength, words: ConceptWords}

// ConceptProblem describes what is wrong with the id of a concept that will be created, or returns "". Older concepts may have such an id,
// and whether Clarifai rejects it for new ones is not certain.
func ConceptProblem(id string) string { return newConcept.problem(id) }

// NewConceptRule says what ids of new concepts are, for messages.
const NewConceptRule = "Ids of new concepts have 1 to 32 letters A-Z and a-z, digits, hyphens and underscores"

// ConceptList collects ids for which [ConceptProblem] describes a problem, for one message about all of them. The zero value is empty.
type ConceptList struct {
	seen  map[string]struct{}
	lines []string
}

// maxListed is the number of ids that [ConceptList.String] lists.
const maxListed = 10

// Add adds an id, once, if [ConceptProblem] describes a problem of it.
func (l *ConceptList) Add(id string) {
	problem := ConceptProblem(id)
	if problem == "" {
		return
	}
	if _, found := l.seen[id]; found {
		return
	}
	if l.seen == nil {
		l.seen = map[string]struct{}{}
	}
	l.seen[strings.Clone(id)] = struct{}{}
	if len(l.lines) < maxListed {
		l.lines = append(l.lines, fmt.Sprintf("%q: %s", id, problem))
	}
}

// Len is the number of ids.
func (l *ConceptList) Len() int { return len(l.seen) }

// String lists the first ten ids with their problems, one in each line, and the number of the others.
func (l *ConceptList) String() string {
	text := strings.Join(l.lines, "\n")
	if more := l.Len() - len(l.lines); more > 0 {
		text += fmt.Sprintf("\n... and %d more", more)
	}
	return text
}
