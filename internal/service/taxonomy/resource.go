package taxonomy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const defaultTimeout = time.Hour

var key = ids.InApp("name")

// NewResource makes the resource.
func NewResource() resource.Resource { return &taxonomyResource{} }

type taxonomyResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity         = (*taxonomyResource)(nil)
	_ resource.ResourceWithImportState      = (*taxonomyResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*taxonomyResource)(nil)
	_ resource.ResourceWithConfigValidators = (*taxonomyResource)(nil)
)

func (r *taxonomyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "clarifai_taxonomy"
}

func (r *taxonomyResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	s := resourceSchema
	s.Attributes = map[string]schema.Attribute{"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, Update: true, Delete: true,
		CreateDescription: "How long bringing the taxonomy to the service may take. Defaults to `1h`.",
		UpdateDescription: "How long bringing changes to the service may take. Defaults to `1h`.",
		DeleteDescription: "How long deleting its relations may take. Defaults to `1h`.",
	})}
	for name, attribute := range resourceSchema.Attributes {
		s.Attributes[name] = attribute
	}
	resp.Schema = s
}

func (r *taxonomyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *taxonomyResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{resourcevalidator.ExactlyOneOf(
		path.MatchRoot("csv_file"), path.MatchRoot("skos_turtle_file"), path.MatchRoot("skos_jsonld_file"), path.MatchRoot("concepts"),
	)}
}

// ImportState takes NAME, as other resources do, or NAME:ATTRIBUTE:PATH, where
// the attribute names a file. With a file the state is complete, so that the plan
// after the import shows only what really differs at the service.
func (r *taxonomyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, source, withFile := strings.Cut(req.ID, ":")
	attribute, file, ok := strings.Cut(source, ":")
	if withFile && (!ok || file == "" || (attribute != "csv_file" && attribute != "skos_turtle_file" && attribute != "skos_jsonld_file")) {
		resp.Diagnostics.AddError("Cannot read the import id",
			fmt.Sprintf("%q is not of the form [[user_id/]app_id/]name or [[user_id/]app_id/]name:ATTRIBUTE:PATH, where ATTRIBUTE is csv_file, skos_turtle_file or skos_jsonld_file.", req.ID))
		return
	}
	req.ID = id
	key.Import(ctx, r.Provider, req, resp)
	if withFile && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), file)...)
	}
}

func (r *taxonomyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanDeletion(ctx, "taxonomy", req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan model
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.known(ctx) {
		plan.Digest, plan.Counts, plan.Changes = types.StringUnknown(), types.ObjectUnknown(countsType), types.ObjectUnknown(changesType)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	g, problems := plan.read(ctx)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.Digest, plan.Counts, plan.Changes = types.StringValue(g.Digest()), countsOf(g), types.ObjectUnknown(changesType)
	d := r.difference(ctx, &plan, g, &resp.Diagnostics)
	// What is to be done is told, but not planned as a value: the CLI plans once more
	// before it applies, and the app may have changed by then, if only through what
	// was applied before.
	if d != nil && !d.empty() {
		at, _ := plan.source()
		resp.Diagnostics.AddAttributeWarning(at, "Changes to the "+plan.String(), d.String())
	}
	if !req.State.Raw.IsNull() {
		var state model
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.warnOfForgotten(plan, state, &resp.Diagnostics)
		if d != nil && d.empty() && plan.Digest.Equal(state.Digest) && !state.Changes.IsNull() {
			same := plan
			same.Changes = state.Changes
			resp.Diagnostics.Append(resp.Plan.Set(ctx, &same)...)
			if resp.Plan.Raw.Equal(req.State.Raw) {
				return // nothing at all to do
			}
		}
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// difference compares with the service, as far as that is possible at plan.
func (r *taxonomyResource) difference(ctx context.Context, plan *model, g *Graph, problems *diag.Diagnostics) *difference {
	if r.Provider == nil || r.Provider.API == nil || plan.UserID.IsUnknown() || plan.AppID.IsUnknown() || plan.KnowledgeGraphID.IsUnknown() {
		return nil
	}
	d, err := plan.scope(r.Provider.API).compare(ctx, g)
	switch {
	case clarifai.IsNotFound(err):
		return nil // the app may be made by the same apply
	case err != nil:
		problems.Append(diags.Error("Unable to compare the "+plan.String()+" with the service", err))
		return nil
	}
	return d
}

func (m *model) scope(client *clarifai.Client) scope {
	return scope{
		client: client, app: m.app(), graphID: m.KnowledgeGraphID.ValueString(),
		exclusive: m.ExclusiveRelations.ValueBool(), languages: m.Refresh.ValueString() == refreshFull,
	}
}

// warnOfForgotten tells that the API cannot delete what is taken out.
func (r *taxonomyResource) warnOfForgotten(plan, state model, problems *diag.Diagnostics) {
	before, _ := state.Counts.Attributes()["concepts"].(types.Int64)
	after, _ := plan.Counts.Attributes()["concepts"].(types.Int64)
	if n := before.ValueInt64() - after.ValueInt64(); n > 0 {
		problems.AddAttributeWarning(path.Root("counts"), "Concepts stay in the app",
			fmt.Sprintf("The %s has at least %s fewer than before. The API cannot delete concepts: they stay in app %q, and so do their relations with what is left. "+
				"To take a concept out of the tree, first leave it in without parent and apply.", plan.String(), diags.Counted(int(n), "concept"), plan.AppID.ValueString()))
	}
}

func (r *taxonomyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, more := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	problem := r.bring(ctx, &plan, nil, timeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if problem != nil {
		resp.Diagnostics.Append(problem)
		if plan.DeletionPolicy.ValueString() != attrs.DeletionDelete {
			// What is done stays done: a taxonomy that is made anew finds it there. In
			// state the CLI would replace it, which does nothing, or is prevented for ever.
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.Name.ValueString())...)
}

// cutOff tells what has cut the work off, for the beginning of a message; nothing
// when it may go on.
func cutOff(ctx context.Context, timeout time.Duration, limit string) string {
	switch {
	case ctx.Err() == nil:
		return ""
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Sprintf("Time ran out after %s; to allow more, set timeouts.%s.\n\n", timeout, limit)
	}
	return "The run was interrupted.\n\n"
}

// bring makes the service what the plan says. It answers what went wrong with
// parts of it; what keeps it from starting goes to problems.
func (r *taxonomyResource) bring(ctx context.Context, plan, state *model, timeout time.Duration, problems *diag.Diagnostics) diag.Diagnostic {
	client, ready := r.Provider.Client()
	problems.Append(ready...)
	g, more := plan.read(ctx)
	problems.Append(more...)
	if problems.HasError() {
		return nil
	}
	at, _ := plan.source()
	if digest := g.Digest(); !plan.Digest.IsUnknown() && plan.Digest.ValueString() != digest {
		problems.AddAttributeError(at, "The taxonomy changed between plan and apply",
			"What is there now is not what was planned, so nothing was changed. Plan again.")
		return nil
	}
	plan.Digest, plan.Counts = types.StringValue(g.Digest()), countsOf(g)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s := plan.scope(client)
	s.languages = s.languages || state == nil || !plan.Digest.Equal(state.Digest)
	limit := "create"
	if state != nil {
		limit = "update"
	}
	d, err := s.compare(ctx, g)
	if err != nil {
		problems.AddError("Unable to compare the "+plan.String()+" with the service",
			cutOff(ctx, timeout, limit)+"Nothing was changed.\n\n"+diags.Detail(err))
		return nil
	}
	failed := s.apply(ctx, d)
	if plan.Changes.IsUnknown() {
		plan.Changes = changesOf(d)
	}
	if len(failed.list) == 0 {
		return nil
	}
	plan.Digest = types.StringValue("") // so that the next plan finds something to do
	return diag.NewErrorDiagnostic("The "+plan.String()+" is not complete", failed.summary(cutOff(ctx, timeout, limit), diags.Detail))
}

// Read only keeps what is there: what differs at the service is found by
// ModifyPlan, which knows what the taxonomy should be.
func (r *taxonomyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, state.app(), state.Name.ValueString())...)
	if !state.DeletionPolicy.IsNull() {
		return
	}
	// Imported: defaults, and what the file says, if one was named.
	state.Language, state.IDFrom = types.StringValue("en"), types.StringValue(idFromURI)
	state.AltAsSynonyms, state.AllowOther, state.ExclusiveRelations = types.BoolValue(false), types.BoolValue(false), types.BoolValue(true)
	state.Refresh, state.DeletionPolicy = types.StringValue(refreshStructure), types.StringValue(attrs.DeletionAbandon)
	if _, source := state.source(); !source.IsNull() {
		g, problems := state.read(ctx)
		resp.Diagnostics.Append(problems...)
		if resp.Diagnostics.HasError() {
			return
		}
		state.Digest, state.Counts = types.StringValue(g.Digest()), countsOf(g)
		state.Changes = changesOf(&difference{})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *taxonomyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, more := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.Name.ValueString())...)
	problem := r.bring(ctx, &plan, &state, timeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

func (r *taxonomyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	remains := fmt.Sprintf("The API cannot delete concepts: those of the %s stay in app %q", state.String(), state.AppID.ValueString())
	if !attrs.MayDelete(state.DeletionPolicy, "taxonomy", &resp.Diagnostics) {
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.AddWarning("Taxonomy forgotten, not deleted", remains+", with their relations.")
		}
		return
	}
	g, problems := state.read(ctx)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.AddError("The relations cannot be deleted without the taxonomy", "Which relations are its own is only known from the taxonomy itself. Bring it back, or apply deletion_policy = \"abandon\" and destroy then.")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s := state.scope(client)
	s.exclusive = true
	d := &difference{}
	err := s.compareRelations(ctx, g.withoutRelations(), d)
	if err != nil && !clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.Error("Unable to list the relations of the "+state.String(), err))
		return
	}
	if failed := s.apply(ctx, d); len(failed.list) > 0 {
		resp.Diagnostics.AddError("Some relations of the "+state.String()+" are left", failed.summary(cutOff(ctx, timeout, "delete"), diags.Detail))
		return
	}
	resp.Diagnostics.AddWarning("Concepts stay", remains+". Their relations are deleted.")
}
