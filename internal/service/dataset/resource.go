// Package dataset implements the resource, data sources and list resource for
// datasets: named selections of an app's inputs. It is the reference for how a
// noun is built; see CONTRIBUTING.
package dataset

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/movestate"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const typeName = "clarifai_dataset"

// deleteTimeout is how long Delete waits until a deleted dataset no longer exists.
// The documentation does not call the deletion asynchronous, so this is generous.
const deleteTimeout = 5 * time.Minute

var key = ids.InApp("id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &datasetResource{base.NewResource(typeName, key, resourceSchema)}
}

type datasetResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity    = (*datasetResource)(nil)
	_ resource.ResourceWithImportState = (*datasetResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*datasetResource)(nil)
	_ resource.ResourceWithMoveState   = (*datasetResource)(nil)
)

// MoveState moves the state of resources of generic REST providers.
func (r *datasetResource) MoveState(context.Context) []resource.StateMover {
	return movestate.Movers(movestate.InApp("datasets", "id"))
}

func (r *datasetResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	ids.PlanNew(ctx, "dataset", req, resp)
	attrs.PlanDeletion(ctx, "dataset", req, resp)
	attrs.PlanCleared(ctx, req, resp, "description", "notes", "default_annotation_filter", "default_frame_interval_ms")
	attrs.PlanUnchanged(req, resp)
	attrs.PlanReplacement(ctx, "dataset", req, resp, "id")
}

func (r *datasetResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	want, more := plan.toAPI(ctx)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}

	app, id := plan.app(), plan.ID.ValueString()
	dataset, problems := adopt.CreateOnce(ctx, r.Provider, adopt.Spec[*clarifai.Dataset]{
		ResourceType: typeName, Noun: "dataset", ID: id, ImportID: owner(&plan).ID,
		Create: func(ctx context.Context) (*clarifai.Dataset, error) { return client.CreateDataset(ctx, app, want) },
		Read:   func(ctx context.Context) (*clarifai.Dataset, error) { return client.GetDataset(ctx, app, id) },
		Equal:  func(found *clarifai.Dataset) bool { return plan.equals(ctx, found) },

		CreatedAt: func(found *clarifai.Dataset) time.Time { return found.CreatedAt },
	})
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(plan.fromAPI(ctx, dataset, false)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
}

// owner names the resource in the register of claims.
func owner(m *resourceModel) claims.Owner {
	app := m.app()
	return claims.Owner{Type: typeName, ID: app.UserID + "/" + app.AppID + "/" + m.ID.ValueString()}
}

func (r *datasetResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := state.app(), state.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	dataset, err := client.ReadDataset(ctx, app, id)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read dataset %q", id), err))
		return
	}
	importing := state.CreatedAt.IsNull()
	resp.Diagnostics.Append(state.fromAPI(ctx, dataset, importing)...)
	if importing {
		state.DeletionPolicy = types.StringValue(attrs.DeletionPrevent)
		resp.Diagnostics.Append(unmanaged.Imported(ctx, resp.Private, unmanagedNames...)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *datasetResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := plan.app(), plan.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	resp.Diagnostics.Append(update(ctx, client, &plan, state)...)
	resp.Diagnostics.Append(unmanaged.Configured(ctx, resp.Private, req.Config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// update patches what differs from state and sets plan to the dataset that results.
func update(ctx context.Context, client *clarifai.Client, plan *resourceModel, state resourceModel) diag.Diagnostics {
	patch, changed, problems := plan.diff(ctx, state.model)
	if problems.HasError() {
		return problems
	}
	app, id := plan.app(), plan.ID.ValueString()
	failed := func(err error) diag.Diagnostics {
		problems.Append(diags.Error(fmt.Sprintf("Unable to update dataset %q", id), err))
		return problems
	}
	if plan.ImageURL.IsNull() && !state.ImageURL.IsNull() {
		// Action "remove" removes only the image, and needs its current URL.
		_, err := client.UpdateDataset(ctx, app, clarifai.Dataset{ID: id, Image: image(state.ImageURL)}, clarifai.ActionRemove)
		if err != nil {
			return failed(err)
		}
	}
	if changed {
		if _, err := client.UpdateDataset(ctx, app, patch, clarifai.ActionOverwrite); err != nil {
			return failed(err)
		}
	}
	dataset, err := client.GetDataset(ctx, app, id)
	if err != nil {
		return failed(err)
	}
	planned := plan.model
	problems.Append(plan.fromAPI(ctx, dataset, false)...)
	attrs.KeepKnown(&plan.Visibility, planned.Visibility)
	attrs.KeepKnown(&plan.CreatedAt, planned.CreatedAt)
	return problems
}

func (r *datasetResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() || !attrs.MayDelete(state.DeletionPolicy, "dataset", &resp.Diagnostics) {
		return
	}
	if claims.For(r.Provider).WasCreated(owner(&state)) {
		return // by the resource that replaces this one
	}
	app, id := state.app(), state.ID.ValueString()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := client.RemoveDataset(ctx, app, id)
	if err == nil {
		err = wait.Gone(ctx, client.Clock(), fmt.Sprintf("deletion of dataset %q", id), func(ctx context.Context) error {
			found, err := client.GetDataset(ctx, app, id)
			if err == nil && attrs.Another(state.CreatedAt, found.CreatedAt) {
				return wait.ErrAnother
			}
			return err
		})
	}
	var interrupted *wait.InterruptedError
	switch {
	case err == nil, clarifai.IsNotFound(err):
	case errors.As(err, &interrupted):
		resp.Diagnostics.Append(diags.StillRunning(fmt.Sprintf("Not deleted yet: dataset %q", id), interrupted, "delete",
			"Clarifai continues the deletion. The dataset stays in state; the next apply or destroy resumes waiting."))
	default:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete dataset %q", id), err))
	}
}
