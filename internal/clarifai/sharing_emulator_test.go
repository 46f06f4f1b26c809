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

// inProcess hands requests to a handler, so that a bubble can hold both sides.
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

// emulated is the emulator with an app, and a client of it. Both are held against
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

// Every write that shares calls, forty at a time, one of them bad: what each
// caller gets, what it costs, and that all can be read and polled afterwards.
func TestAllThatSharesCallsDoesItsWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service, client := emulated(t, emulator.Options{Latency: latency}, oneAtATime)
		ctx := t.Context()
		const n = 40
		ids := make([]string, n)
		for i := range ids {
			ids[i] = "id-" + strconv.Itoa(i)
		}
		// do runs one write for each id at once. bad is the position that has to fail, if any.
		do := func(op string, most, bad int, write func(i int, id string) error) {
			t.Helper()
			service.ResetCalls()
			errs := make([]error, n)
			var writes []func()
			for i, id := range ids {
				writes = append(writes, func() { errs[i] = write(i, id) })
			}
			behindTheGate(t, client, writes...)()
			for i, err := range errs {
				if (err != nil) != (i == bad) {
					t.Errorf("%s: position %d: %v", op, i, err)
				}
			}
			if got := service.Count(op); got > most || got == 0 {
				t.Errorf("%s: %d calls, want at most %d", op, got, most)
			}
		}
		same := func(got, want string, err error) error {
			if err == nil && got != want {
				return fmt.Errorf("got the outcome of %q for %q", got, want)
			}
			return err
		}
		const none, halves = -1, 14 // calls to find one bad item among 40 by halves, or fewer

		_, err := client.PostDatasets(ctx, fleet, []clarifai.Dataset{{ID: "set"}, {ID: ids[7]}})
		must(err)
		do("PostDatasets", halves, 7, func(_ int, id string) error {
			made, err := client.CreateDataset(ctx, fleet, clarifai.Dataset{ID: id, Description: "of " + id})
			if err != nil {
				if id == ids[7] && !clarifai.IsDuplicate(err) {
					t.Errorf("duplicate dataset: %v", err)
				}
				return err
			}
			return same(made.ID+made.Description, id+"of "+id, nil)
		})
		do("PatchDatasets", 1, none, func(_ int, id string) error {
			changed, err := client.UpdateDataset(ctx, fleet, clarifai.Dataset{ID: id, Notes: "note of " + id}, clarifai.ActionMerge)
			if err != nil {
				return err
			}
			return same(changed.ID+changed.Notes, id+"note of "+id, nil)
		})
		do("ListDatasets", 2, none, func(_ int, id string) error {
			got, err := client.ReadDataset(ctx, fleet, id)
			if err != nil {
				return err
			}
			return same(got.Notes, "note of "+id, nil)
		})
		do("PostInputs", 1, 3, func(i int, id string) error {
			if i == 3 {
				_, err := client.CreateInput(ctx, fleet, clarifai.Input{ID: id}) // no medium
				return err
			}
			made, err := client.CreateInput(ctx, fleet, text(id))
			if err != nil {
				return err
			}
			return same(made.ID, id, nil)
		})
		_, err = client.CreateInput(ctx, fleet, text(ids[3]))
		must(err)
		do("ListInputs", 1, none, func(_ int, id string) error {
			got, err := client.PollInput(ctx, fleet, id, 0)
			if err != nil {
				return err
			}
			return same(got.ID+strconv.Itoa(int(got.Status.Code)), id+"30000", nil)
		})
		do("PatchInputs", 1, none, func(_ int, id string) error {
			changed, err := client.UpdateInput(ctx, fleet, clarifai.Input{ID: id, Data: &clarifai.Data{Metadata: clarifai.Struct(`{"of":"` + id + `"}`)}}, clarifai.ActionOverwrite)
			if err != nil {
				return err
			}
			return same(changed.ID, id, nil)
		})
		do("ListInputs", 2, none, func(_ int, id string) error {
			got, err := client.ReadInput(ctx, fleet, id)
			if err != nil {
				return err
			}
			return same(string(got.Data.Metadata), `{"of":"`+id+`"}`, nil)
		})
		do("PostDatasetInputs", 1, 11, func(i int, id string) error {
			if i == 11 {
				id = "nobody"
			}
			added, err := client.CreateDatasetInput(ctx, fleet, "set", id)
			if err != nil {
				return err
			}
			return same(added.Input.ID, id, nil)
		})
		do("ListDatasetInputs", 4, 11, func(_ int, id string) error {
			got, err := client.ReadDatasetInput(ctx, fleet, "set", id)
			if err != nil {
				return err
			}
			return same(got.Input.ID, id, nil)
		})
		do("DeleteDatasetInputs", halves, none, func(i int, id string) error {
			err := client.RemoveDatasetInput(ctx, fleet, "set", id)
			if i == 11 && clarifai.IsNotFound(err) { // no member; what the service says of that is not documented
				return nil
			}
			return err
		})
		do("PostConcepts", 1, none, func(_ int, id string) error {
			made, err := client.CreateConcept(ctx, fleet, clarifai.Concept{ID: id})
			if err != nil {
				return err
			}
			return same(made.ID, id, nil)
		})
		do("PatchConcepts", halves, 20, func(i int, id string) error {
			if i == 20 {
				id = "nobody"
			}
			changed, err := client.UpdateConcept(ctx, fleet, clarifai.Concept{ID: id, Name: "name of " + id})
			if err != nil {
				return err
			}
			return same(changed.Name, "name of "+id, nil)
		})
		do("ListConcepts", 2, none, func(i int, id string) error {
			got, err := client.ReadConcept(ctx, fleet, id)
			if err != nil || i == 20 {
				return err
			}
			return same(got.Name, "name of "+id, nil)
		})
		languages := []string{"de", "fr", "es", "it"}
		do("PostConceptLanguages", n/len(languages), none, func(i int, _ string) error {
			concept, language := ids[i/len(languages)], languages[i%len(languages)]
			made, err := client.CreateConceptLanguage(ctx, fleet, concept, clarifai.ConceptLanguage{ID: language, Name: language + " of " + concept})
			if err != nil {
				return err
			}
			return same(made.Name, language+" of "+concept, nil)
		})
		do("PatchConceptLanguages", n/len(languages), none, func(i int, _ string) error {
			concept, language := ids[i/len(languages)], languages[i%len(languages)]
			changed, err := client.UpdateConceptLanguage(ctx, fleet, concept, clarifai.ConceptLanguage{ID: language, Name: "new " + language + " of " + concept})
			if err != nil {
				return err
			}
			return same(changed.Name, "new "+language+" of "+concept, nil)
		})
		do("ListConceptLanguages", n/len(languages), none, func(i int, _ string) error {
			concept, language := ids[i/len(languages)], languages[i%len(languages)]
			got, err := client.ReadConceptLanguage(ctx, fleet, concept, language)
			if err != nil {
				return err
			}
			return same(got.Name, "new "+language+" of "+concept, nil)
		})
		_, err = client.CreateConcept(ctx, fleet, clarifai.Concept{ID: "subject"})
		must(err)
		relations := make([]string, n)
		do("PostConceptRelations", halves, 5, func(i int, id string) error {
			if i == 5 {
				id = "nobody"
			}
			made, err := client.CreateConceptRelation(ctx, fleet, "subject", clarifai.ConceptRelation{
				ObjectConcept: &clarifai.Concept{ID: id}, Predicate: clarifai.PredicateHyponym,
			})
			if err != nil {
				return err
			}
			relations[i] = made.ID
			return same(made.ObjectConcept.ID, id, nil)
		})
		do("ListConceptRelations2", 2, none, func(i int, id string) error {
			if i == 5 {
				return nil
			}
			got, err := client.ReadConceptRelation(ctx, fleet, id, relations[i]) // from the object
			if err != nil {
				return err
			}
			return same(got.SubjectConcept.ID+got.Predicate+got.ObjectConcept.ID, id+clarifai.PredicateHypernym+"subject", nil)
		})
		do("DeleteConceptRelations", 1, none, func(i int, _ string) error {
			if i == 5 {
				return nil
			}
			return client.RemoveConceptRelation(ctx, fleet, "subject", relations[i])
		})
		var versions []clarifai.DatasetVersion
		for _, id := range ids {
			versions = append(versions, clarifai.DatasetVersion{ID: id})
		}
		_, err = client.PostDatasetVersions(ctx, fleet, "set", versions)
		must(err)
		do("ListDatasetVersions", 1, none, func(_ int, id string) error {
			got, err := client.PollDatasetVersion(ctx, fleet, "set", id, 0)
			if err != nil {
				return err
			}
			return same(got.ID+strconv.Itoa(int(got.Status.Code)), id+"64015", nil)
		})
		do("PatchDatasetVersions", 1, none, func(_ int, id string) error {
			changed, err := client.UpdateDatasetVersion(ctx, fleet, "set", clarifai.DatasetVersion{ID: id, Description: "of " + id})
			if err != nil {
				return err
			}
			return same(changed.ID, id, nil)
		})
		do("ListDatasetVersions", 2, none, func(_ int, id string) error {
			got, err := client.ReadDatasetVersion(ctx, fleet, "set", id)
			if err != nil {
				return err
			}
			return same(got.Description, "of "+id, nil)
		})
		do("DeleteDatasetVersions", 1, none, func(_ int, id string) error { return client.RemoveDatasetVersion(ctx, fleet, "set", id) })
		do("DeleteDatasets", 1, none, func(_ int, id string) error { return client.RemoveDataset(ctx, fleet, id) })
		do("DeleteInputs", 1, none, func(_ int, id string) error { return client.RemoveInput(ctx, fleet, id) })
		do("ListInputs", 1, none, func(_ int, id string) error {
			return wait.GonePolling(ctx, client.Clock(), id, func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
				return client.PollRemovedInput(ctx, fleet, id, within)
			})
		})
	})
}

// A thousand inputs as Terraform manages them, ten at a time behind 15 requests
// a second: created and awaited, refreshed by another run, deleted and awaited.
func TestAThousandInputs(t *testing.T) {
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

// A thousand relations over 250 concepts, refreshed.
func TestAThousandRelations(t *testing.T) {
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
