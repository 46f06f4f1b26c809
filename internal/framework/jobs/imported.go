package jobs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
)

// importedKey marks, in private state, a job resource that was imported. Its state lacks the attributes that
// the service does not store, such as triggers, until an apply sets them.
const importedKey = "imported"

// MarkImported records that a job resource was imported. An apply that changes the resource removes the mark.
func MarkImported(ctx context.Context, p private.Writer, imported bool) diag.Diagnostics {
	if imported {
		return p.SetKey(ctx, importedKey, []byte("true"))
	}
	return p.SetKey(ctx, importedKey, nil)
}

// IsImported reports whether a job resource was imported and not changed by an apply since.
func IsImported(ctx context.Context, p private.Reader) bool {
	value, diags := p.GetKey(ctx, importedKey)
	return len(value) > 0 && !diags.HasError()
}

// ReplaceUnlessImported starts a new job if an attribute changes that the service does not
// store. After an import, the first value counts as that of the imported job.
type ReplaceUnlessImported struct{}

// Description implements the plan modifier.
func (ReplaceUnlessImported) Description(context.Context) string {
	return "starts a new job when it changes"
}

// MarkdownDescription implements the plan modifier.
func (m ReplaceUnlessImported) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyMap plans a map.
func (ReplaceUnlessImported) PlanModifyMap(ctx context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	resp.RequiresReplace = !req.StateValue.IsNull() || !IsImported(ctx, req.Private)
}

// PlanModifyInt64 plans a number.
func (ReplaceUnlessImported) PlanModifyInt64(ctx context.Context, req planmodifier.Int64Request, resp *planmodifier.Int64Response) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	resp.RequiresReplace = !req.StateValue.IsNull() || !IsImported(ctx, req.Private)
}
