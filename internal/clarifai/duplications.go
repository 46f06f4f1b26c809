package clarifai

import (
	"context"
	"net/http"
)

// PostAppDuplications starts copies of the app and answers with 25202. The jobs belong to the caller: read them with
// [Client.GetAppDuplication] under the caller's id. Needs a personal access token; deprecated by the service.
// POST /v2/users/{user}/apps/{app}/duplications; body PostAppDuplicationsRequest, answer MultiAppDuplicationsResponse. [documented]
func (c *Client) PostAppDuplications(ctx context.Context, app AppRef, duplications []AppDuplication) ([]AppDuplication, error) {
	var out MultiAppDuplicationsResponse
	if err := c.do(ctx, call{
		op: "PostAppDuplications", method: http.MethodPost, path: app.path("duplications"),
		in: PostAppDuplicationsRequest{AppDuplications: duplications},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostAppDuplications", "app_duplications", len(duplications), out.AppDuplications)
}

// GetAppDuplication reads one of the caller's duplications: 25202 and 25203 in progress, 25200 done. Not found when there is
// none. Needs a personal access token.
// GET /v2/users/{user}/duplications/{app_duplication}; answer SingleAppDuplicationResponse. [protos]
func (c *Client) GetAppDuplication(ctx context.Context, userID string, id string) (*AppDuplication, error) {
	var out SingleAppDuplicationResponse
	if err := c.do(ctx, call{op: "GetAppDuplication", method: http.MethodGet, path: userPath(userID, "duplications", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetAppDuplication", "app_duplication", out.AppDuplication)
}

// ListAppDuplications reads one page of the caller's duplications; past the end it is empty. Needs a personal access token.
// GET /v2/users/{user}/duplications; answer MultiAppDuplicationsResponse. [protos]
func (c *Client) ListAppDuplications(ctx context.Context, userID string, page Page) ([]AppDuplication, error) {
	var out MultiAppDuplicationsResponse
	if err := c.do(ctx, call{
		op: "ListAppDuplications", method: http.MethodGet, path: userPath(userID, "duplications"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.AppDuplications, nil
}
