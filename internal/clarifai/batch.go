package clarifai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// # Calls that share a trip
//
// Whoever manages objects one by one (Terraform does) would make a call for
// each, while the service takes 128 items in one. So single writes travel as
// databases commit: in groups.
//
//   - A write joins the lane of its operation and scope: all that may stand in
//     one body, such as the creation of inputs of one app.
//   - For each lane with somebody in it, one sender stands at the gate, where
//     concurrency, pacing and the quiet after a 429 hold back all calls. Only
//     when it is let through does it fill the call with whoever has queued by
//     then, up to 128 items and Config.BatchBytes. Those who come later get the
//     next sender. So a lone caller leaves at once, the busier the client the
//     fuller its calls, and there is no window of time to tune.
//   - Each caller gets the outcome of its own item, matched by id where there
//     is one. An id stands in a call only once, since the answer could not tell
//     two apart: the second caller goes with a later call.
//   - A caller whose context ends leaves without hurting the others. The call's
//     own context ends when all of its callers have gone.
//   - A refusal of the whole call because of what it contains is looked into by
//     halves, so that one bad item fails alone. Trouble that has nothing to do
//     with the items (throttling, credentials, a lost answer) is everybody's;
//     a lost answer leaves the outcome unknown to each of them.
//
// Reads share trips too (reads.go), and so do those who wait (polls.go).

// batches are the queues of a client, one an operation. Their zero values are ready.
type batches struct {
	createInput, changeInput                     queue[Input, Input]
	addDatasetInput                              queue[string, DatasetInput]
	createDataset, changeDataset                 queue[Dataset, Dataset]
	changeDatasetVersion                         queue[DatasetVersion, DatasetVersion]
	createConcept, changeConcept                 queue[Concept, Concept]
	createConceptLanguage, changeConceptLanguage queue[ConceptLanguage, ConceptLanguage]
	createConceptRelation                        queue[ConceptRelation, ConceptRelation]
	removeInput, removeDatasetInput              queue[string, none]
	removeDataset, removeDatasetVersion          queue[string, none]
	removeConceptRelation                        queue[string, none]
}

// none is the outcome of a delete: nothing but its error.
type none struct{}

// scope is what items must have in common to share a call.
type scope struct {
	app    AppRef
	parent string // id of the dataset or concept that holds the items
	action PatchAction
}

// operation says how items travel.
type operation[I, O any] struct {
	name string
	id   func(I) string // tells items apart; "" when the service will name the item
	send func(context.Context, []I) ([]Item[O], error)
	// creates marks what must not be done twice: who does not hear of the
	// outcome has to know that it is unknown.
	creates bool
	// atomic marks a call that, when it is refused as a whole, has done nothing.
	atomic bool
}

// queue holds the lanes of one operation, by scope.
type queue[I, O any] struct {
	mu    sync.Mutex
	lanes map[scope]*lane[I, O]
}

// lane is where items wait for the next call. It exists while a sender stands at
// the gate for it.
type lane[I, O any] struct {
	riders   []*rider[I, O]
	callBack context.CancelFunc // ends the sender's wait, when nobody is left
}

// rider is one caller with its item.
type rider[I, O any] struct {
	ctx     context.Context
	item    I
	id      string
	size    int
	outcome chan Item[O] // has room for it, so that a caller who has gone blocks nobody
}

// share sends an item along with others of its scope and returns its own outcome.
func share[I, O any](ctx context.Context, c *Client, q *queue[I, O], at scope, item I, op operation[I, O]) (O, error) {
	var nothing O
	notSent := func() error { return fmt.Errorf("%s: not sent: %w", op.name, ctx.Err()) }
	if ctx.Err() != nil {
		return nothing, notSent()
	}
	encoded, err := Encode(item)
	if err != nil {
		return nothing, &Error{Op: op.name, Err: fmt.Errorf("cannot encode the request: %w", err)}
	}
	r := &rider[I, O]{ctx: ctx, item: item, id: op.id(item), size: len(encoded) + len(","), outcome: make(chan Item[O], 1)}
	q.join(c, at, op, r)
	var o Item[O]
	select {
	case o = <-r.outcome:
	case <-ctx.Done():
		if q.leave(at, r) {
			return nothing, notSent()
		}
		select {
		case o = <-r.outcome: // just in time
		default:
			o.Err = context.Canceled // as the call says when all of its callers have gone
		}
	}
	if errors.Is(o.Err, context.Canceled) && ctx.Err() != nil {
		return nothing, &Error{Op: op.name, OutcomeUnknown: op.creates, Err: ctx.Err()}
	}
	return o.Value, o.Err
}

// join puts a rider into the lane of its scope, and sends a sender to the gate if none is there.
func (q *queue[I, O]) join(c *Client, at scope, op operation[I, O], r *rider[I, O]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l, ok := q.lanes[at]; ok {
		l.riders = append(l.riders, r)
		return
	}
	q.open(c, at, op, []*rider[I, O]{r})
}

// open makes a lane and its sender. q.mu is held.
func (q *queue[I, O]) open(c *Client, at scope, op operation[I, O], riders []*rider[I, O]) {
	ctx, callBack := context.WithCancel(context.WithoutCancel(riders[0].ctx))
	l := &lane[I, O]{riders: riders, callBack: callBack}
	if q.lanes == nil {
		q.lanes = map[scope]*lane[I, O]{}
	}
	q.lanes[at] = l
	go func() {
		defer callBack()
		leave, err := c.gate.enter(ctx, writing)
		if err != nil {
			return // called back: everybody has left
		}
		aboard := q.seal(c, at, op, l)
		if len(aboard) == 0 {
			leave()
			return
		}
		depart(op, leave, aboard)
	}()
}

// leave takes a rider out of its lane, if it still is there.
func (q *queue[I, O]) leave(at scope, r *rider[I, O]) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	l, ok := q.lanes[at]
	if !ok {
		return false
	}
	i := slices.Index(l.riders, r)
	if i < 0 {
		return false
	}
	l.riders = slices.Delete(l.riders, i, i+1)
	if len(l.riders) == 0 {
		delete(q.lanes, at)
		l.callBack()
	}
	return true
}

// seal takes from the lane who goes with this call, and opens a new lane for the rest.
func (q *queue[I, O]) seal(c *Client, at scope, op operation[I, O], l *lane[I, O]) []*rider[I, O] {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(l.riders) == 0 { // all left; the scope may have another lane by now
		return nil
	}
	aboard, rest := fill(l.riders, c.config.BatchBytes)
	l.riders = nil
	delete(q.lanes, at)
	if len(rest) > 0 {
		q.open(c, at, op, rest)
	}
	return aboard
}

// fill takes riders in their order as far as one call reaches, and none whose id is aboard already.
func fill[I, O any](riders []*rider[I, O], maxBytes int) (aboard, rest []*rider[I, O]) {
	ids := map[string]bool{}
	size := 0
	for i, r := range riders {
		if len(aboard) == MaxItemsPerCall || len(aboard) > 0 && size+r.size > maxBytes {
			return aboard, append(rest, riders[i:]...)
		}
		if r.id != "" && ids[r.id] {
			rest = append(rest, r)
			continue
		}
		aboard, ids[r.id] = append(aboard, r), true
		size += r.size
	}
	return aboard, rest
}

// depart makes the call for all aboard, in the place at the gate that was waited for.
func depart[I, O any](op operation[I, O], leave func(), aboard []*rider[I, O]) {
	callers := make([]context.Context, len(aboard))
	for i, r := range aboard {
		callers[i] = r.ctx
	}
	ctx, done := together(callers)
	defer done()
	ctx, release := withTicket(ctx, leave)
	defer release()
	deliver(ctx, op, aboard, false)
}

// together is a context that ends when all of the callers have gone. Its values
// are the first caller's.
func together(callers []context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(callers[0]))
	var left atomic.Int64
	left.Store(int64(len(callers)))
	stops := make([]func() bool, len(callers))
	for i, caller := range callers {
		stops[i] = context.AfterFunc(caller, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel()
	}
}

// deliver sends the items of the riders and hands each its outcome. A refusal of
// the whole is looked into by halves; again says that this is one of them.
func deliver[I, O any](ctx context.Context, op operation[I, O], riders []*rider[I, O], again bool) {
	items := make([]I, len(riders))
	for i, r := range riders {
		items[i] = r.item
	}
	outcomes, err := op.send(ctx, items)
	if err == nil && len(outcomes) != len(items) {
		err = missing(op.name, "an outcome for each item")
	}
	if err != nil && len(riders) > 1 && refused(err) {
		var halves sync.WaitGroup
		for half := range slices.Chunk(riders, (len(riders)+1)/2) {
			half = slices.DeleteFunc(slices.Clone(half), func(r *rider[I, O]) bool { return r.ctx.Err() != nil })
			if len(half) > 0 {
				halves.Go(func() { deliver(ctx, op, half, true) })
			}
		}
		halves.Wait()
		return
	}
	for i, r := range riders {
		o := Item[O]{Err: err}
		if err == nil {
			o = outcomes[i]
		}
		if again && op.creates && !op.atomic {
			o.Err = maybeOurs(o.Err)
		}
		r.outcome <- o
	}
}

// maybeOurs turns a taken id into an unknown outcome: the call that was refused
// before may have made just this item.
func maybeOurs(err error) error {
	var e *Error
	if !errors.As(err, &e) || !IsDuplicate(err) {
		return err
	}
	unknown := *e
	unknown.OutcomeUnknown = true
	return &unknown
}

// refused tells whether the service turned a call down for what it asks, so that
// parts of it may fare better. Trouble of the moment, of the credentials, or of
// the address is not that.
func refused(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.OutcomeUnknown {
		return false
	}
	switch e.HTTPStatus {
	case http.StatusRequestEntityTooLarge: // also said by what stands before the service
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
