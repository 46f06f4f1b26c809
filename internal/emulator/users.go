package emulator

import (
	"strconv"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func userRoutes() []endpoint {
	return []endpoint{
		{op: "GetUser", method: get, path: ofUser, action: read(getUser), needs: aPAT},
		{op: "MyScopes", method: get, path: inApp + "/myscopes", action: read(myScopes), also: []string{"/v2/my_scopes"}},
		{op: "ListStatusCodes", method: get, path: "/v2/status_codes", action: read(listStatusCodes), needs: nothing},
		{op: "GetStatusCode", method: get, path: "/v2/status_codes/{status_code_id}", action: read(getStatusCode), needs: nothing},
	}
}

func getUser(c *call) (*clarifai.SingleUserResponse, error) {
	info := c.user.info
	return &clarifai.SingleUserResponse{User: &info}, nil
}

func myScopes(c *call) (*clarifai.MultiScopeResponse, error) {
	info := c.app.info
	return &clarifai.MultiScopeResponse{Scopes: []string{"All"}, App: &info}, nil // every key may do everything here
}

func listStatusCodes(*call) (*clarifai.MultiStatusCodeResponse, error) {
	out := &clarifai.MultiStatusCodeResponse{}
	for _, code := range clarifai.StatusCodes() {
		out.Statuses = append(out.Statuses, *statusOf(code))
	}
	return out, nil
}

// getStatusCode answers with the status that was asked for as its own.
func getStatusCode(c *call) (*clarifai.SingleStatusCodeResponse, error) {
	id := c.path["status_code_id"]
	n, err := strconv.Atoi(id)
	if err != nil || clarifai.StatusCode(n).Class() == clarifai.ClassUnknown {
		return nil, notFound("status_code_id", id)
	}
	c.outcome = *statusOf(clarifai.StatusCode(n))
	c.httpStatus = 200
	return &clarifai.SingleStatusCodeResponse{}, nil
}
