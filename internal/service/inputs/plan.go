package inputs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// Keys of the private state.
const (
	foundKey        = "found"        // the summary of what refreshing has found
	intentKey       = "intent"       // what was planned
	fingerprintsKey = "fingerprints" // of the inputs after the last apply
)

// fingerprintsOf returns the fingerprints of the last apply, or nil.
func fingerprintsOf(ctx context.Context, p private.Reader, problems *diag.Diagnostics) *reconcile.Fingerprints {
	text, more := p.GetKey(ctx, fingerprintsKey)
	problems.Append(more...)
	return reconcile.ParseFingerprints(text)
}

// clearPrivate removes what an apply has made out of date.
func clearPrivate(ctx context.Context, p private.Writer) diag.Diagnostics {
	problems := private.Store(ctx, p, foundKey, nil)
	problems.Append(private.Store(ctx, p, intentKey, nil)...)
	return problems
}

// intent is what a plan is for. Terraform plans a real destroy with the provider.
// Before the destroy that is half of a replacement it plans only the create, so
// that Delete finds the intent of that create.
type intent struct {
	Create bool   `json:"create,omitzero"`
	Update bool   `json:"update,omitzero"` // of more than attributes that say how to apply
	User   string `json:"user,omitzero"`
	App    string `json:"app,omitzero"`
	ID     string `json:"id,omitzero"`
}

// replaces reports whether the resource that is deleted is to be created again with the same id.
func (i intent) replaces(m *model) bool {
	return i.Create && i.User == m.UserID.ValueString() && i.App == m.AppID.ValueString() && i.ID == m.ID.ValueString()
}

// checkOverlaps rejects rows that another resource of the configuration lists as
// well: neither would leave the input as the other wants it, and destroying one
// would delete it for both.
func (r *inputsResource) checkOverlaps(m *model, rows *source.Rows) diag.Diagnostics {
	var problems diag.Diagnostics
	if !m.scopeKnown() {
		return problems
	}
	for _, o := range r.runState().setRows(m.key(), rows) {
		problems.AddAttributeError(path.Root("id"), fmt.Sprintf("%s listed by two resources", counted(len(o.ids))),
			fmt.Sprintf("Both %s %q and %s %q list %s. An input belongs to one resource, which deletes it when its row is removed. Remove "+
				"the rows from one of them.",
				typeName, m.ID.ValueString(), typeName, o.other.id, names(reconcile.First(o.ids), len(o.ids))))
	}
	problems.Append(r.claimMembers(m, rows)...)
	return problems
}

// claimMembers registers the members that the rows give to datasets, which an exclusive list must not remove.
func (r *inputsResource) claimMembers(m *model, rows *source.Rows) diag.Diagnostics {
	register, app := claims.For(r.Provider), m.app()
	owner := claims.Owner{Type: typeName, ID: app.UserID + "/" + app.AppID + "/" + m.ID.ValueString()}
	problems := register.ClaimMembers(owner, claims.DatasetMembers(app, m.ID.ValueString()), rows.IDs(), false)
	for _, dataset := range rows.Datasets {
		problems.Append(register.ClaimMembers(owner, claims.DatasetMembers(app, dataset), rows.MembersOf(dataset), false)...)
	}
	return problems
}

// ModifyPlan plans what the apply is going to do.
func (r *inputsResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanDeletion(ctx, "resource", req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(private.Store(ctx, resp.Private, intentKey, intent{})...)
		return
	}
	var plan model
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	rows, known, problems := plan.load(r.Provider)
	if problems.HasError() && plan.sourceMissing(r.Provider) && !req.State.Raw.IsNull() {
		// The files may exist when the plan is applied, and a destroy does not need them.
		for _, d := range problems {
			resp.Diagnostics.AddWarning("Files of the source are missing",
				d.Detail()+"\n\nWhat this apply is going to do is not known. It fails if the files are still missing then.")
		}
		rows, known, problems = nil, false, nil
	}
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	if rows == nil && known {
		resp.Diagnostics.Append(plan.validate()...)
		return
	}
	if rows != nil {
		resp.Diagnostics.Append(plan.validateRows(rows)...)
		resp.Diagnostics.Append(r.checkOverlaps(&plan, rows)...)
		if resp.Diagnostics.HasError() {
			return
		}
		plan.SourceSHA256 = types.StringValue(rows.Digest)
	} else {
		plan.SourceSHA256 = types.StringUnknown()
	}
	// The number of rows follows from the digest. A plan that contained it would give one more error if the
	// source changes before the apply.
	plan.InputCount = types.Int64Unknown()
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(newIDsWarning(rows)...)
		resp.Diagnostics.Append(r.planCreate(ctx, &plan, rows, resp.Private)...)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.SourceSHA256.Equal(state.SourceSHA256) {
		plan.InputCount = state.InputCount
	} else {
		resp.Diagnostics.Append(newIDsWarning(rows)...)
	}
	update, problems := r.planUpdate(ctx, &plan, &state, rows, resp.Private)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(private.Store(ctx, resp.Private, intentKey, intent{Update: update})...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if !update && !resp.Plan.Raw.Equal(req.State.Raw) {
		// Only attributes that say how to apply change.
		plan.Changes = types.StringValue("")
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// newIDsWarning warns of ids of concepts, once: when a source is new or has changed.
func newIDsWarning(rows *source.Rows) diag.Diagnostics {
	if rows == nil || rows.NewIDs == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(rows.NewIDs.Summary, rows.NewIDs.Detail)}
}

// planCreate plans to add all rows, and reports which of them already exist.
func (r *inputsResource) planCreate(ctx context.Context, plan *model, rows *source.Rows, p private.Data) diag.Diagnostics {
	problems := private.Store(ctx, p, intentKey, intent{
		Create: true, User: plan.UserID.ValueString(), App: plan.AppID.ValueString(), ID: plan.ID.ValueString(),
	})
	// A replacement destroys with the private state of the create.
	if fingerprints := r.runState().fingerprints(plan.key()); fingerprints != nil {
		problems.Append(private.Store(ctx, p, fingerprintsKey, fingerprints)...)
	}
	if rows == nil {
		return problems
	}
	plan.Drift = types.StringValue("")
	client, ready := r.Provider.Client()
	if ready.HasError() {
		return problems // the configured rate is not known either
	}
	// What exists is not considered, so that the plan and its repetition before the apply agree.
	plan.Changes = types.StringValue(changesText(reconcile.CreateSummary(rows), plan.options(), client))
	if !plan.scopeKnown() {
		return problems
	}
	incomplete := r.runState().incomplete(plan.key())
	if incomplete != nil {
		problems.AddWarning("Resuming an incomplete create; no inputs will be replaced",
			fmt.Sprintf("An earlier apply has created %s of %q and failed for some. Terraform marked the resource as tainted, so that the "+
				"plan says that it must be replaced. "+
				"The provider deletes nothing: it adopts the inputs that exist and creates the others. To see an update instead, run terraform "+
				"untaint.", counted(incomplete.Count), plan.ID.ValueString()))
	}
	found, err := plan.target(client).CompareNew(ctx, rows, incomplete, plan.overwrites())
	switch {
	case clarifai.IsNotFound(err): // the app is yet to be created
	case err != nil:
		problems.Append(compareProblem(plan, err))
	default:
		r.runState().setPlanned(plan.key(), found)
		problems.Append(plan.createProblems(found.Summary(false), incomplete != nil)...)
	}
	return problems
}

// createProblems reports what planning a create has found.
func (m *model) createProblems(sum reconcile.Summary, resuming bool) diag.Diagnostics {
	var problems diag.Diagnostics
	sum.Remove = 0
	if sum.UnknownOwner > 0 {
		d := trackingExists(m, sum)
		problems.AddAttributeWarning(path.Root("id"), d.Summary(), d.Detail())
		sum.UnknownOwner = 0
	}
	problems.Append(planErrors(m, sum)...)
	if resuming {
		sum.Adopt = 0
	}
	problems.Append(planWarnings(m, sum)...)
	return problems
}

// planUpdate plans what refreshing has found or, if it could not compare, compares now. It reports whether there is
// anything to do.
func (r *inputsResource) planUpdate(
	ctx context.Context, plan, state *model, rows *source.Rows, p private.Data,
) (update bool, problems diag.Diagnostics) {
	plan.Drift = types.StringValue("")
	// A complete update leaves nothing to do, or is an error.
	plan.InSync, plan.FailedCount, plan.Changes = types.BoolValue(true), types.Int64Value(0), types.StringUnknown()
	if plan.OnFailed.ValueString() == onWarn {
		plan.InSync, plan.FailedCount = types.BoolUnknown(), types.Int64Unknown()
	}
	if rows == nil {
		return true, nil
	}
	fingerprints := fingerprintsOf(ctx, p, &problems)
	sum, refreshed, more := r.findings(ctx, plan, rows, fingerprints, p)
	problems.Append(more...)
	if problems.HasError() || sum == nil {
		return true, problems
	}
	problems.Append(planErrors(plan, *sum)...)
	problems.Append(planWarnings(plan, *sum)...)
	if sum.NoTracking && !sum.Imported && fingerprints != nil && fingerprints.Count > 0 {
		problems.AddAttributeWarning(path.Root("id"), "The tracking dataset no longer exists",
			fmt.Sprintf("Dataset %q listed the %d inputs that this resource manages, and was deleted outside Terraform. The provider recreates "+
				"it from the rows. Inputs that it listed and that have no row cannot be distinguished from others: they stay in the app.",
				plan.ID.ValueString(), fingerprints.Count))
	}
	complete := fingerprints.AppliedTo(rows) || plan.OnFailed.ValueString() == onWarn && state.SourceSHA256.ValueString() == rows.Digest
	if !sum.HasWork(plan.options()) && complete {
		plan.InSync, plan.FailedCount, plan.Changes, plan.Drift = state.InSync, state.FailedCount, state.Changes, state.Drift
		return false, problems
	}
	client, ready := r.Provider.Client()
	if ready.HasError() {
		return true, problems
	}
	text := changesText(*sum, plan.options(), client)
	if refreshed {
		plan.Changes = types.StringValue(text)
	} else if text != "" {
		problems.AddWarning("Planned changes", text+"\n\nThese are the present changes. They are not part of the plan, since the source "+
			"was not read when refreshing.")
	}
	return true, problems
}

// findings returns what refreshing has found about these rows, or what comparing now finds.
func (r *inputsResource) findings(
	ctx context.Context, plan *model, rows *source.Rows, fingerprints *reconcile.Fingerprints, p private.Data,
) (sum *reconcile.Summary, refreshed bool, problems diag.Diagnostics) {
	found, problems := private.Load[reconcile.Summary](ctx, p, foundKey)
	if found.Digest == rows.Digest && found.Overwrite == plan.overwrites() {
		return &found, true, problems
	}
	if found.Digest == "" && fingerprints.AppliedTo(rows) {
		return &reconcile.Summary{Digest: rows.Digest}, true, problems // nothing was read, as requested with -refresh=false
	}
	if found.Digest != rows.Digest && found.Source != "" && found.Source == plan.sourceName() {
		problems.AddWarning("The source has changed since it was last read",
			"It was read when the plan was made or, with -refresh=false, in an earlier run. If this is the apply of a saved plan, Terraform "+
				"now reports an inconsistent plan and blames the provider: "+
				"an apply does what was planned, which is not possible any more. Nothing is done. Plan and apply again.")
	}
	client, ready := r.Provider.Client()
	if ready.HasError() || !plan.scopeKnown() {
		return nil, false, problems
	}
	d, err := plan.target(client).Compare(ctx, rows, reconcile.CompareOptions{Fingerprints: fingerprints, Overwrite: plan.overwrites()})
	if err != nil {
		problems.Append(diags.Error("Unable to read "+plan.String(), err))
		return nil, false, problems
	}
	now := d.Summary(plan.overwrites())
	return &now, false, problems
}
