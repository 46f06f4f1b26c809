// Package concept implements concepts, which label the inputs of an app, and counts of their use.
// Their languages and relations have packages of their own.
package concept

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/movestate"
)

const typeName = "clarifai_concept"

var key = ids.InApp("id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &conceptResource{base.NewResource(typeName, key, resourceSchema)}
}

type conceptResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity    = (*conceptResource)(nil)
	_ resource.ResourceWithImportState = (*conceptResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*conceptResource)(nil)
	_ resource.ResourceWithMoveState   = (*conceptResource)(nil)
)

// MoveState moves the state of resources of generic REST providers.
func (r *conceptResource) MoveState(context.Context) []resource.StateMover {
	return movestate.Movers(movestate.InApp("concepts", "id"))
}

func (r *conceptResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	if req.Plan.Raw.IsNull() {
		attrs.PlanNotDeletable(ctx, "concept", remains, req.State, &resp.Diagnostics)
		return
	}
	planNew(ctx, req, resp)
	attrs.PlanCleared(ctx, req, resp, "definition")
	attrs.PlanUnchanged(req, resp)
	var config, state resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return // the language of a new concept is not known yet
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if config.ID.Equal(state.ID) {
		resp.Diagnostics.Append(r.claimTexts(&state, config.Name, config.Definition, state.Language)...)
	}
}

// claimTexts registers the configured name and definition, which others must not set differently.
func (r *conceptResource) claimTexts(m *resourceModel, name, definition, language types.String) diag.Diagnostics {
	app, id := m.app(), m.ID.ValueString()
	owner := claims.Owner{Type: typeName, ID: app.UserID + "/" + app.AppID + "/" + id}
	return claims.For(r.Provider).ClaimTexts(owner, app, id, language.ValueString(),
		claims.Texts{Name: name.ValueString(), Definition: definition.ValueString()})
}

// remains says what destroying a concept leaves at the service.
const remains = "The concept stays in its app with its labels, languages and relations. To manage it again, import it or set " +
	"adopt_existing = true."

// planNew checks the id of a new concept. An existing concept that is adopted or imported may have any
// id, unless the API cannot read it.
func planNew(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() || plan.ID.IsUnknown() || plan.ID.Equal(state.ID) {
		return
	}
	id := plan.ID.ValueString()
	if !plan.AdoptExisting.ValueBool() {
		ids.PlanNew(ctx, "concept", req, resp)
	}
	if slices.Contains(ids.ConceptWords, id) {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Invalid id",
			fmt.Sprintf("%q cannot be the id of a concept: it is a word in the API's paths (like %s), so the concept could not be read.",
				id, strings.Join(ids.ConceptWords, ", ")))
	}
}

func (r *conceptResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := plan.app(), plan.ID.ValueString()
	concept, err := r.createOrAdopt(ctx, client, &plan, &resp.Diagnostics)
	if clarifai.IsDuplicate(err) {
		resp.Diagnostics.Append(alreadyExists(r.Provider, app, id, err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to create concept %q", id), err))
		return
	}
	warnIgnored(&plan, concept, &resp.Diagnostics)
	// A translation that disagrees is created after the concept, and reports it.
	_ = r.claimTexts(&plan, plan.Name, plan.Definition, types.StringValue(concept.Language))
	plan.setUnknown(concept)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
}

// createOrAdopt creates the concept. With adopt_existing an existing concept is adopted instead.
func (r *conceptResource) createOrAdopt(
	ctx context.Context, client *clarifai.Client, plan *resourceModel, to *diag.Diagnostics,
) (*clarifai.Concept, error) {
	app, want := plan.app(), plan.toAPI()
	if plan.AdoptExisting.ValueBool() {
		found, err := r.knownConcept(ctx, client, app, want.ID)
		if err != nil {
			return nil, err
		}
		if found != nil {
			return adoptExisting(ctx, client, plan, found)
		}
	}
	read := func(ctx context.Context) (*clarifai.Concept, error) { return client.GetConcept(ctx, app, want.ID) }
	concept, adopted, err := adopt.TryOnce(ctx, r.Provider, adopt.Spec[*clarifai.Concept]{
		ResourceType: typeName, Noun: "concept", ID: want.ID, ImportID: app.UserID + "/" + app.AppID + "/" + want.ID,
		Create: func(ctx context.Context) (*clarifai.Concept, error) { return client.CreateConcept(ctx, app, want) },
		Read:   read,
		Equal: func(found *clarifai.Concept) bool {
			return (want.Name == "" || found.Name == want.Name) && found.Definition == want.Definition &&
				(found.Metadata == nil || attrs.SameJSON(found.Metadata, want.Metadata))
		},
		CreatedAt: func(found *clarifai.Concept) time.Time { return found.CreatedAt },
	})
	if adopted {
		to.Append(adopt.Adopted("concept", want.ID))
	}
	if clarifai.IsDuplicate(err) && plan.AdoptExisting.ValueBool() {
		found, err := read(ctx)
		if err != nil {
			return nil, err
		}
		return adoptExisting(ctx, client, plan, found)
	}
	return concept, err
}

// adoptExisting updates an existing concept to what is configured.
func adoptExisting(ctx context.Context, client *clarifai.Client, plan *resourceModel, found *clarifai.Concept) (*clarifai.Concept, error) {
	seen := modelFromAPI(plan.app(), found)
	if plan.Metadata.IsNull() {
		seen.Metadata = plan.Metadata // not managed
	}
	patch, changed := plan.patch(seen)
	if !changed {
		return found, nil
	}
	concept, err := client.UpdateConcept(ctx, plan.app(), patch)
	if err != nil {
		return nil, err
	}
	updated := *concept
	updated.CreatedAt = found.CreatedAt // a PATCH responds with the time of the PATCH
	if updated.Visibility == nil && patch.Visibility == nil {
		updated.Visibility = found.Visibility // the response to a PATCH may omit it
	}
	return &updated, nil
}

// alreadyExists is the diagnostic for a concept that already exists.
func alreadyExists(p *configure.Provider, app clarifai.AppRef, id string, err error) diag.Diagnostic {
	exists := adopt.AlreadyExists(p, typeName, "concept", id, app.UserID+"/"+app.AppID+"/"+id, err)
	return diag.WithPath(path.Root("id"), diag.NewErrorDiagnostic(exists.Summary(), exists.Detail()+
		"\n\nThe service also creates a concept when an input is labelled with one that does not exist. Concepts cannot be deleted. "+
		"To adopt the existing concept, set adopt_existing = true."))
}

// warnIgnored warns if the service does not support metadata of concepts.
func warnIgnored(plan *resourceModel, response *clarifai.Concept, to *diag.Diagnostics) {
	if response.Metadata == nil && !attrs.SameJSON(attrs.Struct(plan.Metadata), nil) {
		to.AddAttributeWarning(path.Root("metadata"), "Metadata ignored by the service",
			fmt.Sprintf("The response does not contain the metadata of concept %q. This deployment of the service is probably too old "+
				"for metadata of concepts.", plan.ID.ValueString()))
	}
}

func (r *conceptResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := state.app(), state.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	concept, err := client.ReadConcept(ctx, app, id)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read concept %q", id), err))
		return
	}
	importing := state.Name.IsNull()
	if importing {
		state.AdoptExisting, state.DeletionPolicy = types.BoolValue(false), types.StringValue(attrs.DeletionAbandon)
	}
	state.fromAPI(concept, importing)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *conceptResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
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
	if patch, changed := plan.patch(state.model); changed {
		concept, err := client.UpdateConcept(ctx, app, patch)
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to update concept %q", id), err))
			return
		}
		if patch.Metadata != nil {
			warnIgnored(&plan, concept, &resp.Diagnostics)
		}
		plan.setUnknown(concept)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete only removes the concept from state: the API cannot delete concepts.
func (*conceptResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	attrs.PlanNotDeletable(ctx, "concept", remains, req.State, &resp.Diagnostics)
}
