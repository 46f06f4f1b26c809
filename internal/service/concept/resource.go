// Package concept is about concepts, the labels of an app, and how often they
// are used. Their languages and relations are nouns of their own.
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const typeName = "clarifai_concept"

// lookAgain bounds the reading back of what an interrupted call may have done.
const lookAgain = 30 * time.Second

// reserved are ids that the API's own paths hide: such a concept could not be read.
var reserved = []string{"knowledge_graphs", "mappings", "relations", "searches", "status"}

var key = ids.InApp("id")

// NewResource makes the resource.
func NewResource() resource.Resource { return &conceptResource{} }

type conceptResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity    = (*conceptResource)(nil)
	_ resource.ResourceWithImportState = (*conceptResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*conceptResource)(nil)
)

func (r *conceptResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *conceptResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema
}

func (r *conceptResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *conceptResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *conceptResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() {
		planForget(ctx, req, resp)
		return
	}
	planNew(ctx, req, resp)
	attrs.PlanCleared(ctx, req, resp, "definition")
	attrs.PlanUnchanged(req, resp)
}

// planForget refuses the destruction of what deletion_policy protects, and says
// of the rest that it stays.
func planForget(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	forget(&state, &resp.Diagnostics)
}

// forget says what destroying comes to.
func forget(state *resourceModel, to *diag.Diagnostics) {
	id, app := state.ID.ValueString(), state.AppID.ValueString()
	if state.DeletionPolicy.ValueString() == attrs.DeletionPrevent {
		to.AddAttributeError(path.Root("deletion_policy"), "Deletion is prevented",
			fmt.Sprintf("deletion_policy of concept %q is \"prevent\". To have Terraform forget it, first apply deletion_policy = \"abandon\".", id))
		return
	}
	to.AddWarning("Concept forgotten, not deleted",
		fmt.Sprintf("The API cannot delete concepts: %q stays in app %q with its labels, languages and relations, and its id stays taken. "+
			"To manage it again, import it or set adopt_existing = true.", id, app))
}

// planNew refuses ids of new concepts that the API would refuse. An existing one
// may have such an id from elsewhere.
func planNew(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() || plan.ID.IsUnknown() || plan.ID.Equal(state.ID) || plan.AdoptExisting.ValueBool() {
		return
	}
	id := plan.ID.ValueString()
	if problem := ids.Problem(id, ids.MaxLength); problem != "" {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Invalid id",
			fmt.Sprintf("%q cannot be the id of a new concept: %s. An id is made of 1 to %d letters A-Z and a-z, digits, hyphens and underscores.", id, problem, ids.MaxLength))
	}
	if slices.Contains(reserved, id) {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Invalid id",
			fmt.Sprintf("%q cannot be the id of a concept: the API uses the word in its own paths (as it does %s), so the concept could not be read.", id, strings.Join(reserved, ", ")))
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
	concept, err := r.make(ctx, client, &plan)
	if clarifai.IsDuplicate(err) {
		resp.Diagnostics.Append(alreadyExists(app, id, err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to create concept %q", id), err))
		return
	}
	warnIgnored(&plan, concept, &resp.Diagnostics)
	plan.refresh(concept, false)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
}

// make creates the concept, or adopts it where that is wanted.
func (r *conceptResource) make(ctx context.Context, client *clarifai.Client, plan *resourceModel) (*clarifai.Concept, error) {
	app, want := plan.app(), plan.request()
	if plan.AdoptExisting.ValueBool() {
		found, err := r.known(ctx, client, app, want.ID)
		if err != nil {
			return nil, err
		}
		if found != nil {
			return adoptIt(ctx, client, plan, found)
		}
	}
	began := time.Now()
	read := func(ctx context.Context) (*clarifai.Concept, error) {
		// An interrupt during the call must not lose what the call has made.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
		defer cancel()
		return client.GetConcept(ctx, app, want.ID)
	}
	concept, err := adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.Concept, error) { return client.CreateConcept(ctx, app, want) },
		read,
		func(found *clarifai.Concept) bool {
			return (want.Name == "" || found.Name == want.Name) && found.Definition == want.Definition &&
				(found.Metadata == nil || attrs.SameJSON(found.Metadata, want.Metadata)) && adopt.MadeSince(found.CreatedAt, began)
		})
	if clarifai.IsDuplicate(err) && plan.AdoptExisting.ValueBool() {
		found, err := read(ctx)
		if err != nil {
			return nil, err
		}
		return adoptIt(ctx, client, plan, found)
	}
	return concept, err
}

// adoptIt gives a concept that was there before what is configured.
func adoptIt(ctx context.Context, client *clarifai.Client, plan *resourceModel, found *clarifai.Concept) (*clarifai.Concept, error) {
	seen := show(plan.app(), found)
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
	if concept.Visibility == nil && patch.Visibility == nil {
		changed := *concept
		changed.Visibility = found.Visibility // the answer to a patch leaves it out
		concept = &changed
	}
	return concept, nil
}

// alreadyExists is the diagnostic for a concept that was there before.
func alreadyExists(app clarifai.AppRef, id string, err error) diag.Diagnostic {
	exists := diags.AlreadyExists(typeName, "concept", id, app.UserID+"/"+app.AppID+"/"+id, err)
	return diag.WithPath(path.Root("id"), diag.NewErrorDiagnostic(exists.Summary(), exists.Detail()+
		"\n\nThe service also makes a concept when an input is labelled with one that the app does not have, and cannot delete any. "+
		"To take over what exists, set adopt_existing = true."))
}

// warnIgnored says that the service does not know metadata of concepts.
func warnIgnored(plan *resourceModel, answer *clarifai.Concept, to *diag.Diagnostics) {
	if answer.Metadata == nil && !attrs.SameJSON(attrs.Struct(plan.Metadata), nil) {
		to.AddAttributeWarning(path.Root("metadata"), "The service ignored metadata",
			fmt.Sprintf("The answer says nothing of the metadata of concept %q. This deployment of the service is probably older than metadata of concepts.", plan.ID.ValueString()))
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
	state.refresh(concept, importing)
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
		plan.refresh(concept, false)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete only forgets: the API has no call to delete a concept.
func (r *conceptResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !resp.Diagnostics.HasError() {
		forget(&state, &resp.Diagnostics)
	}
}
