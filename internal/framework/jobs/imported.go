package jobs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// An imported receipt cannot tell what a configuration said that the service never saw,
// such as triggers. It is marked in private state until an apply has taken that over.
const importedKey = "imported"

// private is the private state of a resource.
type private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// MarkImported notes that a receipt was imported; unmark it when something is applied to it.
func MarkImported(ctx context.Context, p private, imported bool) diag.Diagnostics {
	if imported {
		return p.SetKey(ctx, importedKey, []byte("true"))
	}
	return p.SetKey(ctx, importedKey, nil)
}

// IsImported tells whether nothing was applied to a receipt since it was imported.
func IsImported(ctx context.Context, p private) bool {
	value, diags := p.GetKey(ctx, importedKey)
	return len(value) > 0 && !diags.HasError()
}

// ReplaceUnlessImported starts a new job when an attribute changes that the service never
// sees. The first value after an import is taken for that of the imported job.
type ReplaceUnlessImported struct{}

// Description says what it does.
func (ReplaceUnlessImported) Description(context.Context) string {
	return "starts a new job when it changes"
}

// MarkdownDescription says what it does.
func (m ReplaceUnlessImported) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyMap judges a map.
func (ReplaceUnlessImported) PlanModifyMap(ctx context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	resp.RequiresReplace = !req.StateValue.IsNull() || !IsImported(ctx, req.Private)
}

// PlanModifyInt64 judges a number.
func (ReplaceUnlessImported) PlanModifyInt64(ctx context.Context, req planmodifier.Int64Request, resp *planmodifier.Int64Response) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	resp.RequiresReplace = !req.StateValue.IsNull() || !IsImported(ctx, req.Private)
}
