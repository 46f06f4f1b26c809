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

// beginning is a job to be started, once whatever happens: an apply may be cut off at
// any moment, before anybody could write the job down.
type beginning struct {
	client *clarifai.Client
	app    clarifai.AppRef
	// chosen is the id from the configuration. Without one the id follows from what the
	// job is about, so that a later apply of the same finds the same job.
	chosen string
	about  string
	// post starts the job under an id.
	post func(ctx context.Context, id string) (*clarifai.InputsAddJob, error)
	// same tells whether a job that was found is about the same.
	same func(*clarifai.InputsAddJob) bool
}

// takenError says that the chosen id belongs to a job that cannot be taken for ours.
type takenError struct{ id, why string }

func (e *takenError) Error() string { return fmt.Sprintf("the job %q %s", e.id, e.why) }

// maxTries is how many jobs about the same may have failed before.
const maxTries = 100

// lookAgain is how long to look for what a call has made that was interrupted.
const lookAgain = 30 * time.Second

// begin finds the job or starts it; found tells which. A job that has failed or was
// cancelled is left alone, and another started.
func (b *beginning) begin(ctx context.Context) (s *standing, found bool, err error) {
	for try := range maxTries {
		id := b.chosen
		if id == "" {
			id = jobs.DerivedID(b.about, try)
		}
		s, err := stand(ctx, b.client, b.app, id)
		switch {
		case clarifai.IsNotFound(err):
			s, err = b.start(ctx, id)
			return s, false, err
		case err != nil:
			return nil, false, err
		case !b.same(s.job):
			err = &takenError{id, "is about something else"}
		case s.whole.Code.Class() == clarifai.ClassFailed:
			err = &takenError{id, "has ended with " + s.whole.Code.Name()}
		default:
			return s, true, nil
		}
		if b.chosen != "" {
			return nil, false, err
		}
	}
	return nil, false, errors.New("too many jobs about the same have failed; change triggers")
}

func (b *beginning) start(ctx context.Context, id string) (*standing, error) {
	job, err := adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.InputsAddJob, error) { return b.post(ctx, id) },
		func(ctx context.Context) (*clarifai.InputsAddJob, error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
			defer cancel()
			return b.client.GetInputsAddJob(ctx, b.app, id)
		},
		b.same)
	if err != nil {
		return nil, err
	}
	job.ID = id // an answer that leaves it out means the one that was asked for
	s := &standing{job: job}
	s.whole = s.status()
	return s, nil
}
