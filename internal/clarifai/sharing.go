package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// Item is the outcome of one item of a request that carries many.
type Item[T any] = batch.Result[T]

// scope is the property that items must have in common to share a request.
type scope struct {
	app    AppRef
	parent string // ID of the dataset or concept that holds the items
	action PatchAction
	brief  bool // the response is only read as far as its outcomes
	adding AddOptions
}

// batchers combine single writes and the lists of single parents, caches serve single reads, and pollers serve callers
// that wait. See package batch.
type batchers struct {
	createInput, updateInput                     batch.Batcher[scope, Input, Input]
	createAnnotation                             batch.Batcher[scope, Annotation, Annotation]
	listInputAnnotations                         batch.Batcher[scope, string, []Annotation]
	createDatasetInput                           batch.Batcher[scope, string, DatasetInput]
	createDataset, updateDataset                 batch.Batcher[scope, Dataset, Dataset]
	updateDatasetVersion                         batch.Batcher[scope, DatasetVersion, DatasetVersion]
	createConcept, updateConcept                 batch.Batcher[scope, Concept, Concept]
	createConceptLanguage, updateConceptLanguage batch.Batcher[scope, ConceptLanguage, ConceptLanguage]
	createConceptRelation                        batch.Batcher[scope, ConceptRelation, ConceptRelation]
	removeInput, removeDatasetInput              batch.Batcher[scope, string, none]
	removeDataset, removeDatasetVersion          batch.Batcher[scope, string, none]
	removeConceptRelation                        batch.Batcher[scope, string, none]
}

type caches struct {
	inputs           batch.Cache[scope, Input]
	datasetInputs    batch.Cache[scope, DatasetInput]
	datasets         batch.Cache[scope, Dataset]
	datasetVersions  batch.Cache[scope, DatasetVersion]
	concepts         batch.Cache[scope, Concept]
	conceptLanguages batch.Cache[scope, ConceptLanguage]
	conceptRelations batch.Cache[scope, ConceptRelation]
}

type pollers struct {
	inputs          batch.Poller[scope, Input]
	removedInputs   batch.Poller[scope, Input]
	datasetVersions batch.Poller[scope, DatasetVersion]
}

// none is the result of a delete, which has only an error.
type none struct{}

// write is an operation, mostly a write, whose items can share a request. Each noun defines its operations once, for single items that
// join a batch (one) and for callers with many items at hand (many).
type write[I, O any] struct {
	op string
	id func(I) string // tells items apart; "" if the service will assign the ID
	// send is one request for items of a scope.
	send func(ctx context.Context, c *Client, at scope, items []I) ([]Item[O], error)
	// creates marks operations that must not be repeated after an unknown outcome.
	creates bool
	// atomic marks requests that have done nothing if they are rejected as a whole.
	atomic bool
}

func (w write[I, O]) operation(c *Client, at scope) batch.Operation[I, O] {
	op := batch.Operation[I, O]{
		Limiter: c.limiter, MaxItems: MaxItemsPerCall, MaxBytes: c.config.BatchBytes,
		ID: w.id, MaySplit: isRejected,
		Send: func(ctx context.Context, permit *batch.Permit, items []I) ([]Item[O], error) {
			return w.send(ctx, c.using(permit), at, items)
		},
	}
	if w.creates && !w.atomic {
		op.AfterSplit = duplicateIsUnknown
	}
	return op
}

// one sends an item together with others of its scope and returns its own outcome.
func (w write[I, O]) one(ctx context.Context, c *Client, batcher *batch.Batcher[scope, I, O], at scope, item I) (*O, error) {
	encoded, err := Encode(item)
	if err != nil {
		return nil, &Error{Op: w.op, Err: fmt.Errorf("cannot encode the request: %w", err)}
	}
	op := w.operation(c, at)
	op.Size = func(I) int { return len(encoded) + len(",") }
	value, err := batcher.Do(ctx, at, item, op)
	var notSent *batch.NotSentError
	var abandoned *batch.AbandonedError
	switch {
	case errors.As(err, &notSent):
		return nil, fmt.Errorf("%s: %w", w.op, notSent)
	case errors.As(err, &abandoned):
		return nil, &Error{Op: w.op, OutcomeUnknown: w.creates, Err: abandoned.Err}
	case err != nil:
		return nil, err
	}
	return &value, nil
}

// many sends at most MaxItemsPerCall items in one request, and in several if that is rejected because of some of them.
func (w write[I, O]) many(ctx context.Context, c *Client, at scope, items []I) []Item[O] {
	return batch.DoAll(ctx, items, w.operation(c, at))
}

// remove is a delete by IDs. Its response has no outcomes of single items: either all were deleted or the request is
// rejected, and then halves of it are sent. An item that is then not found may have been deleted by the first request,
// so it counts as deleted.
func remove(op string, send func(ctx context.Context, c *Client, at scope, ids []string) error) write[string, none] {
	return write[string, none]{
		op: op, id: stringID,
		send: func(ctx context.Context, c *Client, at scope, ids []string) ([]Item[none], error) {
			if err := send(ctx, c, at, ids); err != nil {
				return nil, err
			}
			return make([]Item[none], len(ids)), nil
		},
	}
}

func stringID(id string) string { return id }

func itemErrors[T any](items []Item[T]) []error {
	errs := make([]error, len(items))
	for i, item := range items {
		errs[i] = item.Err
	}
	return errs
}

// duplicateIsUnknown turns "already exists" into an unknown outcome: the request that was rejected before may have
// created this item.
func duplicateIsUnknown(err error) error {
	var e *Error
	if !errors.As(err, &e) || !IsDuplicate(err) {
		return err
	}
	unknown := *e
	unknown.OutcomeUnknown = true
	return &unknown
}

// isRejected reports whether the service rejected the content of a request, so that a part of it may succeed.
// Transient errors and errors of the credentials or the address do not count.
func isRejected(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.OutcomeUnknown {
		return false
	}
	switch e.HTTPStatus {
	case http.StatusRequestEntityTooLarge: // proxies in front of the service also respond this
		return true
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusTooManyRequests:
		return false
	}
	switch code := e.Status.Code; {
	case code == 0, code == StatusMixed, code == StatusMoved, code == StatusNotImplemented, code == StatusMethodNotAllowed:
		return false
	case code >= 11000 && code < 11100: // account, credentials and quotas
		return false
	}
	return e.HTTPStatus < 500 && !e.Status.Code.Retryable()
}

// cached completes the source of a cache. The caller sets ID, Get, Page and, if there are any, ByIDs and SmallPage.
func cached[T any](c *Client, source batch.Source[T]) batch.Source[T] {
	source.Clock, source.Generation = c.clock, &c.generation
	source.MaxIDs, source.ChunkIDs = MaxItemsPerCall, chunkIDs
	source.Complete, source.Transient = carriesAsMuch[T], isTransient
	return source
}

// longPage is the page to read for a cache.
func longPage(number int) Page {
	return Page{Page: uint32(number), PerPage: MaxPerPage} //nolint:gosec // a cache reads a few pages at most
}

// isTransient reports whether a request of another kind would meet the same error: its cause is the service, the network,
// the credentials or the caller's context, and not the request.
func isTransient(err error) bool {
	var broken *transportError
	var e *Error
	switch {
	case !errors.As(err, &e): // a context that has ended
		return true
	case errors.As(err, &broken), e.HTTPStatus == http.StatusUnauthorized, e.HTTPStatus == http.StatusTooManyRequests:
		return true
	}
	return e.HTTPStatus >= 500 || e.Status.Code.Retryable()
}

const maxIDBytes = 6000 // of IDs in one query: addresses are commonly limited to 8 KiB

// chunkIDs cuts IDs into lists that fit into one query.
func chunkIDs(ids []string) func(yield func([]string) bool) {
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

// hasUnrequested reports whether a list returned rows that were not asked for. Then the service ignores the IDs, and a
// missing row says nothing.
func hasUnrequested[T any](rows []T, ids []string, id func(T) string) bool {
	return slices.ContainsFunc(rows, func(row T) bool { return !slices.Contains(ids, id(row)) })
}

// carriesAsMuch reports whether a list's row has all keys of the object's own response. The values may have changed
// meanwhile, and the status may differ in all its fields.
func carriesAsMuch[T any](row, own T) bool {
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
		if _, ok := got[key]; !ok || !hasKeys(got[key], value) {
			return false
		}
	}
	return true
}

// polled completes a query of a poller. ask sends its first attempt with the permit that c holds.
func polled[T any](c *Client, perRequest int, ask func(ctx context.Context, c *Client, ids []string) map[string]Item[*T]) batch.Query[T] {
	return batch.Query[T]{
		Clock: c.clock, Limiter: c.limiter, Generation: &c.generation, PerRequest: perRequest,
		Ask: func(ctx context.Context, permit *batch.Permit, ids []string) map[string]Item[*T] {
			return ask(ctx, c.using(permit), ids)
		},
	}
}

// failedAll gives all IDs the same error.
func failedAll[T any](ids []string, err error) map[string]Item[*T] {
	found := map[string]Item[*T]{}
	for _, id := range ids {
		found[id] = Item[*T]{Err: err}
	}
	return found
}

// getEach reads each object with a request of its own, all at once.
func getEach[T any](ctx context.Context, ids []string, get func(context.Context, string) (*T, error)) map[string]Item[*T] {
	items := make([]Item[*T], len(ids))
	var requests sync.WaitGroup
	for i, id := range ids {
		requests.Go(func() { items[i].Value, items[i].Err = get(ctx, id) })
	}
	requests.Wait()
	found := map[string]Item[*T]{}
	for i, id := range ids {
		found[id] = items[i]
	}
	return found
}
