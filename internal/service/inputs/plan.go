package inputs

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// Keys of the private state.
const (
	foundKey  = "found"  // the summary of what refreshing has found
	intentKey = "intent" // what was planned
)

// privateState is what Terraform stores for the provider.
type privateState interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

func setPrivate(ctx context.Context, p privateState, name string, value any) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diags.Error("Unable to store private state", err)}
	}
	return p.SetKey(ctx, name, text)
}

// getPrivate reads a key of the private state. The value stays as it is if there is none.
func getPrivate(ctx context.Context, p privateState, name string, value any) diag.Diagnostics {
	text, problems := p.GetKey(ctx, name)
	if len(text) > 0 && json.Unmarshal(text, value) != nil {
		problems.AddWarning("Ignoring private state of another provider version", "This version cannot read the private state "+name+".")
	}
	return problems
}

// clearPrivate removes what an apply has made out of date.
func clearPrivate(ctx context.Context, p privateState) diag.Diagnostics {
	problems := p.SetKey(ctx, foundKey, nil)
	problems.Append(p.SetKey(ctx, intentKey, nil)...)
	return problems
}

// intent is what a plan is for. Terraform plans a real destroy with the provider.
// Before the destroy that is half of a replacement it plans only the create, so
// that Delete finds the intent of that create.
type intent struct {
	Create bool   `json:"create,omitzero"`
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
	return problems
}

// ModifyPlan plans what the apply is going to do.
func (r *inputsResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanDeletion(ctx, "resource", req, resp)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(setPrivate(ctx, resp.Private, intentKey, intent{})...)
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
		plan.InputCount, plan.SourceSHA256 = types.Int64Value(int64(rows.Len())), types.StringValue(rows.Digest)
	} else {
		plan.InputCount, plan.SourceSHA256 = types.Int64Unknown(), types.StringUnknown()
	}
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(r.planCreate(ctx, &plan, rows, resp.Private)...)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setPrivate(ctx, resp.Private, intentKey, intent{})...)
	resp.Diagnostics.Append(r.planUpdate(ctx, &plan, &state, rows, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planCreate plans to add all rows, and reports which of them already exist.
func (r *inputsResource) planCreate(ctx context.Context, plan *model, rows *source.Rows, p privateState) diag.Diagnostics {
	problems := setPrivate(ctx, p, intentKey, intent{true, plan.UserID.ValueString(), plan.AppID.ValueString(), plan.ID.ValueString()})
	if rows == nil {
		return problems
	}
	plan.Drift = types.StringValue("")
	client, ready := r.Provider.Client()
	plan.Changes = types.StringValue(createChanges(rows, client))
	if ready.HasError() || !plan.scopeKnown() {
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
	found, err := plan.target(client, r.Provider).CompareNew(ctx, rows, incomplete, plan.overwrites())
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

// planUpdate plans what refreshing has found or, if it could not compare, compares now.
func (r *inputsResource) planUpdate(ctx context.Context, plan, state *model, rows *source.Rows, p privateState) diag.Diagnostics {
	plan.Drift = types.StringValue("")
	unknown := func() {
		plan.Fingerprints = types.StringUnknown()
		// A complete update leaves nothing to do, or is an error.
		plan.InSync, plan.FailedCount = types.BoolValue(true), types.Int64Value(0)
		if plan.OnFailed.ValueString() == onWarn {
			plan.InSync, plan.FailedCount = types.BoolUnknown(), types.Int64Unknown()
		}
		plan.Changes = types.StringUnknown()
	}
	if rows == nil {
		unknown()
		return nil
	}
	prints := state.fingerprints()
	sum, refreshed, problems := r.findings(ctx, plan, rows, prints, p)
	if problems.HasError() {
		return problems
	}
	if sum == nil {
		unknown()
		return problems
	}
	problems.Append(planErrors(plan, *sum)...)
	problems.Append(planWarnings(plan, *sum)...)
	if sum.NoTracking && !sum.Imported && prints != nil && prints.Count > 0 {
		problems.AddAttributeWarning(path.Root("id"), "The tracking dataset no longer exists",
			fmt.Sprintf("Dataset %q listed the %d inputs that this resource manages, and somebody has deleted it. The provider recreates it "+
				"from the rows. "+
				"Inputs that it listed and that have no row cannot be told from others: they stay in the app.", plan.ID.ValueString(), prints.Count))
	}
	complete := prints.AppliedTo(rows) || plan.OnFailed.ValueString() == onWarn && state.SourceSHA256.ValueString() == rows.Digest
	if !sum.HasWork(plan.options()) && complete {
		plan.InSync, plan.FailedCount, plan.Fingerprints = state.InSync, state.FailedCount, state.Fingerprints
		plan.Changes, plan.Drift = state.Changes, state.Drift
		return problems
	}
	unknown()
	client, _ := r.Provider.Client()
	text := changesText(*sum, plan.options(), client)
	if refreshed {
		plan.Changes = types.StringValue(text)
	} else if text != "" {
		problems.AddWarning("Planned changes", text+"\n\nThese are the present changes. They are not part of the plan, since the source "+
			"was not read when refreshing.")
	}
	return problems
}

// findings returns what refreshing has found about these rows, or what comparing now finds.
func (r *inputsResource) findings(ctx context.Context, plan *model, rows *source.Rows, prints *reconcile.Fingerprints, p privateState) (sum *reconcile.Summary, refreshed bool, problems diag.Diagnostics) {
	var found reconcile.Summary
	problems = getPrivate(ctx, p, foundKey, &found)
	if found.Digest == rows.Digest && found.Overwrite == plan.overwrites() {
		return &found, true, problems
	}
	if found.Digest == "" && prints.AppliedTo(rows) {
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
	d, err := plan.target(client, r.Provider).Compare(ctx, rows, reconcile.CompareOptions{Fingerprints: prints, Overwrite: plan.overwrites()})
	if err != nil {
		problems.Append(diags.Error("Unable to read "+plan.String(), err))
		return nil, false, problems
	}
	now := d.Summary(plan.overwrites())
	return &now, false, problems
}
