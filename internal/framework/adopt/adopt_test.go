package adopt_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/testclock"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

var (
	lost      = &clarifai.Error{Op: "PostDatasets", OutcomeUnknown: true, Err: errors.New("connection reset")}
	duplicate = &clarifai.Error{Op: "PostDatasets", Status: clarifai.Status{Code: clarifai.StatusDuplicateID}}
	missing   = &clarifai.Error{Op: "GetDataset", Status: clarifai.Status{Code: clarifai.StatusDoesNotExist}}
	rejected  = &clarifai.Error{Op: "PostDatasets", Status: clarifai.Status{Code: clarifai.StatusInsufficientScopes}}
	errBroken = errors.New("broken")
)

// service gives its results for creates and reads in order; the last one repeats.
type service struct {
	creates, reads []error
	created, read  int
}

func next(answers []error, n int) error { return answers[min(n, len(answers))-1] }

func provider(t *testing.T, adoptIdentical bool) (*configure.Provider, *testclock.Clock) {
	t.Helper()
	c := testclock.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	client, err := clarifai.New(clarifai.Config{BaseURL: "http://127.0.0.1:1", PAT: "p", Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	return &configure.Provider{API: client, AdoptIdentical: adoptIdentical, RetryTimeout: time.Minute}, c
}

// An object is adopted only if this run created it, or if adopt_identical is set and it is equal.
func TestCreateOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		service service
		equal   bool
		age     time.Duration // of the object that Read returns
		adopt   bool          // adopt_identical
		want    string        // the result, or a part of the error
		warns   bool
		created int
	}{
		"created at once": {service{creates: []error{nil}}, true, 0, false, "created", false, 1},
		"rejected":        {service{creates: []error{rejected}}, true, 0, true, "Unable to create", false, 1},
		"a duplicate": {service{creates: []error{duplicate}, reads: []error{nil}}, true, 0, false, "already exists",
			false, 1},
		"a duplicate, adopt_identical, equal": {service{creates: []error{duplicate}, reads: []error{nil}}, true, time.Hour, true, "found",
			true, 1},
		"a duplicate, adopt_identical, different": {service{creates: []error{duplicate}, reads: []error{nil}}, false, 0, true, "already exists",
			false, 1},
		"lost, and created by this run": {service{creates: []error{lost}, reads: []error{nil}}, true, 0, false, "found", false, 1},
		"lost, and equal but older": {service{creates: []error{lost}, reads: []error{nil}}, true, time.Hour, false,
			"already exists", false, 1},
		"lost, equal but older, adopt_identical": {service{creates: []error{lost}, reads: []error{nil}}, true, time.Hour, true, "found", true, 1},
		"lost, and different": {service{creates: []error{lost}, reads: []error{nil}}, false, 0, false, "already exists",
			false, 1},
		"lost before the work four times": {service{creates: []error{lost, lost, lost, lost, nil}, reads: []error{missing}}, true, 0, false,
			"created", false, 5},
		"lost, found late": {service{creates: []error{lost}, reads: []error{missing, nil}}, true, 0, false, "found", false, 1},
		"lost, not found twice, then a duplicate": {service{creates: []error{lost, duplicate}, reads: []error{missing, missing, nil}},
			true, 0, false, "found", false, 2},
		"lost, and reading fails": {service{creates: []error{lost}, reads: []error{errBroken}}, true, 0, false, "reading back", false, 1},
		"rejected is not a lost response": {service{creates: []error{rejected}, reads: []error{nil}}, true, 0, false, "Unable to create",
			false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, clock := provider(t, c.adopt)
			createdAt := clock.Now().Add(-c.age)
			s := &c.service
			got, problems := adopt.CreateOnce(t.Context(), p, adopt.Spec[string]{
				ResourceType: "clarifai_dataset", Noun: "dataset", ID: "trucks", ImportID: "acme/fleet/trucks",
				Create:    func(context.Context) (string, error) { s.created++; return "created", next(s.creates, s.created) },
				Read:      func(context.Context) (string, error) { s.read++; return "found", next(s.reads, s.read) },
				Equal:     func(string) bool { return c.equal },
				CreatedAt: func(string) time.Time { return createdAt },
			})
			said := ""
			for _, d := range problems.Errors() {
				said += d.Summary() + " " + d.Detail()
			}
			if said == "" {
				said = got
			}
			if !strings.Contains(said, c.want) {
				t.Errorf("got %q, want %q", said, c.want)
			}
			if warns := problems.WarningsCount() > 0; warns != c.warns {
				t.Errorf("warnings: %v", problems)
			}
			if s.created != c.created {
				t.Errorf("%d creates, want %d", s.created, c.created)
			}
		})
	}
}

// Creates are repeated until the retry timeout, and an interrupt does not keep the provider from reading back.
func TestCreateOnce_limits(t *testing.T) {
	t.Parallel()
	p, clock := provider(t, false)
	start := clock.Now()
	spec := adopt.Spec[string]{
		ResourceType: "clarifai_dataset", Noun: "dataset", ID: "trucks", ImportID: "acme/fleet/trucks",
		Create: func(context.Context) (string, error) { return "", lost },
		Read:   func(context.Context) (string, error) { return "", missing },
		Equal:  func(string) bool { return true },
	}
	if _, problems := adopt.CreateOnce(t.Context(), p, spec); !problems.HasError() {
		t.Error("a create that is lost every time succeeded")
	}
	if waited := clock.Now().Sub(start); waited < 40*time.Second || waited > time.Minute {
		t.Errorf("retried for %s, want about a minute", waited)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	spec.Create = func(context.Context) (string, error) { interrupt(); return "", lost }
	spec.Read = func(ctx context.Context) (string, error) { return "found", ctx.Err() }
	if got, problems := adopt.CreateOnce(ctx, p, spec); problems.HasError() || got != "found" {
		t.Errorf("after an interrupt: %q, %v", got, problems)
	}
}

// The last of several errors has all import blocks.
func TestAlreadyExists(t *testing.T) {
	t.Parallel()
	p, _ := provider(t, false)
	first := adopt.AlreadyExists(p, "clarifai_dataset", "dataset", "a", "acme/fleet/a", duplicate)
	second := adopt.AlreadyExists(p, "clarifai_app", "app", "b", "acme/b", duplicate)
	if strings.Contains(first.Detail(), "so far") {
		t.Errorf("the first error lists others: %s", first.Detail())
	}
	for _, want := range []string{`id = "acme/fleet/a"`, `id = "acme/b"`, "2 existing objects"} {
		if !strings.Contains(second.Detail(), want) {
			t.Errorf("the second error lacks %s: %s", want, second.Detail())
		}
	}
}

// For nouns without a creation time, the caller knows which objects can be new.
func TestCreateOnce_new(t *testing.T) {
	t.Parallel()
	for _, isNew := range []bool{true, false} {
		p, _ := provider(t, false)
		got, problems := adopt.CreateOnce(t.Context(), p, adopt.Spec[string]{
			ResourceType: "clarifai_concept_relation", Noun: "relation", ID: "r", ImportID: "acme/fleet/r",
			Create: func(context.Context) (string, error) { return "", lost },
			Read:   func(context.Context) (string, error) { return "found", nil },
			Equal:  func(string) bool { return true },
			New:    func(string) bool { return isNew },
		})
		if adopted := !problems.HasError() && got == "found"; adopted != isNew {
			t.Errorf("new: %t, adopted: %t, %v", isNew, adopted, problems)
		}
	}
}

// Creation times are compared by the service's clock, however far it is from this machine's.
func TestCreatedSince(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, 3 * time.Hour, -3 * time.Hour} {
		c := testclock.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", c.Now().Add(ahead).Format(http.TimeFormat))
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"status":{"code":10000},"dataset":{"id":"trucks"}}`))
		}))
		t.Cleanup(server.Close)
		client, err := clarifai.New(clarifai.Config{BaseURL: server.URL, PAT: "p", Clock: c})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.GetDataset(t.Context(), clarifai.AppRef{UserID: "acme", AppID: "fleet"}, "trucks"); err != nil {
			t.Fatal(err)
		}
		start, atService := c.Now(), c.Now().Add(ahead)
		for createdAt, want := range map[time.Time]bool{
			{}:                               true, // the service does not tell
			atService.Add(time.Second):       true,
			atService.Add(-time.Minute):      true, // its machines differ
			atService.Add(-10 * time.Minute): false,
			atService.AddDate(-1, 0, 0):      false,
		} {
			if got := adopt.CreatedSince(client, createdAt, start); got != want {
				t.Errorf("%s ahead, created at %s: %t, want %t", ahead, createdAt, got, want)
			}
		}
	}
}
