package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestCreateInput_singleCallerIsSentAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{work: (&inputs{}).work}
		client := s.client(t, func(c *clarifai.Config) { c.RequestsPerSecond = 15 })
		began := time.Now()
		made, err := client.CreateInput(t.Context(), fleet, text("a"))
		if err != nil || made.ID != "a" || made.Status.Code != clarifai.StatusInputPending {
			t.Fatalf("got %+v, %v", made, err)
		}
		if took := time.Since(began); took != 50*time.Millisecond {
			t.Errorf("took %s, want the latency of one call", took)
		}
	})
}

func TestCreateInput_queuedCallersShareRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{work: (&inputs{}).work}
		client := s.client(t, oneAtATime)
		var creates []func()
		for _, in := range numbered("id-", 300) {
			creates = append(creates, func() {
				if made, err := client.CreateInput(t.Context(), fleet, in); err != nil || made.ID != in.ID || made.Data.Text.Raw != in.ID {
					t.Errorf("%s: got %+v, %v", in.ID, made, err)
				}
			})
		}
		whileBusy(t, client, creates...)()
		if got := sizes(s.seen(http.MethodPost, "/inputs")); !slices.Equal(got, []int{44, 128, 128}) {
			t.Errorf("calls carried %v inputs", got)
		}
	})
}

// Terraform starts about 60 creates a second, ten at a time. With 15
// requests a second they fill their requests without a time window.
func TestCreateInput_fillsRequestsUnderRateLimit(t *testing.T) {
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
		calls, took := len(s.seen(http.MethodPost, "")), time.Since(began)
		t.Logf("1,000 creates: %d calls in %s", calls, took)
		if calls > 250 {
			t.Errorf("%d calls, want at most 250", calls)
		}
		if took > 16*time.Second*125/100 {
			t.Errorf("took %s, want at most a quarter more than the 16 s of handing out", took)
		}
		if len(app.byID) != 1000 {
			t.Errorf("%d inputs made", len(app.byID))
		}
	})
}

// If one item of a request fails, at any position, the others succeed.
func TestCreateInput_oneBadItemFailsAlone(t *testing.T) {
	t.Parallel()
	const n = 9
	for _, strict := range []bool{false, true} {
		for position := range n {
			t.Run(fmt.Sprintf("strict %v, position %d", strict, position), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					app := &inputs{strict: strict}
					s := &service{work: app.work}
					client := s.client(t, oneAtATime)
					errs := make([]error, n)
					var creates []func()
					for i, in := range numbered("id-", n) {
						if i == position {
							in.ID = "bad"
						}
						creates = append(creates, func() { _, errs[i] = client.CreateInput(t.Context(), fleet, in) })
					}
					whileBusy(t, client, creates...)()
					for i, err := range errs {
						if (err != nil) != (i == position) {
							t.Errorf("position %d: %v", i, err)
						}
					}
					if clarifai.IsOutcomeUnknown(errs[position]) || clarifai.Code(errs[position]) == 0 {
						t.Errorf("the bad one's error is %v", errs[position])
					}
					posts := sizes(s.seen(http.MethodPost, "/inputs"))
					if strict && (len(posts) > 9 || posts[len(posts)-1] != n) || !strict && !slices.Equal(posts, []int{n}) {
						t.Errorf("calls carried %v inputs", posts)
					}
					if len(app.byID) != n-1 {
						t.Errorf("%d inputs made, want %d", len(app.byID), n-1)
					}
				})
			})
		}
	}
}

func TestCreateInput_requestErrorFailsAllCallers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer  reply
		unknown bool
		calls   int
	}{
		"credentials": {rejection(http.StatusUnauthorized, clarifai.StatusKeyNotFound, ""), false, 1},
		"scope":       {rejection(http.StatusForbidden, clarifai.StatusInsufficientScopes, ""), false, 1},
		"moved":       {rejection(http.StatusTemporaryRedirect, clarifai.StatusMoved, ""), false, 1},
		"lost":        {reply{lost: true}, true, 1},
		"broken":      {rejection(http.StatusInternalServerError, clarifai.StatusInternalError, ""), true, 1},
		"says less": {ok(clarifai.MultiInputResponse{Envelope: clarifai.Envelope{Status: clarifai.Status{Code: clarifai.StatusMixed}}}), true,
			1},
		"foreign": {ok(clarifai.MultiInputResponse{Envelope: success(),
			Inputs: []clarifai.Input{{ID: "x"}, {ID: "y"}, {ID: "z"}}}), true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &service{work: func(r request) reply {
					if r.method == http.MethodPost {
						return c.answer
					}
					return ok(clarifai.BaseResponse{Envelope: success()})
				}}
				client := s.client(t, oneAtATime)
				errs := make([]error, 3)
				var creates []func()
				for i, in := range numbered("id-", len(errs)) {
					creates = append(creates, func() { _, errs[i] = client.CreateInput(t.Context(), fleet, in) })
				}
				whileBusy(t, client, creates...)()
				for i, err := range errs {
					if err == nil || clarifai.IsOutcomeUnknown(err) != c.unknown {
						t.Errorf("%d: %v (unknown: %v, want %v)", i, err, clarifai.IsOutcomeUnknown(err), c.unknown)
					}
				}
				if got := sizes(s.seen(http.MethodPost, "/inputs")); len(got) != c.calls || got[0] != 3 {
					t.Errorf("calls carried %v inputs", got)
				}
			})
		})
	}
}

// During a cooldown writes queue. Those that were throttled are sent again in the same
// request, and none fails.
func TestCreateInput_queuesDuringCooldown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := &inputs{}
		rejections := 1
		s := &service{}
		s.work = func(r request) reply {
			app.mu.Lock()
			reject := rejections > 0
			rejections--
			app.mu.Unlock()
			if reject {
				return rejection(http.StatusTooManyRequests, clarifai.StatusThrottled, "")
			}
			return app.work(r)
		}
		client := s.client(t, nil)
		var all sync.WaitGroup
		create := func(in clarifai.Input) {
			all.Go(func() {
				if _, err := client.CreateInput(t.Context(), fleet, in); err != nil {
					t.Errorf("%s: %v", in.ID, err)
				}
			})
		}
		create(text("first"))
		must(clarifai.SystemClock.Sleep(t.Context(), 51*time.Millisecond)) // throttled by now
		for _, in := range numbered("id-", 50) {
			create(in)
		}
		all.Wait()
		if got := sizes(s.seen(http.MethodPost, "")); !slices.Equal(got, []int{1, 1, 50}) {
			t.Errorf("calls carried %v inputs", got)
		}
	})
}

func TestCreateInput_cancelledCallers(t *testing.T) {
	t.Parallel()
	t.Run("the queue", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			app := &inputs{}
			s := &service{work: app.work}
			client := s.client(t, oneAtATime)
			ctx, cancel := context.WithCancel(t.Context())
			var left, stayed error
			wait := whileBusy(t, client,
				func() { _, left = client.CreateInput(ctx, fleet, text("leaves")) },
				func() { _, stayed = client.CreateInput(t.Context(), fleet, text("stays")) })
			cancel()
			wait()
			if !errors.Is(left, context.Canceled) || clarifai.IsOutcomeUnknown(left) {
				t.Errorf("who left got %v", left)
			}
			if stayed != nil || len(app.byID) != 1 {
				t.Errorf("who stayed got %v; inputs: %v", stayed, app.order)
			}
		})
	})
	t.Run("a call under way", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			app := &inputs{}
			s := &service{work: app.work}
			client := s.client(t, oneAtATime)
			ctx, cancel := context.WithCancel(t.Context())
			var left, stayed error
			wait := whileBusy(t, client,
				func() { _, left = client.CreateInput(ctx, fleet, text("leaves")) },
				func() { _, stayed = client.CreateInput(t.Context(), fleet, text("stays")) })
			must(clarifai.SystemClock.Sleep(t.Context(), 60*time.Millisecond))
			cancel()
			wait()
			if !errors.Is(left, context.Canceled) || !clarifai.IsOutcomeUnknown(left) {
				t.Errorf("who left got %v", left)
			}
			if stayed != nil || len(app.byID) != 2 || s.ended != 0 {
				t.Errorf("who stayed got %v; inputs: %v", stayed, app.order)
			}
		})
	})
	t.Run("all of them", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := &service{work: (&inputs{}).work}
			client := s.client(t, oneAtATime)
			ctx, cancel := context.WithCancel(t.Context())
			wait := whileBusy(t, client,
				func() { _, _ = client.CreateInput(ctx, fleet, text("a")) },
				func() { _, _ = client.CreateInput(ctx, fleet, text("b")) })
			must(clarifai.SystemClock.Sleep(t.Context(), 60*time.Millisecond))
			cancel()
			wait()
			synctest.Wait()
			if s.ended != 1 {
				t.Error("the request was sent without a caller")
			}
		})
	})
	t.Run("the gate", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := &service{work: (&inputs{}).work}
			client := s.client(t, func(c *clarifai.Config) { c.RequestsPerSecond = 1 })
			began := time.Now()
			ctx, cancel := context.WithCancel(t.Context())
			wait := whileBusy(t, client, // the burst of one request is used up
				func() { _, _ = client.CreateInput(ctx, fleet, text("a")) })
			cancel()
			synctest.Wait()
			// A later call is sent with the permit that was not used.
			if _, err := client.CreateInput(t.Context(), fleet, text("b")); err != nil {
				t.Error(err)
			}
			wait()
			if took := time.Since(began); took != time.Second+50*time.Millisecond {
				t.Errorf("took %s", took)
			}
			if got := sizes(s.seen(http.MethodPost, "")); !slices.Equal(got, []int{1}) {
				t.Errorf("calls carried %v inputs", got)
			}
		})
	})
}

func TestCreateInput_requestsStayBelowBatchBytes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const limit = 4000
		s := &service{work: (&inputs{}).work}
		client := s.client(t, func(c *clarifai.Config) { oneAtATime(c); c.BatchBytes = limit })
		var creates []func()
		for i, in := range numbered("id-", 30) {
			in.Data.Text.Raw = strings.Repeat("x", 100*(i%10))
			if i == 17 {
				in.Data.Text.Raw = strings.Repeat("x", 2*limit) // is sent alone
			}
			creates = append(creates, func() {
				if _, err := client.CreateInput(t.Context(), fleet, in); err != nil {
					t.Error(err)
				}
			})
		}
		whileBusy(t, client, creates...)()
		total := 0
		for _, r := range s.seen(http.MethodPost, "") {
			n := len(postedInputs(r))
			total += n
			if len(r.body) > limit+len(`{"inputs":[]}`) && n > 1 {
				t.Errorf("a call of %d inputs has %d bytes", n, len(r.body))
			}
		}
		if total != 30 {
			t.Errorf("%d inputs sent", total)
		}
	})
}

func TestCreateInput_equalIDsAreSentSeparately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{work: (&inputs{}).work}
		client := s.client(t, oneAtATime)
		errs := make([]error, 6)
		var creates []func()
		for i := range errs {
			creates = append(creates, func() { _, errs[i] = client.CreateInput(t.Context(), fleet, text("id-"+strconv.Itoa(i/2))) })
		}
		whileBusy(t, client, creates...)()
		for i, err := range errs {
			if i%2 == 0 && err != nil || i%2 == 1 && !clarifai.IsDuplicate(err) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if got := sizes(s.seen(http.MethodPost, "")); !slices.Equal(got, []int{3, 3}) {
			t.Errorf("calls carried %v inputs", got)
		}
	})
}

func TestCreateInput_videosAreSentSeparately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{work: (&inputs{}).work}
		client := s.client(t, oneAtATime)
		var creates []func()
		for _, in := range numbered("id-", 3) {
			in.Data = &clarifai.Data{Video: &clarifai.Video{URL: "https://samples.clarifai.com/" + in.ID}}
			creates = append(creates, func() {
				if made, err := client.CreateInput(t.Context(), fleet, in); err != nil || made.ID != in.ID {
					t.Errorf("%s: %+v, %v", in.ID, made, err)
				}
			})
		}
		whileBusy(t, client, creates...)()
		if got := sizes(s.seen(http.MethodPost, "")); !slices.Equal(got, []int{1, 1, 1}) {
			t.Errorf("calls carried %v inputs", got)
		}
	})
}

// Items of different scopes or actions are sent in separate requests.
func TestSharing_scopesAreSentSeparately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{work: func(request) reply { return ok(clarifai.BaseResponse{Envelope: success()}) }}
		client := s.client(t, oneAtATime)
		var work []func()
		for i := range 12 {
			id := strconv.Itoa(i)
			work = append(work, func() {
				_ = client.RemoveDatasetInput(t.Context(), fleet, "set-"+strconv.Itoa(i%3), id)
				_ = client.RemoveConceptRelation(t.Context(), fleet, "concept-"+strconv.Itoa(i%2), id)
			})
		}
		whileBusy(t, client, work...)()
		for path, want := range map[string]int{
			"DELETE /datasets/set-0/inputs": 1, "DELETE /datasets/set-1/inputs": 1, "DELETE /datasets/set-2/inputs": 1,
		} {
			if got := paths(s.seen("", ""))[path]; got != want {
				t.Errorf("%s: %d calls, want %d", path, got, want)
			}
		}
	})
}

// A create that is not documented to be all or nothing can create some of its items before it is
// rejected. If these are then duplicates, their outcome is unknown, and the callers can read them
// back.
func TestCreateConcept_outcomeAfterRejectedRequestIsUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		made := map[string]bool{}
		s := &service{work: func(r request) reply {
			if r.method != http.MethodPost {
				return ok(clarifai.BaseResponse{Envelope: success()})
			}
			var body clarifai.PostConceptsRequest
			must(clarifai.Decode(r.body, &body))
			for _, k := range body.Concepts {
				if made[k.ID] || k.ID == "bad" {
					return rejection(http.StatusBadRequest, clarifai.StatusConceptsInvalidRequest, "duplicate id, or bad")
				}
				made[k.ID] = true
			}
			return ok(clarifai.MultiConceptResponse{Envelope: success(), Concepts: body.Concepts})
		}}
		client := s.client(t, oneAtATime)
		errs := map[string]error{}
		var mu sync.Mutex
		var creates []func()
		for _, id := range []string{"a", "bad", "c"} {
			creates = append(creates, func() {
				_, err := client.CreateConcept(t.Context(), fleet, clarifai.Concept{ID: id})
				mu.Lock()
				defer mu.Unlock()
				errs[id] = err
			})
		}
		whileBusy(t, client, creates...)()
		if err := errs["a"]; !clarifai.IsDuplicate(err) || !clarifai.IsOutcomeUnknown(err) {
			t.Errorf("a: %v", err)
		}
		if err := errs["c"]; err != nil {
			t.Errorf("c: %v", err)
		}
		if errs["bad"] == nil {
			t.Error("bad: no error")
		}
	})
}

// caller is a caller of the property test with its outcome.
type caller struct {
	id     string
	value  *clarifai.Input
	err    error
	leaves bool
}

// In any interleaving, each caller gets its own outcome, and no item is lost or
// created twice.
func TestCreateInput_anyInterleaving(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { interleave(t, rand.New(rand.NewPCG(seed, 4))) })
		})
	}
}

func interleave(t *testing.T, random *rand.Rand) {
	var mu sync.Mutex // guards random and decisions
	roll := func(n int) int { mu.Lock(); defer mu.Unlock(); return random.IntN(n) }
	app := &inputs{strict: roll(2) == 0}
	decisions := map[string]int{} // number of final outcomes of each ID
	lost := map[string]bool{}
	s := &service{latency: func() time.Duration { return time.Duration(1+roll(80)) * time.Millisecond }}
	s.work = func(r request) reply {
		if roll(10) == 0 {
			return rejection(http.StatusTooManyRequests, clarifai.StatusThrottled, "")
		}
		answer := app.work(r)
		if clarifai.Code(answerError(answer)) == clarifai.StatusInvalidRequest && len(postedInputs(r)) > 1 {
			return answer // rejected as a whole: no item is decided
		}
		answer.lost = roll(15) == 0
		mu.Lock()
		defer mu.Unlock()
		for _, in := range postedInputs(r) {
			decisions[in.ID]++
			lost[in.ID] = lost[in.ID] || answer.lost
		}
		return answer
	}
	client := s.client(t, func(c *clarifai.Config) {
		c.MaxConcurrentRequests = []int{1, 2, 16}[roll(3)]
		c.RequestsPerSecond = []float64{0, 15, 60}[roll(3)]
		c.BatchBytes = []int{300, 2000, 0}[roll(3)]
	})
	callers := make([]*caller, 80)
	var all sync.WaitGroup
	for i := range callers {
		c := &caller{id: "id-" + strconv.Itoa(i)}
		switch roll(10) {
		case 0:
			c.id = "bad-" + strconv.Itoa(i)
		case 1:
			c.id = "id-" + strconv.Itoa(roll(i+1)) // exists already
		}
		callers[i] = c
		starts, stays := time.Duration(roll(500))*time.Millisecond, time.Hour
		if c.leaves = roll(6) == 0; c.leaves {
			stays = time.Duration(roll(200)) * time.Millisecond
		}
		all.Go(func() {
			must(clarifai.SystemClock.Sleep(t.Context(), starts))
			ctx, cancel := context.WithTimeout(t.Context(), stays)
			defer cancel()
			c.value, c.err = client.CreateInput(ctx, fleet, text(c.id))
		})
	}
	all.Wait()
	synctest.Wait()

	sent, successes := map[string]int{}, map[string]int{}
	for _, r := range s.seen(http.MethodPost, "/inputs") {
		asked := map[string]bool{}
		for _, in := range postedInputs(r) {
			if asked[in.ID] {
				t.Errorf("%s is in a call twice", in.ID)
			}
			asked[in.ID] = true
			sent[in.ID]++
		}
	}
	asking := map[string]int{}
	for _, c := range callers {
		asking[c.id]++
		unknown, ctxEnded := clarifai.IsOutcomeUnknown(c.err), errors.Is(c.err, context.DeadlineExceeded)
		switch {
		case c.err == nil && (c.value.ID != c.id || c.value.Data.Text.Raw != c.id):
			t.Errorf("%s got the outcome of %+v", c.id, c.value)
		case c.err == nil:
			successes[c.id]++
		case ctxEnded && !c.leaves:
			t.Errorf("%s was left behind: %v", c.id, c.err)
		case ctxEnded: // checked below
		case c.leaves && clarifai.Code(c.err) == clarifai.StatusThrottled: // cancelled before the request was repeated
		case unknown && !lost[c.id]:
			t.Errorf("%s: unknown outcome without a lost answer: %v", c.id, c.err)
		case unknown:
		case strings.HasPrefix(c.id, "bad"):
			if clarifai.Code(c.err) != clarifai.StatusInputInvalidField && clarifai.Code(c.err) != clarifai.StatusInvalidRequest {
				t.Errorf("%s: %v", c.id, c.err)
			}
		case !clarifai.IsDuplicate(c.err):
			t.Errorf("%s: %v", c.id, c.err)
		}
	}
	for _, c := range callers {
		_, there := app.byID[c.id]
		alone := asking[c.id] == 1
		notSent := errors.Is(c.err, context.DeadlineExceeded) && !clarifai.IsOutcomeUnknown(c.err)
		switch {
		case decisions[c.id] > asking[c.id]:
			t.Errorf("%s was decided %d times for %d callers", c.id, decisions[c.id], asking[c.id])
		case c.err == nil && !there:
			t.Errorf("%s was lost", c.id)
		case successes[c.id] > 1:
			t.Errorf("%s was created %d times", c.id, successes[c.id])
		case alone && notSent && sent[c.id] > 0:
			t.Errorf("%s is said not to have been sent, and was", c.id)
		case alone && clarifai.IsDuplicate(c.err):
			t.Errorf("%s met itself: sent twice", c.id)
		}
	}
}

// answerError returns the error that a client derives from a reply.
func answerError(r reply) error {
	if b, ok := r.body.(clarifai.BaseResponse); ok && b.Status.Code != clarifai.StatusSuccess {
		return &clarifai.Error{HTTPStatus: r.http, Status: b.Status}
	}
	return nil
}
