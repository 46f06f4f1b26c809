package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
)

// # Reads that share a trip
//
// A refresh reads siblings one by one, by the thousand. The methods of this file
// read one object each, and answer as its Get method would, but:
//
//   - Of each collection (the inputs of an app, the versions of a dataset …) one
//     trip is under way at a time. Whoever asks meanwhile goes with the next one.
//   - A trip reads list pages of 1,000, calls for up to 128 ids, or single
//     objects, by cost: a further page is read only when the trips so far, made
//     otherwise, have cost or would now cost more calls than that. So a few reads
//     stay single ones, many are served from pages, and no run takes more than
//     about twice the calls of what was best for it.
//   - What was read is kept on the collection's shelf and serves later reads of
//     the same run. Each write of this client, as it ends, makes all shelves
//     void, and so does each poll, so that no read is older than a write or a
//     poll that had ended when it was asked for; and nothing is given out for
//     longer than a minute.
//   - That something does not exist is believed only of its own Get: a list can
//     lag, and rows can shift between its pages. And the lists of a kind are
//     believed only when one has said as much of an object as its Get.
//
// What these methods return may be given to others too: it is to be read, not to
// be changed. Waiting for a change is not for shelves: see polls.go.

// ReadInput reads one input: [Client.GetInput] alone, [Client.ListInputs] by ids or by pages in company.
func (c *Client) ReadInput(ctx context.Context, app AppRef, id string) (*Input, error) {
	return read(ctx, c, c.shelves.inputs.at(scope{app: app}), id, source[Input]{
		key: inputID,
		page: func(ctx context.Context, page Page) ([]Input, error) {
			return c.ListInputs(ctx, app, ListInputsQuery{Page: page})
		},
		byIDs: func(ctx context.Context, ids []string) ([]Input, error) { return c.inputsByIDs(ctx, app, ids) },
	}, func(ctx context.Context) (*Input, error) { return c.GetInput(ctx, app, id) })
}

func (c *Client) inputsByIDs(ctx context.Context, app AppRef, ids []string) ([]Input, error) {
	return c.ListInputs(ctx, app, ListInputsQuery{IDs: ids, Page: Page{PerPage: MaxItemsPerCall}})
}

// ReadDatasetInput reads one member of a dataset: [Client.GetDatasetInput] alone, [Client.ListDatasetInputs] in company.
func (c *Client) ReadDatasetInput(ctx context.Context, app AppRef, datasetID, inputID string) (*DatasetInput, error) {
	return read(ctx, c, c.shelves.datasetInputs.at(scope{app: app, parent: datasetID}), inputID, source[DatasetInput]{
		key: datasetInputID,
		page: func(ctx context.Context, page Page) ([]DatasetInput, error) {
			return c.ListDatasetInputs(ctx, app, datasetID, page)
		},
	}, func(ctx context.Context) (*DatasetInput, error) {
		return c.GetDatasetInput(ctx, app, datasetID, inputID)
	})
}

// ReadDataset reads one dataset: [Client.GetDataset] alone, [Client.ListDatasets] in company.
func (c *Client) ReadDataset(ctx context.Context, app AppRef, id string) (*Dataset, error) {
	return read(ctx, c, c.shelves.datasets.at(scope{app: app}), id, source[Dataset]{
		key: datasetID,
		page: func(ctx context.Context, page Page) ([]Dataset, error) {
			return c.ListDatasets(ctx, app, ListDatasetsQuery{Page: page, SortBy: DatasetSortCreatedAt})
		},
	}, func(ctx context.Context) (*Dataset, error) { return c.GetDataset(ctx, app, id) })
}

// ReadDatasetVersion reads one version of a dataset: [Client.GetDatasetVersion] alone, [Client.ListDatasetVersions] in company.
func (c *Client) ReadDatasetVersion(ctx context.Context, app AppRef, dataset, id string) (*DatasetVersion, error) {
	return read(ctx, c, c.shelves.versions.at(scope{app: app, parent: dataset}), id, source[DatasetVersion]{
		key: datasetVersionID,
		page: func(ctx context.Context, page Page) ([]DatasetVersion, error) {
			return c.ListDatasetVersions(ctx, app, dataset, ListDatasetVersionsQuery{Page: page})
		},
	}, func(ctx context.Context) (*DatasetVersion, error) { return c.GetDatasetVersion(ctx, app, dataset, id) })
}

// ReadConcept reads one concept: [Client.GetConcept] alone, [Client.ListConcepts] in company.
func (c *Client) ReadConcept(ctx context.Context, app AppRef, id string) (*Concept, error) {
	return read(ctx, c, c.shelves.concepts.at(scope{app: app}), id, source[Concept]{
		key: conceptID,
		page: func(ctx context.Context, page Page) ([]Concept, error) {
			return c.ListConcepts(ctx, app, ListConceptsQuery{Page: page})
		},
	}, func(ctx context.Context) (*Concept, error) { return c.GetConcept(ctx, app, id) })
}

// ReadConceptLanguage reads one translation from the list of its concept, which is no longer than there are languages:
// [Client.ListConceptLanguages], and [Client.GetConceptLanguage] for what is not on it.
func (c *Client) ReadConceptLanguage(ctx context.Context, app AppRef, concept, language string) (*ConceptLanguage, error) {
	return read(ctx, c, c.shelves.languages.at(scope{app: app, parent: concept}), language, source[ConceptLanguage]{
		key:   conceptLanguageID,
		small: true,
		page: func(ctx context.Context, page Page) ([]ConceptLanguage, error) {
			return c.ListConceptLanguages(ctx, app, concept, page)
		},
	}, func(ctx context.Context) (*ConceptLanguage, error) {
		return c.GetConceptLanguage(ctx, app, concept, language)
	})
}

// ReadConceptRelation reads one relation as seen from one of its two concepts. The service has no call for a single one:
// [Client.ListConceptRelations] of the concept alone, [Client.ListConceptRelations2] of the app in company.
func (c *Client) ReadConceptRelation(ctx context.Context, app AppRef, concept, id string) (*ConceptRelation, error) {
	const op = "ListConceptRelations"
	found, err := read(ctx, c, c.shelves.relations.at(scope{app: app}), id, source[ConceptRelation]{
		key: relationID,
		page: func(ctx context.Context, page Page) ([]ConceptRelation, error) {
			return c.ListConceptRelations2(ctx, app, ListConceptRelations2Query{ListConceptRelationsQuery: ListConceptRelationsQuery{Page: page}})
		},
	}, func(ctx context.Context) (*ConceptRelation, error) {
		for relation, err := range c.AllConceptRelations(ctx, app, concept, ListConceptRelationsQuery{}) {
			if err != nil {
				return nil, err
			}
			if relation.ID == id {
				return &relation, nil
			}
		}
		return nil, NewNotFound(op, fmt.Sprintf("concept %q has no relation %q", concept, id))
	})
	if err != nil {
		return nil, err
	}
	seen, ok := found.seenFrom(concept)
	if !ok {
		return nil, NewNotFound(op, fmt.Sprintf("relation %q is not one of concept %q", id, concept))
	}
	return &seen, nil
}

func relationID(r ConceptRelation) string { return r.ID }

// seenFrom is the relation with the concept as its subject.
func (r ConceptRelation) seenFrom(concept string) (ConceptRelation, bool) {
	is := func(k *Concept) bool { return k != nil && k.ID == concept }
	if is(r.SubjectConcept) {
		return r, true
	}
	r.SubjectConcept, r.ObjectConcept = r.ObjectConcept, r.SubjectConcept
	switch r.Predicate {
	case PredicateHyponym:
		r.Predicate = PredicateHypernym
	case PredicateHypernym:
		r.Predicate = PredicateHyponym
	}
	return r, is(r.SubjectConcept)
}

// NewNotFound returns the error that a Get would return for an object that is missing from a list.
func NewNotFound(op, details string) error {
	return &Error{Op: op, Method: http.MethodGet, HTTPStatus: http.StatusNotFound,
		Status: Status{Code: StatusDoesNotExist, Description: StatusDoesNotExist.Text(), Details: details}}
}

const (
	shelfLife     = time.Minute
	maxShelfPages = 32   // bounds the memory of one collection to 32,000 rows
	patience      = 3    // calls that must have been due before the first page is read
	maxIDBytes    = 6000 // of ids in one query: common limits of an address are 8 KiB
)

// shelves hold what a client has read, by kind. Their zero values are ready.
type shelves struct {
	inputs        kind[Input]
	datasetInputs kind[DatasetInput]
	datasets      kind[Dataset]
	versions      kind[DatasetVersion]
	concepts      kind[Concept]
	languages     kind[ConceptLanguage]
	relations     kind[ConceptRelation]
}

// kind holds the shelves of one kind of object, by collection.
type kind[T any] struct {
	mu      sync.Mutex
	shelves map[scope]*shelf[T]

	trusted atomic.Bool // a list has been found to say as much of an object as its Get
}

func (k *kind[T]) at(collection scope) *shelf[T] {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.shelves[collection]
	if !ok {
		if k.shelves == nil {
			k.shelves = map[scope]*shelf[T]{}
		}
		s = &shelf[T]{kind: k}
		k.shelves[collection] = s
	}
	return s
}

// source says how a collection is read.
type source[T any] struct {
	key  func(T) string
	page func(context.Context, Page) ([]T, error)
	// byIDs reads up to 128 objects, leaving out what is not there; nil where there is no such call.
	byIDs func(context.Context, []string) ([]T, error)
	// small marks collections of a page or less, which are read whole at once.
	small bool
}

// perPage is the size of the pages to read. Of a small collection one short page says that it is all.
func (s source[T]) perPage() uint32 {
	if s.small {
		return defaultPerPage
	}
	return MaxPerPage
}

// shelf is what has been read of one collection, and who waits to read of it.
type shelf[T any] struct {
	kind    *kind[T]
	mu      sync.Mutex
	waiting []*reader[T]
	busy    bool // a trip is under way

	// What lists of this collection are good for; only the trip touches it.
	noPages bool // pages are refused, or their rows say too little
	noIDs   bool // so are calls by ids, or the ids are ignored

	stock[T]
}

// stock is what becomes void with a write.
type stock[T any] struct {
	rows      map[string]T
	asOf      uint64    // the client's writes before the first row was asked for
	since     time.Time // when that was
	reference *T        // the first object that was read by its Get

	// Only the trip touches these.
	pages    int    // read so far
	firstLen int    // rows on the first page: how many the service really puts on one
	top      string // key of the last page's first row
	spent    int    // calls made otherwise
	all      bool   // there are no more pages
}

// reader is one caller.
type reader[T any] struct {
	ctx     context.Context
	key     string
	get     func(context.Context) (*T, error)
	outcome chan Item[*T]
}

// read gives the object with the key from the shelf or, with others who ask, from the service.
func read[T any](ctx context.Context, c *Client, s *shelf[T], key string, by source[T], get func(context.Context) (*T, error)) (*T, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	if row, ok := s.rows[key]; ok && s.fresh(c) {
		s.mu.Unlock()
		return &row, nil
	}
	r := &reader[T]{ctx: ctx, key: key, get: get, outcome: make(chan Item[*T], 1)}
	s.waiting = append(s.waiting, r)
	if !s.busy {
		s.busy = true
		go s.serve(c, by)
	}
	s.mu.Unlock()
	select {
	case o := <-r.outcome:
		if o.Err == nil || ctx.Err() == nil {
			return o.Value, o.Err
		}
	case <-ctx.Done():
	}
	return nil, ctx.Err()
}

// fresh tells whether what is on the shelf may be given out.
func (s *stock[T]) fresh(c *Client) bool {
	return s.rows != nil && s.asOf == c.writes.Load() && c.clock.Now().Sub(s.since) <= shelfLife
}

// serve makes trips until nobody waits.
func (s *shelf[T]) serve(c *Client, by source[T]) {
	for {
		s.mu.Lock()
		readers := s.waiting
		s.waiting = nil
		if len(readers) == 0 {
			s.busy = false
			s.mu.Unlock()
			return
		}
		if !s.fresh(c) {
			s.stock = stock[T]{rows: map[string]T{}, asOf: c.writes.Load(), since: c.clock.Now()}
		}
		s.mu.Unlock()
		s.trip(readers, by)
	}
}

// trip gets the readers their objects in the cheapest way, and returns when the next trip may start.
func (s *shelf[T]) trip(readers []*reader[T], by source[T]) {
	callers := make([]context.Context, len(readers))
	for i, r := range readers {
		callers[i] = r.ctx
	}
	ctx, done := together(callers)
	defer done()

	readers = s.hand(readers)
	// What a small collection holds is a few texts that its list has in full: a comparison for each would double the calls.
	if len(readers) > 0 && !by.small && !s.canCompare() {
		s.readSingly(readers[:1])
		readers = readers[1:]
	}
	for len(readers) > 0 && s.worthPage(len(readers), by) {
		if err := s.readPage(ctx, by); err != nil {
			if trouble(err) {
				fail(readers, err)
				return
			}
			s.noPages = true
		}
		readers = s.hand(readers)
	}
	if len(readers) > 1 && by.byIDs != nil && !s.noIDs {
		if err := s.readByIDs(ctx, readers, by); err != nil {
			if trouble(err) {
				fail(readers, err)
				return
			}
			s.noIDs = true
		}
		readers = s.hand(readers)
	}
	s.readSingly(readers)
}

// hand gives readers what is on the shelf for them, and returns those it has nothing for.
func (s *shelf[T]) hand(readers []*reader[T]) []*reader[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(readers, func(r *reader[T]) bool {
		row, ok := s.rows[r.key]
		if ok {
			r.outcome <- Item[*T]{Value: &row}
		}
		return ok || r.ctx.Err() != nil
	})
}

func fail[T any](readers []*reader[T], err error) {
	for _, r := range readers {
		r.outcome <- Item[*T]{Err: err}
	}
}

// canCompare tells whether what lists say has been compared with an object's own answer, or will be.
func (s *shelf[T]) canCompare() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reference != nil || s.kind.trusted.Load()
}

// worthPage weighs one more page against the calls that pages have not saved so far, and those now due.
// Against short calls by ids a page of 1,000 counts twice.
func (s *shelf[T]) worthPage(waiting int, by source[T]) bool {
	if s.all || s.noPages || s.pages >= maxShelfPages {
		return false
	}
	if by.small {
		return s.pages == 0
	}
	due, pages := waiting, s.pages
	if by.byIDs != nil && !s.noIDs {
		due, pages = (waiting+MaxItemsPerCall-1)/MaxItemsPerCall, 2*s.pages
	}
	return pages+patience <= s.spent+due
}

// readPage puts the next page on the shelf.
func (s *shelf[T]) readPage(ctx context.Context, by source[T]) error {
	rows, err := by.page(ctx, Page{Page: uint32(s.pages + 1), PerPage: by.perPage()}) //nolint:gosec // at most maxShelfPages
	if err != nil {
		return err
	}
	if s.pages++; s.pages == 1 {
		s.firstLen = len(rows)
	}
	if len(rows) == 0 || len(rows) < s.firstLen || by.small && len(rows) < defaultPerPage || by.key(rows[0]) == s.top {
		s.all = true // at an empty page, at a short one, or at one that comes again
	}
	if len(rows) > 0 {
		s.top = by.key(rows[0])
	}
	return s.put(rows, by)
}

// readByIDs puts the readers' objects on the shelf, as far as they are there.
func (s *shelf[T]) readByIDs(ctx context.Context, readers []*reader[T], by source[T]) error {
	var ids []string
	for _, r := range readers {
		ids = append(ids, r.key)
	}
	s.mu.Lock()
	if s.reference != nil {
		ids = append(ids, by.key(*s.reference)) // to see whether lists say as much
	}
	s.mu.Unlock()
	for ids := range idChunks(ids) {
		rows, err := by.byIDs(ctx, ids)
		s.spent++
		if err != nil {
			return err
		}
		if err := s.put(rows, by); err != nil {
			return err
		}
		if strangers(rows, ids, by.key) {
			s.noIDs = true
			return nil
		}
	}
	return nil
}

// readSingly has each of the readers make its own call. The first answer starts the next trip, so that one
// call that takes long does not hold up the others.
func (s *shelf[T]) readSingly(readers []*reader[T]) {
	if len(readers) == 0 {
		return
	}
	s.spent += len(readers)
	asOf := s.asOf
	answered := make(chan struct{}, len(readers))
	for _, r := range readers {
		go func() {
			value, err := r.get(r.ctx)
			if err == nil {
				s.keep(asOf, r.key, *value)
			}
			r.outcome <- Item[*T]{Value: value, Err: err}
			answered <- struct{}{}
		}()
	}
	<-answered
}

// keep puts a single object on the shelf, unless the shelf has been cleared since it was asked for.
func (s *shelf[T]) keep(asOf uint64, key string, value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asOf != asOf {
		return
	}
	s.rows[key] = value
	if s.reference == nil {
		s.reference = &value
	}
}

var errSaysLess = errors.New("the rows of the list say less than the object's own answer")

// put puts rows of a list on the shelf.
func (s *shelf[T]) put(rows []T, by source[T]) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range rows {
		if s.reference == nil || by.key(row) != by.key(*s.reference) {
			continue
		}
		if !saysAsMuch(row, *s.reference) {
			s.noPages, s.noIDs = true, true
			return errSaysLess
		}
		s.kind.trusted.Store(true)
	}
	for _, row := range rows {
		s.rows[by.key(row)] = row
	}
	return nil
}

// trouble tells failures that a call of another kind would meet as well from those of a call that cannot be had.
func trouble(err error) bool {
	var broken *transportError
	var e *Error
	switch {
	case !errors.As(err, &e): // a context that has ended
		return !errors.Is(err, errSaysLess)
	case errors.As(err, &broken), e.HTTPStatus == http.StatusUnauthorized, e.HTTPStatus == http.StatusTooManyRequests:
		return true
	}
	return e.HTTPStatus >= 500 || e.Status.Code.Retryable()
}

// strangers tells whether rows were not asked for: then the service ignores the ids, and what is missing says nothing.
func strangers[T any](rows []T, ids []string, key func(T) string) bool {
	return slices.ContainsFunc(rows, func(row T) bool { return !slices.Contains(ids, key(row)) })
}

// idChunks cuts ids into what one query takes.
func idChunks(ids []string) func(yield func([]string) bool) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return func(yield func([]string) bool) {
		for len(ids) > 0 {
			n, size := 0, 0
			for n < len(ids) && n < MaxItemsPerCall && (n == 0 || size+len(ids[n]) <= maxIDBytes) {
				size += len(ids[n]) + len("ids=&")
				n++
			}
			if !yield(ids[:n]) {
				return
			}
			ids = ids[n:]
		}
	}
}

// saysAsMuch tells whether a row has all the keys that the object's own answer has. Values may have changed meanwhile,
// and so may whatever a status says.
func saysAsMuch[T any](row, own T) bool {
	return hasKeys(members(row), members(own))
}

func members(v any) any {
	encoded, err := Encode(v)
	if err != nil {
		return nil
	}
	var decoded any
	if json.Unmarshal(encoded, &decoded) != nil {
		return nil
	}
	return decoded
}

func hasKeys(row, own any) bool {
	wanted, ok := own.(map[string]any)
	if !ok {
		return true
	}
	got, ok := row.(map[string]any)
	if !ok {
		return false
	}
	for key, value := range wanted {
		if key == "status" {
			continue
		}
		if _, there := got[key]; !there || !hasKeys(got[key], value) {
			return false
		}
	}
	return true
}
