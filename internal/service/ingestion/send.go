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

// partBytes is the length of a part. The limits are not documented; similar services accept 5 to 16
// MiB. Tests use less.
var partBytes int64 = 8 << 20

// parallelParts is the number of parts sent in parallel. No part is sent before the part that many
// positions earlier has arrived.
const parallelParts = 4

// sender sends a source to an upload.
type sender struct {
	client *clarifai.Client
	app    clarifai.AppRef
	source source
	what   string
	stall  time.Duration
	report func(string)
}

// uploadEndedError reports that an upload accepts no more parts and cannot be completed.
type uploadEndedError struct {
	id     string
	status clarifai.Status
	err    error // error of the request, if any
}

func (e *uploadEndedError) Error() string {
	if e.err != nil {
		return fmt.Sprintf("upload %s cannot be completed: %v", e.id, e.err)
	}
	return fmt.Sprintf("upload %s cannot be completed: %s "+
		"(status %d %s)", e.id, (&clarifai.Error{Status: e.status}).Summary(), e.status.Code, e.status.Code.Name())
}

func (e *uploadEndedError) Unwrap() error { return e.err }

// changedError reports that the content differs from what was planned.
type changedError struct{ err error }

func (e *changedError) Error() string {
	return fmt.Sprintf("%v while it was being uploaded; the upload was not completed. Apply again", e.err)
}

func (e *changedError) Unwrap() error { return e.err }

// isContentError reports whether reading the content failed.
func isContentError(err error) bool {
	var changed *changedError
	var unreadable *clarifai.ContentError
	return errors.As(err, &changed) || errors.As(err, &unreadable)
}

func (s *sender) parts() int64 { return (s.source.Size() + partBytes - 1) / partBytes }

// send sends what the upload lacks and waits until the service has assembled it.
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
		first = 0 // fewer parts have arrived than the percentage promised
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

// arrived returns how many parts, from the first, have arrived for sure. The service only reports a
// percentage; parts are sent in order, so only the last few can be missing.
func (s *sender) arrived(upload *clarifai.Upload) int64 {
	percent := int64(min(upload.Status.PercentCompleted, 100))
	const hundred = 100
	there := s.source.Size() / hundred * percent / partBytes
	return max(0, min(there-(parallelParts-1), s.parts()-1))
}

// sendFrom sends all parts from one on. The last one completes the upload, so it is sent only when all
// others have arrived and the content is unchanged.
func (s *sender) sendFrom(ctx context.Context, id string, first int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	last := s.parts() - 1
	var inFlight [parallelParts]chan error // results of parts being sent, by number modulo parallelParts
	await := func(slot int64) error {
		if inFlight[slot] == nil {
			return nil
		}
		err := <-inFlight[slot]
		inFlight[slot] = nil
		return err
	}
	awaitAll := func() (failure error) {
		for slot := range int64(parallelParts) {
			if err := await(slot); err != nil && failure == nil {
				failure = err
				cancel()
			}
		}
		return failure
	}
	reported := int64(-1)
	for number := first; number < last; number++ {
		if err := await(number % parallelParts); err != nil {
			cancel()
			_ = awaitAll()
			return err
		}
		arrived := make(chan error, 1)
		inFlight[number%parallelParts] = arrived
		go func() { arrived <- s.sendPart(ctx, id, number) }()
		const steps = 20
		if step := number * steps / (last + 1); step != reported && s.report != nil {
			reported = step
			s.report(fmt.Sprintf("sending part %d of %d", number+1, last+1))
		}
	}
	if err := awaitAll(); err != nil {
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
