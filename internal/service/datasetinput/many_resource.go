package datasetinput

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	createTimeout = 30 * time.Minute
	workers       = 8 // requests at a time
	missingOK     = 5 // how often in a row a new operation may not be found yet
)

var manyKey = ids.InApp("dataset_id")

// NewPluralResource returns the resource for many members.
func NewPluralResource() resource.Resource {
	return &membersResource{base.NewResource(pluralTypeName, manyKey, manySchema(context.Background()))}
}

type membersResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*membersResource)(nil)
	_ resource.ResourceWithImportState    = (*membersResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*membersResource)(nil)
	_ resource.ResourceWithValidateConfig = (*membersResource)(nil)
)

type membersModel struct {
	UserID        types.String   `tfsdk:"user_id"`
	AppID         types.String   `tfsdk:"app_id"`
	DatasetID     types.String   `tfsdk:"dataset_id"`
	ID            types.String   `tfsdk:"id"`
	InputIDs      types.List     `tfsdk:"input_ids"`
	Exclusive     types.Bool     `tfsdk:"exclusive"`
	MaxDeletes    types.Int64    `tfsdk:"max_deletes"`
	Search        types.Object   `tfsdk:"search"`
	Triggers      types.Map      `tfsdk:"triggers"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
	Changes       types.String   `tfsdk:"changes"`
	BulkOperation types.Object   `tfsdk:"bulk_operation"`
}

// searchModel is the search whose inputs are added.
type searchModel struct {
	criteria.Settings
	Filters  types.List   `tfsdk:"filters"`
	Ranks    types.List   `tfsdk:"ranks"`
	Language types.String `tfsdk:"language"`
}

// searchToAPI is the search to send.
func (m *membersModel) searchToAPI(ctx context.Context) (clarifai.Search, diag.Diagnostics) {
	var s searchModel
	problems := m.Search.As(ctx, &s, basetypes.ObjectAsOptions{})
	filters, more := criteria.FiltersToAPI(ctx, s.Filters)
	problems.Append(more...)
	ranks, more := criteria.RanksToAPI(ctx, s.Ranks)
	problems.Append(more...)
	search := clarifai.Search{Query: &clarifai.Query{Filters: filters, Ranks: ranks, Language: s.Language.ValueString()}}
	s.ToAPI(&search)
	return search, problems
}

var operationType = map[string]attr.Type{
	"id": types.StringType, "processed": types.Int64Type, "status": attrs.UnknownStatus().Type(context.Background()),
}

func (m *membersModel) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the members in messages.
func (m *membersModel) String() string {
	return fmt.Sprintf("members of dataset %q", m.DatasetID.ValueString())
}

// owner names the resource in the register of claims. Several lists may add
// members to one dataset, so the members tell them apart.
func (m *membersModel) owner() claims.Owner {
	app := m.app()
	all, _ := idsOf(m.InputIDs)
	sum := sha256.Sum256([]byte(strings.Join(all, "\x00")))
	return claims.Owner{
		Type: pluralTypeName, ID: app.UserID + "/" + app.AppID + "/" + m.DatasetID.ValueString(), Instance: hex.EncodeToString(sum[:8]),
	}
}

// set names the members of the dataset in the register of claims.
func (m *membersModel) set() string { return claims.DatasetMembers(m.app(), m.DatasetID.ValueString()) }

func (r *membersResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config membersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	listed, searched := !config.InputIDs.IsNull(), !config.Search.IsNull()
	if listed == searched && !config.InputIDs.IsUnknown() && !config.Search.IsUnknown() {
		resp.Diagnostics.AddError("Not exactly one source of members", "Set exactly one of input_ids and search.")
	}
	if search := config.Search.Attributes(); len(search) > 0 && search["filters"].IsNull() && search["ranks"].IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("search"), "A search without conditions",
			"The search has neither filters nor ranks, so it would add every input of the app. If this is meant, filter by input_type "+
				"or dataset_ids.")
	}
	if searched && config.Exclusive.ValueBool() {
		resp.Diagnostics.AddAttributeError(path.Root("exclusive"), "A search only adds", "exclusive applies to input_ids: a search only adds "+
			"members.")
	}
	if listed && !config.Triggers.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("triggers"), "Nothing to trigger", "triggers applies to search: each plan compares a list "+
			"with the dataset.")
	}
	for _, v := range config.InputIDs.Elements() {
		id, ok := v.(types.String)
		if !ok || id.IsUnknown() {
			continue
		}
		if problem := ids.ReferenceProblem(id.ValueString()); problem != "" {
			resp.Diagnostics.AddAttributeError(path.Root("input_ids"), "Invalid id",
				fmt.Sprintf("%q cannot be the id of an input: %s.", id.ValueString(), problem))
			return
		}
	}
}

func (r *membersResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	manyKey.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state membersModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID = plan.DatasetID
	switch {
	case !plan.Search.IsNull() && !plan.Search.IsUnknown():
		plan.Changes = types.StringNull()
		if !req.State.Raw.IsNull() && !state.Search.IsNull() {
			plan.BulkOperation = state.BulkOperation
			if state.running() {
				plan.BulkOperation = types.ObjectUnknown(operationType) // resume waiting
			}
		}
	case !plan.InputIDs.IsNull():
		plan.BulkOperation = types.ObjectNull(operationType)
		resp.Diagnostics.Append(r.planList(&plan, state, req.State.Raw.IsNull())...)
	}
	if !req.State.Raw.IsNull() && plan.Search.IsNull() != state.Search.IsNull() {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("search"))
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	unchanged := plan.InputIDs.Equal(state.InputIDs) && plan.Changes.Equal(state.Changes)
	if !req.State.Raw.IsNull() && !plan.InputIDs.IsNull() && unchanged && !resp.Plan.Raw.Equal(req.State.Raw) {
		// Only attributes that say how to apply change.
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("changes"), "")...)
	}
}

// planList plans the changes of a list.
func (r *membersResource) planList(m *membersModel, state membersModel, creating bool) diag.Diagnostics {
	register := claims.For(r.Provider)
	want, known := idsOf(m.InputIDs)
	m.Changes = types.StringUnknown()
	if !known {
		return nil
	}
	client, ready := r.Provider.Client()
	var problems diag.Diagnostics
	if !m.DatasetID.IsUnknown() && !m.UserID.IsUnknown() && !m.AppID.IsUnknown() {
		problems.Append(register.ClaimMembers(m.owner(), m.set(), slices.Values(want), m.Exclusive.ValueBool())...)
	}
	have, _ := idsOf(state.InputIDs)
	var restore []string // members whose input this plan replaces
	if !creating && m.set() == state.set() {
		for _, id := range have {
			if _, stays := slices.BinarySearch(want, id); stays && register.PlanMembership(m.owner(), inputOwner(m.app(), id)) {
				restore = append(restore, id)
			}
		}
	}
	add, remove := minus(want, minus(have, restore)), minus(have, want)
	if m.Exclusive.ValueBool() && (creating || !state.Exclusive.ValueBool()) {
		// The members that others have added are read at apply.
		return problems
	}
	if len(add)+len(remove) == 0 && !creating {
		m.Changes = state.Changes
		m.InputIDs = state.InputIDs // another order of the same ids
		return problems
	}
	if !ready.HasError() { // otherwise the configured rate is not known either
		m.Changes = changesText(len(add), len(remove), client)
	}
	if !creating {
		problems.Append(m.guard(remove)...)
	}
	return problems
}

// guard rejects removing more members than max_deletes allows, and names those that are removed.
func (m *membersModel) guard(remove []string) diag.Diagnostics {
	var problems diag.Diagnostics
	if len(remove) == 0 {
		return nil
	}
	if int64(len(remove)) > m.MaxDeletes.ValueInt64() {
		problems.AddAttributeError(path.Root("max_deletes"), "More memberships would end than max_deletes allows",
			fmt.Sprintf("Dataset %q would lose %s, and max_deletes is %d: %s. If that is intended, raise max_deletes.",
				m.DatasetID.ValueString(), diags.Counted(len(remove), "member"), m.MaxDeletes.ValueInt64(), diags.Names(remove)))
		return problems
	}
	problems.AddWarning("Memberships end: "+diags.Counted(len(remove), "member"),
		fmt.Sprintf("Dataset %q loses %s. The inputs stay in the app.", m.DatasetID.ValueString(), diags.Names(remove)))
	return problems
}

// changesText describes changes. The difference of input_ids names the members.
func changesText(add, remove int, client *clarifai.Client) types.String {
	requests := func(n int) int { return (n + clarifai.MaxItemsPerCall - 1) / clarifai.MaxItemsPerCall }
	return types.StringValue(changes.Plan{
		Add: changes.Set{Count: add}, Remove: changes.Set{Count: remove},
		Requests: requests(add) + requests(remove), Rate: client.RequestsPerSecond(),
	}.String())
}

// idsOf returns the ids of a list, sorted and each once; known is false if one of them is unknown.
func idsOf(s types.List) (all []string, known bool) {
	if s.IsUnknown() {
		return nil, false
	}
	for _, v := range s.Elements() {
		id, ok := v.(types.String)
		if !ok || id.IsUnknown() {
			return nil, false
		}
		all = append(all, id.ValueString())
	}
	slices.Sort(all)
	return slices.Compact(all), true
}

// minus returns the elements of a that are not in b; both are sorted.
func minus(a, b []string) []string {
	var rest []string
	for _, id := range a {
		if _, there := slices.BinarySearch(b, id); !there {
			rest = append(rest, id)
		}
	}
	return rest
}

// listOf returns a list of ids in the order of prior.
func listOf(ctx context.Context, prior types.List, all []string) (types.List, diag.Diagnostics) {
	left := map[string]bool{}
	for _, id := range all {
		left[id] = true
	}
	ordered := []string{}
	appendID := func(id string) {
		if left[id] {
			ordered = append(ordered, id)
			delete(left, id)
		}
	}
	for _, v := range prior.Elements() {
		if id, ok := v.(types.String); ok {
			appendID(id.ValueString())
		}
	}
	for _, id := range all {
		appendID(id)
	}
	return types.ListValueFrom(ctx, types.StringType, ordered)
}

func (r *membersResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan membersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID = plan.DatasetID
	if !plan.Search.IsNull() {
		r.createSearch(ctx, client, plan, resp)
		return
	}
	want, _ := idsOf(plan.InputIDs)
	register := claims.For(r.Provider)
	resp.Diagnostics.Append(register.ClaimMembers(plan.owner(), plan.set(), slices.Values(want), plan.Exclusive.ValueBool())...)
	if resp.Diagnostics.HasError() {
		return
	}
	var remove []string
	if plan.Exclusive.ValueBool() {
		have, err := listMembers(ctx, client, &plan, 0)
		if err != nil {
			resp.Diagnostics.Append(diags.Error("Unable to list the "+plan.String(), err))
			return
		}
		slices.Sort(have)
		remove = minus(have, want)
		if resp.Diagnostics.Append(plan.guard(remove)...); resp.Diagnostics.HasError() {
			return
		}
		plan.Changes = changesText(len(minus(want, have)), len(remove), client)
	}
	if plan.Changes.IsUnknown() {
		plan.Changes = changesText(len(want), 0, client)
	}
	done := plan
	problems, members := change(ctx, client, &plan, nil, want, remove)
	resp.Diagnostics.Append(problems...)
	register.KeepMembers(plan.set(), members...)
	if len(members) == 0 && len(want) > 0 {
		return // no membership was created, so there is nothing to store
	}
	if problems.HasError() {
		var more diag.Diagnostics
		done.InputIDs, more = listOf(ctx, plan.InputIDs, members)
		resp.Diagnostics.Append(more...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
	resp.Diagnostics.Append(manyKey.SetIdentity(ctx, resp.Identity, plan.app(), plan.DatasetID.ValueString())...)
}

// change creates and ends memberships, and returns the members among have and add afterwards.
func change(ctx context.Context, client *clarifai.Client, m *membersModel, have, add, remove []string) (diag.Diagnostics, []string) {
	app, dataset := m.app(), m.DatasetID.ValueString()
	var mu sync.Mutex
	failures := map[string]string{}
	failed := func(id string, err error) {
		mu.Lock()
		defer mu.Unlock()
		failures[id] = diags.Brief(err)
	}
	operation := progress.Start(ctx, client.Clock(), fmt.Sprintf("members of dataset %q", dataset), "add and remove", len(add)+len(remove))
	defer operation.End()
	each(ctx, add, func(chunk []string) {
		for i, item := range client.CreateDatasetInputs(ctx, app, dataset, chunk) {
			if item.Err != nil {
				failed(chunk[i], item.Err)
			}
		}
		operation.Add(len(chunk), 0)
	}, failed)
	each(ctx, remove, func(chunk []string) {
		for i, err := range client.RemoveDatasetInputs(ctx, app, dataset, chunk) {
			if err != nil && !clarifai.IsNotFound(err) {
				failed(chunk[i], err)
			}
		}
		operation.Add(len(chunk), 0)
	}, failed)
	// An input that could not be removed is still a member; one that could not be added is not.
	var members, bad []string
	for _, id := range slices.Concat(have, add) {
		if _, failed := failures[id]; !failed {
			members = append(members, id)
		}
	}
	slices.Sort(members)
	members = slices.Compact(members)
	members = minus(members, remove)
	for _, id := range remove {
		if _, failed := failures[id]; failed {
			members = append(members, id)
		}
	}
	var problems diag.Diagnostics
	for id := range failures {
		bad = append(bad, id)
	}
	if len(bad) == 0 {
		return nil, members
	}
	slices.Sort(bad)
	var lines []string
	for _, id := range bad[:min(diags.Shown, len(bad))] {
		lines = append(lines, id+": "+failures[id])
	}
	if more := len(bad) - diags.Shown; more > 0 {
		lines = append(lines, fmt.Sprintf("... and %d more", more))
	}
	problems.AddAttributeError(path.Root("input_ids"),
		fmt.Sprintf("%d of %d memberships in dataset %q failed", len(bad), len(add)+len(remove), dataset),
		strings.Join(lines, "\n")+"\n\nThe other changes are done and in state. The next apply repeats the failed ones.")
	return problems, members
}

// each calls f for chunks of ids, several at a time. After an interrupt the remaining ids have failed.
func each(ctx context.Context, all []string, f func([]string), failed func(string, error)) {
	queue := make(chan []string)
	var group sync.WaitGroup
	for range min(workers, len(all)) {
		group.Go(func() {
			for chunk := range queue {
				if ctx.Err() == nil {
					f(chunk)
					continue
				}
				for _, id := range chunk {
					failed(id, ctx.Err())
				}
			}
		})
	}
	for chunk := range slices.Chunk(all, clarifai.MaxItemsPerCall) {
		queue <- chunk
	}
	close(queue)
	group.Wait()
}

// listMembers returns the ids of all members, of which there are probably as many as expected.
func listMembers(ctx context.Context, client *clarifai.Client, m *membersModel, expected int) ([]string, error) {
	var all []string
	pages := clarifai.Page{PerPage: clarifai.MaxPerPage, Expected: expected}
	for member, err := range client.AllDatasetInputs(ctx, m.app(), m.DatasetID.ValueString(), pages) {
		if err != nil {
			return nil, err
		}
		if member.Input != nil {
			all = append(all, member.Input.ID)
		}
	}
	return all, nil
}

func (r *membersResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state membersModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(manyKey.SetIdentity(ctx, resp.Identity, state.app(), state.DatasetID.ValueString())...)
	if !state.Search.IsNull() {
		resp.Diagnostics.Append(state.readOperation(ctx, client)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	have, err := listMembers(ctx, client, &state, len(state.InputIDs.Elements()))
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to list the "+state.String(), err))
		return
	}
	importing := state.ID.IsNull()
	if importing {
		state.ID, state.Exclusive, state.MaxDeletes = state.DatasetID, types.BoolValue(false), types.Int64Value(defaultMaxDeletes)
		state.Changes, state.BulkOperation = types.StringValue(""), types.ObjectNull(operationType)
	}
	if !importing && !state.Exclusive.ValueBool() {
		listed, _ := idsOf(state.InputIDs)
		have = slices.DeleteFunc(have, func(id string) bool {
			_, mine := slices.BinarySearch(listed, id)
			return !mine
		})
	}
	slices.Sort(have)
	if listed, _ := idsOf(state.InputIDs); !importing && !slices.Equal(listed, have) {
		// A plan follows. The text of the last one would look as if it was taken back.
		state.Changes = types.StringValue("")
	}
	var more diag.Diagnostics
	state.InputIDs, more = listOf(ctx, state.InputIDs, have)
	resp.Diagnostics.Append(more...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *membersResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state membersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(manyKey.SetIdentity(ctx, resp.Identity, plan.app(), plan.DatasetID.ValueString())...)
	if !plan.Search.IsNull() {
		timeout, more := plan.Timeouts.Create(ctx, createTimeout)
		resp.Diagnostics.Append(more...)
		if plan.BulkOperation.IsUnknown() {
			plan.BulkOperation = state.BulkOperation
			problem := plan.follow(ctx, client, timeout)
			if problem != nil {
				resp.Diagnostics.Append(problem)
			}
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	register := claims.For(r.Provider)
	want, _ := idsOf(plan.InputIDs)
	have, _ := idsOf(state.InputIDs)
	resp.Diagnostics.Append(register.ClaimMembers(plan.owner(), plan.set(), slices.Values(want), plan.Exclusive.ValueBool())...)
	if resp.Diagnostics.HasError() {
		return
	}
	// An input that this run has replaced has lost its memberships.
	ended := slices.DeleteFunc(slices.Clone(have), func(id string) bool { return !register.WasCreated(inputOwner(plan.app(), id)) })
	add, remove := minus(want, minus(have, ended)), minus(have, want)
	if plan.Exclusive.ValueBool() && !state.Exclusive.ValueBool() {
		// State has only the members that were listed.
		now, err := listMembers(ctx, client, &plan, 0)
		if err != nil {
			resp.Diagnostics.Append(diags.Error("Unable to list the "+plan.String(), err))
			return
		}
		slices.Sort(now)
		have, remove = now, minus(now, want)
		if resp.Diagnostics.Append(plan.guard(remove)...); resp.Diagnostics.HasError() {
			return
		}
	}
	if plan.Changes.IsUnknown() {
		plan.Changes = changesText(len(add), len(remove), client)
	}
	problems, members := change(ctx, client, &plan, have, add, remove)
	resp.Diagnostics.Append(problems...)
	register.KeepMembers(plan.set(), members...)
	done := plan
	if problems.HasError() {
		var more diag.Diagnostics
		done.InputIDs, more = listOf(ctx, plan.InputIDs, members)
		resp.Diagnostics.Append(more...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
}

func (r *membersResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state membersModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() || !state.Search.IsNull() {
		return
	}
	have, _ := idsOf(state.InputIDs)
	// Members that this run has added belong to the resource that replaces this one.
	have = slices.DeleteFunc(have, func(id string) bool { return claims.For(r.Provider).Kept(state.set(), id) })
	problems, _ := change(ctx, client, &state, have, nil, have)
	resp.Diagnostics.Append(problems...)
}

// createSearch starts the bulk operation that adds the inputs that the search finds.
func (r *membersResource) createSearch(ctx context.Context, client *clarifai.Client, plan membersModel, resp *resource.CreateResponse) {
	search, problems := plan.searchToAPI(ctx)
	resp.Diagnostics.Append(problems...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	post := func() (*clarifai.BulkOperation, error) {
		return client.PostDatasetInputsSearch(ctx, plan.app(), plan.DatasetID.ValueString(), search)
	}
	operation, err := post()
	if clarifai.IsOutcomeUnknown(err) {
		operation, err = post() // adding the same inputs again changes nothing
	}
	if err != nil {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("search"), "Unable to add the hits of the search to the "+plan.String(), err))
		return
	}
	plan.setOperation(operation)
	plan.Changes = types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(manyKey.SetIdentity(ctx, resp.Identity, plan.app(), plan.DatasetID.ValueString())...)
	if resp.Diagnostics.HasError() {
		return
	}
	problem := plan.follow(ctx, client, timeout)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	switch {
	case problem == nil:
	case plan.running():
		// After an error Terraform would run the search again, while this one continues.
		resp.Diagnostics.Append(diags.AsWarning(problem))
	default:
		resp.Diagnostics.Append(problem)
	}
}

func (m *membersModel) setOperation(o *clarifai.BulkOperation) {
	processed := types.Int64Value(0)
	if o.Progress != nil {
		processed = types.Int64Value(int64(o.Progress.Processed))
	}
	m.BulkOperation = types.ObjectValueMust(operationType, map[string]attr.Value{
		"id": types.StringValue(o.ID), "processed": processed, "status": attrs.StatusFromAPI(o.Status),
	})
}

func (m *membersModel) operationID() string {
	id, _ := m.BulkOperation.Attributes()["id"].(types.String)
	return id.ValueString()
}

// running reports whether the operation had not ended when it was last read.
func (m *membersModel) running() bool {
	status, ok := m.BulkOperation.Attributes()["status"].(types.Object)
	return ok && attrs.StatusCode(status).Class() == clarifai.ClassInProgress
}

// readOperation sets the status of the operation. State keeps it if the service no longer has the record.
func (m *membersModel) readOperation(ctx context.Context, client *clarifai.Client) diag.Diagnostics {
	operation, err := client.GetBulkOperation(ctx, m.app(), m.operationID())
	if clarifai.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return diag.Diagnostics{diags.Error("Unable to read the bulk operation for the "+m.String(), err)}
	}
	m.setOperation(operation)
	return nil
}

// follow waits until the operation has ended.
func (m *membersModel) follow(ctx context.Context, client *clarifai.Client, timeout time.Duration) diag.Diagnostic {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	operation, err := wait.For(ctx, wait.Spec[*clarifai.BulkOperation]{
		Clock: client.Clock(),
		What:  fmt.Sprintf("bulk operation %q", m.operationID()),
		Refresh: func(ctx context.Context) (*clarifai.BulkOperation, error) {
			return client.GetBulkOperation(ctx, m.app(), m.operationID())
		},
		Status:    func(o *clarifai.BulkOperation) clarifai.Status { return o.Status },
		MissingOK: missingOK,
	})
	if operation != nil {
		m.setOperation(operation)
	}
	var interrupted *wait.InterruptedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &interrupted):
		return diags.StillRunning("Not all added yet: "+m.String(), interrupted, "create", "Clarifai continues the operation, and it is in "+
			"state. The next apply resumes waiting.")
	}
	return diags.Error("Unable to add all hits of the search: "+m.String(), err)
}
