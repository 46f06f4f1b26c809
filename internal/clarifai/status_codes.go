package clarifai

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

const statusCodesPath = "/v2/status_codes"

// ListStatusCodes reads the service's table of status codes. Needs no credential.
// GET /v2/status_codes; response MultiStatusCodeResponse. [protos]
func (c *Client) ListStatusCodes(ctx context.Context) ([]Status, error) {
	var out MultiStatusCodeResponse
	if err := c.do(ctx, call{op: "ListStatusCodes", method: http.MethodGet, path: statusCodesPath}, &out); err != nil {
		return nil, err
	}
	return out.Statuses, nil
}

// GetStatusCode reads one row of the service's table of status codes. Needs no credential.
// GET /v2/status_codes/{status_code}; response SingleStatusCodeResponse. [protos]
func (c *Client) GetStatusCode(ctx context.Context, code StatusCode) (*Status, error) {
	var out SingleStatusCodeResponse
	id := strconv.Itoa(int(code))
	err := c.do(ctx, call{op: "GetStatusCode", method: http.MethodGet, path: statusCodesPath + "/" + id}, &out)
	if out.Status.Code == code {
		return &out.Status, nil // with any HTTP status
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		e.Status = out.Status
	}
	if err == nil {
		err = itemError("GetStatusCode", out.Status, out.Status.ReqID)
	}
	return nil, err
}
