package batch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	cacheLifetime = time.Minute
	maxCachePages = 32 // bounds the memory of one collection to 32 pages
	minReads      = 3  // single requests that must have been due before the first page is read
)

// Source says how the objects of a collection are read. What it returns is shared by callers and must not be changed.
type Source[T any] struct {
	Clock      Clock
	Generation *Generation // advanced by each write and each poll

	ID func(T) string
	// Get reads one object. Unlike the rest, it may differ between callers of one collection.
	Get func(ctx context.Context, id string) (*T, error)
	// Page reads one page, counted from 1.
	Page func(ctx context.Context, number int) ([]T, error)
	// ByIDs reads up to MaxIDs objects and omits those that do not exist; nil if there is no such request.
	ByIDs  func(ctx context.Context, ids []string) ([]T, error)
	MaxIDs int
	// ChunkIDs cuts ids into lists for one ByIDs request each.
	ChunkIDs func(ids []string) func(yield func([]string) bool)
	// SmallPage, if not 0, marks collections that usually fit into one page of this size. They are read whole at once.
	SmallPage int
	// Complete reports whether a list's row carries as much as the object's own response.
	Complete func(row, own T) bool
	// Transient reports whether an error of a list would also meet a request of another kind.
	Transient func(error) bool
}

// Cache serves single reads of objects from lists that concurrent readers share. K identifies a collection.
//
//   - Of each collection one refresh runs at a time. Callers that arrive meanwhile take part in the next one.
//   - A refresh reads pages, requests by IDs, or single objects, by cost: a further page is read only if the refreshes so
//     far have cost, or this one would now cost, more single requests than that. So a few reads stay single requests,
//     many are served from pages, and no run sends more than about twice the requests of what would have been best.
//   - Rows serve later reads until a write or a poll ends (see [Generation]), and for at most a minute. So no read is
//     older than a write or a poll that had ended when the read was asked for.
//   - That an object does not exist is only believed of its own Get, because a list can lag and rows can move between
//     pages. The lists of a cache are only used once one of them has carried as much of an object as its Get.
//
// The zero value is ready.
type Cache[K comparable, T any] struct {
	mu          sync.Mutex
	collections map[K]*collection[T]

	verified atomic.Bool // a list has carried as much of an object as its Get
}

func (c *Cache[K, T]) collection(key K) *collection[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.collections[key]
	if !ok {
		if c.collections == nil {
			c.collections = map[K]*collection[T]{}
		}
		s = &collection[T]{verified: &c.verified}
		c.collections[key] = s
	}
	return s
}

// collection is what has been read of one collection, and the callers that wait to read from it.
type collection[T any] struct {
	verified *atomic.Bool
	mu       sync.Mutex
	waiting  []*reader[T]
	busy     bool // a refresh is running

	// What lists of this collection are good for; only the refresh touches these.
	noPages bool // pages are rejected, or their rows carry too little
	noIDs   bool // so are requests by IDs, or the IDs are ignored

	snapshot[T]
}

// snapshot is what a write invalidates.
type snapshot[T any] struct {
	rows       map[string]T
	generation uint64    // before the first row was requested
	since      time.Time // when the first row was requested
	reference  *T        // the first object that was read by its Get

	// Only the refresh touches these.
	pages    int    // read so far
	firstLen int    // rows on the first page: how many the service really puts on one
	firstID  string // ID of the last page's first row
	spent    int    // requests other than pages
	complete bool   // there are no more pages
}

// reader is one caller.
type reader[T any] struct {
	ctx    context.Context //nolint:containedctx // each reader has its caller's
	id     string
	get    func(ctx context.Context, id string) (*T, error)
	result chan Result[*T]
}

// Get returns the object from the cache or, together with other callers, from the service. All calls with equal keys
// must pass sources that are equivalent but for their Get.
func (c *Cache[K, T]) Get(ctx context.Context, key K, id string, source Source[T]) (*T, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := c.collection(key)
	s.mu.Lock()
	if row, ok := s.rows[id]; ok && s.fresh(source) {
		s.mu.Unlock()
		return &row, nil
	}
	r := &reader[T]{ctx: ctx, id: id, get: source.Get, result: make(chan Result[*T], 1)}
	s.waiting = append(s.waiting, r)
	if !s.busy {
		s.busy = true
		go s.serve(source)
	}
	s.mu.Unlock()
	select {
	case got := <-r.result:
		if got.Err == nil || ctx.Err() == nil {
			return got.Value, got.Err
		}
	case <-ctx.Done():
	}
	return nil, ctx.Err()
}

// fresh reports whether the rows may be served.
func (s *snapshot[T]) fresh(source Source[T]) bool {
	return s.rows != nil && s.generation == source.Generation.current() && source.Clock.Now().Sub(s.since) <= cacheLifetime
}

// serve refreshes until no caller waits.
func (s *collection[T]) serve(source Source[T]) {
	for {
		s.mu.Lock()
		readers := s.waiting
		s.waiting = nil
		if len(readers) == 0 {
			s.busy = false
			s.mu.Unlock()
			return
		}
		if !s.fresh(source) {
			s.snapshot = snapshot[T]{rows: map[string]T{}, generation: source.Generation.current(), since: source.Clock.Now()}
		}
		s.mu.Unlock()
		s.refresh(readers, source)
	}
}

// refresh gets the readers their objects with the fewest requests, and returns when the next refresh may start.
func (s *collection[T]) refresh(readers []*reader[T], source Source[T]) {
	ctx, stop := untilAllLeave(contexts(readers))
	defer stop()

	readers = s.deliver(readers)
	// Rows of a small collection are a few texts that its list has in full; comparing would double the requests.
	if len(readers) > 0 && source.SmallPage == 0 && !s.canVerify() {
		s.readSingly(readers[:1])
		readers = readers[1:]
	}
	for len(readers) > 0 && s.worthPage(len(readers), source) {
		if err := s.readPage(ctx, readers, source); err != nil {
			if s.failed(readers, err, source) {
				return
			}
			s.noPages = true
		}
		readers = s.deliver(readers)
	}
	if len(readers) > 1 && source.ByIDs != nil && !s.noIDs {
		if err := s.readByIDs(ctx, readers, source); err != nil {
			if s.failed(readers, err, source) {
				return
			}
			s.noIDs = true
		}
		readers = s.deliver(readers)
	}
	s.readSingly(readers)
}

// deliver serves readers from the rows, and returns those that it has no row for.
func (s *collection[T]) deliver(readers []*reader[T]) []*reader[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(readers, func(r *reader[T]) bool {
		row, ok := s.rows[r.id]
		if ok {
			r.result <- Result[*T]{Value: &row}
		}
		return ok || r.ctx.Err() != nil
	})
}

// failed delivers the error of a list to all readers, unless it says no more than that the list cannot be used.
func (s *collection[T]) failed(readers []*reader[T], err error, source Source[T]) bool {
	if errors.Is(err, errIncompleteRows) || !source.Transient(err) {
		return false
	}
	for _, r := range readers {
		r.result <- Result[*T]{Err: err}
	}
	return true
}

// canVerify reports whether the rows of lists have been compared with an object's own response, or will be.
func (s *collection[T]) canVerify() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reference != nil || s.verified.Load()
}

// worthPage weighs one more page against the requests that pages have not saved so far, and those now due.
// Against short requests by IDs a long page counts twice.
func (s *collection[T]) worthPage(waiting int, source Source[T]) bool {
	if s.complete || s.noPages || s.pages >= maxCachePages {
		return false
	}
	if source.SmallPage != 0 {
		return s.pages == 0
	}
	due, pages := waiting, s.pages
	if source.ByIDs != nil && !s.noIDs {
		due, pages = (waiting+source.MaxIDs-1)/source.MaxIDs, 2*s.pages
	}
	return pages+minReads <= s.spent+due
}

func contexts[T any](readers []*reader[T]) []context.Context {
	callers := make([]context.Context, len(readers))
	for i, r := range readers {
		callers[i] = r.ctx
	}
	return callers
}

// readPage adds the rows of the next page, which the readers wait for.
func (s *collection[T]) readPage(ctx context.Context, readers []*reader[T], source Source[T]) error {
	ctx, span := traced(ctx, "shared read", contexts(readers))
	defer span.End()
	rows, err := source.Page(ctx, s.pages+1)
	if err != nil {
		return err
	}
	if s.pages++; s.pages == 1 {
		s.firstLen = len(rows)
	}
	if len(rows) == 0 || len(rows) < s.firstLen || len(rows) < source.SmallPage || source.ID(rows[0]) == s.firstID {
		s.complete = true // an empty page, a short one, or the same one again
	}
	if len(rows) > 0 {
		s.firstID = source.ID(rows[0])
	}
	return s.add(rows, source)
}

// readByIDs adds the readers' objects, as far as the list has them.
func (s *collection[T]) readByIDs(ctx context.Context, readers []*reader[T], source Source[T]) error {
	ctx, span := traced(ctx, "shared read", contexts(readers))
	defer span.End()
	var ids []string
	for _, r := range readers {
		ids = append(ids, r.id)
	}
	s.mu.Lock()
	if s.reference != nil {
		ids = append(ids, source.ID(*s.reference)) // to compare its row
	}
	s.mu.Unlock()
	for ids := range source.ChunkIDs(ids) {
		rows, err := source.ByIDs(ctx, ids)
		s.spent++
		if err != nil {
			return err
		}
		if err := s.add(rows, source); err != nil {
			return err
		}
		if slices.ContainsFunc(rows, func(row T) bool { return !slices.Contains(ids, source.ID(row)) }) {
			s.noIDs = true // the IDs are ignored, so a missing row says nothing
			return nil
		}
	}
	return nil
}

// readSingly sends a request for each reader. The first response starts the next refresh, so that one slow request does
// not delay others.
func (s *collection[T]) readSingly(readers []*reader[T]) {
	if len(readers) == 0 {
		return
	}
	s.spent += len(readers)
	generation := s.generation
	done := make(chan struct{}, len(readers))
	for _, r := range readers {
		go func() {
			value, err := r.get(r.ctx, r.id)
			if err == nil {
				s.keep(generation, r.id, *value)
			}
			r.result <- Result[*T]{Value: value, Err: err}
			done <- struct{}{}
		}()
	}
	<-done
}

// keep adds a single object, unless the snapshot has been replaced since it was requested.
func (s *collection[T]) keep(generation uint64, id string, value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.generation != generation {
		return
	}
	s.rows[id] = value
	if s.reference == nil {
		s.reference = &value
	}
}

var errIncompleteRows = errors.New("the rows of the list carry less than the object's own response")

// add adds rows of a list.
func (s *collection[T]) add(rows []T, source Source[T]) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range rows {
		if s.reference == nil || source.ID(row) != source.ID(*s.reference) {
			continue
		}
		if !source.Complete(row, *s.reference) {
			s.noPages, s.noIDs = true, true
			return errIncompleteRows
		}
		s.verified.Store(true)
	}
	for _, row := range rows {
		s.rows[source.ID(row)] = row
	}
	return nil
}
