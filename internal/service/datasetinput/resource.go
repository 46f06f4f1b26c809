// Package datasetinput is about which inputs are members of a dataset: one
// membership, many, or those that a search finds.
package datasetinput

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	typeName    = "clarifai_dataset_input"
	datasetText = "Id of the dataset."
	inputText   = "Id of the input."
	joinedText  = "When the input joined the dataset (RFC 3339, UTC)."
)

var key = ids.InApp("dataset_id", "input_id")

// NewResource makes the resource for one membership.
func NewResource() resource.Resource { return &memberResource{} }

type memberResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity    = (*memberResource)(nil)
	_ resource.ResourceWithImportState = (*memberResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*memberResource)(nil)
)

// model is a membership as resource, data source and list show it.
type model struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	DatasetID types.String `tfsdk:"dataset_id"`
	InputID   types.String `tfsdk:"input_id"`
	CreatedAt types.String `tfsdk:"created_at"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the membership in messages.
func (m *model) String() string {
	return fmt.Sprintf("input %q in dataset %q", m.InputID.ValueString(), m.DatasetID.ValueString())
}

// show is a membership with everything that the service says of it.
func show(app clarifai.AppRef, dataset string, member *clarifai.DatasetInput) model {
	m := model{UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID), DatasetID: types.StringValue(dataset), CreatedAt: attrs.Time(member.CreatedAt)}
	if member.Input != nil {
		m.InputID = types.StringValue(member.Input.ID)
	}
	return m
}

func (r *memberResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *memberResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One input's membership in a dataset. An input that is a member already is taken over as it is. Destroying ends the membership; the input stays in the app. " +
			"Memberships that are made at the same time share calls. For many of one dataset, `clarifai_dataset_inputs` is the better resource; for inputs that are managed by Terraform, so is their own `dataset_ids`.",
		Attributes: map[string]schema.Attribute{
			"user_id":    ids.UserID(),
			"app_id":     ids.AppID(),
			"dataset_id": ids.Parent(datasetText),
			"input_id":   ids.Parent(inputText),
			"created_at": schema.StringAttribute{
				MarkdownDescription: joinedText,
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

func (r *memberResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *memberResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *memberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
}

func (r *memberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, dataset, input := plan.app(), plan.DatasetID.ValueString(), plan.InputID.ValueString()
	member, err := client.CreateDatasetInput(ctx, app, dataset, input)
	if err != nil {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("input_id"), fmt.Sprintf("Unable to put %s", &plan), err))
		return
	}
	if member.CreatedAt.IsZero() { // some answers may not say when
		if read, err := client.GetDatasetInput(ctx, app, dataset, input); err == nil {
			member = read
		}
	}
	plan.CreatedAt = attrs.Time(member.CreatedAt)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, dataset, input)...)
}

func (r *memberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, dataset, input := state.app(), state.DatasetID.ValueString(), state.InputID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, dataset, input)...)
	member, err := client.ReadDatasetInput(ctx, app, dataset, input)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read whether there is %s", &state), err))
		return
	}
	state.CreatedAt = attrs.Time(member.CreatedAt)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update has nothing to do: whatever can change replaces the membership.
func (r *memberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.DatasetID.ValueString(), plan.InputID.ValueString())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *memberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The dataset, the input or the membership may be gone already.
	err := client.RemoveDatasetInput(ctx, state.app(), state.DatasetID.ValueString(), state.InputID.ValueString())
	if err != nil && !clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to take out %s", &state), err))
	}
}
