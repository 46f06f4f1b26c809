// Package conceptrelation implements relations between concepts. The service stores each once and
// shows it from both sides.
package conceptrelation

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
)

const typeName = "clarifai_concept_relation"

var key = ids.InApp("id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &relationResource{base.NewResource(typeName, key, resourceSchema)}
}

type relationResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*relationResource)(nil)
	_ resource.ResourceWithImportState    = (*relationResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*relationResource)(nil)
	_ resource.ResourceWithValidateConfig = (*relationResource)(nil)
)

func (r *relationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identitySchema
}

func (r *relationResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !config.Subject.IsUnknown() && !config.Subject.IsNull() && config.Subject.Equal(config.Object) {
		resp.Diagnostics.AddAttributeError(path.Root("object_concept_id"), "Concept related to itself",
			fmt.Sprintf("Subject and object are both %q. A relation needs two different concepts.", config.Object.ValueString()))
	}
}

func (r *relationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	key.PlanScope(ctx, r.Provider, req, resp)
	var plan model
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !req.State.Raw.IsNull() {
		planInverse(ctx, &plan, req, resp)
		attrs.PlanUnchanged(req, resp)
	}
	// A relation that will be replaced is planned again as a new one.
	if resp.Diagnostics.HasError() || len(resp.RequiresReplace) > 0 || !plan.isKnown() || r.Provider == nil {
		return
	}
	token, problems := tokenOf(ctx, req.Private)
	resp.Diagnostics.Append(problems...)
	if token == "" {
		token = rand.Text()
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, tokenKey, []byte(`"`+token+`"`))...)
	}
	resp.Diagnostics.Append(runOf(r.Provider).declare(&plan, token)...)
}

// planInverse plans no change if the configuration has the inverse of the relation in state, and a
// replacement if it has another relation.
func planInverse(ctx context.Context, plan *model, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	parts := []struct {
		name    string
		is, was types.String
	}{
		{"subject_concept_id", plan.Subject, state.Subject},
		{"predicate", plan.Predicate, state.Predicate},
		{"object_concept_id", plan.Object, state.Object},
	}
	same := plan.isKnown() && plan.triple().canonical() == state.triple().canonical()
	for _, conceptAttribute := range parts {
		switch {
		case same:
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(conceptAttribute.name), conceptAttribute.was)...)
		case !conceptAttribute.is.Equal(conceptAttribute.was):
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(conceptAttribute.name))
		}
	}
}

// tokenKey is the key in private state of the token that identifies a resource.
const tokenKey = "token"

func tokenOf(ctx context.Context, p private.Reader) (string, diag.Diagnostics) {
	value, problems := p.GetKey(ctx, tokenKey)
	return strings.Trim(string(value), `"`), problems // private state is JSON
}

func (r *relationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	token, problems := tokenOf(ctx, resp.Private)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	run, app := runOf(r.Provider), plan.app()
	created, adopted, err := r.create(ctx, client, &plan)
	switch {
	case clarifai.IsDuplicate(err):
		resp.Diagnostics.Append(r.alreadyExists(ctx, client, &plan, err))
		return
	case err != nil:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to create relation %s", plan.String()), err))
		return
	}
	if !run.create(created.ID, token) {
		resp.Diagnostics.Append(declaredTwice(plan.triple(), tripleOf(*created)))
		return
	}
	if adopted {
		resp.Diagnostics.Append(adopt.Adopted("relation", plan.String()))
	}
	plan.ID = types.StringValue(created.ID)
	plan.Visibility = attrs.VisibilityFromAPI(plan.Visibility, created.Visibility)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	setIdentity(ctx, resp.Identity, app, created.ID, &resp.Diagnostics)
}

// hasVisibility reports whether a relation has the configured visibility, if one is configured.
func (m *model) hasVisibility(found *clarifai.ConceptRelation) bool {
	return m.Visibility.IsNull() || m.Visibility.IsUnknown() || attrs.VisibilityFromAPI(m.Visibility, found.Visibility).Equal(m.Visibility)
}

// create creates the relation exactly once, also if the response is lost. The service chooses the id,
// so only a relation that did not exist before the run can be the one that this resource created.
func (r *relationResource) create(
	ctx context.Context, client *clarifai.Client, plan *model,
) (created *clarifai.ConceptRelation, adopted bool, err error) {
	app, sent, run := plan.app(), plan.triple().asPosted(), runOf(r.Provider)
	want := sent.toAPI(plan.Visibility)
	before, err := run.existingRelations(ctx, client, app)
	if err != nil && ctx.Err() != nil {
		return nil, false, err
	}
	return adopt.TryOnce(ctx, r.Provider, adopt.Spec[*clarifai.ConceptRelation]{
		Create: func(ctx context.Context) (*clarifai.ConceptRelation, error) {
			return client.CreateConceptRelation(ctx, app, sent.subject, want)
		},
		Read: func(ctx context.Context) (*clarifai.ConceptRelation, error) {
			return findSame(ctx, client, app, plan.triple())
		},
		Equal: func(found *clarifai.ConceptRelation) bool {
			return run.creatorToken(found.ID) == "" && plan.hasVisibility(found)
		},
		New: func(found *clarifai.ConceptRelation) bool { return before.isNew(found.ID) },
	})
}

// findSame finds the relation with the same or the inverse triple in the same graph.
func findSame(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, triple triple) (*clarifai.ConceptRelation, error) {
	relations := find(ctx, client, app, triple.subject, triple.predicate, triple.graph)
	found, err := listing.Find(relations, "ListConceptRelations", "relation "+triple.String(),
		func(r clarifai.ConceptRelation) bool { return tripleOf(r).canonical() == triple.canonical() })
	if err != nil {
		return nil, err
	}
	return &found, nil
}

// alreadyExists is the diagnostic for a relation that already exists.
func (r *relationResource) alreadyExists(ctx context.Context, client *clarifai.Client, plan *model, err error) diag.Diagnostic {
	app := plan.app()
	found, lookErr := findSame(ctx, client, app, plan.triple())
	if lookErr != nil {
		return diags.Error(fmt.Sprintf("Relation %s already exists", plan.String()), err)
	}
	if runOf(r.Provider).creatorToken(found.ID) != "" {
		return declaredTwice(plan.triple(), tripleOf(*found))
	}
	importID := app.UserID + "/" + app.AppID + "/" + found.ID
	exists := adopt.AlreadyExists(r.Provider, typeName, "concept relation", found.ID, importID, err)
	return diag.NewErrorDiagnostic(fmt.Sprintf("Relation %s already exists", plan.String()), exists.Detail()+
		"\n\nA relation and its inverse are the same. If this resource was only renamed in the configuration, add a moved block.")
}

func (r *relationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := state.app(), state.ID.ValueString()
	setIdentity(ctx, resp.Identity, app, id, &resp.Diagnostics)
	relation, err := client.ReadConceptRelation(ctx, app, state.Subject.ValueString(), id)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read relation %s", state.String()), err))
		return
	}
	state.fromAPI(relation, state.Visibility.IsNull())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// setIdentity sets the identity. Only the id is stored: the other attributes are for imports.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, app clarifai.AppRef, id string, to *diag.Diagnostics) {
	to.Append(key.SetIdentity(ctx, identity, app, id)...)
	if identity == nil {
		return
	}
	for _, name := range []string{"subject_concept_id", "predicate", "object_concept_id", "knowledge_graph_id"} {
		to.Append(identity.SetAttribute(ctx, path.Root(name), types.StringNull())...)
	}
}

// Update sends nothing: relations cannot be changed. It stores what planInverse left to store.
func (r *relationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	setIdentity(ctx, resp.Identity, plan.app(), plan.ID.ValueString(), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *relationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Either concept's path will do. Under the parent's those of its kinds share calls.
	concept := state.triple().canonical().object
	err := client.RemoveConceptRelation(ctx, state.app(), concept, state.ID.ValueString())
	if err != nil && !clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete relation %s", state.String()), err))
	}
}
