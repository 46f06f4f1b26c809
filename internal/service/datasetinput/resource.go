// Package datasetinput implements the membership of inputs in datasets: one
// membership, a list of members, or the inputs that a search finds.
package datasetinput

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
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

// NewResource returns the resource for one membership.
func NewResource() resource.Resource {
	return &memberResource{base.NewResource(typeName, key, resourceSchema)}
}

type memberResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity    = (*memberResource)(nil)
	_ resource.ResourceWithImportState = (*memberResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*memberResource)(nil)
)

// model is a membership in the state of the data source.
type model struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	DatasetID types.String `tfsdk:"dataset_id"`
	InputID   types.String `tfsdk:"input_id"`
	CreatedAt types.String `tfsdk:"created_at"`
}

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	model
	ID types.String `tfsdk:"id"`
}

// setID sets the id, which is the import id.
func (m *resourceModel) setID() { m.ID = types.StringValue(m.owner().ID) }

// owner names the resource in the register of claims.
func (m *model) owner() claims.Owner {
	return claims.Owner{Type: typeName, ID: strings.Join([]string{
		m.UserID.ValueString(), m.AppID.ValueString(), m.DatasetID.ValueString(), m.InputID.ValueString(),
	}, "/")}
}

// inputOwner names the resource of an input in the register of claims.
func inputOwner(app clarifai.AppRef, input string) claims.Owner {
	return claims.Owner{Type: "clarifai_input", ID: app.UserID + "/" + app.AppID + "/" + input}
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the membership in messages.
func (m *model) String() string {
	return fmt.Sprintf("input %q in dataset %q", m.InputID.ValueString(), m.DatasetID.ValueString())
}

// modelFromAPI returns the model of a membership with all attributes set.
func modelFromAPI(app clarifai.AppRef, dataset string, member *clarifai.DatasetInput) model {
	m := model{
		UserID:    types.StringValue(app.UserID),
		AppID:     types.StringValue(app.AppID),
		DatasetID: types.StringValue(dataset),
		CreatedAt: attrs.Time(member.CreatedAt),
	}
	if member.Input != nil {
		m.InputID = types.StringValue(member.Input.ID)
	}
	return m
}

var resourceSchema = schema.Schema{
	MarkdownDescription: "One input's membership in a dataset. An input that is already a member is adopted. Destroying the resource ends " +
		"the membership; the input stays in the app. Memberships that are created at the same time share requests. For many members of one " +
		"dataset, `clarifai_dataset_inputs` is the better resource; for inputs that Terraform manages, so is their own `dataset_ids`.\n\n" +
		"Replacing an input ends its memberships. Write the input's id as a reference (`clarifai_input.NAME.id`): the same apply then " +
		"restores the membership.",
	Attributes: map[string]schema.Attribute{
		"user_id":    ids.UserID(),
		"app_id":     ids.AppID(),
		"dataset_id": ids.Parent(datasetText),
		"input_id":   ids.Parent(inputText),
		"id":         ids.ComputedID(),
		"created_at": schema.StringAttribute{
			MarkdownDescription: joinedText,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
	},
}

func (r *memberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	id, known := key.ImportID(ctx, resp.Plan)
	if resp.Diagnostics.HasError() || !known {
		return
	}
	app, dataset, input := plan.app(), plan.DatasetID.ValueString(), plan.InputID.ValueString()
	register := claims.For(r.Provider)
	resp.Diagnostics.Append(register.ClaimMembers(plan.owner(), claims.DatasetMembers(app, dataset), slices.Values([]string{input}), false)...)
	if req.State.Raw.IsNull() {
		return
	}
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if state.owner().ID == id && register.PlanMembership(plan.owner(), inputOwner(app, input)) {
		// The update adds the input that replaces this one.
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("created_at"), types.StringUnknown())...)
	}
}

func (r *memberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, dataset, input := plan.app(), plan.DatasetID.ValueString(), plan.InputID.ValueString()
	register := claims.For(r.Provider)
	resp.Diagnostics.Append(register.Created(plan.owner())...)
	resp.Diagnostics.Append(register.ClaimMembers(plan.owner(), claims.DatasetMembers(app, dataset), slices.Values([]string{input}), false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	member, err := add(ctx, client, &plan.model)
	if err != nil {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("input_id"), fmt.Sprintf("Unable to add %s", &plan.model), err))
		return
	}
	register.KeepMembers(claims.DatasetMembers(app, dataset), input)
	plan.setID()
	plan.CreatedAt = attrs.Time(member.CreatedAt)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, dataset, input)...)
}

// add adds the input to the dataset. Adding a member again changes nothing.
func add(ctx context.Context, client *clarifai.Client, m *model) (*clarifai.DatasetInput, error) {
	app, dataset, input := m.app(), m.DatasetID.ValueString(), m.InputID.ValueString()
	member, err := client.CreateDatasetInput(ctx, app, dataset, input)
	if err == nil && member.CreatedAt.IsZero() { // the response may omit the time
		if read, err := client.GetDatasetInput(ctx, app, dataset, input); err == nil {
			return read, nil
		}
	}
	return member, err
}

func (r *memberResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
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
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read the membership of %s", &state.model), err))
		return
	}
	state.setID()
	state.CreatedAt = attrs.Time(member.CreatedAt)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update restores the membership of an input that this apply has replaced. All
// other changes replace the membership.
func (r *memberResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, dataset, input := plan.app(), plan.DatasetID.ValueString(), plan.InputID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, dataset, input)...)
	if plan.CreatedAt.IsUnknown() {
		member, err := add(ctx, client, &plan.model)
		if err != nil {
			resp.Diagnostics.Append(diags.AttributeError(path.Root("input_id"), fmt.Sprintf("Unable to restore the membership of %s", &plan.model),
				err))
			return
		}
		claims.For(r.Provider).KeepMembers(claims.DatasetMembers(app, dataset), input)
		plan.CreatedAt = attrs.Time(member.CreatedAt)
	}
	plan.setID()
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *memberResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	if claims.For(r.Provider).Kept(claims.DatasetMembers(state.app(), state.DatasetID.ValueString()), state.InputID.ValueString()) {
		return // by the resource that replaces this one
	}
	// The dataset, the input or the membership may no longer exist.
	err := client.RemoveDatasetInput(ctx, state.app(), state.DatasetID.ValueString(), state.InputID.ValueString())
	if err != nil && !clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to remove %s", &state.model), err))
	}
}
