package annotation

import (
	"context"
	"crypto/rand"
	"encoding/hex"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

var key = ids.InApp("id")

// NewResource returns the resource that deletes annotations once.
func NewResource() resource.Resource {
	replace := []planmodifier.List{listplanmodifier.RequiresReplace()}
	const again = " Changing it deletes again."
	return &deletionResource{base.NewResource("clarifai_annotation_deletion", key, schema.Schema{
		MarkdownDescription: "Deletes annotations of inputs when the resource is created, and again when its " +
			"arguments change. " + consequence +
			" Destroying the resource does nothing, and annotations that are created later stay. With Terraform 1.14 and later, the " +
			"action `clarifai_delete_annotations` does the same.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.UserID(),
			"app_id":  ids.AppID(),
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the deletion, chosen by the provider.", Computed: true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"input_ids": schema.ListAttribute{
				MarkdownDescription: inputIDsText + again, Required: true, ElementType: types.StringType,
				Validators: idList(), PlanModifiers: replace,
			},
			"ids": schema.ListAttribute{
				MarkdownDescription: idsText + again, Optional: true, ElementType: types.StringType,
				Validators: idList(), PlanModifiers: replace,
			},
			"triggers": schema.MapAttribute{
				MarkdownDescription: "Arbitrary values. Changing them deletes again.", Optional: true, ElementType: types.StringType,
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
		},
	})}
}

type deletionResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*deletionResource)(nil)
	_ resource.ResourceWithImportState    = (*deletionResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*deletionResource)(nil)
	_ resource.ResourceWithValidateConfig = (*deletionResource)(nil)
)

type resourceModel struct {
	deletion
	ID       types.String `tfsdk:"id"`
	Triggers types.Map    `tfsdk:"triggers"`
}

// ImportState reports that a deletion cannot be imported.
func (r *deletionResource) ImportState(_ context.Context, _ resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.AddError("Annotation deletions cannot be imported",
		"The service keeps no record of deletions. Remove the import block; a new resource deletes when it is created.")
}

func (r *deletionResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.problems()...)
	}
}

func (r *deletionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
}

func (r *deletionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app := ids.App(plan.UserID, plan.AppID)
	resp.Diagnostics.Append(plan.run(ctx, client, app, func(int, int) {})...)
	if resp.Diagnostics.HasError() {
		return // not in state: the next apply deletes the rest
	}
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	plan.ID = types.StringValue(hex.EncodeToString(b))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, plan.ID.ValueString())...)
}

// Read sends no request: the service keeps no record of deletions.
func (r *deletionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, ids.App(state.UserID, state.AppID), state.ID.ValueString())...)
}

// Update is never planned: a change of any attribute replaces the resource.
func (r *deletionResource) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics = append(resp.Diagnostics, diag.NewErrorDiagnostic("Unable to change a deletion", "This is a bug in the provider; "+
		"please report it."))
}

// Delete does nothing: annotations that were deleted stay deleted.
func (r *deletionResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
