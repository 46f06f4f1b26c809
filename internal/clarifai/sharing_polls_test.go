package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// versions simulates the versions of a dataset, each of which becomes ready at a given time.
type versions struct {
	mu      sync.Mutex
	readyAt map[string]time.Time
	order   []string // newest first
	clamp   int
}

func (v *versions) show(id string) clarifai.DatasetVersion {
	code := clarifai.StatusDatasetVersionInProgress
	if !time.Now().Before(v.readyAt[id]) {
		code = clarifai.StatusDatasetVersionReady
	}
	return clarifai.DatasetVersion{ID: id, Status: clarifai.Status{Code: code}}
}

func (v *versions) work(r request) reply {
	v.mu.Lock()
	defer v.mu.Unlock()
	id, single := strings.CutPrefix(r.path, "/datasets/set/versions/")
	switch {
	case r.is(http.MethodGet, "/datasets/set/versions"):
		shown := []clarifai.DatasetVersion{}
		for _, id := range page(v.order, r.query, v.clamp) {
			shown = append(shown, v.show(id))
		}
		return ok(clarifai.MultiDatasetVersionResponse{Envelope: success(), DatasetVersions: shown})
	case !single:
		return ok(clarifai.BaseResponse{Envelope: success()})
	case !slices.Contains(v.order, id):
		return rejection(http.StatusNotFound, clarifai.StatusDoesNotExist, "no such version")
	}
	shown := v.show(id)
	return ok(clarifai.SingleDatasetVersionResponse{Envelope: success(), DatasetVersion: &shown})
}

// waitForVersions lets n callers wait for versions that start at intervals of step and become ready after takes. It returns
// the number of requests. It fails the test if a caller learns too late that its version is ready.
func waitForVersions(t *testing.T, n int, step, takes time.Duration) (calls int) {
	synctest.Test(t, func(t *testing.T) {
		v := &versions{readyAt: map[string]time.Time{}}
		s := &service{work: v.work}
		client := s.client(t, nil)
		var all sync.WaitGroup
		for i := range n {
			id := "v" + strconv.Itoa(i)
			all.Go(func() {
				must(clarifai.SystemClock.Sleep(t.Context(), time.Duration(i)*step))
				began := time.Now()
				v.mu.Lock()
				v.readyAt[id] = began.Add(takes)
				v.order = slices.Insert(v.order, 0, id)
				v.mu.Unlock()
				got, err := wait.For(t.Context(), wait.Spec[*clarifai.DatasetVersion]{
					Clock: client.Clock(), What: id,
					Poll: func(ctx context.Context, within time.Duration) (*clarifai.DatasetVersion, error) {
						return client.PollDatasetVersion(ctx, fleet, "set", id, within)
					},
					Status: func(v *clarifai.DatasetVersion) clarifai.Status { return v.Status },
				})
				if err != nil || got.ID != id {
					t.Errorf("%s: got %+v, %v", id, got, err)
				}
				// Allowed: a tenth of the time or the shortest interval, and the latency of two requests.
				if late := time.Since(began) - takes; late > max(takes/10, 250*time.Millisecond)+150*time.Millisecond {
					t.Errorf("%s was noticed %s late", id, late)
				}
			})
		}
		all.Wait()
		synctest.Wait()
		calls = len(s.seen("", ""))
	})
	return calls
}

func TestPollDatasetVersion_requestsGrowWithTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		step, takes time.Duration
		most        int // further requests for 100 versions instead of one
	}{
		{0, 30 * time.Second, 1},
		{0, 10 * time.Minute, 1},
		{20 * time.Millisecond, 30 * time.Second, 60}, // callers start for 2 s, and each polls at once
		{time.Second, time.Minute, 500},               // callers start for 100 s: at most 4 polls a second
	} {
		t.Run(fmt.Sprintf("%s apart, %s", c.step, c.takes), func(t *testing.T) {
			t.Parallel()
			one, hundred := waitForVersions(t, 1, c.step, c.takes), waitForVersions(t, 100, c.step, c.takes)
			t.Logf("%d calls for 1 version, %d for 100", one, hundred)
			if hundred > one+c.most {
				t.Errorf("%d calls for 100 versions, and %d for one", hundred, one)
			}
		})
	}
}

func TestPollInput_manyInputsShareRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, ids := appOf(300)
		for id, in := range app.byID {
			in.Status.Code = clarifai.StatusInputPending
			app.byID[id] = in
		}
		s := &service{work: app.work}
		client := s.client(t, nil)
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				in, err := wait.For(t.Context(), wait.Spec[*clarifai.Input]{
					Clock: client.Clock(), What: id,
					Poll: func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
						return client.PollInput(ctx, fleet, id, within)
					},
					Status: func(in *clarifai.Input) clarifai.Status { return in.Status },
				})
				if err != nil || in.ID != id || in.Status.Code != clarifai.StatusInputDownloaded {
					t.Errorf("%s: got %+v, %v", id, in, err)
				}
			})
		}
		must(clarifai.SystemClock.Sleep(t.Context(), 20*time.Second))
		app.mu.Lock()
		for id, in := range app.byID {
			in.Status.Code = clarifai.StatusInputDownloaded
			app.byID[id] = in
		}
		app.mu.Unlock()
		all.Wait()
		calls := len(s.seen("", ""))
		t.Logf("%d calls for 300 inputs in 20 s", calls)
		if calls > 4*60 { // one input is polled about 35 times, and 300 need three requests each time
			t.Errorf("%d calls: %v", calls, paths(s.seen("", "")))
		}
	})
}

// An input that a list omits, or whose list cannot be read, is not reported as not found. The exceptions are inputs
// that the caller has deleted, and a not-found response for the input itself.
func TestPollInput_missingInputs(t *testing.T) {
	t.Parallel()
	const n = 60 // the first half of them does not exist
	for name, c := range map[string]struct {
		spoil      func(*inputs)
		reject     bool
		allThere   bool // all of them exist
		there      int  // requests of callers that expect the inputs to exist
		mayBelieve int  // requests of callers that have deleted them
	}{
		"plain":           {there: 1 + n/2, mayBelieve: 2},
		"ids are ignored": {spoil: func(i *inputs) { i.noIDs, i.clamp = true, 7 }, there: 1 + n - 6, mayBelieve: 1 + n - 6},
		"lists lag":       {spoil: func(i *inputs) { i.hidden = map[string]bool{"id-55": true, "id-56": true} }, there: 1 + n/2 + 2},
		"lists run ahead": {spoil: func(i *inputs) { i.hidden = map[string]bool{"id-0": true, "id-1": true} }, allThere: true, there: 3,
			mayBelieve: 3},
		"lists are rejected": {reject: true, there: 1 + n, mayBelieve: 1 + n},
	} {
		for _, removed := range []bool{false, true} {
			if removed && c.mayBelieve == 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s, removed: %v", name, removed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					app, ids := appOf(n)
					app.add(text("unrequested"))
					if c.spoil != nil {
						c.spoil(app)
					}
					gone := n / 2
					if c.allThere {
						gone = 0
					}
					for _, id := range ids[:gone] {
						app.delete(id)
					}
					s := &service{work: app.work}
					if c.reject {
						s.work = func(r request) reply {
							if r.is(http.MethodGet, "/inputs") {
								return rejection(http.StatusBadRequest, clarifai.StatusInvalidRequest, "ids")
							}
							return app.work(r)
						}
					}
					client := s.client(t, oneAtATime)
					poll, most := client.PollInput, c.there
					if removed {
						poll, most = client.PollRemovedInput, c.mayBelieve
					}
					var work []func()
					for i, id := range ids {
						work = append(work, func() {
							in, err := poll(t.Context(), fleet, id, 0)
							if i >= gone && (err != nil || in.ID != id) || i < gone && !clarifai.IsNotFound(err) {
								t.Errorf("%s: got %+v, %v", id, in, err)
							}
						})
					}
					whileBusy(t, client, work...)()
					if calls := len(s.seen("", "")) - 1; calls > most { // without the one that kept the client busy
						t.Errorf("%d calls, want at most %d: %v", calls, most, paths(s.seen("", "")))
					}
				})
			})
		}
	}
}

// One request at the time of the first due caller serves all callers, so none waits longer than it asked for.
func TestPollInput_firstDueServesOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, _ := appOf(3)
		s := &service{work: app.work}
		client := s.client(t, nil)
		began := time.Now()
		took := make([]time.Duration, 3)
		var all sync.WaitGroup
		poll := func(i int, within time.Duration) {
			all.Go(func() {
				if _, err := client.PollInput(t.Context(), fleet, "id-"+strconv.Itoa(i), within); err != nil {
					t.Error(err)
				}
				took[i] = time.Since(began)
			})
			synctest.Wait()
		}
		poll(0, 10*time.Second)
		poll(1, time.Minute)
		must(clarifai.SystemClock.Sleep(t.Context(), 2*time.Second))
		poll(2, time.Second)
		all.Wait()
		for i, got := range took {
			if got != 3*time.Second+50*time.Millisecond {
				t.Errorf("%d returned after %s", i, got)
			}
		}
		if calls := s.seen("", ""); len(calls) != 1 {
			t.Errorf("calls: %v", paths(calls))
		}
	})
}

func TestPollInput_cancelledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, _ := appOf(3)
		s := &service{work: app.work}
		client := s.client(t, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.PollInput(ctx, fleet, "id-0", time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if calls := s.seen("", ""); len(calls) != 0 {
			t.Errorf("requests without a caller: %v", paths(calls))
		}
		// The poller has stopped; the next caller starts it again.
		if in, err := client.PollInput(t.Context(), fleet, "id-1", time.Second); err != nil || in.ID != "id-1" {
			t.Errorf("got %+v, %v", in, err)
		}
	})
}

// A poll returns the current state and not a cached one, and later reads
// return nothing older.
func TestPollInput_ignoresCache(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, ids := appOf(50)
		s := &service{work: app.work}
		client := s.client(t, nil)
		refresh(t, 10, ids, func(ctx context.Context, id string) (*clarifai.Input, error) { return client.ReadInput(ctx, fleet, id) })
		app.mu.Lock()
		app.byID["id-3"] = text("id-3")
		changed := app.byID["id-3"]
		changed.Status.Code = clarifai.StatusInputDownloaded
		app.byID["id-3"] = changed
		app.mu.Unlock()
		if in, err := client.PollInput(t.Context(), fleet, "id-3", 0); err != nil || in.Status.Code != clarifai.StatusInputDownloaded {
			t.Errorf("got %+v, %v", in, err)
		}
		if in, err := client.ReadInput(t.Context(), fleet, "id-3"); err != nil || in.Status.Code != clarifai.StatusInputDownloaded {
			t.Errorf("then read %+v, %v", in, err)
		}
	})
}

// Creating 1,000 inputs as Terraform does, ten at a time with 15 requests a second:
// create each and wait until it is processed.
func TestSharing_createAndPollThousandInputs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := &inputs{}
		s := &service{work: app.work}
		client := s.client(t, func(c *clarifai.Config) { c.RequestsPerSecond = 15 })
		handOut := make(chan clarifai.Input)
		var workers sync.WaitGroup
		for range 10 {
			workers.Go(func() {
				for in := range handOut {
					if _, err := client.CreateInput(t.Context(), fleet, in); err != nil {
						t.Error(err)
					}
					if _, err := client.PollInput(t.Context(), fleet, in.ID, 0); err != nil {
						t.Error(err)
					}
				}
			})
		}
		began := time.Now()
		for _, in := range numbered("id-", 1000) {
			must(clarifai.SystemClock.Sleep(t.Context(), 16*time.Millisecond))
			handOut <- in
		}
		close(handOut)
		workers.Wait()
		posts, calls, took := len(s.seen(http.MethodPost, "")), len(s.seen("", "")), time.Since(began)
		t.Logf("%d posts, %d calls, %s", posts, calls, took)
		if posts > 250 {
			t.Errorf("%d posts, want at most 250", posts)
		}
	})
}
