package inputs

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// Keys of the private state.
const (
	seenKey   = "seen"   // what refreshing has found
	intentKey = "intent" // what was planned
)

// private is what Terraform keeps for the provider.
type private interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

func note(ctx context.Context, p private, name string, value any) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diags.Error("Cannot keep what was found", err)}
	}
	return p.SetKey(ctx, name, text)
}

// noted reads a note; without one value stays as it is.
func noted(ctx context.Context, p private, name string, value any) diag.Diagnostics {
	text, problems := p.GetKey(ctx, name)
	if len(text) > 0 && json.Unmarshal(text, value) != nil {
		problems.AddWarning("A note of another version of the provider is left out", "Private state has a note "+name+" that this version cannot read.")
	}
	return problems
}

// forget removes notes that an apply has made void.
func forget(ctx context.Context, p private) diag.Diagnostics {
	problems := p.SetKey(ctx, seenKey, nil)
	problems.Append(p.SetKey(ctx, intentKey, nil)...)
	return problems
}

// intent is what a plan is for. Before a real destruction planning is asked; before the destruction that
// is half of a replacement only the other half is planned, and its note is what Delete finds.
type intent struct {
	Create bool   `json:"create,omitzero"`
	User   string `json:"user,omitzero"`
	App    string `json:"app,omitzero"`
	ID     string `json:"id,omitzero"`
}

// replaces tells whether what is deleted is to be made again in the same place.
func (i intent) replaces(m *model) bool {
	return i.Create && i.User == m.UserID.ValueString() && i.App == m.AppID.ValueString() && i.ID == m.ID.ValueString()
}

// runs is what is remembered between the calls of one run.
type runs struct {
	mu    sync.Mutex
	begun map[place]*fingerprints // creations that were not completed
	made  map[place]bool          // created in this run
	found map[place]*survey       // by the planning of a creation, which Terraform repeats right before it
	rows  map[place]*collection   // what was planned last
}

type place struct{ user, app, id string }

type runsKey struct{}

func (r *inputsResource) runs() *runs {
	fresh := func() any {
		return &runs{begun: map[place]*fingerprints{}, made: map[place]bool{}, found: map[place]*survey{}, rows: map[place]*collection{}}
	}
	if r.Provider == nil {
		return fresh().(*runs) //nolint:forcetypeassert // see above
	}
	kept, _ := r.Provider.Cached(runsKey{}, fresh).(*runs)
	return kept
}

func (m *model) place() place {
	return place{m.UserID.ValueString(), m.AppID.ValueString(), m.ID.ValueString()}
}

// remember keeps what is known of a creation that was not completed.
func (r *inputsResource) remember(m *model) {
	if prints := readFingerprints(m.Fingerprints.ValueString()); prints != nil && prints.Begun {
		known := r.runs()
		known.mu.Lock()
		defer known.mu.Unlock()
		known.begun[m.place()] = prints
	}
}

// begun is what is known of a creation that was not completed, or nil.
func (r *inputsResource) begun(m *model) *fingerprints {
	known := r.runs()
	known.mu.Lock()
	defer known.mu.Unlock()
	return known.begun[m.place()]
}

// done notes that the inputs were created in this run.
func (r *inputsResource) done(m *model) {
	known := r.runs()
	known.mu.Lock()
	defer known.mu.Unlock()
	known.made[m.place()] = true
}

func (r *inputsResource) wasMade(m *model) bool {
	known := r.runs()
	known.mu.Lock()
	defer known.mu.Unlock()
	return known.made[m.place()]
}

// claim notes the rows of a resource, and refuses those that another resource of the configuration has
// as well: neither would leave the input as the other wants it, and destroying one would delete it for both.
func (r *inputsResource) claim(m *model, rows *collection) diag.Diagnostics {
	var problems diag.Diagnostics
	if m.UserID.IsUnknown() || m.AppID.IsUnknown() || m.ID.IsUnknown() {
		return problems
	}
	here := m.place()
	known := r.runs()
	known.mu.Lock()
	defer known.mu.Unlock()
	known.rows[here] = rows
	for there, others := range known.rows {
		if there == here || there.user != here.user || there.app != here.app {
			continue
		}
		var shared []string
		for i := range rows.rows {
			if others.row(rows.rows[i].id) != nil {
				shared = append(shared, rows.rows[i].id)
			}
		}
		if len(shared) > 0 {
			problems.AddAttributeError(path.Root("id"), fmt.Sprintf("%s listed by two resources", counted(len(shared))),
				fmt.Sprintf("Both %s %q and %s %q list %s. An input belongs to one resource, which deletes it when its row goes. Take the rows out of one of them.",
					typeName, here.id, typeName, there.id, names(first(shared), len(shared))))
		}
	}
	return problems
}

// elsewhere tells which inputs other resources of this run list.
func (r *inputsResource) elsewhere(m *model) func(id string) bool {
	here := m.place()
	known := r.runs()
	known.mu.Lock()
	defer known.mu.Unlock()
	var others []*collection
	for there, rows := range known.rows {
		if there != here && there.user == here.user && there.app == here.app {
			others = append(others, rows)
		}
	}
	return func(id string) bool {
		return slices.ContainsFunc(others, func(c *collection) bool { return c.row(id) != nil })
	}
}

// keepFound keeps what planning has found where there was nothing of the resource's yet.
func (r *inputsResource) keepFound(m *model, s *survey) {
	known := r.runs()
	known.mu.Lock()
	defer known.mu.Unlock()
	delete(known.found, m.place())
	if s.noLedger {
		known.found[m.place()] = s
	}
}

// takeFound gives what planning has found about the same rows, once.
func (r *inputsResource) takeFound(m *model, rows *collection) *survey {
	known := r.runs()
	known.mu.Lock()
	defer known.mu.Unlock()
	found := known.found[m.place()]
	delete(known.found, m.place())
	if found == nil || found.rows.digest != rows.digest {
		return nil
	}
	return found
}

// ModifyPlan says what is to be done.
func (r *inputsResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanDeletion(ctx, "resource", req, resp)
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(note(ctx, resp.Private, intentKey, intent{})...)
		return
	}
	var plan model
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	rows, known, problems := plan.load(r.Provider)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	if rows == nil && known {
		resp.Diagnostics.Append(plan.check()...)
		return
	}
	if rows != nil {
		resp.Diagnostics.Append(plan.checkRows(rows)...)
		resp.Diagnostics.Append(r.claim(&plan, rows)...)
		if resp.Diagnostics.HasError() {
			return
		}
		plan.InputCount, plan.SourceSHA256 = types.Int64Value(int64(len(rows.rows))), types.StringValue(rows.digest)
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
	resp.Diagnostics.Append(note(ctx, resp.Private, intentKey, intent{})...)
	resp.Diagnostics.Append(r.planUpdate(ctx, &plan, &state, rows, resp.Private)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planCreate plans to add all rows, and says what of them is there already.
func (r *inputsResource) planCreate(ctx context.Context, plan *model, rows *collection, p private) diag.Diagnostics {
	problems := note(ctx, p, intentKey, intent{true, plan.UserID.ValueString(), plan.AppID.ValueString(), plan.ID.ValueString()})
	if rows == nil {
		return problems
	}
	var all []string
	for i := range rows.rows[:min(shown, len(rows.rows))] {
		all = append(all, rows.rows[i].id)
	}
	var more diag.Diagnostics
	plan.Changes, more = summary{Add: len(rows.rows), AddIDs: all}.changes(ctx, options{})
	problems.Append(more...)
	begun := r.begun(plan)
	if begun != nil {
		problems.AddWarning("Creating is going on, nothing is replaced",
			fmt.Sprintf("An earlier apply has created %s of %q and failed for some, which made the resource \"tainted\": the plan says that it must be replaced. "+
				"Nothing is deleted by that. What is there is taken over, and the rest is done. To see it as an update instead, run terraform untaint.", counted(begun.Count), plan.ID.ValueString()))
	}
	client, ready := r.Provider.Client()
	if ready.HasError() || plan.UserID.IsUnknown() || plan.AppID.IsUnknown() || plan.ID.IsUnknown() {
		return problems
	}
	s := plan.site(client)
	found, err := s.lookBeforeCreating(ctx, rows, begun, plan.OnConflict.ValueString() == onOverwrite)
	switch {
	case clarifai.IsNotFound(err): // the app is yet to be made
	case err != nil:
		problems.Append(ledgerOrLookProblem(plan, err))
	default:
		r.keepFound(plan, found)
		sum := found.summary(false)
		sum.Remove = 0
		if sum.Extra > 0 {
			d := strangers(plan, sum)
			problems.AddAttributeWarning(path.Root("id"), d.Summary(), d.Detail())
			sum.Extra = 0
		}
		problems.Append(sum.refusals(plan)...)
		if begun != nil {
			sum.Adopt = 0
		}
		problems.Append(sum.warnings(plan)...)
	}
	return problems
}

// lookBeforeCreating compares the service with the rows when there is no state.
func (s site) lookBeforeCreating(ctx context.Context, rows *collection, begun *fingerprints, overwrite bool) (*survey, error) {
	there, err := s.hasLedger(ctx)
	if err != nil {
		return nil, err
	}
	return s.look(ctx, rows, begun, overwrite, !there)
}

// planUpdate plans what refreshing has found to be done or, where it could not look, looks itself.
func (r *inputsResource) planUpdate(ctx context.Context, plan, state *model, rows *collection, p private) diag.Diagnostics {
	unknown := func() {
		plan.InSync, plan.FailedCount, plan.Fingerprints = types.BoolUnknown(), types.Int64Unknown(), types.StringUnknown()
		plan.Changes = types.ObjectUnknown(changesType)
	}
	if rows == nil {
		unknown()
		return nil
	}
	prints := readFingerprints(state.Fingerprints.ValueString())
	settled := prints.did(rows)
	sum, refreshed, problems := r.findings(ctx, plan, rows, prints, p)
	if problems.HasError() {
		return problems
	}
	if sum == nil {
		unknown()
		return problems
	}
	problems.Append(sum.refusals(plan)...)
	problems.Append(sum.warnings(plan)...)
	if sum.NoLedger && prints != nil && prints.Count > 0 {
		problems.AddAttributeWarning(path.Root("id"), "The ledger is gone",
			fmt.Sprintf("Dataset %q was the list of the %d inputs that this resource managed, and somebody has deleted it. It is made anew from the rows. "+
				"Inputs that were in the list and are in no row any more cannot be told from others: they stay in the app.", plan.ID.ValueString(), prints.Count))
	}
	if !sum.work(plan.options()) && (settled || plan.OnFailed.ValueString() == onWarn && state.SourceSHA256.ValueString() == rows.digest) {
		plan.InSync, plan.FailedCount, plan.Fingerprints, plan.Changes = state.InSync, state.FailedCount, state.Fingerprints, state.Changes
		return problems
	}
	unknown()
	if refreshed {
		var more diag.Diagnostics
		plan.Changes, more = sum.changes(ctx, plan.options())
		problems.Append(more...)
	} else if sum.Add+sum.Change+sum.anew(plan.options())+sum.Remove > 0 {
		problems.AddWarning("What this apply is going to do",
			fmt.Sprintf("%s to add, %d to change, %d to replace, %d to remove. These are the numbers of now: they are not part of the plan, since what it is made from was not read when refreshing.",
				counted(sum.Add), sum.Change, sum.anew(plan.options()), sum.Remove))
	}
	return problems
}

// findings are what refreshing has found about these rows, or what looking now finds.
func (r *inputsResource) findings(ctx context.Context, plan *model, rows *collection, prints *fingerprints, p private) (sum *summary, refreshed bool, problems diag.Diagnostics) {
	overwrite := plan.OnConflict.ValueString() == onOverwrite
	var seen summary
	problems = noted(ctx, p, seenKey, &seen)
	if seen.Digest == rows.digest && seen.Overwrite == overwrite {
		return &seen, true, problems
	}
	if seen.Digest == "" && prints.did(rows) {
		return &summary{Digest: rows.digest}, true, problems // nothing was read, as asked for with -refresh=false
	}
	if seen.Digest != rows.digest && seen.Source != "" && seen.Source == plan.source() {
		problems.AddWarning("The source has changed since it was last read",
			"It was read when the plan was made or, with -refresh=false, in an earlier run. If this is the apply of a saved plan, Terraform calls the plan inconsistent and the provider faulty now: "+
				"an apply does what was planned, and that is not possible any more. Nothing is done. Plan and apply again.")
	}
	client, ready := r.Provider.Client()
	if ready.HasError() || plan.UserID.IsUnknown() || plan.AppID.IsUnknown() || plan.ID.IsUnknown() {
		return nil, false, problems
	}
	found, err := plan.site(client).look(ctx, rows, prints, overwrite, false)
	if err != nil {
		problems.Append(diags.Error("Unable to read "+plan.String(), err))
		return nil, false, problems
	}
	now := found.summary(overwrite)
	return &now, false, problems
}

func ledgerOrLookProblem(m *model, err error) diag.Diagnostic {
	if d := ledgerProblem(m, err); err == errNotALedger { //nolint:errorlint // not wrapped
		return d
	}
	return diags.Error("Unable to see which of the inputs are there already", err)
}
