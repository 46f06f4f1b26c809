package clarifai_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// inProcess passes requests to a handler without a network, so that client and server run in one synctest bubble.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	p.ServeHTTP(recorder, r)
	response := recorder.Result()
	response.Request = r
	return response, r.Context().Err()
}

// emulated returns an emulator with an app, and a client for it. Their traffic is checked against
// the official definitions.
func emulated(t testing.TB, options emulator.Options, set func(*clarifai.Config)) (*emulator.Service, *clarifai.Client) {
	t.Helper()
	options.App = fleet.AppID
	service, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	protocheck.Watch(t, service, 0)
	return service, clientOf(t, service, set)
}

func clientOf(t testing.TB, service *emulator.Service, set func(*clarifai.Config)) *clarifai.Client {
	t.Helper()
	config := clarifai.Config{BaseURL: "http://127.0.0.1:1", PAT: "secret", Transport: inProcess{service}}
	if set != nil {
		set(&config)
	}
	client, err := clarifai.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

const latency = 50 * time.Millisecond

// callers is how many calls a test of shared requests makes at once.
const callers = 40

// none is the argument of sharedRequests.do if no call fails; halves is the most requests that isolate one bad item
// among 40 by halves.
const none, halves = -1, 14

// sharedRequests has a client that sends one request at a time, so that concurrent calls queue and share requests.
type sharedRequests struct {
	*testing.T
	service *emulator.Service
	client  *clarifai.Client
	ids     []string // one for each caller
}

func newSharedRequests(t *testing.T) *sharedRequests {
	t.Helper()
	r := &sharedRequests{T: t}
	r.service, r.client = emulated(t, emulator.Options{Latency: latency}, oneAtATime)
	for i := range callers {
		r.ids = append(r.ids, "id-"+strconv.Itoa(i))
	}
	return r
}

// do makes one call for each ID at once. It checks that all succeed, but the one at position bad, and that they share at
// most the given number of requests.
func (r *sharedRequests) do(op string, most, bad int, call func(i int, id string) error) {
	r.Helper()
	r.service.ResetCalls()
	errs := make([]error, len(r.ids))
	var calls []func()
	for i, id := range r.ids {
		calls = append(calls, func() { errs[i] = call(i, id) })
	}
	whileBusy(r, r.client, calls...)()
	for i, err := range errs {
		if (err != nil) != (i == bad) {
			r.Errorf("%s: position %d: %v", op, i, err)
		}
	}
	if got := r.service.Count(op); got > most || got == 0 {
		r.Errorf("%s: %d requests, want at most %d", op, got, most)
	}
}

// createInputs creates an input for each ID.
func (r *sharedRequests) createInputs() {
	r.Helper()
	var inputs []clarifai.Input
	for _, id := range r.ids {
		inputs = append(inputs, text(id))
	}
	for _, item := range r.client.CreateInputs(r.Context(), fleet, inputs) {
		if item.Err != nil {
			r.Fatal(item.Err)
		}
	}
}

// createConcepts creates a concept for each ID, and further ones.
func (r *sharedRequests) createConcepts(further ...string) {
	r.Helper()
	var concepts []clarifai.Concept
	for _, id := range append(further, r.ids...) {
		concepts = append(concepts, clarifai.Concept{ID: id})
	}
	if _, err := r.client.PostConcepts(r.Context(), fleet, concepts); err != nil {
		r.Fatal(err)
	}
}

// sameOutcome returns err, or an error if a call got the outcome of another one.
func sameOutcome(got, want string, err error) error {
	if err == nil && got != want {
		return fmt.Errorf("got the outcome of %q for %q", got, want)
	}
	return err
}

// Concurrent writes and reads of datasets share requests, and each caller gets the outcome of its own dataset.
func TestSharing_datasets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newSharedRequests(t)
		_, err := r.client.PostDatasets(t.Context(), fleet, []clarifai.Dataset{{ID: "set"}, {ID: r.ids[7]}})
		must(err)
		r.do("PostDatasets", halves, 7, func(_ int, id string) error {
			created, err := r.client.CreateDataset(t.Context(), fleet, clarifai.Dataset{ID: id, Description: "of " + id})
			if err != nil {
				if id == r.ids[7] && !clarifai.IsDuplicate(err) {
					t.Errorf("duplicate dataset: %v", err)
				}
				return err
			}
			return sameOutcome(created.ID+created.Description, id+"of "+id, nil)
		})
		r.do("PatchDatasets", 1, none, func(_ int, id string) error {
			changed, err := r.client.UpdateDataset(t.Context(), fleet, clarifai.Dataset{ID: id, Notes: "note of " + id}, clarifai.ActionMerge)
			if err != nil {
				return err
			}
			return sameOutcome(changed.ID+changed.Notes, id+"note of "+id, nil)
		})
		r.do("ListDatasets", 2, none, func(_ int, id string) error {
			got, err := r.client.ReadDataset(t.Context(), fleet, id)
			if err != nil {
				return err
			}
			return sameOutcome(got.Notes, "note of "+id, nil)
		})
		r.do("DeleteDatasets", 1, none, func(_ int, id string) error { return r.client.RemoveDataset(t.Context(), fleet, id) })
	})
}

// Concurrent writes, polls and reads of inputs share requests, and each caller gets the outcome of its own input.
func TestSharing_inputs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newSharedRequests(t)
		r.do("PostInputs", 1, 3, func(i int, id string) error {
			if i == 3 {
				_, err := r.client.CreateInput(t.Context(), fleet, clarifai.Input{ID: id}) // no content
				return err
			}
			created, err := r.client.CreateInput(t.Context(), fleet, text(id))
			if err != nil {
				return err
			}
			return sameOutcome(created.ID, id, nil)
		})
		_, err := r.client.CreateInput(t.Context(), fleet, text(r.ids[3]))
		must(err)
		r.do("ListInputs", 1, none, func(_ int, id string) error {
			got, err := r.client.PollInput(t.Context(), fleet, id, 0)
			if err != nil {
				return err
			}
			return sameOutcome(got.ID+strconv.Itoa(int(got.Status.Code)), id+"30000", nil)
		})
		r.do("PatchInputs", 1, none, func(_ int, id string) error {
			changed, err := r.client.UpdateInput(t.Context(), fleet,
				clarifai.Input{ID: id, Data: &clarifai.Data{Metadata: clarifai.Struct(`{"of":"` + id + `"}`)}}, clarifai.ActionOverwrite)
			if err != nil {
				return err
			}
			return sameOutcome(changed.ID, id, nil)
		})
		r.do("ListInputs", 2, none, func(_ int, id string) error {
			got, err := r.client.ReadInput(t.Context(), fleet, id)
			if err != nil {
				return err
			}
			return sameOutcome(string(got.Data.Metadata), `{"of":"`+id+`"}`, nil)
		})
		r.do("DeleteInputs", 1, none, func(_ int, id string) error { return r.client.RemoveInput(t.Context(), fleet, id) })
		r.do("ListInputs", 1, none, func(_ int, id string) error {
			return wait.GonePolling(t.Context(), r.client.Clock(), id, func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
				return r.client.PollRemovedInput(ctx, fleet, id, within)
			})
		})
	})
}

// Concurrent changes of one dataset share requests; an unknown input fails alone.
func TestSharing_datasetInputs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newSharedRequests(t)
		r.createInputs()
		_, err := r.client.PostDatasets(t.Context(), fleet, []clarifai.Dataset{{ID: "set"}})
		must(err)
		r.do("PostDatasetInputs", 1, 11, func(i int, id string) error {
			if i == 11 {
				id = "unknown"
			}
			added, err := r.client.CreateDatasetInput(t.Context(), fleet, "set", id)
			if err != nil {
				return err
			}
			return sameOutcome(added.Input.ID, id, nil)
		})
		r.do("ListDatasetInputs", 4, 11, func(_ int, id string) error {
			got, err := r.client.ReadDatasetInput(t.Context(), fleet, "set", id)
			if err != nil {
				return err
			}
			return sameOutcome(got.Input.ID, id, nil)
		})
		r.do("DeleteDatasetInputs", halves, none, func(i int, id string) error {
			err := r.client.RemoveDatasetInput(t.Context(), fleet, "set", id)
			if i == 11 && clarifai.IsNotFound(err) { // not a member; the response is undocumented
				return nil
			}
			return err
		})
	})
}

// Concurrent writes and reads of concepts share requests; an unknown concept fails alone.
func TestSharing_concepts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newSharedRequests(t)
		r.do("PostConcepts", 1, none, func(_ int, id string) error {
			created, err := r.client.CreateConcept(t.Context(), fleet, clarifai.Concept{ID: id})
			if err != nil {
				return err
			}
			return sameOutcome(created.ID, id, nil)
		})
		r.do("PatchConcepts", halves, 20, func(i int, id string) error {
			if i == 20 {
				id = "unknown"
			}
			changed, err := r.client.UpdateConcept(t.Context(), fleet, clarifai.Concept{ID: id, Name: "name of " + id})
			if err != nil {
				return err
			}
			return sameOutcome(changed.Name, "name of "+id, nil)
		})
		r.do("ListConcepts", 2, none, func(i int, id string) error {
			got, err := r.client.ReadConcept(t.Context(), fleet, id)
			if err != nil || i == 20 {
				return err
			}
			return sameOutcome(got.Name, "name of "+id, nil)
		})
	})
}

// Concurrent writes and reads of translations share one request for each concept.
func TestSharing_conceptLanguages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newSharedRequests(t)
		r.createConcepts()
		languages := []string{"de", "fr", "es", "it"}
		r.do("PostConceptLanguages", callers/len(languages), none, func(i int, _ string) error {
			concept, language := r.ids[i/len(languages)], languages[i%len(languages)]
			created, err := r.client.CreateConceptLanguage(t.Context(), fleet, concept,
				clarifai.ConceptLanguage{ID: language, Name: language + " of " + concept})
			if err != nil {
				return err
			}
			return sameOutcome(created.Name, language+" of "+concept, nil)
		})
		r.do("PatchConceptLanguages", callers/len(languages), none, func(i int, _ string) error {
			concept, language := r.ids[i/len(languages)], languages[i%len(languages)]
			changed, err := r.client.UpdateConceptLanguage(t.Context(), fleet, concept,
				clarifai.ConceptLanguage{ID: language, Name: "new " + language + " of " + concept})
			if err != nil {
				return err
			}
			return sameOutcome(changed.Name, "new "+language+" of "+concept, nil)
		})
		r.do("ListConceptLanguages", callers/len(languages), none, func(i int, _ string) error {
			concept, language := r.ids[i/len(languages)], languages[i%len(languages)]
			got, err := r.client.ReadConceptLanguage(t.Context(), fleet, concept, language)
			if err != nil {
				return err
			}
			return sameOutcome(got.Name, "new "+language+" of "+concept, nil)
		})
	})
}

// Concurrent writes and reads of relations share requests; an unknown concept fails alone.
func TestSharing_conceptRelations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newSharedRequests(t)
		r.createConcepts("subject")
		relations := make([]string, callers)
		r.do("PostConceptRelations", halves, 5, func(i int, id string) error {
			if i == 5 {
				id = "unknown"
			}
			created, err := r.client.CreateConceptRelation(t.Context(), fleet, "subject", clarifai.ConceptRelation{
				ObjectConcept: &clarifai.Concept{ID: id}, Predicate: clarifai.PredicateHyponym,
			})
			if err != nil {
				return err
			}
			relations[i] = created.ID
			return sameOutcome(created.ObjectConcept.ID, id, nil)
		})
		r.do("ListConceptRelations2", 2, none, func(i int, id string) error {
			if i == 5 {
				return nil
			}
			got, err := r.client.ReadConceptRelation(t.Context(), fleet, id, relations[i]) // from the object
			if err != nil {
				return err
			}
			return sameOutcome(got.SubjectConcept.ID+got.Predicate+got.ObjectConcept.ID, id+clarifai.PredicateHypernym+"subject", nil)
		})
		r.do("DeleteConceptRelations", 1, none, func(i int, _ string) error {
			if i == 5 {
				return nil
			}
			return r.client.RemoveConceptRelation(t.Context(), fleet, "subject", relations[i])
		})
	})
}

// Concurrent polls, writes and reads of the versions of a dataset share requests.
func TestSharing_datasetVersions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newSharedRequests(t)
		_, err := r.client.PostDatasets(t.Context(), fleet, []clarifai.Dataset{{ID: "set"}})
		must(err)
		var versions []clarifai.DatasetVersion
		for _, id := range r.ids {
			versions = append(versions, clarifai.DatasetVersion{ID: id})
		}
		_, err = r.client.PostDatasetVersions(t.Context(), fleet, "set", versions)
		must(err)
		r.do("ListDatasetVersions", 1, none, func(_ int, id string) error {
			got, err := r.client.PollDatasetVersion(t.Context(), fleet, "set", id, 0)
			if err != nil {
				return err
			}
			return sameOutcome(got.ID+strconv.Itoa(int(got.Status.Code)), id+"64015", nil)
		})
		r.do("PatchDatasetVersions", 1, none, func(_ int, id string) error {
			changed, err := r.client.UpdateDatasetVersion(t.Context(), fleet, "set", clarifai.DatasetVersion{ID: id, Description: "of " + id})
			if err != nil {
				return err
			}
			return sameOutcome(changed.ID, id, nil)
		})
		r.do("ListDatasetVersions", 2, none, func(_ int, id string) error {
			got, err := r.client.ReadDatasetVersion(t.Context(), fleet, "set", id)
			if err != nil {
				return err
			}
			return sameOutcome(got.Description, "of "+id, nil)
		})
		r.do("DeleteDatasetVersions", 1, none, func(_ int,
			id string) error {
			return r.client.RemoveDatasetVersion(t.Context(), fleet, "set", id)
		})
	})
}

// A thousand inputs, ten at a time with 15 requests a second, as Terraform manages them: create and wait,
// refresh by another run, delete and wait.
func TestSharing_thousandInputs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pace := func(c *clarifai.Config) { c.RequestsPerSecond = 15 }
		service, client := emulated(t, emulator.Options{Latency: latency, Async: 100 * time.Millisecond}, pace)
		ids := make([]string, 1000)
		for i := range ids {
			ids[i] = "id-" + strconv.Itoa(i)
		}
		refresh(t, 10, ids, func(ctx context.Context, id string) (*clarifai.Input, error) {
			if _, err := client.CreateInput(ctx, fleet, text(id)); err != nil {
				return nil, err
			}
			return wait.For(ctx, wait.Spec[*clarifai.Input]{
				Clock: client.Clock(), What: id,
				Poll: func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
					return client.PollInput(ctx, fleet, id, within)
				},
				Status: func(in *clarifai.Input) clarifai.Status { return in.Status },
			})
		})
		t.Logf("create: %d posts, %d calls", service.Count("PostInputs"), service.Count())
		if got := service.Count("PostInputs"); got > 250 {
			t.Errorf("%d posts, want at most 250", got)
		}

		service.ResetCalls()
		client = clientOf(t, service, pace)
		found := refresh(t, 10, ids, func(ctx context.Context, id string) (*clarifai.Input, error) { return client.ReadInput(ctx, fleet, id) })
		for _, id := range ids {
			if found[id] == nil || found[id].ID != id || found[id].Status.Code != clarifai.StatusInputDownloaded {
				t.Errorf("%s: got %+v", id, found[id])
			}
		}
		t.Logf("refresh: %d calls", service.Count())
		if got := service.Count(); got > 10 {
			t.Errorf("a refresh of %d calls, want at most 10", got)
		}

		service.ResetCalls()
		refresh(t, 10, ids, func(ctx context.Context, id string) (any, error) {
			if err := client.RemoveInput(ctx, fleet, id); err != nil {
				return nil, err
			}
			return nil, wait.GonePolling(ctx, client.Clock(), id, func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
				return client.PollRemovedInput(ctx, fleet, id, within)
			})
		})
		t.Logf("delete: %d calls", service.Count())
		if got := service.Count("DeleteInput", "DeleteInputs"); got > 250 {
			t.Errorf("%d deletes, want at most 250", got)
		}
	})
}

// Reading a thousand relations of 250 concepts costs a few pages.
func TestReadConceptRelation_thousandRelations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service, client := emulated(t, emulator.Options{Latency: latency}, nil)
		ctx := t.Context()
		var concepts []clarifai.Concept
		for i := range 250 {
			concepts = append(concepts, clarifai.Concept{ID: "c" + strconv.Itoa(i)})
		}
		for chunk := range 2 {
			_, err := client.PostConcepts(ctx, fleet, concepts[chunk*125:][:125])
			must(err)
		}
		var mu sync.Mutex
		var ids []string
		subject := map[string]string{}
		refresh(t, 10, numbersBelow(1000), func(ctx context.Context, number string) (any, error) {
			n, _ := strconv.Atoi(number)
			from, to := n/4, (n/4+1+n%4)%250
			made, err := client.CreateConceptRelation(ctx, fleet, concepts[from].ID, clarifai.ConceptRelation{
				ObjectConcept: &clarifai.Concept{ID: concepts[to].ID}, Predicate: clarifai.PredicateHyponym,
			})
			if err != nil {
				return nil, err
			}
			mu.Lock()
			defer mu.Unlock()
			ids = append(ids, made.ID)
			subject[made.ID] = concepts[from].ID
			return nil, nil
		})
		service.ResetCalls()
		client = clientOf(t, service, nil)
		found := refresh(t, 10, ids, func(ctx context.Context, id string) (*clarifai.ConceptRelation, error) {
			return client.ReadConceptRelation(ctx, fleet, subject[id], id)
		})
		for id, concept := range subject {
			if r := found[id]; r == nil || r.SubjectConcept.ID != concept || r.Predicate != clarifai.PredicateHyponym {
				t.Errorf("%s of %s: got %+v", id, concept, r)
			}
		}
		t.Logf("%d calls", service.Count())
		if got := service.Count(); got > 8 || len(found) != 1000 {
			t.Errorf("%d calls for %d relations, want at most 8", got, len(found))
		}
	})
}

func numbersBelow(n int) []string {
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = strconv.Itoa(i)
	}
	return numbers
}
