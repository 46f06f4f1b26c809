// Package search is about searches for inputs: saved ones, and running them.
package search

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const typeName = "clarifai_saved_search"

var key = ids.InApp("id")

// NewResource makes the resource for saved searches.
func NewResource() resource.Resource { return &searchResource{} }

type searchResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity       = (*searchResource)(nil)
	_ resource.ResourceWithImportState    = (*searchResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*searchResource)(nil)
	_ resource.ResourceWithValidateConfig = (*searchResource)(nil)
)

func (r *searchResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *searchResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema
}

func (r *searchResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *searchResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *searchResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	checkMetric(config.Algorithm, config.Metric, &resp.Diagnostics)
}

func (r *searchResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanUnchanged(req, resp)
}

// unreadable is the key in private state that remembers that the service took a
// search but does not show it. While it is set, "not found" does not mean gone.
const unreadable = "unreadable"

// privateState is where that is remembered.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func (r *searchResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	want, more := plan.request(ctx)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	want.Save = true

	app, id := plan.app(), plan.ID.ValueString()
	began := time.Now()
	made, err := adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.Search, error) {
			result, err := client.PostInputsSearches(ctx, app, clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{want}})
			if err != nil {
				return nil, err
			}
			return echoed(result.Searches, want), nil
		},
		func(ctx context.Context) (*clarifai.Search, error) { return client.GetSearch(ctx, app, id) },
		func(found *clarifai.Search) bool {
			return found.Name == want.Name && found.Algorithm == want.Algorithm && found.MinValue == want.MinValue &&
				plan.saysTheSame(ctx, found) && adopt.MadeSince(found.CreatedAt, began)
		})
	if clarifai.IsDuplicate(err) {
		resp.Diagnostics.Append(diags.AlreadyExists(typeName, "saved search", id, app.UserID+"/"+app.AppID+"/"+id, err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to save search %q", id), err))
		return
	}
	resp.Diagnostics.Append(plan.refresh(ctx, made, false)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)

	if _, err := client.GetSearch(ctx, app, id); clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, unreadable, []byte("true"))...)
		resp.Diagnostics.AddWarning(fmt.Sprintf("Saved search %q cannot be read back", id),
			"The service has stored the search, but answers that there is none when asked for it. It stays in state as it was sent; "+
				"changes made elsewhere, and its deletion, cannot be seen until the service shows it.\n\n"+diags.Detail(err))
	}
}

// echoed is the search of an answer, or what was sent: the answer may lack it.
func echoed(searches []clarifai.Search, sent clarifai.Search) *clarifai.Search {
	for i := range searches {
		if searches[i].ID == sent.ID {
			return &searches[i]
		}
	}
	return &sent
}

// saysTheSame tells whether the service holds the filters and ranks of the plan.
func (m model) saysTheSame(ctx context.Context, found *clarifai.Search) bool {
	shown := m
	problems := shown.refresh(ctx, found, false)
	return !problems.HasError() && shown.Filters.Equal(m.Filters) && shown.Ranks.Equal(m.Ranks)
}

func (r *searchResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := state.app(), state.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	hidden, more := isHidden(ctx, req.Private)
	resp.Diagnostics.Append(more...)
	found, err := client.GetSearch(ctx, app, id)
	switch {
	case clarifai.IsNotFound(err) && hidden:
		return // state stays as it is; Create has said so
	case clarifai.IsNotFound(err):
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read saved search %q", id), err))
		return
	}
	if hidden {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, unreadable, []byte("false"))...)
	}
	importing := state.CreatedAt.IsNull() && !hidden
	resp.Diagnostics.Append(state.refresh(ctx, found, importing)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func isHidden(ctx context.Context, private privateState) (bool, diag.Diagnostics) {
	value, problems := private.GetKey(ctx, unreadable)
	return string(value) == "true", problems
}

func (r *searchResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := plan.app(), plan.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	patch, more := plan.patch(ctx, state)
	resp.Diagnostics.Append(more...)
	hidden, more := isHidden(ctx, req.Private)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	failed := func(err error) {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to update saved search %q", id), err))
	}
	answered, err := client.PatchInputsSearches(ctx, app, []clarifai.Search{patch}, clarifai.ActionOverwrite)
	if err != nil {
		failed(err)
		return
	}
	found, err := client.GetSearch(ctx, app, id)
	switch {
	case clarifai.IsNotFound(err) && hidden:
		found = echoed(answered, patch)
	case err != nil:
		failed(err)
		return
	}
	resp.Diagnostics.Append(plan.refresh(ctx, found, false)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *searchResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	hidden, more := isHidden(ctx, req.Private)
	resp.Diagnostics.Append(more...)
	id := state.ID.ValueString()
	err := client.DeleteSearch(ctx, state.app(), id)
	switch {
	case clarifai.IsNotFound(err) && hidden:
		resp.Diagnostics.AddWarning(fmt.Sprintf("Saved search %q may still be there", id),
			"The service never showed this saved search and answers now that there is none to delete. It is forgotten here; "+
				"if it turns up in the Clarifai app, delete it there.\n\n"+diags.Detail(err))
	case err != nil && !clarifai.IsNotFound(err):
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete saved search %q", id), err))
	}
}
