// Package search implements saved searches, and the data source that runs a
// search for inputs.
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
)

const typeName = "clarifai_saved_search"

var key = ids.InApp("id")

// NewResource returns the resource for saved searches.
func NewResource() resource.Resource {
	return &searchResource{base.NewResource(typeName, key, resourceSchema)}
}

type searchResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*searchResource)(nil)
	_ resource.ResourceWithImportState    = (*searchResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*searchResource)(nil)
	_ resource.ResourceWithValidateConfig = (*searchResource)(nil)
)

// owner names the resource in the register of claims.
func owner(m *model) claims.Owner {
	app := m.app()
	return claims.Owner{Type: typeName, ID: app.UserID + "/" + app.AppID + "/" + m.ID.ValueString()}
}

func (r *searchResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	checkMetric(config.Algorithm, config.Metric, &resp.Diagnostics)
}

func (r *searchResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	ids.PlanNew(ctx, "saved search", req, resp)
	attrs.PlanUnchanged(req, resp)
}

// unreadable is the key in private state that says that Clarifai stored the
// search but does not return it. While it is set, "not found" does not mean that
// the search no longer exists.
const unreadable = "unreadable"

func (r *searchResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
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
	want.Save = true

	app, id := plan.app(), plan.ID.ValueString()
	saved, more := adopt.CreateOnce(ctx, r.Provider, adopt.Spec[*clarifai.Search]{
		ResourceType: typeName, Noun: "saved search", ID: id, ImportID: owner(&plan).ID,
		Create: func(ctx context.Context) (*clarifai.Search, error) {
			result, err := client.PostInputsSearches(ctx, app, clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{want}})
			if err != nil {
				return nil, err
			}
			return echoed(result.Searches, want), nil
		},
		Read:  func(ctx context.Context) (*clarifai.Search, error) { return client.GetSearch(ctx, app, id) },
		Equal: func(found *clarifai.Search) bool { return plan.equals(ctx, found) },

		CreatedAt: func(found *clarifai.Search) time.Time { return found.CreatedAt },
	})
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(plan.fromAPI(ctx, saved, false)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)

	if _, err := client.GetSearch(ctx, app, id); clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, unreadable, []byte("true"))...)
		resp.Diagnostics.AddWarning(fmt.Sprintf("Saved search %q cannot be read back", id),
			"Clarifai has stored the search, but responds that it does not exist when it is read. It stays in state as it was sent; "+
				"changes made outside Terraform, and its deletion, cannot be detected until Clarifai returns it.\n\n"+diags.Detail(err))
	}
}

// echoed returns the search of a response, or the one sent if the response lacks it.
func echoed(searches []clarifai.Search, sent clarifai.Search) *clarifai.Search {
	for i := range searches {
		if searches[i].ID == sent.ID {
			return &searches[i]
		}
	}
	return &sent
}

// equals reports whether a saved search has what the model says and nothing else.
func (m *model) equals(ctx context.Context, found *clarifai.Search) bool {
	other := *m
	if other.fromAPI(ctx, found, true).HasError() {
		return false
	}
	return other.Name.Equal(m.Name) && other.Filters.Equal(m.Filters) && other.Ranks.Equal(m.Ranks) && other.Language.Equal(m.Language) &&
		other.Algorithm.Equal(m.Algorithm) && other.Metric.Equal(m.Metric) && other.MinValue.Equal(m.MinValue) && other.AsOf.Equal(m.AsOf) &&
		(m.Visibility.IsUnknown() || other.Visibility.Equal(m.Visibility))
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
		return // the state stays unchanged; Create has warned
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
	resp.Diagnostics.Append(state.fromAPI(ctx, found, importing)...)
	if importing {
		resp.Diagnostics.Append(unmanaged.Imported(ctx, resp.Private, unmanagedNames...)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func isHidden(ctx context.Context, p private.Reader) (bool, diag.Diagnostics) {
	value, problems := p.GetKey(ctx, unreadable)
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
	patch, more := plan.diff(ctx, state)
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
	planned := plan
	resp.Diagnostics.Append(plan.fromAPI(ctx, found, false)...)
	attrs.KeepKnown(&plan.Visibility, planned.Visibility)
	attrs.KeepKnown(&plan.CreatedAt, planned.CreatedAt)
	resp.Diagnostics.Append(unmanaged.Configured(ctx, resp.Private, req.Config)...)
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
	if claims.For(r.Provider).WasCreated(owner(&state)) {
		return // by the resource that replaces this one
	}
	id := state.ID.ValueString()
	err := client.DeleteSearch(ctx, state.app(), id)
	switch {
	case clarifai.IsNotFound(err) && hidden:
		resp.Diagnostics.AddWarning(fmt.Sprintf("Saved search %q may still exist", id),
			"Clarifai never returned this saved search, and responds now that it does not exist. It is removed from state; "+
				"if you see it in the Clarifai app, delete it there.\n\n"+diags.Detail(err))
	case err != nil && !clarifai.IsNotFound(err):
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete saved search %q", id), err))
	}
}
