package inputs

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

const typeName = "clarifai_inputs"

var key = ids.InApp("id")

// NewResource returns the resource clarifai_inputs.
func NewResource() resource.Resource { return &inputsResource{} }

type inputsResource struct{ configure.Resource }

var (
	_ resource.ResourceWithConfigure      = (*inputsResource)(nil)
	_ resource.ResourceWithIdentity       = (*inputsResource)(nil)
	_ resource.ResourceWithImportState    = (*inputsResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*inputsResource)(nil)
	_ resource.ResourceWithValidateConfig = (*inputsResource)(nil)
)

func (r *inputsResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *inputsResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

func (r *inputsResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

// ImportState takes ID, whose tracking dataset lists the resource's inputs, or ID:manifest:PATH, which also works if
// there is no tracking dataset yet: the inputs that the manifest lists are then imported as they are.
func (r *inputsResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, withSource, hasSource := strings.Cut(req.ID, ":")
	attribute, file, ok := strings.Cut(withSource, ":")
	if hasSource && (!ok || file == "" || attribute != "manifest") {
		resp.Diagnostics.AddError("Cannot read the import id",
			fmt.Sprintf("%q is not of the form [[user_id/]app_id/]id or [[user_id/]app_id/]id:manifest:PATH.", req.ID))
		return
	}
	req.ID = id
	key.Import(ctx, r.Provider, req, resp)
	if hasSource && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("manifest"), file)...)
	}
}

func (r *inputsResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.validate()...)
	}
}

func (r *inputsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	rows, problems := plan.plannedRows(r.Provider)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, more := plan.Timeouts.Create(ctx, defaultTimeout(rows.Len()))
	resp.Diagnostics.Append(more...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	target, run := plan.target(client), r.runState()
	found := run.takePlanned(plan.key(), rows)
	if found == nil {
		var err error
		if found, err = target.CompareNew(ctx, rows, run.incomplete(plan.key()), plan.overwrites()); err != nil {
			resp.Diagnostics.Append(compareProblem(&plan, err))
			return
		}
	}
	sum := found.Summary(false)
	if sum.UnknownOwner > 0 {
		resp.Diagnostics.Append(trackingExists(&plan, sum))
		return
	}
	// Inputs that an incomplete create has left behind and that have no row any more are not deleted by
	// this plan. They stay in the tracking dataset, and the next plan deletes them.
	kept := found.Remove
	found.Remove, sum.Remove = nil, 0
	if resp.Diagnostics.Append(planErrors(&plan, sum)...); resp.Diagnostics.HasError() {
		return
	}
	if found.NoTracking {
		if err := target.CreateTracking(ctx); err != nil {
			resp.Diagnostics.Append(trackingProblem(&plan, err))
			return
		}
	}
	options := plan.options()
	options.Begin = steps(ctx, client, &plan)
	result := target.Apply(ctx, found, options)
	result.Kept = append(result.Kept, kept...)
	problems = applyProblems(&plan, result, "create")
	plan.recordResult(result)
	if plan.Changes.IsUnknown() {
		plan.Changes = types.StringValue(changesText(sum, plan.options(), client))
	}
	run.setCreated(plan.key())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.ID.ValueString())...)
	resp.Diagnostics.Append(clearPrivate(ctx, resp.Private)...)
	resp.Diagnostics.Append(private.Store(ctx, resp.Private, fingerprintsKey, result.Fingerprints(problems.HasError()))...)
	resp.Diagnostics.Append(problems...)
}

// plannedRows reads the source, which must be the one that was planned.
func (m *model) plannedRows(p *configure.Provider) (*source.Rows, diag.Diagnostics) {
	rows, _, problems := m.load(p)
	if problems.HasError() {
		return nil, problems
	}
	if rows == nil {
		rows = &source.Rows{}
	}
	if !m.SourceSHA256.IsUnknown() && m.SourceSHA256.ValueString() != rows.Digest {
		problems.AddError(
			"The source has changed since the plan",
			fmt.Sprintf(
				"The plan was made for a source with source_sha256 = %q, and now it is %q. Plan and apply again.",
				m.SourceSHA256.ValueString(),
				rows.Digest,
			),
		)
	}
	m.SourceSHA256, m.InputCount = types.StringValue(rows.Digest), types.Int64Value(int64(rows.Len()))
	return rows, problems
}

// recordResult stores the outcome of an apply.
func (m *model) recordResult(result *reconcile.Result) {
	m.FailedCount = types.Int64Value(int64(len(result.Failures)))
	m.Drift = types.StringValue("")
	m.InSync = types.BoolValue(result.Complete() || result.Halted == nil && m.options().AcceptFailed)
}

func (r *inputsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, state.app(), state.ID.ValueString())...)
	target := state.target(client)
	if state.SourceSHA256.IsNull() {
		if state.Manifest.IsNull() {
			resp.Diagnostics.Append(state.readImported(ctx, target, resp.Private)...)
		} else {
			resp.Diagnostics.Append(r.readImportedRows(ctx, &state, target, resp.Private)...)
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	fingerprints := fingerprintsOf(ctx, req.Private, &resp.Diagnostics)
	r.runState().setFingerprints(state.key(), fingerprints)
	rows, known, problems := state.load(r.Provider)
	if problems.HasError() || !known || rows == nil {
		// The source may have moved or been removed; planning will see.
		resp.Diagnostics.Append(clearPrivate(ctx, resp.Private)...)
		return
	}
	found, err := target.Compare(ctx, rows, reconcile.CompareOptions{Fingerprints: fingerprints, Overwrite: state.overwrites()})
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx) // the app no longer exists
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+state.String(), err))
		return
	}
	sum := found.Summary(state.overwrites())
	applied := rows.Digest == state.SourceSHA256.ValueString()
	differs := sum.HasWork(state.options()) || sum.TrackingInDoubt || sum.ContentsInDoubt
	if differs {
		state.InSync = types.BoolValue(false)
	} else if applied {
		state.InSync = types.BoolValue(true)
	}
	if differs || !applied {
		// A plan follows. The text of the last one would look as if it was taken back.
		state.Changes = types.StringValue("")
	}
	state.Drift = types.StringValue(driftText(sum, state.options(), applied))
	sum.Source = state.sourceName()
	if applied && !differs && sum.IsEmpty() {
		// Private state stays as the apply left it: a plan that only refreshes reports any change of it.
		resp.Diagnostics.Append(private.Store(ctx, resp.Private, foundKey, nil)...)
	} else {
		resp.Diagnostics.Append(private.Store(ctx, resp.Private, foundKey, sum)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// readImportedRows fills in what an import with a manifest does not: the inputs are those that the manifest lists.
func (r *inputsResource) readImportedRows(ctx context.Context, m *model, target reconcile.Target, p private.Data) diag.Diagnostics {
	tracked, err := target.HasTracking(ctx)
	switch {
	case err != nil:
		return diag.Diagnostics{importProblem(m, err)}
	case tracked:
		return m.readImported(ctx, target, p)
	}
	rows, _, problems := m.load(r.Provider)
	if problems.HasError() || rows == nil {
		return problems
	}
	m.setImported()
	problems.Append(private.Store(ctx, p, fingerprintsKey, reconcile.ImportedFingerprints(rows))...)
	m.InputCount, m.SourceSHA256 = types.Int64Value(int64(rows.Len())), types.StringValue(rows.Digest)
	m.InSync = types.BoolValue(true)
	m.Changes, m.Drift = types.StringValue(""), types.StringValue("")
	return problems
}

// setImported sets what an import cannot know to the defaults of the attributes.
func (m *model) setImported() {
	m.OnConflict, m.OnFailed = types.StringValue(onError), types.StringValue(onError)
	m.WaitForProcessing = types.BoolValue(true)
	m.MaxDeletes = types.Int64Value(defaultMaxDeletes)
	m.MaxAnnotationDeletes = types.Int64Value(defaultMaxAnnotationDeletes)
	m.DeletionPolicy = types.StringValue(attrs.DeletionPrevent)
	m.FailedCount = types.Int64Value(0)
}

// readImported fills in what an import does not: the inputs are the members of the tracking dataset.
func (m *model) readImported(ctx context.Context, target reconcile.Target, p private.Data) diag.Diagnostics {
	var problems diag.Diagnostics
	if err := target.CheckTracking(ctx); err != nil {
		problems.Append(importProblem(m, err))
		return problems
	}
	members, err := target.Members(ctx)
	if err != nil {
		problems.Append(diags.Error("Unable to read "+m.String(), err))
		return problems
	}
	fingerprints := reconcile.NewFingerprints(0)
	for _, id := range members {
		fingerprints.Add(id)
	}
	problems.Append(private.Store(ctx, p, fingerprintsKey, fingerprints)...)
	m.InputCount = types.Int64Value(int64(fingerprints.Count))
	m.setImported()
	m.SourceSHA256 = types.StringValue("")
	m.InSync = types.BoolValue(false)
	m.Changes, m.Drift = types.StringValue(""), types.StringValue("")
	return problems
}

// steps reports the steps of an apply.
func steps(ctx context.Context, client *clarifai.Client, m *model) func(string, int) reconcile.Step {
	return func(doing string, total int) reconcile.Step {
		return progress.Start(ctx, client.Clock(), fmt.Sprintf("%s %q", typeName, m.ID.ValueString()), doing, total)
	}
}

func (r *inputsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.ID.ValueString())...)
	rows, problems := plan.plannedRows(r.Provider)
	resp.Diagnostics.Append(problems...)
	timeout, more := plan.Timeouts.Update(ctx, defaultTimeout(rows.Len()))
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	planned, more := private.Load[intent](ctx, req.Private, intentKey)
	resp.Diagnostics.Append(more...)
	if !planned.Update {
		// Only attributes that say how to apply have changed.
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	target := plan.target(client)
	refreshed, more := private.Load[reconcile.Summary](ctx, req.Private, foundKey)
	resp.Diagnostics.Append(more...)
	found, err := target.CompareAgain(ctx, rows, &refreshed, reconcile.CompareOptions{
		Fingerprints: fingerprintsOf(ctx, req.Private, &resp.Diagnostics), Overwrite: plan.overwrites(),
	})
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+plan.String(), err))
		return
	}
	sum := found.Summary(false)
	resp.Diagnostics.Append(planErrors(&plan, sum)...)
	resp.Diagnostics.Append(unplannedDeletes(&plan, sum)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if found.NoTracking {
		if err := target.CreateTracking(ctx); err != nil {
			resp.Diagnostics.Append(trackingProblem(&plan, err))
			return
		}
	}
	options := plan.options()
	options.ListedElsewhere, options.Begin = r.runState().listedElsewhere(plan.key()), steps(ctx, client, &plan)
	result := target.Apply(ctx, found, options)
	plan.recordResult(result)
	if plan.Changes.IsUnknown() {
		plan.Changes = types.StringValue(changesText(sum, plan.options(), client))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(clearPrivate(ctx, resp.Private)...)
	resp.Diagnostics.Append(private.Store(ctx, resp.Private, fingerprintsKey, result.Fingerprints(false))...)
	resp.Diagnostics.Append(applyProblems(&plan, result, "update")...)
}

func (r *inputsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	planned, more := private.Load[intent](ctx, req.Private, intentKey)
	resp.Diagnostics.Append(more...)
	// Half of a replacement by the same inputs: an incomplete create is resumed, or with
	// create_before_destroy the new resource has already adopted them. Without fingerprints the resource is
	// tainted and was not refreshed, so that it may be incomplete.
	run, fingerprints := r.runState(), fingerprintsOf(ctx, req.Private, &resp.Diagnostics)
	if run.wasCreated(state.key()) || planned.replaces(&state) && (fingerprints == nil || fingerprints.IsIncomplete()) {
		run.setFingerprints(state.key(), fingerprints)
		return
	}
	if !attrs.MayDelete(state.DeletionPolicy, "resource", &resp.Diagnostics) {
		return
	}
	timeout, more := state.Timeouts.Delete(ctx, defaultTimeout(int(state.InputCount.ValueInt64())))
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	target := state.target(client)
	if fingerprints.IsUntracked() {
		if tracked, err := target.HasTracking(ctx); err == nil && !tracked {
			resp.Diagnostics.AddWarning("Inputs removed from state, and not deleted",
				fmt.Sprintf("The %s of %q were imported, and no apply has changed anything since. They stay in the app.",
					counted(int(state.InputCount.ValueInt64())), state.ID.ValueString()))
			return
		}
	}
	found, err := target.Compare(ctx, &source.Rows{}, reconcile.CompareOptions{Fingerprints: fingerprints})
	if err != nil {
		if !clarifai.IsNotFound(err) {
			resp.Diagnostics.Append(diags.Error("Unable to read "+state.String(), err))
		}
		return
	}
	sum := found.Summary(false)
	if sum.TrackingInDoubt && sum.UnknownOwner > 0 {
		resp.Diagnostics.Append(planErrors(&state, sum)...)
		return
	}
	options := reconcile.Options{
		Workers: int(state.Parallelism.ValueInt64()), ListedElsewhere: run.listedElsewhere(state.key()),
		Begin: steps(ctx, client, &state),
	}
	result := target.RemoveAll(ctx, found, options)
	if len(result.Failures) == 0 && result.Halted == nil && !found.NoTracking {
		if err := target.DeleteTracking(ctx, found); err != nil {
			resp.Diagnostics.Append(deleteTrackingProblem(&state, err))
		}
	}
	resp.Diagnostics.Append(applyProblems(&state, result, "delete")...)
	if sum.AddedByOthers > 0 {
		resp.Diagnostics.Append(planWarnings(&state, sum)...)
	}
	if len(result.Failures) > 0 && !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddError("Not all inputs were deleted", "The resource stays in state; destroy again.")
	}
}
