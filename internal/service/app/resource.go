// Package app is about apps: the containers of everything else.
package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const typeName = "clarifai_app"

// deleteTimeout bounds the wait for a deletion to be seen. Deleting an app is
// not documented as asynchronous, so this is generous.
const deleteTimeout = 5 * time.Minute

var key = ids.OfUser("id")

// NewResource makes the resource.
func NewResource() resource.Resource { return &appResource{} }

type appResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity    = (*appResource)(nil)
	_ resource.ResourceWithImportState = (*appResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*appResource)(nil)
)

func (r *appResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *appResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema
}

func (r *appResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *appResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *appResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanDeletion(ctx, "app", req, resp)
	attrs.PlanCleared(ctx, req, resp, "description", "notes", "sample_ms")
	protectReplaced(ctx, req, resp)
	attrs.PlanUnchanged(req, resp)
}

// protectReplaced refuses, at plan, to replace an app that is protected: a replacement destroys as much
// as a destruction.
func protectReplaced(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	for _, name := range []string{"user_id", "id"} {
		var policy, now, before types.String
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("deletion_policy"), &policy)...)
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root(name), &before)...)
		resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root(name), &now)...)
		if policy.ValueString() == attrs.DeletionPrevent && !now.Equal(before) {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Deletion is prevented",
				"This change replaces the app: it would be deleted with everything in it. "+
					"If that is meant, first apply deletion_policy = \"delete\" (or \"abandon\" to leave the present app at the service).")
		}
	}
}

func (r *appResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	want := plan.request()
	ref := plan.ref()
	began := client.Clock().Now()
	made, err := adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.App, error) {
			made, err := client.PostApps(ctx, ref.UserID, []clarifai.App{want})
			if err != nil {
				return nil, err
			}
			return &made[0], nil
		},
		func(ctx context.Context) (*clarifai.App, error) { return client.GetApp(ctx, ref) },
		func(found *clarifai.App) bool {
			return found.Description == want.Description && found.Notes == want.Notes &&
				attrs.SameJSON(found.Metadata, want.Metadata) && adopt.MadeSince(found.CreatedAt, began)
		})
	if clarifai.IsDuplicate(err) {
		resp.Diagnostics.Append(diags.AlreadyExists(typeName, "app", ref.AppID, ref.UserID+"/"+ref.AppID, err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to create app %q", ref.AppID), err))
		return
	}
	plan.refresh(made, false)
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
	if importing {
		state.DeletionPolicy = types.StringValue(defaultDeletionPolicy)
	}
	state.refresh(found, importing)
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
	if err := change(ctx, client, &plan.model, state.model); err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to update app %q", ref.AppID), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// change patches what differs and takes over how the app is then.
func change(ctx context.Context, client *clarifai.Client, plan *model, state model) error {
	ref := plan.ref()
	if plan.ImageURL.IsNull() && !state.ImageURL.IsNull() {
		// The only thing that action "remove" removes; it wants the present URL.
		_, err := client.PatchApps(ctx, ref.UserID, clarifai.PatchAppsRequest{
			Apps: []clarifai.App{{ID: ref.AppID, Image: image(state.ImageURL)}}, Action: clarifai.ActionRemove,
		})
		if err != nil {
			return err
		}
	}
	if patch, changed := plan.patch(state); changed {
		if _, err := client.PatchApps(ctx, ref.UserID, patch); err != nil {
			return err
		}
	}
	now, err := client.GetApp(ctx, ref)
	if err != nil {
		return err
	}
	plan.refresh(now, false)
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
			"The deletion goes on at the service. The app stays in state until the next apply or destroy, which waits on for it."))
	default:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete app %q", ref.AppID), err))
	}
}
