package ids

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// checkAccess reports a token that is not accepted, or an app that does not exist, at the first planned create of
// a run, instead of after the plan has been approved.
func (k Key) checkAccess(ctx context.Context, p *configure.Provider, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if p == nil || !req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	appAttribute := "app_id"
	if k.OfUser {
		if !slices.Equal(k.Own, []string{"id"}) {
			return
		}
		appAttribute = "id"
	}
	var user, app types.String
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("user_id"), &user)...)
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root(appAttribute), &app)...)
	if resp.Diagnostics.HasError() || user.IsUnknown() || app.IsUnknown() {
		return
	}
	ref := clarifai.AppRef{UserID: user.ValueString(), AppID: app.ValueString()}
	if k.OfUser {
		p.PlansApp(ref)
	}
	err := p.CheckAccess(ctx, ref)
	switch {
	case err == nil:
	case clarifai.IsNotFound(err):
		resp.Diagnostics.AddAttributeError(path.Root(appAttribute), fmt.Sprintf("App %q not found", ref.AppID),
			diags.Detail(err)+"\n\nIf another configuration creates the app, apply that first. "+
				"The provider argument skip_credentials_validation disables this check.")
	default:
		resp.Diagnostics.Append(diags.Error("Unable to use the personal access token", err))
	}
}
