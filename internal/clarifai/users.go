package clarifai

import (
	"context"
	"net/http"
)

// GetUser reads a user; "me" is the owner of the credential. Needs a personal access token.
// GET /v2/users/{user}; answer SingleUserResponse. [protos]
func (c *Client) GetUser(ctx context.Context, userID string, additionalFields ...string) (*User, error) {
	var out SingleUserResponse
	if err := c.do(ctx, call{
		op: "GetUser", method: http.MethodGet, path: userPath(userID),
		query: additional(additionalFields),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetUser", "user", out.User)
}

// Grants is what a credential may do in an app.
type Grants struct {
	Scopes           []string
	Endpoints        []string
	App              *App
	UserFeatureFlags string
}

// MyScopes reads what the credential may do in the app.
// GET /v2/users/{user}/apps/{app}/myscopes; answer MultiScopeResponse. [protos]
func (c *Client) MyScopes(ctx context.Context, app AppRef) (*Grants, error) {
	var out MultiScopeResponse
	if err := c.do(ctx, call{op: "MyScopes", method: http.MethodGet, path: app.path("myscopes")}, &out); err != nil {
		return nil, err
	}
	return &Grants{Scopes: out.Scopes, Endpoints: out.Endpoints, App: out.App, UserFeatureFlags: out.UserFeatureFlags}, nil
}
