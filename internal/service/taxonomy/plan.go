package taxonomy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/reconcile"
)

func (r *taxonomyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanDeletion(ctx, "taxonomy", req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan model
	var state *model
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		state = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	plan.Digest, plan.Counts, plan.Skipped = types.StringUnknown(), types.ObjectUnknown(countsType), types.MapUnknown(types.Int64Type)
	plan.Changes, plan.Drift, plan.LastApply = types.StringUnknown(), types.StringValue(""), types.ObjectUnknown(lastApplyType)
	if plan.isKnown(ctx) {
		r.planContent(ctx, &plan, state, req, resp)
	}
	if state == nil || !plan.Digest.Equal(state.Digest) {
		// They follow from the digest. A plan that contained them would give more errors if the source changes before the apply.
		plan.Counts, plan.Skipped = types.ObjectUnknown(countsType), types.MapUnknown(types.Int64Type)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// planContent plans what follows from the content of the taxonomy.
func (r *taxonomyResource) planContent(
	ctx context.Context, plan, state *model, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	g, problems := plan.read(ctx)
	if isMissing(problems) && state != nil {
		// A destroy plans the configuration first. It does not need the file.
		at, _ := plan.source()
		resp.Diagnostics.AddAttributeWarning(at, missingFile,
			fmt.Sprintf("The file %q of the %s does not exist, so its changes cannot be planned. An apply fails without it; a destroy does not "+
				"need it.", plan.file(), plan))
		return
	}
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.Digest, plan.Counts, plan.Skipped = types.StringValue(g.Digest()), countsOf(g), skippedOf(g)
	if r.Provider != nil && !plan.UserID.IsUnknown() && !plan.AppID.IsUnknown() && !plan.KnowledgeGraphID.IsUnknown() {
		resp.Diagnostics.Append(runOf(r.Provider).plan(plan, g)...)
		resp.Diagnostics.Append(r.claimTexts(plan, g)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if state == nil {
		r.planCreate(ctx, plan, g, &resp.Diagnostics)
		plan.warnSkipped(g, &resp.Diagnostics)
		return
	}
	if !plan.Skipped.Equal(state.Skipped) || !plan.Digest.Equal(state.Digest) {
		plan.warnSkipped(g, &resp.Diagnostics)
	}
	plan.warnRemoved(state, &resp.Diagnostics)
	changes, empty, known := r.changes(ctx, plan, state, g, req, &resp.Diagnostics)
	if !known {
		return
	}
	plan.Changes = types.StringValue(changes)
	if empty && plan.Digest.Equal(state.Digest) {
		plan.Changes = types.StringValue("")
		same := *plan
		same.Changes, same.Drift, same.LastApply = state.Changes, state.Drift, state.LastApply
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &same)...)
		if resp.Plan.Raw.Equal(req.State.Raw) { // nothing at all to do
			*plan = same
		}
	}
}

// planCreate plans everything that the taxonomy holds, and warns of what exists already. What exists is not a part of the planned value:
// other resources of the same run may create concepts before this one is applied.
func (r *taxonomyResource) planCreate(ctx context.Context, plan *model, g *graph.Graph, problems *diag.Diagnostics) {
	if r.Provider == nil || r.Provider.API == nil {
		plan.warnNewIDs(plan.newIDs(g, nil), problems)
		return // the configured rate is not known either
	}
	plan.Changes = types.StringValue(r.describe(reconcile.SnapshotOf(graph.New()).Diff(g, true)))
	d := r.compare(ctx, plan, g, problems)
	if problems.HasError() {
		return
	}
	plan.warnNewIDs(plan.newIDs(g, d), problems)
	if d == nil || d.Existing == 0 {
		return
	}
	at, _ := plan.source()
	problems.AddAttributeWarning(at, "Concepts of the "+plan.String()+" exist already",
		fmt.Sprintf("%d of its %s exist in app %q and are adopted. Compared with the app, the apply has to do this:\n\n%s",
			d.Existing, diags.Counted(g.Len(), "concept"), plan.AppID.ValueString(), r.describe(d)))
}

// changes returns what an update does, whether that is nothing, and whether it is known.
func (r *taxonomyResource) changes(
	ctx context.Context, plan, state *model, g *graph.Graph, req resource.ModifyPlanRequest, problems *diag.Diagnostics,
) (string, bool, bool) {
	found, more := private.Load[drift](ctx, req.Private, driftKey)
	problems.Append(more...)
	if found.Of == plan.compared() {
		plan.warnNewIDs(found.NewIDs, problems)
		return found.Plan, found.Empty, true
	}
	// The source is another one than at the refresh. If its old content is what the app holds, the difference between the two is what is to
	// do.
	if found.Of == state.compared() && found.Empty && plan.sameScope(state) {
		if old, more := state.read(ctx); !more.HasError() && old.Digest() == state.Digest.ValueString() {
			d := reconcile.SnapshotOf(old).Diff(g, plan.ExclusiveRelations.ValueBool())
			plan.checkNewIDs(d, problems)
			plan.warnNewIDs(plan.newIDs(g, d), problems)
			return r.describe(d), d.Empty(), true
		}
	}
	d := r.compare(ctx, plan, g, problems)
	if problems.HasError() {
		return "", false, false
	}
	plan.warnNewIDs(plan.newIDs(g, d), problems)
	if d == nil {
		return "", false, false
	}
	if d.Empty() && plan.Digest.Equal(state.Digest) {
		return r.describe(d), true, true
	}
	at, _ := plan.source()
	problems.AddAttributeWarning(at, "Changes to the "+plan.String(), "Compared with the app:\n\n"+r.describe(d))
	return "", false, false
}

// sameScope reports whether two models are about the same app and graph, and compare the same.
func (m *model) sameScope(other *model) bool {
	a, b := *m, *other
	a.Digest, b.Digest = types.StringNull(), types.StringNull()
	return a.compared() == b.compared()
}

// compare compares with the app, as far as that is possible at plan.
func (r *taxonomyResource) compare(ctx context.Context, plan *model, g *graph.Graph, problems *diag.Diagnostics) *reconcile.Diff {
	if r.Provider == nil || r.Provider.API == nil || plan.UserID.IsUnknown() || plan.AppID.IsUnknown() || plan.KnowledgeGraphID.IsUnknown() {
		return nil
	}
	d, err := plan.target(r.Provider.API).Diff(ctx, g)
	switch {
	case clarifai.IsNotFound(err):
		return nil // the app may be created by the same apply
	case err != nil:
		problems.Append(diags.Error("Unable to compare the "+plan.String()+" with the app", err))
		return nil
	}
	plan.checkNewIDs(d, problems)
	return d
}

// checkNewIDs rejects concepts that could not be read if the apply created them.
func (m *model) checkNewIDs(d *reconcile.Diff, problems *diag.Diagnostics) {
	var words []string
	for _, c := range d.New() {
		if slices.Contains(ids.ConceptWords, c.ID) {
			words = append(words, fmt.Sprintf("%q", c.ID))
		}
	}
	if len(words) > 0 {
		at, _ := m.source()
		problems.AddAttributeError(at, "Invalid ids of new concepts", fmt.Sprintf("The %s has new concepts whose ids are words in the API's "+
			"paths, so they could not be read: %s. Give them other ids.", m, strings.Join(words, ", ")))
	}
}

// newIDs lists the concepts that the apply creates and whose ids do not follow today's rules; nothing if there are none. Without a diff,
// all concepts count as new.
func (m *model) newIDs(g *graph.Graph, d *reconcile.Diff) string {
	concepts, what := g.Concepts(), "The app could not be read, so all concepts of the source count as new. "
	if d != nil {
		concepts, what = d.New(), ""
	}
	var list ids.ConceptList
	for _, c := range concepts {
		list.Add(c.ID)
	}
	if list.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("%sThe %s has %s outside Clarifai's rules:\n\n%s\n\n%s. Concepts that already exist may have other ids.",
		what, m, diags.Counted(list.Len(), "new concept id"), &list, ids.NewConceptRule)
}

// warnNewIDs warns of what newIDs lists.
func (m *model) warnNewIDs(text string, problems *diag.Diagnostics) {
	if text != "" {
		at, _ := m.source()
		problems.AddAttributeWarning(at, "Clarifai may reject ids of new concepts", text)
	}
}

// describe returns the changes of a diff, see package changes.
func (r *taxonomyResource) describe(d *reconcile.Diff) string {
	rate := 0.0
	if client, ready := r.Provider.Client(); !ready.HasError() {
		rate = client.RequestsPerSecond()
	}
	return d.Changes(rate).String()
}

// warnSkipped lists what the source holds and the taxonomy does not.
func (m *model) warnSkipped(g *graph.Graph, problems *diag.Diagnostics) {
	var lines []string
	notable := false
	for _, s := range g.Skipped {
		notable = notable || s.Notable
		line := fmt.Sprintf("%d %s", s.Count, s.Text)
		for _, example := range s.Examples {
			line += "\n    " + example
		}
		lines = append(lines, line)
	}
	if !notable {
		return
	}
	at, _ := m.source()
	problems.AddAttributeWarning(at, "Parts of the vocabulary are not in the "+m.String(),
		"The source also holds this, which is skipped (the attribute skipped has the numbers):\n\n  "+strings.Join(lines, "\n  "))
}

// warnRemoved states that the API cannot delete concepts that are taken out.
func (m *model) warnRemoved(state *model, problems *diag.Diagnostics) {
	before, _ := state.Counts.Attributes()["concepts"].(types.Int64)
	after, _ := m.Counts.Attributes()["concepts"].(types.Int64)
	if n := before.ValueInt64() - after.ValueInt64(); n > 0 {
		problems.AddAttributeWarning(path.Root("counts"), "Concepts stay in the app",
			fmt.Sprintf("The %s has at least %s fewer than before. The API cannot delete concepts: they stay in app %q, and so do their "+
				"relations with the others. "+
				"To take a concept out of the tree, first keep it without a parent and "+
				"apply.", m.String(), diags.Counted(int(n), "concept"), m.AppID.ValueString()))
	}
}
