package emulator

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A call is one request on its way through a handler.
type call struct {
	*Service
	endpoint *endpoint
	// now is the time of the call, to the nanosecond: what creates answer with.
	now         time.Time
	base        string // the address that the caller used, for URLs in answers
	path        map[string]string
	escapedPath string
	body        []byte // as sent
	query       query
	user        *user // whose path it is
	app         *app  // nil for endpoints above apps
	// outcome is the status to answer with; its zero value means success.
	outcome clarifai.Status
	// httpStatus is set where it does not follow from the outcome.
	httpStatus int
}

// stamp is the time of the call as later reads show it, to the microsecond.
func (c *call) stamp() time.Time { return c.now.Truncate(time.Microsecond) }

// outcomeOf sets the status of a call with several items: all, some or none good.
func (c *call) outcomeOf(items, failed int) {
	switch {
	case failed == 0:
		c.outcome.Code = clarifai.StatusSuccess
	case failed < items:
		c.outcome.Code = clarifai.StatusMixed
	default:
		c.outcome.Code = clarifai.StatusFailure
	}
}

// failure is an error that the service answers with.
type failure struct {
	code    clarifai.StatusCode
	details string
	http    int // 0: what usually goes with the code
	moved   *clarifai.RedirectInfo
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s", f.code, f.details) }

// fail refuses the call with a status code and the details to show.
func fail(code clarifai.StatusCode, format string, args ...any) error {
	return &failure{code: code, details: fmt.Sprintf(format, args...)}
}

// notFound refuses the call because the thing that parameter names is not there.
func notFound(parameter, id string) error {
	return fail(clarifai.StatusDoesNotExist, "%s '%s' not found. Check the url of your request.", parameter, id)
}

// statusOf is the status of an item.
func statusOf(code clarifai.StatusCode) *clarifai.Status {
	return &clarifai.Status{Code: code, Description: code.Text()}
}

// failed is the status of an item that was refused.
func failed(code clarifai.StatusCode, format string, args ...any) *clarifai.Status {
	s := statusOf(code)
	s.Details = fmt.Sprintf(format, args...)
	return s
}

// Both spellings of keys and both forms of enums are read. Keys that no message
// has are refused, as proto-JSON does: a client's misspelling must not pass.
var strict = json.JoinOptions(
	json.MatchCaseInsensitiveNames(true),
	json.RejectUnknownMembers(true),
	json.WithUnmarshalers(json.JoinUnmarshalers(json.UnmarshalFromFunc(readConcept), json.UnmarshalFromFunc(readStatusCode))),
)

// readStatusCode refuses names that no code has, as other enums do: answers may
// bring a client new ones, requests may not.
func readStatusCode(d *jsontext.Decoder, code *clarifai.StatusCode) error {
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	if err := code.UnmarshalJSON(value); err != nil {
		return err
	}
	if name := string(value); *code == 0 && name != `0` && name != `"0"` && name != `"ZERO"` && name != "null" {
		return fmt.Errorf("%s is not a status code", name)
	}
	return nil
}

// readConcept reads a concept of a request: its value is 1 where it is absent,
// wherever in the request the concept is. It is the one such default of the API.
func readConcept(d *jsontext.Decoder, c *clarifai.Concept) error {
	type plain clarifai.Concept // or this function would be called again
	err := json.UnmarshalDecode(d, (*plain)(c))
	if c.Value == nil {
		one := clarifai.Float(1)
		c.Value = &one
	}
	return err
}

// body is a request as sent. The path tells user and app; official clients may
// repeat them in the body, where they are ignored.
type body[Req any] struct {
	In        Req            `json:",embed"`
	UserAppID jsontext.Value `json:"user_app_id,omitzero"`
}

func decode[Req any](b []byte) (*Req, error) {
	var in body[Req]
	if len(bytes.TrimSpace(b)) == 0 {
		return &in.In, nil
	}
	err := json.Unmarshal(b, &in, strict)
	switch {
	case err == nil:
		return &in.In, nil
	case errors.Is(err, json.ErrUnknownName):
		return nil, fail(clarifai.StatusInvalidRequest, "unknown field: %v", err)
	default:
		return nil, fail(clarifai.StatusBadRequestFormat, "Malformed or invalid request: %v", err)
	}
}

// finish turns what a handler returned into the answer's parts.
func (c *call) finish(a action, result any, err error) (any, int) {
	if err == nil {
		if f, ok := result.(*file); ok {
			return f, http.StatusOK
		}
		status := c.outcome
		if status.Code == 0 {
			status.Code = clarifai.StatusSuccess
		}
		result.(answer).SetStatus(status) //nolint:forcetypeassert // read and write see to it
		c.outcome = status
		return result, cmp.Or(c.httpStatus, status.Code.HTTPStatus())
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: clarifai.StatusInternalError, details: err.Error()}
	}
	status := clarifai.Status{Code: f.code, Details: f.details, RedirectInfo: f.moved}
	empty := a.empty()
	empty.SetStatus(status)
	c.outcome = status
	return empty, cmp.Or(f.http, f.code.HTTPStatus())
}
