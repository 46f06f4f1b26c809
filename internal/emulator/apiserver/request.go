package apiserver

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A Request is one request that a handler processes. Handlers also set the
// status of the response in it.
type Request struct {
	Endpoint    *Endpoint
	Base        string            // scheme and host that the client used, for URLs in responses
	Path        map[string]string // values of the path's parameters, decoded
	EscapedPath string
	Query       Query
	Body        []byte // as sent

	// Outcome is the status to respond with; its zero value means success.
	Outcome clarifai.Status
	// HTTPStatus is set if it does not follow from the outcome.
	HTTPStatus int

	options *Options
}

// CountOutcome sets the status of a request with several items, of which some failed.
func (r *Request) CountOutcome(items, failed int) {
	switch {
	case failed == 0:
		r.Outcome.Code = clarifai.StatusSuccess
	case failed < items:
		r.Outcome.Code = clarifai.StatusMixed
	default:
		r.Outcome.Code = clarifai.StatusFailure
	}
}

// Rejection is an error that the service responds with.
type Rejection struct {
	Code    clarifai.StatusCode
	Details string
	HTTP    int // 0: the usual status for the code
	Moved   *clarifai.RedirectInfo
}

func (r *Rejection) Error() string { return fmt.Sprintf("%d %s", r.Code, r.Details) }

// Reject returns the error that rejects a request with a status code and details.
func Reject(code clarifai.StatusCode, format string, args ...any) error {
	return &Rejection{Code: code, Details: fmt.Sprintf(format, args...)}
}

// NotFound returns the error for an object that does not exist; the parameter names it.
func NotFound(parameter, id string) error {
	return Reject(clarifai.StatusDoesNotExist, "%s '%s' not found. Check the url of your request.", parameter, id)
}

// StatusOf returns the status of an item.
func StatusOf(code clarifai.StatusCode) *clarifai.Status {
	return &clarifai.Status{Code: code, Description: code.Text()}
}

// NewID returns an ID like those of the service: 32 lower-case hex digits.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	return hex.EncodeToString(b[:])
}

// Strict are the options for decoding requests: both spellings of keys
// and both forms of enums are accepted. Unknown keys are rejected, as
// proto-JSON does, so that misspellings of a client are detected.
var Strict = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true),
	json.RejectUnknownMembers(true),
	json.WithUnmarshalers(json.JoinUnmarshalers(json.UnmarshalFromFunc(readConcept), json.UnmarshalFromFunc(readStatusCode))),
)

// readStatusCode rejects unknown names, as other enums do: responses may
// contain new ones, requests may not.
func readStatusCode(d *jsontext.Decoder, code *clarifai.StatusCode) error {
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	if err := code.UnmarshalJSON(value); err != nil {
		return err
	}
	// The client gives names that it does not know negative numbers, which no code has.
	if name := string(value); *code < 0 || *code == 0 && name != `0` && name != `"0"` && name != `"ZERO"` && name != "null" {
		return fmt.Errorf("%s is not a status code", name)
	}
	return nil
}

// readConcept reads a concept of a request: its value is 1 if it is absent,
// anywhere in the request. No other field of the API has such a default.
func readConcept(d *jsontext.Decoder, c *clarifai.Concept) error {
	type plain clarifai.Concept // has no UnmarshalJSON, which would call itself
	err := json.UnmarshalDecode(d, (*plain)(c))
	if c.Value == nil {
		one := clarifai.Float(1)
		c.Value = &one
	}
	return err
}

// body is the body of a request. The path names user and app; official clients may
// repeat them in the body, where they are ignored.
type body[Req any] struct {
	In        Req            `json:",embed"`
	UserAppID jsontext.Value `json:"user_app_id,omitzero"`
}

func decode[Req any](b []byte, options json.Options) (*Req, error) {
	var in body[Req]
	if len(bytes.TrimSpace(b)) == 0 {
		return &in.In, nil
	}
	err := json.Unmarshal(b, &in, options)
	switch {
	case err == nil:
		return &in.In, nil
	case errors.Is(err, json.ErrUnknownName):
		return nil, Reject(clarifai.StatusInvalidRequest, "unknown field: %v", err)
	default:
		return nil, Reject(clarifai.StatusBadRequestFormat, "Malformed or invalid request: %v", err)
	}
}

// finish turns the result of a handler into the message to send and its HTTP status.
func (r *Request) finish(a Action, result any, err error) (any, int) {
	if err == nil {
		if f, ok := result.(*File); ok {
			return f, http.StatusOK
		}
		status := r.Outcome
		if status.Code == 0 {
			status.Code = clarifai.StatusSuccess
		}
		result.(message).SetStatus(status) //nolint:forcetypeassert // Read and Write ensure it
		r.Outcome = status
		return result, cmp.Or(r.HTTPStatus, r.httpStatus(status.Code))
	}
	var rejected *Rejection
	if !errors.As(err, &rejected) {
		rejected = &Rejection{Code: clarifai.StatusInternalError, Details: err.Error()}
	}
	status := clarifai.Status{Code: rejected.Code, Details: rejected.Details, RedirectInfo: rejected.Moved}
	empty := a.empty()
	empty.SetStatus(status)
	r.Outcome = status
	return empty, cmp.Or(rejected.HTTP, r.httpStatus(rejected.Code))
}

// httpStatus returns the HTTP status for a status code.
func (r *Request) httpStatus(code clarifai.StatusCode) int {
	return cmp.Or(r.options.HTTPStatus[code], code.HTTPStatus())
}
