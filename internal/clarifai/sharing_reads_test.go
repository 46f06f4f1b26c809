package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// refresh reads all IDs as Terraform does, with atATime workers.
func refresh[T any](t testing.TB, atATime int, ids []string, read func(context.Context, string) (T, error)) map[string]T {
	t.Helper()
	var mu sync.Mutex
	found := map[string]T{}
	handOut := make(chan string)
	var workers sync.WaitGroup
	for range atATime {
		workers.Go(func() {
			for id := range handOut {
				value, err := read(t.Context(), id)
				if err != nil {
					t.Errorf("%s: %v", id, err)
					continue
				}
				mu.Lock()
				found[id] = value
				mu.Unlock()
			}
		})
	}
	for _, id := range ids {
		handOut <- id
	}
	close(handOut)
	workers.Wait()
	return found
}

// appOf returns an app with n inputs, id-0 to id-n-1.
func appOf(n int) (*inputs, []string) {
	app := &inputs{}
	for _, in := range numbered("id-", n) {
		app.add(in)
	}
	return app, append([]string(nil), app.order...)
}

// The number of requests of a refresh depends on how many objects are read and how many exist.
func TestReadInput_refreshCostsPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asked, there, atATime, clamp, most int
	}{
		{asked: 1, there: 1000, atATime: 10, most: 1},
		{asked: 2, there: 1000, atATime: 1, most: 2},
		{asked: 10, there: 20_000, atATime: 10, most: 4},
		{asked: 1000, there: 1000, atATime: 10, most: 10},
		{asked: 1000, there: 1000, atATime: 1, most: 10},
		{asked: 1000, there: 1000, atATime: 128, most: 10},
		{asked: 1000, there: 1000, atATime: 10, clamp: 128, most: 40},
		{asked: 10_000, there: 10_000, atATime: 10, most: 40},
		{asked: 100, there: 20_000, atATime: 10, most: 40},
		{asked: 1000, there: 20_000, atATime: 128, most: 40},
	} {
		t.Run(fmt.Sprintf("%d of %d, %d at a time, pages of %d", c.asked, c.there, c.atATime, max(c.clamp, 0)), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				app, ids := appOf(c.there)
				app.clamp = c.clamp
				s := &service{work: app.work}
				client := s.client(t, nil)
				random := rand.New(rand.NewPCG(1, 2))
				random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
				ids = ids[:c.asked]
				found := refresh(t, c.atATime, ids, func(ctx context.Context, id string) (*clarifai.Input, error) {
					return client.ReadInput(ctx, fleet, id)
				})
				for _, id := range ids {
					if found[id] == nil || found[id].ID != id || found[id].Data.Text.Raw != id {
						t.Errorf("%s: got %+v", id, found[id])
					}
				}
				calls := s.seen("", "")
				t.Logf("%d calls", len(calls))
				if len(calls) > c.most {
					t.Errorf("%d calls, want at most %d: %v", len(calls), c.most, paths(calls))
				}
			})
		})
	}
}

// Reads return the right object, also if lists are incorrect.
func TestReadInput_incorrectLists(t *testing.T) {
	t.Parallel()
	rejected := func(app *inputs) func(request) reply {
		return func(r request) reply {
			if r.is(http.MethodGet, "/inputs") {
				return rejection(http.StatusBadRequest, clarifai.StatusInvalidRequest, "per_page")
			}
			return app.work(r)
		}
	}
	for name, c := range map[string]struct {
		spoil func(*inputs)
		work  func(*inputs) func(request) reply
		most  int // requests for 60 reads
	}{
		"pages are small":    {spoil: func(i *inputs) { i.clamp = 7 }, most: 40},
		"ids are ignored":    {spoil: func(i *inputs) { i.noIDs, i.clamp = true, 7 }, most: 50},
		"lists lag":          {spoil: func(i *inputs) { i.hidden = map[string]bool{"id-7": true, "id-13": true, "id-14": true} }, most: 10},
		"lists are rejected": {work: rejected, most: 65},
		"pages repeat": {work: func(app *inputs) func(request) reply {
			return func(r request) reply {
				r.query.Del("page")
				return app.work(r)
			}
		}, spoil: func(i *inputs) { i.clamp = 7 }, most: 50},
		"lists show nothing": {work: func(app *inputs) func(request) reply {
			return listing(app, func(*clarifai.Input) bool { return false })
		}, most: 80},
		"rows say less": {work: func(app *inputs) func(request) reply {
			return listing(app, func(in *clarifai.Input) bool { in.Data = nil; return true })
		}, most: 65},
		"rows say less of some": {work: func(app *inputs) func(request) reply {
			return listing(app, func(in *clarifai.Input) bool { in.Data.Metadata = nil; return true })
		}, most: 65},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				app, ids := appOf(60)
				for id, in := range app.byID {
					in.Data.Metadata = clarifai.Struct(`{"of":"` + id + `"}`)
				}
				if c.spoil != nil {
					c.spoil(app)
				}
				s := &service{work: app.work}
				if c.work != nil {
					s.work = c.work(app)
				}
				client := s.client(t, nil)
				found := refresh(t, 5, ids, func(ctx context.Context, id string) (*clarifai.Input, error) {
					return client.ReadInput(ctx, fleet, id)
				})
				for _, id := range ids {
					if in := found[id]; in == nil || in.ID != id || in.Data == nil || string(in.Data.Metadata) != `{"of":"`+id+`"}` {
						t.Errorf("%s: got %+v", id, in)
					}
				}
				if calls := s.seen("", ""); len(calls) > c.most {
					t.Errorf("%d calls, want at most %d: %v", len(calls), c.most, paths(calls))
				}
				byIDs, pages := 0, 0
				for _, r := range s.seen(http.MethodGet, "/inputs") {
					if r.query.Has("ids") {
						byIDs++
					} else {
						pages++
					}
				}
				if byIDs > 1 && app.noIDs {
					t.Errorf("%d calls by ids, which the service ignores", byIDs)
				}
				if pages > 2 && name == "pages repeat" {
					t.Errorf("%d pages, which all are the first", pages)
				}
				// An input that does not exist is not found, by its own Get.
				s.clear()
				if _, err := client.ReadInput(t.Context(), fleet, "unknown"); !clarifai.IsNotFound(err) {
					t.Errorf("got %v for what does not exist", err)
				}
				if len(s.seen(http.MethodGet, "/inputs/unknown")) != 1 {
					t.Errorf("what does not exist was believed of %v", paths(s.seen("", "")))
				}
			})
		})
	}
}

// listing modifies or omits rows of lists.
func listing(app *inputs, show func(*clarifai.Input) bool) func(request) reply {
	return func(r request) reply {
		answer := app.work(r)
		list, ok := answer.body.(clarifai.MultiInputResponse)
		if !ok || r.method != http.MethodGet {
			return answer
		}
		shown := []clarifai.Input{}
		for _, in := range list.Inputs {
			data := *in.Data
			if in.Data = &data; show(&in) {
				shown = append(shown, in)
			}
		}
		list.Inputs = shown
		answer.body = list
		return answer
	}
}

// An error of the service fails all waiting callers, and the requests are not repeated for each of them.
func TestReadInput_serviceErrorFailsAllCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{work: func(r request) reply {
			if strings.HasPrefix(r.path, "/inputs") {
				return rejection(http.StatusUnauthorized, clarifai.StatusKeyNotFound, "")
			}
			return ok(clarifai.BaseResponse{Envelope: success()})
		}}
		client := s.client(t, oneAtATime)
		errs := make([]error, 30)
		var work []func()
		for i := range errs {
			work = append(work, func() { _, errs[i] = client.ReadInput(t.Context(), fleet, strconv.Itoa(i)) })
		}
		whileBusy(t, client, work...)()
		for i, err := range errs {
			if clarifai.Code(err) != clarifai.StatusKeyNotFound {
				t.Errorf("%d: %v", i, err)
			}
		}
		if got := len(s.seen("", "")); got > 4 { // the app, one input, a second input, the others
			t.Errorf("%d calls: %v", got, paths(s.seen("", "")))
		}
	})
}

func TestReadInput_cancelledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, _ := appOf(10)
		s := &service{work: app.work}
		client := s.client(t, oneAtATime)
		ctx, cancel := context.WithCancel(t.Context())
		var first, left, stayed error
		wait := whileBusy(t, client,
			func() { _, first = client.ReadInput(ctx, fleet, "id-0") },
			func() { _, left = client.ReadInput(ctx, fleet, "id-1") },
			func() { _, stayed = client.ReadInput(t.Context(), fleet, "id-2") })
		cancel()
		wait()
		if !errors.Is(first, context.Canceled) || !errors.Is(left, context.Canceled) || stayed != nil {
			t.Errorf("got %v, %v and %v", first, left, stayed)
		}
		if len(s.seen("", "/inputs/id-2")) != 1 || len(s.seen("", "/inputs/id-1")) != 0 {
			t.Errorf("calls: %v", paths(s.seen("", "")))
		}
	})
}

func TestReadInput_cacheExpiresAfterOneMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, ids := appOf(100)
		s := &service{work: app.work}
		client := s.client(t, nil)
		read := func(ctx context.Context, id string) (*clarifai.Input, error) { return client.ReadInput(ctx, fleet, id) }
		refresh(t, 10, ids, read)
		s.clear()
		refresh(t, 10, ids, read)
		if got := len(s.seen("", "")); got != 0 {
			t.Errorf("%d calls for inputs that had just been read", got)
		}
		app.byID["id-5"] = clarifai.Input{ID: "id-5", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "changed meanwhile"}}}
		must(clarifai.SystemClock.Sleep(t.Context(), 61*time.Second))
		if in, err := read(t.Context(), "id-5"); err != nil || in.Data.Text.Raw != "changed meanwhile" {
			t.Errorf("got %+v, %v", in, err)
		}
	})
}

// A slow response that is older than a write does not replace cached objects
// that were read after the write.
func TestReadConcept_lateResponseIsNotCached(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		names := map[string]string{"first": "old", "slow": "old", "quick": "old", "other": "old"}
		s := &service{work: func(r request) reply {
			id := strings.TrimPrefix(r.path, "/concepts/")
			mu.Lock()
			if r.method == http.MethodPatch {
				names["slow"] = "new"
			}
			answer := ok(clarifai.SingleConceptResponse{Envelope: success(), Concept: &clarifai.Concept{ID: id, Name: names[id]}})
			late := id == "slow" && names[id] == "old"
			mu.Unlock()
			if r.method == http.MethodPatch {
				answer = ok(clarifai.MultiConceptResponse{Envelope: success(), Concepts: []clarifai.Concept{{ID: "slow", Name: "new"}}})
			}
			if late {
				must(clarifai.SystemClock.Sleep(t.Context(), time.Second))
			}
			return answer
		}}
		client := s.client(t, nil)
		read := func(id, want string) {
			if got, err := client.ReadConcept(t.Context(), fleet, id); err != nil || got.Name != want {
				t.Errorf("%s: got %+v, %v; want name %s", id, got, err, want)
			}
		}
		var all sync.WaitGroup
		all.Go(func() { read("first", "old") })
		synctest.Wait()
		all.Go(func() { read("slow", "old") }) // these two are read together,
		all.Go(func() { read("other", "old") })
		must(clarifai.SystemClock.Sleep(t.Context(), 500*time.Millisecond)) // and one response is still missing
		if _, err := client.UpdateConcept(t.Context(), fleet, clarifai.Concept{ID: "slow", Name: "new"}); err != nil {
			t.Error(err)
		}
		read("quick", "old")
		all.Wait()
		read("slow", "new")
	})
}

// In any interleaving of reads and writes, a read returns nothing older than the writes
// that had ended before it started, and it finds every object that exists.
func TestReadInput_neverOlderThanOwnWrites(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { writeAndRead(t, rand.New(rand.NewPCG(seed, 7))) })
		})
	}
}

func writeAndRead(t *testing.T, random *rand.Rand) {
	var mu sync.Mutex // guards random and the variables below
	roll := func(n int) int { mu.Lock(); defer mu.Unlock(); return random.IntN(n) }
	app, ids := appOf(20 + roll(300))
	app.clamp = []int{0, 0, 7, 128}[roll(4)]
	s := &service{work: app.work, latency: func() time.Duration { return time.Duration(1+roll(60)) * time.Millisecond }}
	client := s.client(t, func(c *clarifai.Config) {
		c.MaxConcurrentRequests = []int{1, 3, 16}[roll(3)]
		c.RequestsPerSecond = []float64{0, 0, 60}[roll(3)]
	})
	written := map[string]int{} // the last completed write of each input
	gone := map[string]bool{}   // deleted inputs
	writes := roll(3) * 10      // some runs only read
	var all sync.WaitGroup
	for w := range 10 {
		all.Go(func() {
			own := ids[w : w+1] // only this worker writes to it
			for n := 1; n <= 30; n++ {
				must(clarifai.SystemClock.Sleep(t.Context(), time.Duration(roll(30))*time.Millisecond))
				if n <= writes && roll(2) == 0 {
					id := own[0]
					change := clarifai.Input{ID: id, Data: &clarifai.Data{Metadata: clarifai.Struct(fmt.Sprintf(`{"n":%d}`, n)),
						Text: &clarifai.Text{Raw: id}}}
					if _, err := client.UpdateInput(t.Context(), fleet, change, clarifai.ActionOverwrite); err != nil {
						if !gone[id] {
							t.Error(err)
						}
						continue
					}
					mu.Lock()
					written[id] = n
					mu.Unlock()
				}
				id := ids[roll(len(ids))]
				mu.Lock()
				least := written[id]
				mu.Unlock()
				in, err := client.ReadInput(t.Context(), fleet, id)
				if err != nil {
					t.Errorf("%s: %v", id, err)
					continue
				}
				var body struct {
					N int `json:"n"`
				}
				if in.Data.Metadata != nil {
					must(clarifai.Decode(in.Data.Metadata, &body))
				}
				if in.ID != id || in.Data.Text.Raw != id || body.N < least {
					t.Errorf("%s: read %s of %s, when %d had been written", id, in.Data.Metadata, in.ID, least)
				}
			}
		})
	}
	all.Wait()
	// A deleted input is not found, and a created one can be read at once.
	if err := client.RemoveInput(t.Context(), fleet, ids[0]); err != nil {
		t.Error(err)
	}
	if _, err := client.ReadInput(t.Context(), fleet, ids[0]); !clarifai.IsNotFound(err) {
		t.Errorf("read what was deleted: %v", err)
	}
	if _, err := client.CreateInput(t.Context(), fleet, text("new")); err != nil {
		t.Error(err)
	}
	if _, err := client.ReadInput(t.Context(), fleet, "new"); err != nil {
		t.Errorf("did not read what was made: %v", err)
	}
}

// The API has no request for a single relation, so 1,000 relations are read by pages.
func TestReadConceptRelation_byPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var relations []clarifai.ConceptRelation
		var ids []string
		for i := range 1000 {
			ids = append(ids, "relation-"+strconv.Itoa(i))
			relations = append(relations, clarifai.ConceptRelation{
				ID: ids[i], Predicate: clarifai.PredicateHyponym,
				SubjectConcept: &clarifai.Concept{ID: "subject-" + strconv.Itoa(i/4)},
				ObjectConcept:  &clarifai.Concept{ID: "object"},
			})
		}
		turned := func(r clarifai.ConceptRelation) clarifai.ConceptRelation {
			r.SubjectConcept, r.ObjectConcept, r.Predicate = r.ObjectConcept, r.SubjectConcept, clarifai.PredicateHypernym
			return r
		}
		s := &service{work: func(r request) reply {
			found := relations
			if concept, ok := strings.CutPrefix(r.path, "/concepts/"); ok && concept != "relations" {
				concept = strings.TrimSuffix(concept, "/relations")
				found = nil
				for _, relation := range relations {
					if relation.SubjectConcept.ID == concept {
						found = append(found, relation)
					}
					if relation.ObjectConcept.ID == concept {
						found = append(found, turned(relation))
					}
				}
			}
			return ok(clarifai.MultiConceptRelationResponse{Envelope: success(), ConceptRelations: page(found, r.query, 0)})
		}}
		client := s.client(t, nil)
		// Every other relation is read from its object.
		from := func(id string) (concept, predicate string) {
			n, _ := strconv.Atoi(strings.TrimPrefix(id, "relation-"))
			if n%2 == 1 {
				return "object", clarifai.PredicateHypernym
			}
			return "subject-" + strconv.Itoa(n/4), clarifai.PredicateHyponym
		}
		found := refresh(t, 10, ids, func(ctx context.Context, id string) (*clarifai.ConceptRelation, error) {
			concept, _ := from(id)
			return client.ReadConceptRelation(ctx, fleet, concept, id)
		})
		for _, id := range ids {
			concept, predicate := from(id)
			if r := found[id]; r == nil || r.ID != id || r.SubjectConcept.ID != concept || r.Predicate != predicate {
				t.Errorf("%s from %s: got %+v", id, concept, r)
			}
		}
		calls := s.seen("", "")
		t.Logf("%d calls", len(calls))
		if len(calls) > 8 {
			t.Errorf("%d calls, want at most 8: %v", len(calls), paths(calls))
		}
		if _, err := client.ReadConceptRelation(t.Context(), fleet, "subject-1", "relation-1"); !clarifai.IsNotFound(err) {
			t.Errorf("found the relation of other concepts: %v", err)
		}
		if _, err := client.ReadConceptRelation(t.Context(), fleet, "subject-1", "unknown"); !clarifai.IsNotFound(err) {
			t.Errorf("got %v for what does not exist", err)
		}
	})
}
