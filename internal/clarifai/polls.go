package clarifai

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// # Polls that share a trip
//
// Many who wait for objects of one collection are answered together. Each says
// within which time it wants to know the present state. The call is made when the
// first of them is due, one at a time, and takes along everybody who waits, as
// far as the same number of calls can carry them. So the number of polls grows
// with time and not with the number of objects, and nobody waits longer than it
// would alone. Shelves (reads.go) are not looked at, and are void after a poll:
// what is polled is the state of now.

// PollInput reads an input's present state within the given time: at the latest when that has passed, sooner when
// others poll inputs of the app. [Client.GetInput] alone, [Client.ListInputs] by ids in company; what the list leaves
// out is asked for by itself, since a list can lag behind.
func (c *Client) PollInput(ctx context.Context, app AppRef, id string, within time.Duration) (*Input, error) {
	return poll(ctx, c, &c.polls.inputs, scope{app: app}, id, within, asking[Input]{
		perCall: MaxItemsPerCall,
		ask: func(ctx context.Context, ids []string) map[string]Item[*Input] {
			return c.pollInputs(ctx, app, ids, func(absent []string, _ bool) map[string]Item[*Input] {
				return c.getInputs(ctx, app, absent)
			})
		},
	})
}

// PollRemovedInput is [Client.PollInput] for an input whose delete has been accepted, and not found is what is hoped
// for. Of those that the list leaves out only one is asked for by itself: if it is gone, so are the others.
func (c *Client) PollRemovedInput(ctx context.Context, app AppRef, id string, within time.Duration) (*Input, error) {
	return poll(ctx, c, &c.polls.removedInputs, scope{app: app}, id, within, asking[Input]{
		perCall: MaxItemsPerCall,
		ask: func(ctx context.Context, ids []string) map[string]Item[*Input] {
			return c.pollInputs(ctx, app, ids, func(absent []string, heeded bool) map[string]Item[*Input] {
				if !heeded {
					return c.getInputs(ctx, app, absent)
				}
				found := c.getInputs(ctx, app, absent[:1])
				if !IsNotFound(found[absent[0]].Err) {
					maps.Copy(found, c.getInputs(ctx, app, absent[1:]))
					return found
				}
				for _, id := range absent[1:] {
					found[id] = Item[*Input]{Err: NewNotFound("ListInputs", fmt.Sprintf("the app has no input %q", id))}
				}
				return found
			})
		},
	})
}

// pollInputs looks inputs up by ids, and has absent look into those that the list leaves out. heeded says that the list
// kept to the ids.
func (c *Client) pollInputs(ctx context.Context, app AppRef, ids []string, absent func(ids []string, heeded bool) map[string]Item[*Input]) map[string]Item[*Input] {
	if len(ids) == 1 {
		return c.getInputs(ctx, app, ids)
	}
	found := map[string]Item[*Input]{}
	for ids := range idChunks(ids) {
		inputs, err := c.inputsByIDs(ctx, app, ids)
		if err != nil && trouble(err) {
			maps.Copy(found, failed[Input](ids, err))
			continue
		}
		for i := range inputs {
			found[inputs[i].ID] = Item[*Input]{Value: &inputs[i]}
		}
		left := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return found[id].Value != nil })
		if len(left) > 0 {
			maps.Copy(found, absent(left, err == nil && !strangers(inputs, ids, inputID)))
		}
	}
	return found
}

func (c *Client) getInputs(ctx context.Context, app AppRef, ids []string) map[string]Item[*Input] {
	return singly(ctx, ids, func(ctx context.Context, id string) (*Input, error) { return c.GetInput(ctx, app, id) })
}

// PollDatasetVersion reads a version's present state, exports and metrics included, within the given time: at the latest
// when that has passed, sooner when others poll versions of the dataset. [Client.GetDatasetVersion] alone,
// [Client.ListDatasetVersions] in company.
func (c *Client) PollDatasetVersion(ctx context.Context, app AppRef, dataset, id string, within time.Duration) (*DatasetVersion, error) {
	return poll(ctx, c, &c.polls.versions, scope{app: app, parent: dataset}, id, within, asking[DatasetVersion]{
		perCall: MaxPerPage,
		ask: func(ctx context.Context, ids []string) map[string]Item[*DatasetVersion] {
			return c.pollVersions(ctx, app, dataset, ids)
		},
	})
}

// pollVersions reads pages as long as that costs less than asking for each of those still looked for.
func (c *Client) pollVersions(ctx context.Context, app AppRef, dataset string, ids []string) map[string]Item[*DatasetVersion] {
	found := map[string]Item[*DatasetVersion]{}
	absent := slices.Clone(ids)
	for page := 1; len(absent) > page; page++ {
		versions, err := c.ListDatasetVersions(ctx, app, dataset, ListDatasetVersionsQuery{
			Page: Page{Page: uint32(page), PerPage: MaxPerPage}, //nolint:gosec // less than ids
		})
		if err != nil && trouble(err) {
			maps.Copy(found, failed[DatasetVersion](absent, err))
			return found
		}
		for i := range versions {
			found[versions[i].ID] = Item[*DatasetVersion]{Value: &versions[i]}
		}
		absent = slices.DeleteFunc(absent, func(id string) bool { return found[id].Value != nil })
		if len(versions) < defaultPerPage { // also when the page was refused
			break
		}
	}
	maps.Copy(found, singly(ctx, absent, func(ctx context.Context, id string) (*DatasetVersion, error) {
		return c.GetDatasetVersion(ctx, app, dataset, id)
	}))
	return found
}

func failed[T any](ids []string, err error) map[string]Item[*T] {
	found := map[string]Item[*T]{}
	for _, id := range ids {
		found[id] = Item[*T]{Err: err}
	}
	return found
}

// singly asks for each object by itself, all at once.
func singly[T any](ctx context.Context, ids []string, get func(context.Context, string) (*T, error)) map[string]Item[*T] {
	items := make([]Item[*T], len(ids))
	var calls sync.WaitGroup
	for i, id := range ids {
		calls.Go(func() { items[i].Value, items[i].Err = get(ctx, id) })
	}
	calls.Wait()
	found := map[string]Item[*T]{}
	for i, id := range ids {
		found[id] = items[i]
	}
	return found
}

// polls hold who waits, by kind. Their zero values are ready.
type polls struct {
	inputs        rooms[Input]
	removedInputs rooms[Input]
	versions      rooms[DatasetVersion]
}

// rooms are the waiting rooms of one kind of object, by collection. A room exists while somebody waits in it.
type rooms[T any] struct {
	mu    sync.Mutex
	rooms map[scope]*room[T]
}

type room[T any] struct {
	waiters []*waiter[T]
	next    time.Time          // when the room goes to ask
	wake    context.CancelFunc // has it look at its waiters again
}

// asking says how objects of a collection are asked for.
type asking[T any] struct {
	perCall int // how many one call answers
	// ask gives an outcome for each of the ids.
	ask func(ctx context.Context, ids []string) map[string]Item[*T]
}

type waiter[T any] struct {
	ctx     context.Context
	id      string
	due     time.Time
	outcome chan Item[*T]
}

// poll waits with others for an answer that is given within the time.
func poll[T any](ctx context.Context, c *Client, rs *rooms[T], at scope, id string, within time.Duration, by asking[T]) (*T, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &waiter[T]{ctx: ctx, id: id, due: c.clock.Now().Add(within), outcome: make(chan Item[*T], 1)}
	rs.enter(c, at, w, by)
	select {
	case o := <-w.outcome:
		if o.Err == nil || ctx.Err() == nil {
			return o.Value, o.Err
		}
	case <-ctx.Done():
		rs.leave(at, w)
	}
	return nil, ctx.Err()
}

func (rs *rooms[T]) enter(c *Client, at scope, w *waiter[T], by asking[T]) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if r, ok := rs.rooms[at]; ok {
		r.waiters = append(r.waiters, w)
		if w.due.Before(r.next) {
			r.wake()
		}
		return
	}
	r := &room[T]{waiters: []*waiter[T]{w}}
	if rs.rooms == nil {
		rs.rooms = map[scope]*room[T]{}
	}
	rs.rooms[at] = r
	go rs.attend(c, at, r, by)
}

func (rs *rooms[T]) leave(at scope, w *waiter[T]) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r, ok := rs.rooms[at]
	if !ok {
		return
	}
	r.waiters = slices.DeleteFunc(r.waiters, func(other *waiter[T]) bool { return other == w })
	if len(r.waiters) == 0 && r.wake != nil { // nil: nobody attends yet, and whoever comes to will look
		r.wake()
	}
}

// attend asks whenever somebody in the room is due, until the room is empty.
func (rs *rooms[T]) attend(c *Client, at scope, r *room[T], by asking[T]) {
	for {
		ctx, ok := rs.await(at, r)
		if !ok {
			return
		}
		if c.clock.Sleep(ctx, r.next.Sub(c.clock.Now())) != nil {
			continue // somebody is due sooner, or everybody has left
		}
		rs.mu.Lock()
		r.next = time.Time{} // whoever comes now goes along, so there is nothing to wake for
		rs.mu.Unlock()
		leave, err := c.gate.enter(ctx, reading)
		if err != nil {
			continue
		}
		aboard := rs.take(r, c.clock.Now(), by.perCall)
		if len(aboard) == 0 {
			leave()
			continue
		}
		askFor(c, leave, aboard, by)
	}
}

// await says when the room is to ask next, unless it is empty and closes. The context ends when there is reason to look again.
func (rs *rooms[T]) await(at scope, r *room[T]) (context.Context, bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if r.wake != nil {
		r.wake()
	}
	if len(r.waiters) == 0 {
		delete(rs.rooms, at)
		return nil, false
	}
	first := slices.MinFunc(r.waiters, earlier)
	ctx, wake := context.WithCancel(context.WithoutCancel(first.ctx))
	r.next, r.wake = first.due, wake
	return ctx, true
}

func earlier[T any](a, b *waiter[T]) int { return a.due.Compare(b.due) }

// take removes from the room who is due, and as many others as go along without a further call.
func (rs *rooms[T]) take(r *room[T], now time.Time, perCall int) []*waiter[T] {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	slices.SortStableFunc(r.waiters, earlier)
	n := 0
	for n < len(r.waiters) && (n%perCall != 0 || !r.waiters[n].due.After(now)) {
		n++
	}
	aboard := slices.Clone(r.waiters[:n])
	r.waiters = slices.Delete(r.waiters, 0, n)
	return aboard
}

// askFor asks for all aboard, in the place at the gate that was waited for.
func askFor[T any](c *Client, leave func(), aboard []*waiter[T], by asking[T]) {
	callers, ids := make([]context.Context, len(aboard)), make([]string, len(aboard))
	for i, w := range aboard {
		callers[i], ids[i] = w.ctx, w.id
	}
	ctx, done := together(callers)
	defer done()
	ctx, release := withTicket(ctx, leave)
	defer release()
	slices.Sort(ids)
	found := by.ask(ctx, slices.Compact(ids))
	c.writes.Add(1) // what is waited for changes: nobody is to read of an older state after this
	for _, w := range aboard {
		w.outcome <- found[w.id]
	}
}
