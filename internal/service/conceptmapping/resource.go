// Package conceptmapping implements jobs that map concepts to the public knowledge graph. Clarifai
// withdrew them from the public API in 2024.
package conceptmapping

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const typeName = "clarifai_concept_mapping_job"

var key = ids.InApp("id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &jobResource{base.NewResource(typeName, key, resourceSchema)}
}

type jobResource struct{ base.Resource }

type resourceModel struct {
	job
	ID       types.String `tfsdk:"id"`
	Triggers types.Map    `tfsdk:"triggers"`
}

// remains says what destroying a job leaves at the service.
const remains = "The job continues if it is not done, and relations that it has created stay."

var (
	_ resource.ResourceWithIdentity   = (*jobResource)(nil)
	_ resource.ResourceWithModifyPlan = (*jobResource)(nil)
)

// ImportState reports that a job cannot be imported.
func (r *jobResource) ImportState(_ context.Context, _ resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resp.Diagnostics.AddError("Concept mapping jobs cannot be imported",
		"The API does not return jobs. Remove the import block; a new resource starts a job when it is created.")
}

func (r *jobResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() {
		attrs.PlanNotDeletable(ctx, "concept mapping job", remains, req.State, &resp.Diagnostics)
	}
}

func (r *jobResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app := ids.App(plan.UserID, plan.AppID)
	id, problems := plan.start(ctx, client, app)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID = types.StringValue(id)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
}

// Read sends no request: the API does not return jobs.
func (r *jobResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, ids.App(state.UserID, state.AppID), state.ID.ValueString())...)
}

// Update is never called: every change starts a new job.
func (r *jobResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

// Delete only removes the job from state.
func (r *jobResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	attrs.PlanNotDeletable(ctx, "concept mapping job", remains, req.State, &resp.Diagnostics)
}
