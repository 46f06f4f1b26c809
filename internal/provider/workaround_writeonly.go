package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Workaround: the plugin framework rejects every value of an action's write-only attribute.
//
// Actions may declare write-only attributes (hashicorp/terraform-plugin-framework#1233), but
// ValidateActionConfig runs the check for clients that do not support them with a fixed "not supported"
// (framework 1.19.0, internal/fwserver/server_validateactionconfig.go). Every Terraform version that has
// actions supports write-only attributes, so the server removes that diagnostic.
//
// TestWorkaround_writeOnly fails when the framework accepts such values.

// writeOnlyRejected is the summary of the framework's diagnostic.
const writeOnlyRejected = "WriteOnly Attribute Not Allowed"

// ValidateActionConfig implements [tfprotov6.ActionServer].
func (s *server) ValidateActionConfig(
	ctx context.Context, req *tfprotov6.ValidateActionConfigRequest,
) (*tfprotov6.ValidateActionConfigResponse, error) {
	resp, err := s.frameworkServer.ValidateActionConfig(ctx, req)
	if resp != nil {
		resp.Diagnostics = slices.DeleteFunc(resp.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
			return d.Summary == writeOnlyRejected
		})
	}
	return resp, err
}
