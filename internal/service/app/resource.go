// Package app implements the resource, data sources and list resource for apps:
// the containers of all other objects.
package app

import (
	"context"
	"errors"
	"fmt"
	"time"

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

const typeName = "clarifai_app"

// deleteTimeout is how long Delete waits until a deleted app no longer exists. The
// documentation does not call the deletion asynchronous, so this is generous.
const deleteTimeout = 5 * time.Minute

var key = ids.OfUser("id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &appResource{base.NewResource(typeName, key, resourceSchema)}
}

type appResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity    = (*appResource)(nil)
	_ resource.ResourceWithImportState = (*appResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*appResource)(nil)
	_ resource.ResourceWithMoveState   = (*appResource)(nil)
)

// owner names the resource in the register of claims.
func owner(m *resourceModel) claims.Owner {
	ref := m.ref()
	return claims.Owner{Type: typeName, ID: ref.UserID + "/" + ref.AppID}
}

// MoveState moves the state of resources of generic REST providers.
func (r *appResource) MoveState(context.Context) []resource.StateMover {
	return movestate.Movers(movestate.Apps())
}

func (r *appResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	ids.PlanNew(ctx, "app", req, resp)
	attrs.PlanDeletion(ctx, "app", req, resp)
	attrs.PlanCleared(ctx, req, resp, "description", "notes", "sample_ms")
	attrs.PlanUnchanged(req, resp)
	attrs.PlanReplacement(ctx, "app", req, resp, "id")
}

func (r *appResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	want := plan.toAPI()
	ref := plan.ref()
	created, problems := adopt.CreateOnce(ctx, r.Provider, adopt.Spec[*clarifai.App]{
		ResourceType: typeName, Noun: "app", ID: ref.AppID, ImportID: owner(&plan).ID,
		Create: func(ctx context.Context) (*clarifai.App, error) {
			created, err := client.PostApps(ctx, ref.UserID, []clarifai.App{want})
			if err != nil {
				return nil, err
			}
			return &created[0], nil
		},
		Read:  func(ctx context.Context) (*clarifai.App, error) { return client.GetApp(ctx, ref) },
		Equal: plan.equals,

		CreatedAt: func(found *clarifai.App) time.Time { return found.CreatedAt },
	})
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.fromAPI(created, false)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, ref, ref.AppID)...)
}

func (r *appResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	ref := state.ref()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, ref, ref.AppID)...)
	found, err := client.GetApp(ctx, ref)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read app %q", ref.AppID), err))
		return
	}
	importing := state.CreatedAt.IsNull()
	state.fromAPI(found, importing)
	if importing {
		state.DeletionPolicy = types.StringValue(attrs.DeletionPrevent)
		resp.Diagnostics.Append(unmanaged.Imported(ctx, resp.Private, unmanagedNames...)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *appResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	ref := plan.ref()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, ref, ref.AppID)...)
	if err := update(ctx, client, &plan.model, state.model); err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to update app %q", ref.AppID), err))
		return
	}
	resp.Diagnostics.Append(unmanaged.Configured(ctx, resp.Private, req.Config)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// update patches what differs from state and sets plan to the app that results.
func update(ctx context.Context, client *clarifai.Client, plan *model, state model) error {
	ref := plan.ref()
	if plan.ImageURL.IsNull() && !state.ImageURL.IsNull() {
		// Action "remove" removes only the image, and needs its current URL.
		_, err := client.PatchApps(ctx, ref.UserID, clarifai.PatchAppsRequest{
			Apps: []clarifai.App{{ID: ref.AppID, Image: image(state.ImageURL)}}, Action: clarifai.ActionRemove,
		})
		if err != nil {
			return err
		}
	}
	if patch, changed := plan.diff(state); changed {
		if _, err := client.PatchApps(ctx, ref.UserID, patch); err != nil {
			return err
		}
	}
	now, err := client.GetApp(ctx, ref)
	if err != nil {
		return err
	}
	planned := *plan
	plan.fromAPI(now, false)
	plan.keepPlanned(planned)
	return nil
}

func (r *appResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() || !attrs.MayDelete(state.DeletionPolicy, "app", &resp.Diagnostics) {
		return
	}
	if claims.For(r.Provider).WasCreated(owner(&state)) {
		return // by the resource that replaces this one
	}
	ref := state.ref()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := client.DeleteApp(ctx, ref)
	if err == nil {
		err = wait.Gone(ctx, client.Clock(), fmt.Sprintf("deletion of app %q", ref.AppID), func(ctx context.Context) error {
			found, err := client.GetApp(ctx, ref)
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
		resp.Diagnostics.Append(diags.StillRunning(fmt.Sprintf("Not deleted yet: app %q", ref.AppID), interrupted, "delete",
			"Clarifai continues the deletion. The app stays in state; the next apply or destroy resumes waiting."))
	default:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete app %q", ref.AppID), err))
	}
}
