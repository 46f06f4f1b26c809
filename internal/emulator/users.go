package emulator

import (
	"strconv"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func userRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "GetUser", Method: get, Path: ofUser, Action: read(s, getUser), Needs: aPAT},
		{Op: "MyScopes", Method: get, Path: inApp + "/myscopes", Action: read(s, myScopes), Also: []string{"/v2/my_scopes"}},
		{Op: "ListStatusCodes", Method: get, Path: "/v2/status_codes", Action: read(s, listStatusCodes), Needs: nothing},
		{Op: "GetStatusCode", Method: get, Path: "/v2/status_codes/{status_code_id}", Action: read(s, getStatusCode), Needs: nothing},
	}
}

func getUser(c *call) (*clarifai.SingleUserResponse, error) {
	info := c.user.info
	return &clarifai.SingleUserResponse{User: &info}, nil
}

func myScopes(c *call) (*clarifai.MultiScopeResponse, error) {
	info := c.app.info
	return &clarifai.MultiScopeResponse{Scopes: []string{"All"}, App: &info}, nil // every key has all permissions in the emulator
}

func listStatusCodes(*call) (*clarifai.MultiStatusCodeResponse, error) {
	out := &clarifai.MultiStatusCodeResponse{}
	for _, code := range clarifai.StatusCodes() {
		out.Statuses = append(out.Statuses, *statusOf(code))
	}
	return out, nil
}

// getStatusCode responds with the requested status as its own.
func getStatusCode(c *call) (*clarifai.SingleStatusCodeResponse, error) {
	id := c.Path["status_code_id"]
	n, err := strconv.Atoi(id)
	if err != nil || clarifai.StatusCode(n).Class() == clarifai.ClassUnknown {
		return nil, notFound("status_code_id", id)
	}
	c.Outcome = *statusOf(clarifai.StatusCode(n))
	c.HTTPStatus = 200
	return &clarifai.SingleStatusCodeResponse{}, nil
}
