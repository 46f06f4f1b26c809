package emulator_test

import (
	"net/http"
	"testing"
)

func TestApps(t *testing.T) {
	s := start(t, nil)
	s.post("/v2/users/me/apps", `{"apps":[{"id":"fleet","description":"trucks","defaultLanguage":"en"}]}`).
		is(200, 10000).
		has("apps.0.id", "fleet").has("apps.0.name", "fleet").has("apps.0.user_id", "acme").
		has("apps.0.visibility.gettable", 10.0).has("apps.0.metadata", map[string]any{})
	s.post("/v2/users/me/apps", `{"apps":[{"id":"fleet"}]}`).is(400, 40010).has("apps", []any{})

	s.do(http.MethodPatch, "/v2/users/me/apps", `{"apps":[{"id":"fleet","description":"","notes":"n","metadata":{"a":{"b":1}}}],
		"action":"overwrite"}`).
		is(200, 10000).has("apps.0.description", "trucks").has("apps.0.notes", "n")
	s.do(http.MethodPatch, "/v2/users/me/apps/fleet",
		`{"app":{"metadata":{"a":{"c":2}}},"action":"overwrite","metadata_action":{"op":"merge"}}`).
		is(200, 10000).has("app.metadata", map[string]any{"a": map[string]any{"b": 1.0, "c": 2.0}})

	s.do(http.MethodPatch, "/v2/users/me/apps/ids", `{"ids":[{"id":"fleet","new_id":"fleet2"}],"action":"overwrite"}`).
		is(200, 10000).has("apps.0.id", "fleet2")
	moved := s.get("/v2/users/acme/apps/fleet").is(307, 10050).has("status.redirect_info.new_resource_id", "fleet2")
	if got := moved.header.Get("Location"); got != "/v2/users/acme/apps/fleet2" {
		t.Errorf("Location is %q", got)
	}
	s.do(http.MethodDelete, "/v2/users/acme/apps/fleet2", "").is(200, 10000)
	s.get("/v2/users/acme/apps/fleet").is(404, 11101)
}

func TestStatusCodes_needNoKey(t *testing.T) {
	s := start(t, nil)
	s.key = ""
	s.get("/v2/status_codes/30001").is(200, 30001).has("status.description", "Download pending")
	s.get("/v2/status_codes/1").is(404, 11101)
	s.get("/v2/status_codes").is(200, 10000)
	s.get("/v2/users/me").is(401, 11102)
}
