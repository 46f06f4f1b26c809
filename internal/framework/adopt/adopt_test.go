package adopt_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
)

var (
	lost      = &clarifai.Error{Op: "PostDatasets", OutcomeUnknown: true, Err: errors.New("connection reset")}
	duplicate = &clarifai.Error{Op: "PostDatasets", Status: clarifai.Status{Code: clarifai.StatusDuplicateID}}
	missing   = &clarifai.Error{Op: "GetDataset", Status: clarifai.Status{Code: clarifai.StatusDoesNotExist}}
	refused   = &clarifai.Error{Op: "PostDatasets", Status: clarifai.Status{Code: clarifai.StatusInsufficientScopes}}
	errBroken = errors.New("broken")
)

// service gives its results for creates and reads in order; the last one repeats.
type service struct {
	creates, reads []error
	created, read  int
}

func next(answers []error, n int) error { return answers[min(n, len(answers))-1] }

func (s *service) create(ours bool) (string, error) {
	return adopt.Create(context.Background(),
		func(context.Context) (string, error) { s.created++; return "created", next(s.creates, s.created) },
		func(context.Context) (string, error) { s.read++; return "found", next(s.reads, s.read) },
		func(string) bool { return ours })
}

// An object is adopted only if this run created it, and it is not created again if it may exist.
func TestCreate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		service service
		ours    bool
		want    string
		err     error // the error of the result; nil for none
		created int
	}{
		"created at once":                   {service{creates: []error{nil}}, true, "created", nil, 1},
		"a refusal is no lost answer":       {service{creates: []error{refused}}, true, "", refused, 1},
		"a duplicate of somebody else's":    {service{creates: []error{duplicate}}, true, "", duplicate, 1},
		"lost, and ours is there":           {service{creates: []error{lost}, reads: []error{nil}}, true, "found", nil, 1},
		"lost, and another's is there":      {service{creates: []error{lost}, reads: []error{nil}}, false, "", duplicate, 1},
		"lost before the work, then done":   {service{creates: []error{lost, nil}, reads: []error{missing}}, true, "created", nil, 2},
		"lost, shown late, then our own":    {service{creates: []error{lost, duplicate}, reads: []error{missing, nil}}, true, "found", nil, 2},
		"lost time and again":               {service{creates: []error{lost}, reads: []error{missing}}, true, "", lost, 3},
		"lost, and it cannot be looked for": {service{creates: []error{lost}, reads: []error{errBroken}}, true, "", lost, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.service.create(c.ours)
			switch {
			case c.err == duplicate: //nolint:errorlint // compares the case, not a returned error
				if !clarifai.IsDuplicate(err) {
					t.Errorf("error = %v, want a duplicate", err)
				}
			case c.err == nil && (err != nil || got != c.want):
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			case !errors.Is(err, c.err):
				t.Errorf("error = %v, want %v", err, c.err)
			}
			if c.service.created != c.created {
				t.Errorf("%d tries to create, want %d", c.service.created, c.created)
			}
		})
	}
}

func TestMadeSince(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for createdAt, want := range map[time.Time]bool{
		{}:                               true, // the response has no time
		began.Add(time.Second):           true,
		began.Add(-time.Minute):          true, // the service's clock is behind
		began.Add(-10 * time.Minute):     false,
		began.Add(-365 * 24 * time.Hour): false,
	} {
		if got := adopt.MadeSince(createdAt, began); got != want {
			t.Errorf("made at %s: %t, want %t", createdAt, got, want)
		}
	}
}
