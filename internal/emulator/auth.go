package emulator

import (
	"crypto/subtle"
	"net/http"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// authenticate judges the Authorization header as the service does: the scheme
// word is case-sensitive, a malformed key is 11008, an unknown one 11009.
func (s *Service) authenticate(r *http.Request) error {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Key ")
	if !ok {
		return &failure{
			code:    clarifai.StatusInvalidRequest,
			http:    http.StatusUnauthorized,
			details: "Empty or malformed authorization header. Please provide an API key or session token.",
		}
	}
	if !keyPattern.MatchString(key) {
		return fail(clarifai.StatusKeyInvalid, "Invalid format of key.")
	}
	if s.options.PAT != "" && subtle.ConstantTimeCompare([]byte(key), []byte(s.options.PAT)) != 1 {
		return fail(clarifai.StatusKeyNotFound, "invalid key")
	}
	return nil
}

// locate finds the user and the app that a path means. Paths without them mean
// those the service was started with.
func (c *call) locate() error {
	userID, long := c.path["user_id"]
	appID := c.path["app_id"]
	if !long {
		if !strings.Contains(c.endpoint.path, "{user_id}") {
			return nil
		}
		userID = c.options.User
		if strings.Contains(c.endpoint.path, "{app_id}") {
			if appID = c.options.App; appID == "" {
				return fail(clarifai.StatusKeyInvalid, "must provide app external id: a PAT needs a path with user and app")
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
	case !ok:
		return notFound("app_id", appID)
	case long:
		return c.movedApp(appID, newID)
	}
	c.app = c.user.apps.get(newID) // short paths name no id, and stay with the app
	return nil
}

// movedApp sends the caller to an app's new id.
func (c *call) movedApp(oldID, newID string) error {
	url := strings.Replace(c.escapedPath, "/apps/"+oldID, "/apps/"+newID, 1)
	return &failure{
		code:  clarifai.StatusMoved,
		moved: &clarifai.RedirectInfo{URL: url, ResourceType: "app", OldResourceID: oldID, NewResourceID: newID},
	}
}
