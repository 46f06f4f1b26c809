package criteria

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// ReplaceWhenDifferent replaces the resource if the meaning of an annotation filter
// changes. Another spelling of the same filter only changes the state.
func ReplaceWhenDifferent() planmodifier.Object { return replaceWhenDifferent{} }

type replaceWhenDifferent struct{}

func (replaceWhenDifferent) Description(context.Context) string {
	return "Replaces the resource when the filter means something else."
}

func (m replaceWhenDifferent) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyObject compares plan and state.
func (replaceWhenDifferent) PlanModifyObject(ctx context.Context, req planmodifier.ObjectRequest, resp *planmodifier.ObjectResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	resp.RequiresReplace = !sameAnnotationFilter(ctx, req.PlanValue, req.StateValue)
}

func sameAnnotationFilter(ctx context.Context, plan, state types.Object) bool {
	if plan.IsNull() || state.IsNull() || !fullyKnown(ctx, plan) || !fullyKnown(ctx, state) {
		return plan.IsNull() && state.IsNull()
	}
	want, diags := AnnotationFilterToAPI(ctx, plan)
	got, more := AnnotationFilterToAPI(ctx, state)
	if diags.HasError() || more.HasError() || len(want.Search.Query.Filters) != len(got.Search.Query.Filters) {
		return false
	}
	if want.ID != "" && want.ID != got.ID {
		return false
	}
	var settings annotationFilterModel
	if diags := plan.As(ctx, &settings, basetypes.ObjectAsOptions{}); diags.HasError() || !settings.same(got.Search) {
		return false
	}
	for i := range want.Search.Query.Filters {
		if !sameFilter(want.Search.Query.Filters[i], got.Search.Query.Filters[i]) {
			return false
		}
	}
	return true
}
