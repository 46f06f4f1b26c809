package batch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// bubbleClock is the clock of the test's synctest bubble.
type bubbleClock struct{}

func (bubbleClock) Now() time.Time { return time.Now() }

func (bubbleClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const latency = 50 * time.Millisecond

// server is a service that doubles numbers. Requests take 50 ms.
type server struct {
	limiter *batch.Limiter

	mu        sync.Mutex
	requests  [][]int
	bad       map[int]bool // rejected together with the whole request
	cancelled int
}

var errRejected = errors.New("rejected")

// send is one request. It uses the permit for its attempt, as a transport does.
func (s *server) send(ctx context.Context, permit *batch.Permit, items []int) ([]batch.Result[int], error) {
	if !permit.Take() {
		var err error
		if permit, err = s.limiter.Acquire(ctx, batch.Write); err != nil {
			return nil, err
		}
	}
	defer permit.Release()
	s.mu.Lock()
	s.requests = append(s.requests, slices.Clone(items))
	s.mu.Unlock()
	if err := (bubbleClock{}).Sleep(ctx, latency); err != nil {
		s.mu.Lock()
		s.cancelled++
		s.mu.Unlock()
		return nil, err
	}
	results := make([]batch.Result[int], len(items))
	for i, n := range items {
		if s.bad[n] {
			return nil, errRejected
		}
		results[i].Value = 2 * n
	}
	return results, nil
}

func (s *server) operation() batch.Operation[int, int] {
	return batch.Operation[int, int]{
		Limiter: s.limiter, MaxItems: 8, MaxBytes: 100,
		ID:       strconv.Itoa,
		Size:     func(n int) int { return n },
		Send:     s.send,
		MaySplit: func(err error) bool { return errors.Is(err, errRejected) },
		AfterSplit: func(err error) error {
			return fmt.Errorf("again: %w", err)
		},
	}
}

func (s *server) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sizes []int
	for _, r := range s.requests {
		sizes = append(sizes, len(r))
	}
	slices.Sort(sizes)
	return sizes
}

// queued runs work while the only slot of the server's limiter is occupied, and returns a function that frees the slot
// and waits for the work.
func queued(t *testing.T, s *server, work ...func()) (wait func()) {
	t.Helper()
	permit, err := s.limiter.Acquire(t.Context(), batch.Write)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, w := range work {
		all.Go(w)
	}
	synctest.Wait()
	return func() {
		permit.Release()
		all.Wait()
	}
}

func TestBatcher_singleItemIsSentAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{limiter: batch.NewLimiter(0, 16, bubbleClock{})}
		var b batch.Batcher[string, int, int]
		start := time.Now()
		got, err := b.Do(t.Context(), "k", 3, s.operation())
		if got != 6 || err != nil || time.Since(start) != latency {
			t.Errorf("got %d, %v after %s", got, err, time.Since(start))
		}
	})
}

func TestBatcher_queuedItemsShareRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{limiter: batch.NewLimiter(0, 1, bubbleClock{})}
		var b batch.Batcher[string, int, int]
		var work []func()
		for _, key := range []string{"a", "b"} {
			for n := range 10 {
				work = append(work, func() {
					if got, err := b.Do(t.Context(), key, n, s.operation()); got != 2*n || err != nil {
						t.Errorf("%d: got %d, %v", n, got, err)
					}
				})
			}
		}
		queued(t, s, work...)()
		if got := s.sizes(); !slices.Equal(got, []int{2, 2, 8, 8}) {
			t.Errorf("requests carried %v items, want at most 8 and one key in each", got)
		}
	})
}

func TestBatcher_requestLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{limiter: batch.NewLimiter(0, 1, bubbleClock{})}
		var b batch.Batcher[string, int, int]
		var work []func()
		for _, n := range []int{60, 30, 30, 30, 120, 1, 1} {
			work = append(work, func() {
				if got, err := b.Do(t.Context(), "k", n, s.operation()); got != 2*n || err != nil {
					t.Errorf("%d: got %d, %v", n, got, err)
				}
			})
		}
		queued(t, s, work...)()
		for _, items := range s.requests {
			sum := 0
			for _, n := range items {
				sum += n
			}
			if sum > 100 && len(items) > 1 {
				t.Errorf("%v has %d bytes", items, sum)
			}
			sorted := slices.Sorted(slices.Values(items))
			if len(slices.Compact(sorted)) != len(items) {
				t.Errorf("%v holds an ID twice", items)
			}
		}
	})
}

func TestBatcher_oneBadItemFailsAlone(t *testing.T) {
	t.Parallel()
	for bad := range 8 {
		t.Run(strconv.Itoa(bad), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &server{limiter: batch.NewLimiter(0, 1, bubbleClock{}), bad: map[int]bool{bad: true}}
				var b batch.Batcher[string, int, int]
				var work []func()
				for n := range 8 {
					work = append(work, func() {
						got, err := b.Do(t.Context(), "k", n, s.operation())
						switch {
						case n == bad && (!errors.Is(err, errRejected) || err.Error() != "again: rejected"):
							t.Errorf("the bad item got %d, %v", got, err)
						case n != bad && (got != 2*n || err != nil):
							t.Errorf("%d: got %d, %v", n, got, err)
						}
					})
				}
				queued(t, s, work...)()
				if got := s.sizes(); !slices.Equal(got, []int{1, 1, 2, 2, 4, 4, 8}) {
					t.Errorf("requests carried %v items", got)
				}
			})
		})
	}
}

func TestBatcher_cancelledCallers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leaveAfter time.Duration // after the request has been granted; negative: before
		abandoned  bool
	}{"before the request": {-1, false}, "during the request": {latency / 2, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &server{limiter: batch.NewLimiter(0, 1, bubbleClock{})}
				var b batch.Batcher[string, int, int]
				ctx, cancel := context.WithCancel(t.Context())
				var left, stayed error
				wait := queued(t, s,
					func() { _, left = b.Do(ctx, "k", 1, s.operation()) },
					func() { _, stayed = b.Do(t.Context(), "k", 2, s.operation()) })
				if c.leaveAfter < 0 {
					cancel()
					synctest.Wait()
				} else {
					time.AfterFunc(c.leaveAfter, cancel)
				}
				wait()
				var notSent *batch.NotSentError
				var abandoned *batch.AbandonedError
				if errors.As(left, &notSent) == c.abandoned || errors.As(left, &abandoned) != c.abandoned || !errors.Is(left, context.Canceled) {
					t.Errorf("who left got %v", left)
				}
				if stayed != nil || s.cancelled != 0 {
					t.Errorf("who stayed got %v; %d requests were cancelled", stayed, s.cancelled)
				}
			})
		})
	}
	t.Run("all of them", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := &server{limiter: batch.NewLimiter(0, 1, bubbleClock{})}
			var b batch.Batcher[string, int, int]
			ctx, cancel := context.WithTimeout(t.Context(), latency/2)
			defer cancel()
			queued(t, s,
				func() { _, _ = b.Do(ctx, "k", 1, s.operation()) },
				func() { _, _ = b.Do(ctx, "k", 2, s.operation()) })()
			synctest.Wait()
			if s.cancelled != 1 {
				t.Errorf("%d requests were cancelled, want the one that nobody waits for", s.cancelled)
			}
		})
	})
}

func TestDoAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{limiter: batch.NewLimiter(0, 1, bubbleClock{}), bad: map[int]bool{2: true}}
		results := batch.DoAll(t.Context(), []int{1, 2, 3, 4}, s.operation())
		for i, r := range results {
			if n := i + 1; n == 2 && !errors.Is(r.Err, errRejected) || n != 2 && (r.Err != nil || r.Value != 2*n) {
				t.Errorf("%d: %+v", n, r)
			}
		}
		if got := s.sizes(); !slices.Equal(got, []int{1, 1, 2, 2, 4}) {
			t.Errorf("requests carried %v items", got)
		}
	})
}

func TestDoAll_missingResults(t *testing.T) {
	t.Parallel()
	op := (&server{limiter: batch.NewLimiter(0, 1, bubbleClock{})}).operation()
	op.Send = func(context.Context, *batch.Permit, []int) ([]batch.Result[int], error) { return nil, nil }
	for _, r := range batch.DoAll(t.Context(), []int{1, 2}, op) {
		if r.Err == nil {
			t.Error("no error for an item without a result")
		}
	}
}

func TestLimiter_boundsConcurrencyAndRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := batch.NewLimiter(10, 3, bubbleClock{})
		start := time.Now()
		var mu sync.Mutex
		running, most := 0, 0
		var all sync.WaitGroup
		for range 22 {
			all.Go(func() {
				permit, err := l.Acquire(t.Context(), batch.Read)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				time.Sleep(latency) //nolint:forbidigo // the bubble's clock
				mu.Lock()
				running--
				mu.Unlock()
				permit.Release()
				permit.Release() // counts once
			})
		}
		all.Wait()
		if most > 3 {
			t.Errorf("%d requests at once, want at most 3", most)
		}
		// A burst of two, then 20 requests at 10 a second.
		if took := time.Since(start); took != 2*time.Second+latency {
			t.Errorf("took %s", took)
		}
	})
}

func TestLimiter_readsAndWritesTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := batch.NewLimiter(1, 100, bubbleClock{})
		var mu sync.Mutex
		var order []batch.Priority
		var all sync.WaitGroup
		wait := func(p batch.Priority) {
			all.Go(func() {
				permit, err := l.Acquire(t.Context(), p)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				order = append(order, p)
				mu.Unlock()
				permit.Release()
			})
			synctest.Wait()
		}
		for range 5 {
			wait(batch.Write)
		}
		for range 3 {
			wait(batch.Read)
		}
		all.Wait()
		reads := 0
		for _, p := range order[1:7] { // behind the first write, which found nobody waiting
			if p == batch.Read {
				reads++
			}
		}
		if reads != 3 {
			t.Errorf("order %v, want the reads between the writes", order)
		}
	})
}

func TestLimiter_cooldown(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{0, 100} {
		synctest.Test(t, func(t *testing.T) {
			l := batch.NewLimiter(perSecond, 16, bubbleClock{})
			start := time.Now()
			l.Cooldown(start.Add(3 * time.Second))
			l.Cooldown(start.Add(time.Second)) // changes nothing
			permit, err := l.Acquire(t.Context(), batch.Write)
			if err != nil {
				t.Fatal(err)
			}
			permit.Release()
			if took := time.Since(start); took != 3*time.Second {
				t.Errorf("waited %s", took)
			}
		})
	}
}

func TestPermit(t *testing.T) {
	t.Parallel()
	l := batch.NewLimiter(0, 1, bubbleClock{})
	permit, err := l.Acquire(t.Context(), batch.Read)
	if err != nil {
		t.Fatal(err)
	}
	if !permit.Take() || permit.Take() {
		t.Error("a permit must serve one attempt")
	}
	permit.Release()
	if permit.Take() {
		t.Error("a released permit was taken")
	}
	if (*batch.Permit)(nil).Take() {
		t.Error("no permit was taken")
	}
}

// objectService is a service with numbered objects, for the cache and the poller.
type objectService struct {
	limiter    *batch.Limiter
	generation batch.Generation

	mu            sync.Mutex
	values        map[string]string
	gets, pages   int
	asks          [][]string
	pageErr       error
	incomplete    bool
	transientErrs bool
}

type object struct{ id, value string }

func newObjectService(n int) *objectService {
	s := &objectService{limiter: batch.NewLimiter(0, 16, bubbleClock{}), values: map[string]string{}}
	for i := range n {
		s.values[strconv.Itoa(i)] = "v"
	}
	return s
}

var errMissing = errors.New("missing")

func (s *objectService) get(ctx context.Context, id string) (*object, error) {
	if err := (bubbleClock{}).Sleep(ctx, latency); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gets++
	value, ok := s.values[id]
	if !ok {
		return nil, errMissing
	}
	return &object{id, value}, nil
}

const perPage = 10

func (s *objectService) page(ctx context.Context, number int) ([]object, error) {
	if err := (bubbleClock{}).Sleep(ctx, latency); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages++
	if s.pageErr != nil {
		return nil, s.pageErr
	}
	var rows []object
	for i := (number - 1) * perPage; i < number*perPage; i++ {
		if value, ok := s.values[strconv.Itoa(i)]; ok {
			if s.incomplete {
				value = ""
			}
			rows = append(rows, object{strconv.Itoa(i), value})
		}
	}
	return rows, nil
}

func (s *objectService) source() batch.Source[object] {
	return batch.Source[object]{
		Clock: bubbleClock{}, Generation: &s.generation,
		ID: func(o object) string { return o.id }, Get: s.get, Page: s.page,
		Complete:  func(row, own object) bool { return (row.value == "") == (own.value == "") },
		Transient: func(error) bool { return s.transientErrs },
	}
}

// readAll reads the ids ten at a time, as Terraform does.
func readAll(t *testing.T, c *batch.Cache[string, object], s *objectService, ids []string) (failed map[string]error) {
	t.Helper()
	failed = map[string]error{}
	var mu sync.Mutex
	work := make(chan string)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for id := range work {
				got, err := c.Get(t.Context(), "k", id, s.source())
				mu.Lock()
				if err != nil {
					failed[id] = err
				} else if got.id != id || got.value != s.values[id] {
					t.Errorf("%s: got %+v", id, got)
				}
				mu.Unlock()
			}
		})
	}
	for _, id := range ids {
		work <- id
	}
	close(work)
	all.Wait()
	return failed
}

func numbers(n int) (ids []string) {
	for i := range n {
		ids = append(ids, strconv.Itoa(i))
	}
	return ids
}

func TestCache_readsCostPages(t *testing.T) {
	t.Parallel()
	// A further page is read once single requests, sent or due, are at least two more than the pages so far. So n pages
	// come with at most n+1 single requests.
	for _, c := range []struct{ objects, requests int }{{1, 1}, {3, 3}, {100, 21}, {300, 61}} {
		t.Run(strconv.Itoa(c.objects), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newObjectService(c.objects)
				var cache batch.Cache[string, object]
				if failed := readAll(t, &cache, s, numbers(c.objects)); len(failed) > 0 {
					t.Errorf("failed: %v", failed)
				}
				if got := s.gets + s.pages; got > c.requests {
					t.Errorf("%d single requests and %d pages, want at most %d together", s.gets, s.pages, c.requests)
				}
			})
		})
	}
}

// Objects that have no request of their own are read from a list that belongs to the caller.
func TestCache_callersReadWithTheirOwnGet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newObjectService(0)
		s.pageErr = errRejected
		var cache batch.Cache[string, object]
		var all sync.WaitGroup
		for _, id := range numbers(20) {
			source := s.source()
			source.Get = func(ctx context.Context, asked string) (*object, error) {
				return &object{asked, "read by " + id}, (bubbleClock{}).Sleep(ctx, latency)
			}
			all.Go(func() {
				if got, err := cache.Get(t.Context(), "k", id, source); err != nil || got.value != "read by "+id {
					t.Errorf("%s: %+v, %v", id, got, err)
				}
			})
		}
		all.Wait()
	})
}

func TestCache_unusableLists(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*objectService){
		"rejected":   func(s *objectService) { s.pageErr = errRejected },
		"incomplete": func(s *objectService) { s.incomplete = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newObjectService(50)
				spoil(s)
				var cache batch.Cache[string, object]
				if failed := readAll(t, &cache, s, append(numbers(50), "absent")); len(failed) != 1 || !errors.Is(failed["absent"], errMissing) {
					t.Errorf("failed: %v", failed)
				}
				if s.gets < 51 {
					t.Errorf("%d single requests, want one for each object", s.gets)
				}
			})
		})
	}
	t.Run("transient", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newObjectService(50)
			s.pageErr, s.transientErrs = errRejected, true
			var cache batch.Cache[string, object]
			if failed := readAll(t, &cache, s, numbers(50)); len(failed) == 0 || s.gets > 40 {
				t.Errorf("%d failed and %d single requests, want the readers of the page to fail with it", len(failed), s.gets)
			}
		})
	})
}

func TestCache_rowsExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newObjectService(1)
		var cache batch.Cache[string, object]
		read := func() {
			t.Helper()
			if got, err := cache.Get(t.Context(), "k", "0", s.source()); err != nil || got.value != s.values["0"] {
				t.Errorf("got %+v, %v", got, err)
			}
		}
		read()
		read()
		if s.gets != 1 {
			t.Errorf("%d requests for two reads", s.gets)
		}
		s.values["0"] = "changed"
		s.generation.Advance()
		read()
		time.Sleep(61 * time.Second) //nolint:forbidigo // the bubble's clock
		read()
		if s.gets != 3 {
			t.Errorf("%d requests, want one more after the write and one after a minute", s.gets)
		}
	})
}

func (s *objectService) query(perRequest int) batch.Query[object] {
	return batch.Query[object]{
		Clock: bubbleClock{}, Limiter: s.limiter, Generation: &s.generation, PerRequest: perRequest,
		Ask: func(ctx context.Context, permit *batch.Permit, ids []string) map[string]batch.Result[*object] {
			if !permit.Take() {
				panic("the request was granted without a permit")
			}
			defer permit.Release()
			s.mu.Lock()
			s.asks = append(s.asks, ids)
			s.mu.Unlock()
			_ = bubbleClock{}.Sleep(ctx, latency)
			found := map[string]batch.Result[*object]{}
			for _, id := range ids {
				if value, ok := s.values[id]; ok {
					found[id] = batch.Result[*object]{Value: &object{id, value}}
				}
			}
			return found
		},
	}
}

func TestPoller_firstDueServesOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newObjectService(5)
		var p batch.Poller[string, object]
		start := time.Now()
		var all sync.WaitGroup
		for i, within := range []time.Duration{10 * time.Second, time.Minute, 3 * time.Second, time.Hour, time.Hour} {
			all.Go(func() {
				got, err := p.Poll(t.Context(), "k", strconv.Itoa(i), within, s.query(3))
				if err != nil || got.id != strconv.Itoa(i) {
					t.Errorf("%d: got %+v, %v", i, got, err)
				}
				if took, most := time.Since(start), within+latency; took > most {
					t.Errorf("%d took %s, want at most %s", i, took, most)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if got := fmt.Sprint(s.asks); got != "[[0 1 2] [3 4]]" {
			t.Errorf("asked for %s", got)
		}
	})
}

func TestPoller_cancelledCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newObjectService(2)
		var p batch.Poller[string, object]
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.Poll(ctx, "k", "0", time.Minute, s.query(3)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if len(s.asks) != 0 {
			t.Errorf("asked for %v though nobody waited", s.asks)
		}
		if got, err := p.Poll(t.Context(), "k", "1", time.Second, s.query(3)); err != nil || got.id != "1" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestPoller_missingResult(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newObjectService(0)
		var p batch.Poller[string, object]
		if got, err := p.Poll(t.Context(), "k", "0", 0, s.query(3)); err == nil {
			t.Errorf("got %+v and no error", got)
		}
	})
}

// What is read after a poll is not older than the poll.
func TestPoller_invalidatesTheCache(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newObjectService(1)
		var cache batch.Cache[string, object]
		var p batch.Poller[string, object]
		if _, err := cache.Get(t.Context(), "k", "0", s.source()); err != nil {
			t.Fatal(err)
		}
		s.values["0"] = "changed"
		if _, err := p.Poll(t.Context(), "k", "0", 0, s.query(1)); err != nil {
			t.Fatal(err)
		}
		if got, err := cache.Get(t.Context(), "k", "0", s.source()); err != nil || got.value != "changed" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}
