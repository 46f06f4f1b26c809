// Package inputs is about inputs by the thousand.
//
// # What belongs to a resource
//
// State must not grow with the inputs, so it cannot list them. What a resource
// manages is written down at the service instead: in a dataset with the resource's
// id, the ledger, whose members are its inputs. They join it as they are made, in
// the same call, so that an apply which is killed loses nothing. A mark in the
// metadata of each input would do as well, but would show in everybody's data, and
// vanish when somebody overwrites that.
//
// A dataset can be changed by others. State therefore has a sketch of the ids (see
// sketch.go) from which, with the ledger's members, follows exactly who was put in
// or taken out by others, as long as that are not hundreds. Only what is in the
// ledger and in the sketch is ever deleted. When it cannot be told, nothing is.
//
// Another sketch has the contents that were sent, since the service does not give
// these back. All else, labels and so on, is compared with what the service says.
//
// # What was planned is what is done
//
// Reading compares the service with the source as it is on disk and leaves the
// numbers in the private state. Planning reads no more than that and the source.
// So the plan and its repetition before the apply come to the same, whatever
// happens at the service in between, and a source that changes in between is
// noticed. The apply compares again, to see what is to be done; deletions are
// bounded by what was planned.
//
// # When creating fails in part
//
// Terraform takes an error during creation for a reason to destroy what was
// created, and to begin again: it calls the resource tainted. For ten thousand
// inputs of which three have a wrong URL that would be a disaster; only to warn
// would let pipelines go on as if nothing were wrong. So it is an error, state is
// kept, and the destruction that follows is recognised and deletes nothing: it is
// one half of a replacement by the same resource, which was not complete (in_sync
// is false). The creation that follows finds the ledger and does the rest. That
// Delete can tell it from a real destruction is thanks to planning, which is asked
// before a real one, and not before this one, and leaves a note.
package inputs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const typeName = "clarifai_inputs"

var key = ids.InApp("id")

// NewResource makes the resource.
func NewResource() resource.Resource { return &inputsResource{} }

type inputsResource struct{ configure.Resource }

var (
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

// ImportState takes the ledger as it is: its members are the resource's inputs.
func (r *inputsResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *inputsResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.check()...)
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
	rows, problems := plan.planned(r.Provider)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, more := plan.Timeouts.Create(ctx, defaultTimeout(len(rows.rows)))
	resp.Diagnostics.Append(more...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s := plan.site(client)
	found := r.takeFound(&plan, rows)
	if found == nil {
		var err error
		if found, err = s.lookBeforeCreating(ctx, rows, r.begun(&plan), plan.OnConflict.ValueString() == onOverwrite); err != nil {
			resp.Diagnostics.Append(ledgerOrLookProblem(&plan, err))
			return
		}
	}
	sum := found.summary(false)
	if sum.Extra > 0 {
		resp.Diagnostics.Append(strangers(&plan, sum))
		return
	}
	// What an apply that did not end well has left behind and no row has any more is not this plan's to
	// delete. It stays in the ledger, and the next plan says so.
	kept := found.remove
	found.remove, sum.Remove = nil, 0
	if resp.Diagnostics.Append(sum.refusals(&plan)...); resp.Diagnostics.HasError() {
		return
	}
	if found.noLedger {
		if err := s.open(ctx); err != nil {
			resp.Diagnostics.Append(ledgerProblem(&plan, err))
			return
		}
	}
	work := newWork(s, rows, plan.options(), int(plan.Parallelism.ValueInt64()))
	work.converge(ctx, found)
	work.kept = append(work.kept, kept...)
	report := work.report(&plan, "create", true)
	plan.settle(work, report.HasError())
	r.done(&plan)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.ID.ValueString())...)
	resp.Diagnostics.Append(forget(ctx, resp.Private)...)
	resp.Diagnostics.Append(report...)
}

// planned reads the source, which must be what was planned.
func (m *model) planned(p *configure.Provider) (*collection, diag.Diagnostics) {
	rows, _, problems := m.load(p)
	if problems.HasError() {
		return nil, problems
	}
	if rows == nil {
		rows = &collection{}
	}
	if !m.SourceSHA256.IsUnknown() && m.SourceSHA256.ValueString() != rows.digest {
		problems.AddError("The source has changed since the plan",
			fmt.Sprintf("The plan was made for a source with source_sha256 = %q, and now it is %q. Plan and apply again.", m.SourceSHA256.ValueString(), rows.digest))
	}
	m.SourceSHA256, m.InputCount = types.StringValue(rows.digest), types.Int64Value(int64(len(rows.rows)))
	return rows, problems
}

// settle takes over how far the work has got. begun marks a creation that Terraform takes for failed.
func (m *model) settle(w *work, begun bool) {
	local := 0
	for i := range w.rows.rows {
		if r := &w.rows.rows[i]; r.local() && !w.absent[r.id] {
			local++
		}
	}
	prints := newFingerprints(local)
	prints.Begun, prints.Datasets = begun, w.rows.datasets
	for i := range w.rows.rows {
		r := &w.rows.rows[i]
		if w.absent[r.id] || w.conflicts[r.id] {
			continue
		}
		prints.own(r.id)
		if r.local() {
			prints.Contents.add(r.contentHash())
		}
	}
	for _, id := range w.kept {
		prints.own(id)
	}
	done := w.halt == nil && len(w.failures) == 0 && len(w.kept) == 0
	if done {
		prints.Digest = w.rows.digest
	}
	m.Fingerprints = types.StringValue(prints.String())
	m.FailedCount = types.Int64Value(int64(len(w.failures)))
	m.InSync = types.BoolValue(done || w.halt == nil && w.options.acceptFailed)
}

// report says what was not done.
func (w *work) report(m *model, timeoutKey string, creating bool) diag.Diagnostics {
	var out diag.Diagnostics
	failed := slices.Sorted(maps.Keys(w.failures))
	if file := m.FailuresFile.ValueString(); file != "" {
		if err := w.writeFailures(file, failed); err != nil {
			out.AddAttributeWarning(path.Root("failures_file"), "The list of failures could not be written", "Cannot write "+inputcontent.FileError(err)+".")
		}
	}
	if len(failed) > 0 {
		var lines []string
		for _, id := range failed[:min(shown, len(failed))] {
			line := id
			if r := w.rows.row(id); r != nil && r.line > 0 && !m.Manifest.IsNull() {
				line += fmt.Sprintf(" (line %d)", r.line)
			}
			lines = append(lines, line+": "+w.failures[id])
		}
		text := strings.Join(lines, "\n") + more(len(failed)) + "\n\nThe others are done, and in state. The next apply does only what is missing: nothing is sent or deleted twice."
		if creating && m.OnFailed.ValueString() != onWarn {
			text += " It will say that the resource is tainted and must be replaced, which is how Terraform takes an error during creation; nothing is deleted then, what is there is taken over. To see it as an update instead, run terraform untaint."
		}
		if m.FailuresFile.IsNull() && len(failed) > shown {
			text += " To have all of them listed in a file, set failures_file."
		}
		summary := fmt.Sprintf("%s of %s failed", number(len(failed)), counted(len(w.rows.rows)))
		if m.OnFailed.ValueString() == onWarn {
			out.AddWarning(summary, text)
		} else {
			out.AddError(summary, text)
		}
	}
	if w.halt == nil {
		return out
	}
	interrupted := &wait.InterruptedError{What: m.String(), Waited: w.client.Clock().Now().Sub(w.began), Err: w.halt}
	goesOn := "What was sent stays, and is in state. The next apply looks what is there and does the rest; nothing is sent twice."
	var problem diag.Diagnostic
	if errors.Is(w.halt, context.Canceled) || errors.Is(w.halt, context.DeadlineExceeded) {
		problem = diags.StillRunning("Not finished: "+m.String(), interrupted, timeoutKey, goesOn)
		if creating {
			// As an error it would taint the resource.
			problem = diag.NewWarningDiagnostic(problem.Summary(), problem.Detail())
		}
	} else {
		problem = diag.NewErrorDiagnostic("Stopped: "+m.String(), diags.Detail(w.halt)+"\n\n"+goesOn)
	}
	return append(out, problem)
}

// writeFailures lists all failures, or removes the list when there are none.
func (w *work) writeFailures(name string, failed []string) error {
	if len(failed) == 0 {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	var b strings.Builder
	for _, id := range failed {
		line, err := json.Marshal(struct {
			ID     string `json:"id"`
			Reason string `json:"reason"`
		}{id, w.failures[id]})
		if err != nil {
			return err
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return os.WriteFile(name, []byte(b.String()), 0o600)
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
	s := state.site(client)
	if state.SourceSHA256.IsNull() {
		resp.Diagnostics.Append(state.take(ctx, s)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	rows, known, problems := state.load(r.Provider)
	if problems.HasError() || !known || rows == nil {
		// The source may be elsewhere by now, or gone: planning will see.
		resp.Diagnostics.Append(forget(ctx, resp.Private)...)
		return
	}
	overwrite := state.OnConflict.ValueString() == onOverwrite
	found, err := s.look(ctx, rows, readFingerprints(state.Fingerprints.ValueString()), overwrite, false)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx) // the app is gone
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+state.String(), err))
		return
	}
	sum := found.summary(overwrite)
	if sum.work(state.options()) || sum.Unsure || sum.UnsureContents {
		state.InSync = types.BoolValue(false)
	} else if rows.digest == state.SourceSHA256.ValueString() {
		state.InSync = types.BoolValue(true)
	}
	r.remember(&state)
	sum.Source = state.source()
	resp.Diagnostics.Append(note(ctx, resp.Private, seenKey, sum)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// take fills in what an import cannot say: the inputs are the members of the ledger.
func (m *model) take(ctx context.Context, s site) diag.Diagnostics {
	var problems diag.Diagnostics
	if err := s.isLedger(ctx); err != nil {
		problems.Append(importProblem(m, err))
		return problems
	}
	prints := newFingerprints(0)
	for member, err := range s.client.AllDatasetInputs(ctx, s.app, s.ledger, clarifai.MaxPerPage) {
		if err != nil {
			problems.Append(diags.Error("Unable to read "+m.String(), err))
			return problems
		}
		if member.Input != nil {
			prints.own(member.Input.ID)
		}
	}
	m.Fingerprints = types.StringValue(prints.String())
	m.InputCount = types.Int64Value(int64(prints.Count))
	m.OnConflict, m.OnFailed = types.StringValue(onError), types.StringValue(onError)
	m.WaitForProcessing = types.BoolValue(true)
	m.MaxDeletes = types.Int64Value(defaultMaxDeletes)
	m.DeletionPolicy = types.StringValue(attrs.DeletionDelete)
	m.SourceSHA256 = types.StringValue("")
	m.InSync = types.BoolValue(false)
	m.FailedCount = types.Int64Value(0)
	m.Changes, problems = summary{}.changes(ctx, options{})
	return problems
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
	rows, problems := plan.planned(r.Provider)
	resp.Diagnostics.Append(problems...)
	timeout, more := plan.Timeouts.Update(ctx, defaultTimeout(len(rowsOf(rows))))
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.InSync.IsUnknown() {
		// Only how things are done has changed.
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s := plan.site(client)
	found, err := s.look(ctx, rows, readFingerprints(state.Fingerprints.ValueString()), plan.OnConflict.ValueString() == onOverwrite, false)
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+plan.String(), err))
		return
	}
	sum := found.summary(false)
	resp.Diagnostics.Append(sum.refusals(&plan)...)
	resp.Diagnostics.Append(sum.surprises(&plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if found.noLedger {
		if err := s.open(ctx); err != nil {
			resp.Diagnostics.Append(ledgerProblem(&plan, err))
			return
		}
	}
	work := newWork(s, rows, plan.options(), int(plan.Parallelism.ValueInt64()))
	work.elsewhere = r.elsewhere(&plan)
	work.converge(ctx, found)
	plan.settle(work, false)
	if plan.Changes.IsUnknown() {
		plan.Changes, more = sum.changes(ctx, plan.options())
		resp.Diagnostics.Append(more...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(forget(ctx, resp.Private)...)
	resp.Diagnostics.Append(work.report(&plan, "update", false)...)
}

func rowsOf(c *collection) []row {
	if c == nil {
		return nil
	}
	return c.rows
}

// surprises are deletions that the plan did not speak of.
func (s summary) surprises(m *model) diag.Diagnostics {
	var out diag.Diagnostics
	if m.Changes.IsUnknown() || m.Changes.IsNull() {
		return nil
	}
	planned := func(name string) int {
		v, _ := m.Changes.Attributes()[name].(types.Int64)
		return int(v.ValueInt64())
	}
	if s.Remove > planned("remove") || s.anew(m.options()) > planned("replace") {
		out.AddError("More would be deleted than was planned",
			fmt.Sprintf("Since the plan was made, inputs have changed at the service: %s would be deleted and %s made anew, and the plan spoke of %d and %d. Nothing was done. Plan and apply again.",
				counted(s.Remove), counted(s.anew(m.options())), planned("remove"), planned("replace")))
	}
	return out
}

func (r *inputsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	var aim intent
	resp.Diagnostics.Append(noted(ctx, req.Private, intentKey, &aim)...)
	// One half of a replacement by the same inputs: of a creation that is yet to be completed, or with
	// create_before_destroy, after the other half has taken over what is there.
	if r.wasMade(&state) || aim.replaces(&state) && readFingerprints(state.Fingerprints.ValueString()).begun() {
		r.remember(&state)
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
	s := state.site(client)
	found, err := s.look(ctx, &collection{}, readFingerprints(state.Fingerprints.ValueString()), false, false)
	if err != nil {
		if !clarifai.IsNotFound(err) {
			resp.Diagnostics.Append(diags.Error("Unable to read "+state.String(), err))
		}
		return
	}
	sum := found.summary(false)
	if sum.Unsure && sum.Extra > 0 {
		resp.Diagnostics.Append(sum.refusals(&state)...)
		return
	}
	work := newWork(s, found.rows, options{}, int(state.Parallelism.ValueInt64()))
	work.elsewhere = r.elsewhere(&state)
	work.check(ctx, found)
	work.remove(ctx, found.remove)
	if len(work.failures) == 0 && work.halt == nil && !found.noLedger {
		resp.Diagnostics.Append(s.close(ctx, &state, found)...)
	}
	resp.Diagnostics.Append(work.report(&state, "delete", false)...)
	if sum.Foreign > 0 {
		resp.Diagnostics.Append(sum.warnings(&state)...)
	}
	if len(work.failures) > 0 && !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddError("Not all inputs were deleted", "The resource stays in state; destroy again.")
	}
}
