package emulator

import (
	"container/heap"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// state holds all objects of the service. Stored objects are replaced, never
// changed in place.
type state struct {
	users   table[user]
	exports map[string]*export // by token
	events  events

	// annotationLists are the annotations of apps in the order of lists, until anything may have changed: reading a million
	// of them takes a thousand pages.
	annotationLists map[*app][]*clarifai.Annotation
}

// changing discards what was derived from objects that are about to change.
func (s *state) changing() { s.annotationLists = nil }

type user struct {
	info  clarifai.User
	apps  table[app]
	moved map[string]string // old ids of renamed apps

	duplications table[duplication]
}

type app struct {
	service  *Service
	user     *user
	info     clarifai.App // replaced as a whole
	deleting int          // number of inputs that are being deleted

	datasets table[dataset]
	concepts table[clarifai.Concept]
	inputs   table[input]
	urls     map[string]int   // number of inputs with a URL
	hosted   map[string]*file // content that was sent as bytes, by token
	filters  table[clarifai.AnnotationFilter]
	addJobs  table[addJob]

	bulkOperations table[bulkOperation]
	searches       table[savedSearch]
	evaluations    table[evaluation]
	extractionJobs table[extractionJob]
	uploads        table[upload]

	translations table[table[clarifai.ConceptLanguage]] // by concept
	relations    table[relation]
	edges        map[edge]string // the ID of the relation with this edge
	graphs       table[clarifai.KnowledgeGraph]
}

// An event is asynchronous work that changes state when it is due.
type event struct {
	at  time.Time
	seq int // orders events of equal time
	do  func()
}

type events struct {
	due  []event
	next int
}

func (e *events) Len() int { return len(e.due) }
func (e *events) Less(i, j int) bool {
	if e.due[i].at.Equal(e.due[j].at) {
		return e.due[i].seq < e.due[j].seq
	}
	return e.due[i].at.Before(e.due[j].at)
}
func (e *events) Swap(i, j int) { e.due[i], e.due[j] = e.due[j], e.due[i] }
func (e *events) Push(x any)    { e.due = append(e.due, x.(event)) } //nolint:forcetypeassert // heap's contract
func (e *events) Pop() any {
	last := len(e.due) - 1
	x := e.due[last]
	e.due[last] = event{}
	e.due = e.due[:last]
	return x
}

// at schedules work for the first request at t or later.
func (s *state) at(t time.Time, do func()) {
	s.events.next++
	heap.Push(&s.events, event{at: t, seq: s.events.next, do: do})
}

// runDue runs the work that is due.
func (s *state) runDue(now time.Time) {
	for s.events.Len() > 0 && !s.events.due[0].at.After(now) {
		s.changing()
		heap.Pop(&s.events).(event).do() //nolint:forcetypeassert // see Push
	}
}

// progress is the state of asynchronous work, given the time at which it started and
// its duration.
type progress int

const (
	waiting progress = iota
	running
	finished
)

// progressAt returns the state of work. It waits during the first half and runs during
// the second. Work that takes no time is finished for the next request that reads it.
func progressAt(now, started time.Time, takes time.Duration) progress {
	switch passed := now.Sub(started); {
	case passed >= takes:
		return finished
	case passed >= takes/2:
		return running
	default:
		return waiting
	}
}
