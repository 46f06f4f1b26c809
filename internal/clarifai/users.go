package clarifai

import (
	"context"
	"net/http"
	"time"
)

// User is an account. This client only reads it, to learn who "me" is.
type User struct {
	ID             string      `json:"id,omitzero"`
	FirstName      string      `json:"first_name,omitzero"`
	LastName       string      `json:"last_name,omitzero"`
	CompanyName    string      `json:"company_name,omitzero"`
	JobTitle       string      `json:"job_title,omitzero"`
	JobRole        string      `json:"job_role,omitzero"`
	Intention      string      `json:"intention,omitzero"`
	ReferralSource string      `json:"referral_source,omitzero"`
	CreatedAt      time.Time   `json:"created_at,omitzero"`
	IsStarred      bool        `json:"is_starred,omitzero"`
	StarCount      int32       `json:"star_count,omitzero"`
	Visibility     *Visibility `json:"visibility,omitzero"`
	UserDetail     Struct      `json:"user_detail,omitzero"` // personal data, which this client does not decode
	Image          *Image      `json:"image,omitzero"`
}

// SingleUserResponse carries one user.
type SingleUserResponse struct {
	Envelope
	User *User `json:"user,omitzero"`
}

// MultiScopeResponse is the response of MyScopes: the permissions of the credential.
type MultiScopeResponse struct {
	Envelope
	Scopes           []string `json:"scopes,omitempty"`
	App              *App     `json:"app,omitzero"`
	Endpoints        []string `json:"endpoints,omitempty"`
	UserFeatureFlags string   `json:"user_feature_flags,omitzero"`
}

// GetUser reads a user; "me" is the owner of the credential. Needs a personal access token.
// GET /v2/users/{user}; response SingleUserResponse. [protos]
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

// Grants are the permissions of a credential in an app.
type Grants struct {
	Scopes           []string
	Endpoints        []string
	App              *App
	UserFeatureFlags string
}

// MyScopes reads the permissions of the credential in the app.
// GET /v2/users/{user}/apps/{app}/myscopes; response MultiScopeResponse. [protos]
func (c *Client) MyScopes(ctx context.Context, app AppRef) (*Grants, error) {
	var out MultiScopeResponse
	if err := c.do(ctx, call{op: "MyScopes", method: http.MethodGet, path: app.path("myscopes")}, &out); err != nil {
		return nil, err
	}
	return &Grants{Scopes: out.Scopes, Endpoints: out.Endpoints, App: out.App, UserFeatureFlags: out.UserFeatureFlags}, nil
}
