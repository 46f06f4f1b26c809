package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewServer makes the provider as it is served. The framework (1.19) offers write-only
// attributes for actions and refuses every value of theirs, for fear of a Terraform
// before 1.11. Every Terraform that has actions knows them, so that refusal is taken out.
func NewServer(version string, options ...Option) func() (tfprotov6.ProviderServer, error) {
	return func() (tfprotov6.ProviderServer, error) {
		made := providerserver.NewProtocol6(New(version, options...)())()
		complete, ok := made.(framework)
		if !ok {
			return nil, fmt.Errorf("the plugin framework makes a %T, which serves no actions or no lists", made)
		}
		return &server{complete}, nil
	}
}

// framework is what the plugin framework serves.
type framework interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

type server struct{ framework }

// ValidateActionConfig validates, and accepts write-only values.
func (s *server) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	resp, err := s.framework.ValidateActionConfig(ctx, req)
	if resp != nil {
		resp.Diagnostics = slices.DeleteFunc(resp.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
			return d.Summary == "WriteOnly Attribute Not Allowed"
		})
	}
	return resp, err
}
