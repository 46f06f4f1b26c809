package ingestion

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// partBytes is the length of a part. How large parts may be is not documented; 5 to
// 16 MiB is what such services take. Tests make do with less.
var partBytes int64 = 8 << 20

// atOnce is how many parts travel at the same time. No part is begun before the one
// that many places earlier has arrived.
const atOnce = 4

// sender sends a source to an upload.
type sender struct {
	client *clarifai.Client
	app    clarifai.AppRef
	source source
	what   string
	stall  time.Duration
	tell   func(string)
}

// uploadEndedError says that an upload takes no more parts and cannot be completed.
type uploadEndedError struct {
	id     string
	status clarifai.Status
	err    error // the refusal, if one said so
}

func (e *uploadEndedError) Error() string {
	if e.err != nil {
		return fmt.Sprintf("upload %s cannot be completed: %v", e.id, e.err)
	}
	return fmt.Sprintf("upload %s cannot be completed: %s (status %d %s)", e.id, (&clarifai.Error{Status: e.status}).Summary(), e.status.Code, e.status.Code.Name())
}

func (e *uploadEndedError) Unwrap() error { return e.err }

// changedError says that the content is no longer what was planned.
type changedError struct{ err error }

func (e *changedError) Error() string {
	return fmt.Sprintf("%v while it was being uploaded; the upload was not completed. Apply again", e.err)
}

func (e *changedError) Unwrap() error { return e.err }

// isLocal tells whether the trouble is with what is to be sent.
func isLocal(err error) bool {
	var changed *changedError
	var unreadable *clarifai.ContentError
	return errors.As(err, &changed) || errors.As(err, &unreadable)
}

func (s *sender) parts() int64 { return (s.source.Size() + partBytes - 1) / partBytes }

// send sends what the upload lacks and waits until the service has put it together.
func (s *sender) send(ctx context.Context, upload *clarifai.Upload) error {
	if upload.Status.Code.Class() == clarifai.ClassDone {
		return nil
	}
	first := s.arrived(upload)
	for {
		if err := s.sendFrom(ctx, upload.ID, first); err != nil {
			return err
		}
		state, err := s.client.GetUpload(ctx, s.app, upload.ID)
		if err != nil {
			return err
		}
		if jobs.Over(state.Status.Code) || first == 0 {
			break
		}
		first = 0 // what seemed to have arrived has not
	}
	_, err := jobs.Follow(ctx, jobs.Spec[*clarifai.Upload]{
		Clock: s.client.Clock(), What: "upload of " + s.what, Stall: s.stall,
		Read:   func(ctx context.Context) (*clarifai.Upload, error) { return s.client.GetUpload(ctx, s.app, upload.ID) },
		Status: func(u *clarifai.Upload) clarifai.Status { return u.Status },
		Line: func(u *clarifai.Upload) string {
			return fmt.Sprintf("%s, %d%%", u.Status.Code.Name(), u.Status.PercentCompleted)
		},
	})
	var failed *wait.FailedError
	if errors.As(err, &failed) {
		return &uploadEndedError{id: upload.ID, status: failed.Status}
	}
	return err
}

// arrived is how many parts, from the first, the service surely has. It tells no more than
// a percentage; parts are sent in order, so gaps can only be among the last few.
func (s *sender) arrived(upload *clarifai.Upload) int64 {
	percent := int64(min(upload.Status.PercentCompleted, 100))
	const hundred = 100
	there := s.source.Size() / hundred * percent / partBytes
	return max(0, min(there-(atOnce-1), s.parts()-1))
}

// sendFrom sends all parts from one on. The last one completes the upload, so it is sent
// only when all others have arrived and the content is still what it was.
func (s *sender) sendFrom(ctx context.Context, id string, first int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	last := s.parts() - 1
	var under [atOnce]chan error // under way, by number modulo
	settle := func(slot int64) error {
		if under[slot] == nil {
			return nil
		}
		err := <-under[slot]
		under[slot] = nil
		return err
	}
	all := func() (failure error) {
		for slot := range int64(atOnce) {
			if err := settle(slot); err != nil && failure == nil {
				failure = err
				cancel()
			}
		}
		return failure
	}
	told := int64(-1)
	for number := first; number < last; number++ {
		if err := settle(number % atOnce); err != nil {
			cancel()
			_ = all()
			return err
		}
		arrived := make(chan error, 1)
		under[number%atOnce] = arrived
		go func() { arrived <- s.sendPart(ctx, id, number) }()
		const steps = 20
		if step := number * steps / (last + 1); step != told && s.tell != nil {
			told = step
			s.tell(fmt.Sprintf("sending part %d of %d", number+1, last+1))
		}
	}
	if err := all(); err != nil {
		return err
	}
	if err := s.source.Unchanged(); err != nil {
		return &changedError{err}
	}
	return s.sendPart(ctx, id, last)
}

func (s *sender) sendPart(ctx context.Context, id string, number int64) error {
	start := number * partBytes
	_, err := s.client.PutUploadContent(ctx, s.app, id, clarifai.Content{
		From: s.source, RangeStart: start, Length: min(partBytes, s.source.Size()-start), PartNumber: number + 1,
	})
	var unreadable *clarifai.ContentError
	switch code := clarifai.Code(err); {
	case errors.As(err, &unreadable):
		return unreadable
	case isUpload(code) && code.Class() == clarifai.ClassFailed:
		return &uploadEndedError{id: id, status: clarifai.Status{Code: code}, err: err}
	case clarifai.IsNotFound(err):
		return &uploadEndedError{id: id, status: clarifai.Status{Code: clarifai.StatusUploadExpired}, err: err}
	}
	return err
}
