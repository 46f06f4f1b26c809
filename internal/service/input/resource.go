// Package input is about inputs, one by one: images, videos, audios and texts
// with their labels.
package input

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	typeName = "clarifai_input"

	// lookAgain bounds the reading back of what an interrupted call may have done.
	lookAgain = 30 * time.Second
)

var key = ids.InApp("id")

// NewResource makes the resource.
func NewResource() resource.Resource { return &inputResource{} }

type inputResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity       = (*inputResource)(nil)
	_ resource.ResourceWithImportState    = (*inputResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*inputResource)(nil)
	_ resource.ResourceWithValidateConfig = (*inputResource)(nil)
)

func (r *inputResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *inputResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

func (r *inputResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *inputResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *inputResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(check(config.media())...)
	}
}

func (r *inputResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	attrs.PlanDeletion(ctx, "input", req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	var state *resourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	planContent(ctx, plan, state, resp)
	attrs.PlanUnchanged(req, resp)
	if state != nil && !resp.Diagnostics.HasError() {
		planWait(ctx, plan, *state, resp)
	}
	attrs.PlanReplacement(ctx, "input", req, resp, "id")
}

// planContent reads the content as far as it is known, and replaces the input when it is another.
func planContent(ctx context.Context, plan resourceModel, state *resourceModel, resp *resource.ModifyPlanResponse) {
	there, perhaps := mediaIn(plan.media())
	digest := types.StringUnknown()
	kind := inputcontent.Image
	var now medium
	switch {
	case len(perhaps) > 0:
		kind = perhaps[0]
	case len(there) == 1:
		now = there[0]
		kind = now.kind
		var problems diag.Diagnostics
		digest, problems = now.digest()
		resp.Diagnostics.Append(problems...)
	default:
		resp.Diagnostics.Append(check(plan.media())...) // what was unknown when it was validated
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), digest)...)
	if state == nil {
		return
	}
	before, _ := state.medium()
	switch {
	case digest.IsUnknown(), now.url.IsUnknown(), now.kind != before.kind, !now.url.Equal(before.url):
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(kind))
	case digest.Equal(state.ContentSHA256):
	case !state.ContentSHA256.IsNull():
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("content_sha256"))
	default:
		resp.Diagnostics.AddAttributeWarning(path.Root(kind), "Content of an imported input is taken as it is",
			"The service does not give content back, so nobody can tell whether the configured content is what the input has. "+
				"It is taken for that and its digest is kept from now on. To send it instead, replace the resource (terraform apply -replace=...).")
	}
}

// planWait plans to wait on for an input that an earlier apply did not see processed, and to replace one
// whose processing has failed.
func planWait(ctx context.Context, plan, state resourceModel, resp *resource.ModifyPlanResponse) {
	class := attrs.StatusCode(state.Status).Class()
	if !plan.WaitForProcessing.ValueBool() || (class != clarifai.ClassInProgress && class != clarifai.ClassFailed) {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("hosted_url"), types.StringUnknown())...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("media_info"), types.ObjectUnknown(mediaInfoType()))...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("modified_at"), types.StringUnknown())...)
	if class == clarifai.ClassFailed {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
	}
}

func (r *inputResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.ID.IsUnknown() {
		plan.ID = types.StringValue(newID())
	}
	want, more := plan.request()
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	app, id := plan.app(), plan.ID.ValueString()
	made, err := create(ctx, client, app, want)
	if err != nil {
		resp.Diagnostics.Append(refusal(&plan, err))
		return
	}
	plan.refreshComputed(made)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	if resp.Diagnostics.HasError() || !plan.WaitForProcessing.ValueBool() {
		return
	}

	last, err := processed(ctx, client, &plan.model)
	if last != nil {
		plan.refreshComputed(last)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
	if err == nil {
		return
	}
	problem := explain(&plan, err, "create")
	if !over(err) {
		// Terraform takes an error during creation for a reason to destroy what was created and to
		// make it anew, which would send the content again only to wait again. A warning keeps the
		// input, and planWait has the next apply wait on for it.
		problem = diags.AsWarning(problem)
	}
	resp.Diagnostics.Append(problem)
}

// create makes the input, once whatever happens to the answer. An id that is taken by an input which is
// on its way out is waited for.
func create(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, want clarifai.Input) (*clarifai.Input, error) {
	read := func(ctx context.Context) (*clarifai.Input, error) {
		// An interrupt during the call must not lose what the call has made.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
		defer cancel()
		return client.GetInput(ctx, app, want.ID)
	}
	clock := client.Clock()
	began := clock.Now()
	for {
		made, err := adopt.Create(ctx,
			func(ctx context.Context) (*clarifai.Input, error) { return client.CreateInput(ctx, app, want) },
			read, ours(want, began))
		waited := clock.Now().Sub(began)
		if !clarifai.IsDuplicate(err) || waited > vanishTime {
			return made, err
		}
		if _, readErr := read(ctx); !clarifai.IsNotFound(readErr) {
			return made, err
		}
		if clock.Sleep(ctx, wait.Pause(waited)) != nil {
			return made, err
		}
	}
}

// refusal says why an input was not created.
func refusal(m *resourceModel, err error) diag.Diagnostic {
	app, id := m.app(), m.ID.ValueString()
	source, _ := m.medium()
	switch {
	case clarifai.IsDuplicate(err):
		return diags.AlreadyExists(typeName, "input", id, app.UserID+"/"+app.AppID+"/"+id, err)
	case clarifai.Code(err) == clarifai.StatusInputDuplicate:
		return diag.NewAttributeErrorDiagnostic(source.at("url"), fmt.Sprintf("Unable to create %s: another input has its URL", m),
			fmt.Sprintf("An input with this URL is in the app already. Import that one, or set %s.allow_duplicate_url = true to have it twice.\n\n%s", source.kind, diags.Detail(err)))
	}
	summary := fmt.Sprintf("Unable to create %s", m)
	if said := diags.Detail(err); m.namesDataset(said) {
		return diag.NewAttributeErrorDiagnostic(path.Root("dataset_ids"), summary, said+
			"\n\nThe datasets must be there first: write clarifai_dataset.NAME.id for those that this configuration makes, so that Terraform keeps to the order.")
	}
	return diags.Error(summary, err)
}

// namesDataset tells whether what the service says is about one of the input's datasets.
func (m *resourceModel) namesDataset(said string) bool {
	if !strings.Contains(said, "dataset") {
		return false
	}
	for _, element := range m.DatasetIDs.Elements() {
		if id, ok := element.(types.String); ok && strings.Contains(said, "'"+id.ValueString()+"'") {
			return true
		}
	}
	return false
}

// explain says why an input is not processed, and what to do.
func explain(m *resourceModel, err error, timeoutKey string) diag.Diagnostic {
	const goesOn = "The processing goes on at the service, and the input is in state. The next apply waits on for the same input; nothing is sent twice. " +
		"To see how far it is, run terraform plan. Not to wait at all, set wait_for_processing = false."
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic(fmt.Sprintf("The service could not process %s", m), diags.Detail(err)+
			"\n\nThe input stays in state and at the service, and the next apply replaces it by a new one. Mend first what the reason speaks of: the content, or the URL and who may read it.")
	case clarifai.IsNotFound(err):
		return diags.Error(fmt.Sprintf("Gone while it was processed: %s", m), err)
	case errors.As(err, &interrupted):
		return diags.StillRunning(fmt.Sprintf("Not processed yet: %s", m), interrupted, timeoutKey, goesOn)
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to follow the processing of %s", m), diags.Detail(err)+"\n\n"+goesOn)
}

func (r *inputResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := state.app(), state.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	found, err := client.ReadInput(ctx, app, id)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read %s", &state), err))
		return
	}
	importing := state.CreatedAt.IsNull()
	if importing {
		state.WaitForProcessing = types.BoolValue(true)
		state.DeletionPolicy = types.StringValue(attrs.DeletionDelete)
	}
	state.refreshMedium(found, importing)
	state.refresh(found, importing)
	resp.Diagnostics.Append(refreshDatasets(ctx, client, &state)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// refreshDatasets leaves of the datasets in state those that the input is a member of.
func refreshDatasets(ctx context.Context, client *clarifai.Client, state *resourceModel) diag.Diagnostics {
	var problems diag.Diagnostics
	if state.DatasetIDs.IsNull() {
		return nil
	}
	var member []string
	for _, dataset := range texts(state.DatasetIDs) {
		_, err := client.ReadDatasetInput(ctx, state.app(), dataset, state.ID.ValueString())
		if err != nil && !clarifai.IsNotFound(err) {
			problems.Append(diags.AttributeError(path.Root("dataset_ids"), fmt.Sprintf("Unable to read whether %s is in dataset %q", state, dataset), err))
			return problems
		}
		if err == nil {
			member = append(member, dataset)
		}
	}
	state.DatasetIDs, problems = setOf(ctx, member)
	return problems
}

func (r *inputResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Update(ctx, updateTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := plan.app(), plan.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	// done is what holds after each step, so that a later one that fails does not hide the earlier ones.
	done := state
	modified, err := changeData(ctx, client, &plan.model, state.model)
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to update %s", &plan), err))
		return
	}
	done.Concepts, done.Metadata, done.Geo = plan.Concepts, plan.Metadata, plan.Geo
	if !modified.IsNull() {
		done.ModifiedAt = modified
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
	if resp.Diagnostics.Append(changeDatasets(ctx, client, &plan, &done)...); resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
		return
	}
	if plan.ModifiedAt.IsUnknown() {
		plan.ModifiedAt = done.ModifiedAt
	}
	if !plan.Status.IsUnknown() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}

	last, err := processed(ctx, client, &plan.model)
	if last == nil {
		plan.Status, plan.HostedURL, plan.MediaInfo = state.Status, state.HostedURL, state.MediaInfo
	} else {
		plan.refreshComputed(last)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if err != nil {
		resp.Diagnostics.Append(explain(&plan, err, "update")) // after an update Terraform keeps what is there
	}
}

// changeData patches labels, metadata and place as far as they differ. It returns when the input was
// changed, or null when it was not.
func changeData(ctx context.Context, client *clarifai.Client, plan *model, state model) (types.String, error) {
	app, id := plan.app(), plan.ID.ValueString()
	data, action, err := plan.change(state, func() (*clarifai.Data, error) {
		in, err := client.GetInput(ctx, app, id)
		if err != nil {
			return nil, err
		}
		if in.Data == nil {
			return &clarifai.Data{}, nil
		}
		return in.Data, nil
	})
	if err != nil || data == nil {
		return types.StringNull(), err
	}
	patched, err := client.UpdateInput(ctx, app, clarifai.Input{ID: id, Data: data}, action)
	if err != nil {
		return types.StringNull(), err
	}
	return attrs.Time(patched.ModifiedAt), nil
}

// changeDatasets joins and leaves datasets, and notes in done how far it got.
func changeDatasets(ctx context.Context, client *clarifai.Client, plan, done *resourceModel) diag.Diagnostics {
	var problems diag.Diagnostics
	app, id := plan.app(), plan.ID.ValueString()
	want, have := texts(plan.DatasetIDs), texts(done.DatasetIDs)
	note := func(members []string) {
		set, more := setOf(ctx, members)
		problems.Append(more...)
		have, done.DatasetIDs = members, set
	}
	failed := func(dataset, what string, err error) diag.Diagnostics {
		problems.Append(diags.AttributeError(path.Root("dataset_ids").AtSetValue(types.StringValue(dataset)), fmt.Sprintf(what, plan, dataset), err))
		return problems
	}
	for _, dataset := range want {
		if slices.Contains(have, dataset) {
			continue
		}
		if _, err := client.CreateDatasetInput(ctx, app, dataset, id); err != nil {
			return failed(dataset, "Unable to add %s to dataset %q", err)
		}
		note(append(slices.Clone(have), dataset))
	}
	for _, dataset := range slices.Clone(have) {
		if slices.Contains(want, dataset) {
			continue
		}
		// The dataset or the membership may be gone already.
		if err := client.RemoveDatasetInput(ctx, app, dataset, id); err != nil && !clarifai.IsNotFound(err) {
			return failed(dataset, "Unable to take %s out of dataset %q", err)
		}
		note(slices.DeleteFunc(slices.Clone(have), func(d string) bool { return d == dataset }))
	}
	return problems
}

func (r *inputResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() || !attrs.MayDelete(state.DeletionPolicy, "input", &resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := client.RemoveInput(ctx, state.app(), state.ID.ValueString())
	if err == nil {
		err = gone(ctx, client, &state.model)
	}
	var interrupted *wait.InterruptedError
	switch {
	case err == nil, clarifai.IsNotFound(err):
	case errors.As(err, &interrupted):
		resp.Diagnostics.Append(diags.StillRunning(fmt.Sprintf("Not deleted yet: %s", &state), interrupted, "delete",
			"The deletion goes on at the service. The next apply waits on for it."))
	default:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete %s", &state), err))
	}
}
