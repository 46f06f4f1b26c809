package addjob

import (
	"context"
	"errors"
	"fmt"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

// Starter starts a job exactly once. An apply may be interrupted at any moment, before the job is in
// state, so a later apply has to find the same job.
type Starter struct {
	Provider *configure.Provider
	Client   *clarifai.Client
	App      clarifai.AppRef
	// Chosen is the id from the configuration. If empty, the id is derived from the fingerprint.
	Chosen      string
	Fingerprint string
	// Post starts the job with an id.
	Post func(ctx context.Context, id string) (*clarifai.InputsAddJob, error)
	// Same reports whether an existing job adds the same content.
	Same func(*clarifai.InputsAddJob) bool
}

// IDTakenError reports that an existing job has the id and cannot be adopted.
type IDTakenError struct{ ID, Why string }

// Error implements error.
func (e *IDTakenError) Error() string { return fmt.Sprintf("the job %q %s", e.ID, e.Why) }

// maxAttempts limits how many failed jobs with the same fingerprint are skipped.
const maxAttempts = 100

// Start finds the job or creates it; found reports which. A job that failed or was cancelled is
// skipped and another one is created.
func (b *Starter) Start(ctx context.Context) (s *Status, found bool, err error) {
	for try := range maxAttempts {
		id := b.Chosen
		if id == "" {
			id = jobs.DerivedID(b.Fingerprint, try)
		}
		s, err := Read(ctx, b.Client, b.App, id)
		switch {
		case clarifai.IsNotFound(err):
			s, err = b.create(ctx, id)
			return s, false, err
		case err != nil:
			return nil, false, err
		case !b.Same(s.Job):
			err = &IDTakenError{id, "adds other content"}
		case s.Overall.Code.Class() == clarifai.ClassFailed:
			err = &IDTakenError{id, "ended with " + s.Overall.Code.Name()}
		default:
			return s, true, nil
		}
		if b.Chosen != "" {
			return nil, false, err
		}
	}
	return nil, false, errors.New("too many jobs with the same content have failed; change triggers")
}

func (b *Starter) create(ctx context.Context, id string) (*Status, error) {
	job, _, err := adopt.TryOnce(ctx, b.Provider, adopt.Spec[*clarifai.InputsAddJob]{
		Create: func(ctx context.Context) (*clarifai.InputsAddJob, error) { return b.Post(ctx, id) },
		Read: func(ctx context.Context) (*clarifai.InputsAddJob, error) {
			return b.Client.GetInputsAddJob(ctx, b.App, id)
		},
		Equal: b.Same,
	})
	switch {
	case clarifai.IsDuplicate(err):
		return nil, &IDTakenError{id, "was started by another run at the same time"}
	case err != nil:
		return nil, err
	}
	job.ID = id // the response may omit it
	s := &Status{Job: job}
	s.Overall = s.status()
	return s, nil
}
