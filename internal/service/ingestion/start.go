package ingestion

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

// starter starts a job exactly once. An apply may be interrupted at any moment, before the job is in
// state, so a later apply has to find the same job.
type starter struct {
	client *clarifai.Client
	app    clarifai.AppRef
	// chosen is the id from the configuration. If empty, the id is derived from the fingerprint.
	chosen      string
	fingerprint string
	// post starts the job with an id.
	post func(ctx context.Context, id string) (*clarifai.InputsAddJob, error)
	// same reports whether an existing job adds the same content.
	same func(*clarifai.InputsAddJob) bool
}

// idTakenError reports that an existing job has the id and cannot be adopted.
type idTakenError struct{ id, why string }

func (e *idTakenError) Error() string { return fmt.Sprintf("the job %q %s", e.id, e.why) }

// maxAttempts limits how many failed jobs with the same fingerprint are skipped.
const maxAttempts = 100

// readBackTimeout limits reading back a job after its request was interrupted.
const readBackTimeout = 30 * time.Second

// start finds the job or creates it; found reports which. A job that failed or was cancelled is
// skipped and another one is created.
func (b *starter) start(ctx context.Context) (s *jobStatus, found bool, err error) {
	for try := range maxAttempts {
		id := b.chosen
		if id == "" {
			id = jobs.DerivedID(b.fingerprint, try)
		}
		s, err := readStatus(ctx, b.client, b.app, id)
		switch {
		case clarifai.IsNotFound(err):
			s, err = b.create(ctx, id)
			return s, false, err
		case err != nil:
			return nil, false, err
		case !b.same(s.job):
			err = &idTakenError{id, "adds other content"}
		case s.overall.Code.Class() == clarifai.ClassFailed:
			err = &idTakenError{id, "ended with " + s.overall.Code.Name()}
		default:
			return s, true, nil
		}
		if b.chosen != "" {
			return nil, false, err
		}
	}
	return nil, false, errors.New("too many jobs with the same content have failed; change triggers")
}

func (b *starter) create(ctx context.Context, id string) (*jobStatus, error) {
	job, err := adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.InputsAddJob, error) { return b.post(ctx, id) },
		func(ctx context.Context) (*clarifai.InputsAddJob, error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackTimeout)
			defer cancel()
			return b.client.GetInputsAddJob(ctx, b.app, id)
		},
		b.same)
	if err != nil {
		return nil, err
	}
	job.ID = id // the response may omit it
	s := &jobStatus{job: job}
	s.overall = s.status()
	return s, nil
}
