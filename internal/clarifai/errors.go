package clarifai

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Error is a request, or one item of a request, that failed.
type Error struct {
	Op     string // operation, as in "PostDatasets"
	Method string
	Path   string // without host and query

	HTTPStatus int    // 0 if no response arrived
	Status     Status // zero if the response was not one of the Clarifai API

	Attempts       int           // how often the request was tried
	Waited         time.Duration // from the first attempt to giving up
	OutcomeUnknown bool          // the service may have processed the request nevertheless

	Hint string // what to do, if the cause says more than the status; may be empty
	Err  error  // the cause below the API, if any
}

// Error says what failed and what the service said about it. It never contains credentials, and no URL but the path.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	switch {
	case e.Status.Code != 0:
		b.WriteString(e.Summary())
		fmt.Fprintf(&b, " (status %s", e.Status.Code)
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

// Unwrap returns the cause below the API.
func (e *Error) Unwrap() error { return e.Err }

// Summary returns what the service said: its description and details.
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

// Code returns the service's status code in err, or 0.
func Code(err error) StatusCode {
	var e *Error
	if errors.As(err, &e) {
		return e.Status.Code
	}
	return 0
}

// IsNotFound reports whether the service said that the object, or its parent, does not exist. A bare HTTP 404 without the
// service's envelope does not count: that is a wrong address, and nothing may be removed from state because of it.
func IsNotFound(err error) bool {
	switch Code(err) {
	case StatusDoesNotExist, StatusModelDoesNotExist, StatusWorkflowDoesNotExist, StatusInputDoesNotExist:
		return true
	}
	return false
}

// IsDuplicate reports whether the service rejected a create because the ID is taken. Which code each noun uses is not
// documented throughout, so all known forms count.
func IsDuplicate(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	said := strings.ToLower(e.Status.Description + " " + e.Status.Details)
	switch e.Status.Code {
	case StatusDuplicateID:
		return true
	case StatusInputDuplicate, StatusInputInvalidField: // also used for a URL that the app already has, and for bad fields
		return strings.Contains(said, "duplicate id")
	case StatusConceptsInvalidRequest, StatusSavedSearchModifyFailed, StatusInvalidRequest:
		return strings.Contains(said, "duplicate") || strings.Contains(said, "already exist")
	case StatusDatasetVersionConflict:
		return strings.Contains(said, "duplicate") || strings.Contains(said, "already exist")
	}
	return false
}

// IsOutcomeUnknown reports whether the service may have processed a request that failed: the response was lost, or says
// too little, after the request had been sent.
func IsOutcomeUnknown(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.OutcomeUnknown
}

// NewNotFound returns the error that a Get would return for an object that is missing from a list.
func NewNotFound(op, details string) error {
	return &Error{Op: op, Method: http.MethodGet, HTTPStatus: http.StatusNotFound,
		Status: Status{Code: StatusDoesNotExist, Description: StatusDoesNotExist.Text(), Details: details}}
}
