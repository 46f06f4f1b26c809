package addjob

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/content"
)

// PartBytes is the length of a part. The limits are not documented; similar services accept 5 to 16
// MiB. Tests use less.
var PartBytes int64 = 8 << 20

// parallelParts is the number of parts sent in parallel. No part is sent before the part that many
// positions earlier has arrived.
const parallelParts = 4

// Sender sends content to an upload.
type Sender struct {
	Client *clarifai.Client
	App    clarifai.AppRef
	Source content.Source
	What   string        // names the upload in messages
	Stall  time.Duration // how long there may be no progress
	Report func(string)  // is given each new line of progress
}

// UploadEndedError reports that an upload accepts no more parts and cannot be completed.
type UploadEndedError struct {
	id     string
	status clarifai.Status
	err    error // error of the request, if any
}

// Error implements error.
func (e *UploadEndedError) Error() string {
	if e.err != nil {
		return fmt.Sprintf("upload %s cannot be completed: %v", e.id, e.err)
	}
	return fmt.Sprintf("upload %s cannot be completed: %s "+
		"(status %d %s)", e.id, (&clarifai.Error{Status: e.status}).Summary(), e.status.Code, e.status.Code.Name())
}

// Unwrap returns the cause.
func (e *UploadEndedError) Unwrap() error { return e.err }

// ChangedError reports that the content differs from what was planned.
type ChangedError struct{ err error }

// Error implements error.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("%v while it was being uploaded; the upload was not completed. Apply again", e.err)
}

// Unwrap returns the cause.
func (e *ChangedError) Unwrap() error { return e.err }

// IsContentError reports whether reading the content failed.
func IsContentError(err error) bool {
	var changed *ChangedError
	var unreadable *clarifai.ContentError
	return errors.As(err, &changed) || errors.As(err, &unreadable)
}

func (s *Sender) parts() int64 { return (s.Source.Size() + PartBytes - 1) / PartBytes }

// Send sends what the upload lacks and waits until the service has assembled it.
func (s *Sender) Send(ctx context.Context, upload *clarifai.Upload) error {
	if upload.Status.Code.Class() == clarifai.ClassDone {
		return nil
	}
	first := s.arrived(upload)
	for {
		if err := s.sendFrom(ctx, upload.ID, first); err != nil {
			return err
		}
		state, err := s.Client.GetUpload(ctx, s.App, upload.ID)
		if err != nil {
			return err
		}
		if jobs.Over(state.Status.Code) {
			break
		}
		if first == 0 {
			s.end(ctx, upload.ID)
			break
		}
		first = 0 // fewer parts have arrived than the percentage promised
	}
	_, err := jobs.Follow(ctx, jobs.Spec[*clarifai.Upload]{
		Clock: s.Client.Clock(), What: "upload of " + s.What, Stall: s.Stall,
		Read:   func(ctx context.Context) (*clarifai.Upload, error) { return s.Client.GetUpload(ctx, s.App, upload.ID) },
		Status: func(u *clarifai.Upload) clarifai.Status { return u.Status },
		Line: func(u *clarifai.Upload) string {
			return fmt.Sprintf("%s, %d%%", u.Status.Code.Name(), u.Status.PercentCompleted)
		},
	})
	var failed *wait.FailedError
	if errors.As(err, &failed) {
		return &UploadEndedError{id: upload.ID, status: failed.Status}
	}
	return err
}

// end sends a request without parts, in case the service waits for one after all bytes have arrived. Whether it does is not
// known. A service that does not rejects the request, which changes nothing.
func (s *Sender) end(ctx context.Context, id string) {
	_, _ = s.Client.PutUploadContentParts(ctx, s.App, id, nil) // the status that is polled next decides
}

// arrived returns how many parts, from the first, have arrived for sure. The service only reports a
// percentage; parts are sent in order, so only the last few can be missing.
func (s *Sender) arrived(upload *clarifai.Upload) int64 {
	percent := int64(min(upload.Status.PercentCompleted, 100))
	const hundred = 100
	there := s.Source.Size() / hundred * percent / PartBytes
	return max(0, min(there-(parallelParts-1), s.parts()-1))
}

// sendFrom sends all parts from one on. The last one completes the upload, so it is sent only when all
// others have arrived and the content is unchanged.
func (s *Sender) sendFrom(ctx context.Context, id string, first int64) error {
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
		if step := number * steps / (last + 1); step != reported && s.Report != nil {
			reported = step
			s.Report(fmt.Sprintf("sending part %d of %d", number+1, last+1))
		}
	}
	if err := awaitAll(); err != nil {
		return err
	}
	if err := s.Source.Unchanged(); err != nil {
		return &ChangedError{err}
	}
	return s.sendPart(ctx, id, last)
}

func (s *Sender) sendPart(ctx context.Context, id string, number int64) error {
	start := number * PartBytes
	_, err := s.Client.PutUploadContent(ctx, s.App, id, clarifai.Content{
		From: s.Source, RangeStart: start, Length: min(PartBytes, s.Source.Size()-start), PartNumber: number + 1,
	})
	var unreadable *clarifai.ContentError
	switch code := clarifai.Code(err); {
	case errors.As(err, &unreadable):
		return unreadable
	case IsUpload(code) && code.Class() == clarifai.ClassFailed:
		return &UploadEndedError{id: id, status: clarifai.Status{Code: code}, err: err}
	case clarifai.IsNotFound(err):
		return &UploadEndedError{id: id, status: clarifai.Status{Code: clarifai.StatusUploadExpired}, err: err}
	}
	return err
}
