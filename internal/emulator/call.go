package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// A call is the argument of a handler: the request, the service, and the user and
// app that the path names.
type call struct {
	*Service
	*apiserver.Request // empty when a seed is loaded or a test inspects the service
	// now is the time of the request, to the nanosecond: responses to creates have it.
	now  time.Time
	user *user
	app  *app // nil for endpoints above apps
}

// begin starts a call: it runs the asynchronous work that is due, and finds the
// user and the app. The caller holds the mutex.
func (s *Service) begin(r *apiserver.Request) (*call, error) {
	c := &call{Service: s, Request: r, now: s.clock.Now().UTC()}
	s.runDue(c.now)
	if r.Endpoint.Method != http.MethodGet {
		s.changing()
	}
	return c, c.locate()
}

// stamp returns the time of the call as later reads show it, to the microsecond.
func (c *call) stamp() time.Time { return c.now.Truncate(time.Microsecond) }

// locate finds the user and the app of a path. A path without them means the ones that the
// service was started with.
func (c *call) locate() error {
	userID, long := c.Path["user_id"]
	appID := c.Path["app_id"]
	if !long {
		if !strings.Contains(c.Endpoint.Path, "{user_id}") {
			return nil
		}
		userID = c.options.User
		if strings.Contains(c.Endpoint.Path, "{app_id}") {
			if appID = c.options.App; appID == "" {
				return reject(clarifai.StatusKeyInvalid, "must provide app external id: a PAT needs a path with user and app")
			}
		}
	}
	if userID == "me" {
		userID = c.options.User
	}
	if c.user = c.users.get(userID); c.user == nil {
		return notFound("user_id", userID)
	}
	if appID == "" {
		return nil
	}
	if c.app = c.user.apps.get(appID); c.app != nil {
		return nil
	}
	newID, ok := c.user.moved[appID]
	switch {
	case !ok || long && c.dialect(RenamedAppNotFound):
		return notFound("app_id", appID)
	case long:
		return c.movedApp(appID, newID)
	}
	c.app = c.user.apps.get(newID) // short paths name no ID and keep working
	return nil
}

// movedApp redirects the client to an app's new id.
func (c *call) movedApp(oldID, newID string) error {
	url := strings.Replace(c.EscapedPath, "/apps/"+oldID, "/apps/"+newID, 1)
	return &apiserver.Rejection{
		Code:  clarifai.StatusMoved,
		Moved: &clarifai.RedirectInfo{URL: url, ResourceType: "app", OldResourceID: oldID, NewResourceID: newID},
	}
}

// reject returns the error that rejects a request with a status code and details.
func reject(code clarifai.StatusCode, format string, args ...any) error {
	return apiserver.Reject(code, format, args...)
}

// notFound returns the error for an object that does not exist; the parameter names it.
func notFound(parameter, id string) error { return apiserver.NotFound(parameter, id) }

// statusOf returns the status of an item.
func statusOf(code clarifai.StatusCode) *clarifai.Status { return apiserver.StatusOf(code) }

// rejected returns the status of an item that is rejected.
func rejected(code clarifai.StatusCode, format string, args ...any) *clarifai.Status {
	s := statusOf(code)
	s.Details = fmt.Sprintf(format, args...)
	return s
}

func newID() string { return apiserver.NewID() }
