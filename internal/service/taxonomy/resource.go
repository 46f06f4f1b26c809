// Package taxonomy is the resource clarifai_taxonomy, a whole taxonomy as one object, and the functions that read one from text. The
// packages below it read files (skos, table), check what they hold (graph), and compare it with an app and apply it (reconcile).
package taxonomy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/reconcile"
)

const defaultTimeout = time.Hour

const typeName = "clarifai_taxonomy"

var key = ids.InApp("name")

// NewResource returns the resource clarifai_taxonomy.
func NewResource() resource.Resource {
	return &taxonomyResource{base.NewResource(typeName, key, resourceSchema)}
}

type taxonomyResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity         = (*taxonomyResource)(nil)
	_ resource.ResourceWithImportState      = (*taxonomyResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*taxonomyResource)(nil)
	_ resource.ResourceWithConfigValidators = (*taxonomyResource)(nil)
)

func (r *taxonomyResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	var all []path.Expression
	for _, name := range sources {
		all = append(all, path.MatchRoot(name))
	}
	return []resource.ConfigValidator{resourcevalidator.ExactlyOneOf(all...)}
}

// ImportState takes NAME, as other resources do, or NAME:ATTRIBUTE:PATH, where the attribute names a file. With a file the state is
// complete, so that the plan after the import shows only what differs in the app.
func (r *taxonomyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, source, withFile := strings.Cut(req.ID, ":")
	attribute, file, ok := strings.Cut(source, ":")
	if withFile && (!ok || file == "" || !strings.HasSuffix(attribute, "_file") || !slices.Contains(sources, attribute)) {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf("%q is not of the form [[user_id/]app_id/]name or "+
			"[[user_id/]app_id/]name:ATTRIBUTE:PATH, where ATTRIBUTE is csv_file, skos_file, skos_turtle_file or skos_jsonld_file.", req.ID))
		return
	}
	req.ID = id
	key.Import(ctx, r.Provider, req, resp)
	if withFile && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), file)...)
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
	problem := r.apply(ctx, &plan, nil, timeout, applied{}, resp.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if problem != nil {
		resp.Diagnostics.Append(problem)
		if plan.DeletionPolicy.ValueString() != attrs.DeletionDelete {
			// What is done stays done: the next create finds it. In state, Terraform would replace the taxonomy, which does nothing, or which
			// deletion_policy prevents.
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.Name.ValueString())...)
}

// cutOff describes what has ended the work early, for the beginning of a message; nothing if it may go on.
func cutOff(ctx context.Context, timeout time.Duration, limit string) string {
	switch {
	case ctx.Err() == nil:
		return ""
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Sprintf("The time limit of %s was reached; to allow more, set timeouts.%s.\n\n", timeout, limit)
	}
	return "The run was interrupted.\n\n"
}

// apply makes the app equal to the taxonomy. It returns what went wrong with parts of it; what keeps it from starting goes to problems.
func (r *taxonomyResource) apply(
	ctx context.Context, plan, state *model, timeout time.Duration, before applied, privateState private.Writer, problems *diag.Diagnostics,
) diag.Diagnostic {
	client, ready := r.Provider.Client()
	problems.Append(ready...)
	g, more := plan.read(ctx)
	problems.Append(more...)
	if problems.HasError() {
		return nil
	}
	at, _ := plan.source()
	if digest := g.Digest(); !plan.Digest.IsUnknown() && plan.Digest.ValueString() != digest {
		problems.AddAttributeError(at, "Taxonomy changed after the plan", "Its content is not what was planned, so nothing was changed. Plan "+
			"again.")
		return nil
	}
	plan.Digest, plan.Counts, plan.Skipped = types.StringValue(g.Digest()), countsOf(g), skippedOf(g)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	t := plan.target(client)
	t.Exists = state != nil
	t.Languages = t.Languages || state == nil || before.Incomplete || !plan.Digest.Equal(state.Digest)
	limit := "create"
	if state != nil {
		limit = "update"
	}
	d, err := t.Diff(ctx, g)
	if err != nil {
		problems.AddError("Unable to compare the "+plan.String()+" with the app", cutOff(ctx, timeout, limit)+"Nothing was "+
			"changed.\n\n"+diags.Detail(err))
		return nil
	}
	if plan.checkNewIDs(d, problems); problems.HasError() {
		return nil
	}
	result := t.Apply(ctx, d)
	runOf(r.Provider).addApplied(relationSet{plan.app(), t.GraphID}, g.Edges())
	plan.LastApply = lastApplyOf(result.Done())
	if plan.Changes.IsUnknown() {
		plan.Changes = types.StringValue(r.describe(d))
	}
	problems.Append(private.Store(ctx, privateState, appliedKey, plan.applied(g, before, result.Failed()))...)
	problems.Append(private.Store(ctx, privateState, driftKey, drift{})...)
	if !result.Failed() {
		return nil
	}
	return diag.NewErrorDiagnostic("Incomplete "+plan.String(), result.Summary(cutOff(ctx, timeout, limit), diags.Detail))
}

// applied is what an apply leaves. After a failure, the relations of earlier applies may still exist.
func (m *model) applied(g *graph.Graph, before applied, failed bool) applied {
	a := applied{Incomplete: failed}
	if m.DeletionPolicy.ValueString() != attrs.DeletionDelete {
		return a
	}
	edges := g.Edges()
	if failed {
		if earlier, err := graph.DecodeEdges(before.Relations); err == nil {
			edges = slices.Compact(slices.SortedFunc(slices.Values(slices.Concat(edges, earlier)), graph.Edge.Compare))
		}
	}
	if encoded, err := graph.EncodeEdges(edges); err == nil {
		a.Relations = encoded
	}
	return a
}

// Read compares the app with the taxonomy, as far as its source can be read, and keeps the result for the plan.
func (r *taxonomyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, state.app(), state.Name.ValueString())...)
	imported := state.DeletionPolicy.IsNull()
	if imported {
		state.setDefaults()
		state.Refresh, state.DeletionPolicy = types.StringValue(refreshStructure), types.StringValue(attrs.DeletionAbandon)
	}
	_, source := state.source()
	if source.IsNull() { // imported without a file
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	g, problems := state.read(ctx)
	if imported {
		resp.Diagnostics.Append(problems...)
		if resp.Diagnostics.HasError() {
			return
		}
		state.Digest, state.Counts, state.Skipped = types.StringValue(g.Digest()), countsOf(g), skippedOf(g)
		state.Changes, state.LastApply = types.StringValue(""), lastApplyOf(reconcile.Counts{})
		state.Drift = types.StringValue("")
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
	if problems.HasError() { // the plan reports them, if the configuration still names this source
		resp.Diagnostics.Append(private.Store(ctx, resp.Private, driftKey, drift{})...)
		return
	}
	t := state.target(client)
	t.Exists = true
	before, more := private.Load[applied](ctx, req.Private, appliedKey)
	resp.Diagnostics.Append(more...)
	t.Languages = t.Languages || before.Incomplete
	d, err := t.Diff(ctx, g)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to compare the "+state.String()+" with the app", err))
		return
	}
	now := state
	now.Digest = types.StringValue(g.Digest())
	text := r.describe(d)
	resp.Diagnostics.Append(private.Store(ctx, resp.Private, driftKey, drift{
		Of: now.compared(), Plan: text, Empty: d.Empty(), NewIDs: state.newIDs(g, d),
	})...)
	switch {
	case !now.Digest.Equal(state.Digest): // what differs is the source
		state.Changes = types.StringValue("")
	case !d.Empty():
		state.Changes, state.Drift = types.StringValue(""), types.StringValue(d.Changes(0).Drift("concept"))
	default:
		state.Drift = types.StringValue("")
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
	before, more := private.Load[applied](ctx, req.Private, appliedKey)
	resp.Diagnostics.Append(more...)
	problem := r.apply(ctx, &plan, &state, timeout, before, resp.Private, &resp.Diagnostics)
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
			resp.Diagnostics.AddWarning("Taxonomy removed from state only", remains+", with their relations.")
		}
		return
	}
	before, more := private.Load[applied](ctx, req.Private, appliedKey)
	resp.Diagnostics.Append(more...)
	edges := state.relations(ctx, before, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	t := state.target(client)
	d, err := t.Relations(ctx, runOf(r.Provider).withoutApplied(relationSet{state.app(), t.GraphID}, edges))
	if err != nil {
		if !clarifai.IsNotFound(err) {
			resp.Diagnostics.Append(diags.Error("Unable to list the relations of the "+state.String(), err))
		}
		return
	}
	if result := t.Apply(ctx, d); result.Failed() {
		resp.Diagnostics.AddError("Unable to delete all relations of the "+
			""+state.String(), result.Summary(cutOff(ctx, timeout, "delete"), diags.Detail))
		return
	}
	resp.Diagnostics.AddWarning("Concepts stay in the app", remains+". Their relations are deleted.")
}

// relations are those that the taxonomy has applied: from the private state, or from its source if that is what was applied.
func (m *model) relations(ctx context.Context, a applied, problems *diag.Diagnostics) []graph.Edge {
	if a.Relations != nil {
		edges, err := graph.DecodeEdges(a.Relations)
		if err == nil {
			return edges
		}
	}
	const wayOut = "To destroy the taxonomy, restore the file that was applied; or set deletion_policy = \"abandon\", apply and destroy, " +
		"which keeps the relations."
	g, more := m.read(ctx)
	if more.HasError() {
		problems.Append(more...)
		problems.AddError("Unable to delete the relations of the "+m.String(), "Which relations are its own is known from its source only, "+
			"which cannot be read. "+wayOut)
		return nil
	}
	if g.Digest() != m.Digest.ValueString() {
		at, _ := m.source()
		problems.AddAttributeError(at, "Unable to delete the relations of the "+m.String(), "The source is not what was applied (digest), so "+
			"the relations in it may belong to others. Nothing was changed. "+wayOut)
		return nil
	}
	return g.Edges()
}
