package clarifai

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Error is a call, or one item of a call, that did not succeed.
type Error struct {
	Op     string // operation, as in "PostDatasets"
	Method string
	Path   string // without host and query

	HTTPStatus int    // 0 when no answer arrived
	Status     Status // zero when the answer was not one of the service's

	Attempts       int           // how often the call was sent or tried
	Waited         time.Duration // from the first attempt to giving up
	OutcomeUnknown bool          // the service may have done the work all the same

	Err error // what went wrong below the API, if anything
}

// Error says what failed and what the service said of it. It never contains
// credentials, and no URL but the path.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	switch {
	case e.Status.Code != 0:
		b.WriteString(e.Summary())
		fmt.Fprintf(&b, " (status %d %s", e.Status.Code, e.Status.Code.Name())
		if e.HTTPStatus != 0 {
			fmt.Fprintf(&b, ", HTTP %d", e.HTTPStatus)
		}
		if e.Status.ReqID != "" {
			fmt.Fprintf(&b, ", request id %s", e.Status.ReqID)
		}
		b.WriteString(")")
	case e.Err != nil && e.HTTPStatus != 0:
		fmt.Fprintf(&b, "HTTP %d: %v", e.HTTPStatus, e.Err)
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		fmt.Fprintf(&b, "HTTP %d", e.HTTPStatus)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "; tried %d times in %s", e.Attempts, e.Waited.Round(100*time.Millisecond))
	}
	return b.String()
}

// Unwrap gives the cause below the API.
func (e *Error) Unwrap() error { return e.Err }

// Summary is what the service said: its description and details.
func (e *Error) Summary() string {
	text := e.Status.Description
	if text == "" {
		text = e.Status.Code.Text()
	}
	if e.Status.Details != "" && e.Status.Details != text {
		text += ": " + e.Status.Details
	}
	return text
}

// Code is the service's status code in err, or 0.
func Code(err error) StatusCode {
	var e *Error
	if errors.As(err, &e) {
		return e.Status.Code
	}
	return 0
}

// IsNotFound tells whether the service said that the object (or what holds it)
// does not exist. A bare HTTP 404 without the service's envelope does not
// count: that is a wrong address, and nothing may be forgotten because of it.
func IsNotFound(err error) bool {
	switch Code(err) {
	case StatusDoesNotExist, StatusModelDoesNotExist, StatusWorkflowDoesNotExist, StatusInputDoesNotExist:
		return true
	}
	return false
}

// IsDuplicate tells whether the service refused because the id is taken. Which
// code each noun uses is not documented throughout, so all known forms count.
func IsDuplicate(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	said := strings.ToLower(e.Status.Description + " " + e.Status.Details)
	switch e.Status.Code {
	case StatusDuplicateID:
		return true
	case StatusInputDuplicate: // also used for a URL that the app already has
		return strings.Contains(said, "duplicate id")
	case StatusConceptsInvalidRequest, StatusSavedSearchModifyFailed, StatusInvalidRequest:
		return strings.Contains(said, "duplicate") || strings.Contains(said, "already exist")
	case StatusDatasetVersionConflict:
		return strings.Contains(said, "duplicate") || strings.Contains(said, "already exist")
	}
	return false
}

// IsOutcomeUnknown tells whether the work may have been done although the call
// failed: the answer was lost after the request had left.
func IsOutcomeUnknown(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.OutcomeUnknown
}

// itemError is the failure of one item inside an answer.
func itemError(op string, s Status, reqID string) error {
	if s.ReqID == "" {
		s.ReqID = reqID
	}
	return &Error{Op: op, Status: s}
}

// missing reports an answer that says success and lacks what it should carry.
func missing(op, key string) *Error {
	return &Error{Op: op, Err: fmt.Errorf("the answer says success but has no %q", key)}
}

// NewNotFound returns the error that a Get would return for an object that is missing from a list.
func NewNotFound(op, details string) error {
	return &Error{Op: op, Method: http.MethodGet, HTTPStatus: http.StatusNotFound,
		Status: Status{Code: StatusDoesNotExist, Description: StatusDoesNotExist.Text(), Details: details}}
}
