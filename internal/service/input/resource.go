// Package input implements single inputs: images, videos, audio files and texts with their labels.
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

	// readBackTimeout limits reading back an input after its request was interrupted.
	readBackTimeout = 30 * time.Second
)

var key = ids.InApp("id")

// NewResource returns the resource.
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
		resp.Diagnostics.Append(validateContents(config.contents())...)
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
	found_, unknown_ := contentsIn(plan.contents())
	digest := types.StringUnknown()
	kind := inputcontent.Image
	var now content
	switch {
	case len(unknown_) > 0:
		kind = unknown_[0]
	case len(found_) == 1:
		now = found_[0]
		kind = now.inputType
		var problems diag.Diagnostics
		digest, problems = now.digest()
		resp.Diagnostics.Append(problems...)
	default:
		resp.Diagnostics.Append(validateContents(plan.contents())...) // what was unknown when it was validated
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), digest)...)
	if state == nil {
		return
	}
	before, _ := state.content()
	switch {
	case digest.IsUnknown(), now.url.IsUnknown(), now.inputType != before.inputType, !now.url.Equal(before.url):
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
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("media_info"), types.ObjectUnknown(infoType()))...)
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
	want, more := plan.toAPI()
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	app, id := plan.app(), plan.ID.ValueString()
	created, err := create(ctx, client, app, want)
	if err != nil {
		resp.Diagnostics.Append(createError(&plan, err))
		return
	}
	plan.computedFromAPI(created)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	if resp.Diagnostics.HasError() || !plan.WaitForProcessing.ValueBool() {
		return
	}

	last, err := waitProcessed(ctx, client, &plan.model)
	if last != nil {
		plan.computedFromAPI(last)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
	if err == nil {
		return
	}
	problem := waitError(&plan, err, "create")
	if !isFinal(err) {
		// After an error in Create, Terraform would destroy and recreate the input, which would send the
		// content again only to wait again. A warning keeps the input, and the next apply resumes waiting.
		problem = diags.AsWarning(problem)
	}
	resp.Diagnostics.Append(problem)
}

// create creates the input exactly once, also if the response is lost. If the id belongs to an input
// that is being deleted, it waits for the deletion.
func create(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, want clarifai.Input) (*clarifai.Input, error) {
	read := func(ctx context.Context) (*clarifai.Input, error) {
		// Read back also if the request was interrupted.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackTimeout)
		defer cancel()
		return client.GetInput(ctx, app, want.ID)
	}
	clock := client.Clock()
	since := clock.Now()
	for {
		created, err := adopt.Create(ctx,
			func(ctx context.Context) (*clarifai.Input, error) { return client.CreateInput(ctx, app, want) },
			read, isSame(want, since))
		waited := clock.Now().Sub(since)
		if !clarifai.IsDuplicate(err) || waited > deletedIDTimeout {
			return created, err
		}
		if _, readErr := read(ctx); !clarifai.IsNotFound(readErr) {
			return created, err
		}
		if clock.Sleep(ctx, wait.Pause(waited)) != nil {
			return created, err
		}
	}
}

// createError is the diagnostic for an input that could not be created.
func createError(m *resourceModel, err error) diag.Diagnostic {
	app, id := m.app(), m.ID.ValueString()
	source, _ := m.content()
	switch {
	case clarifai.IsDuplicate(err):
		return diags.AlreadyExists(typeName, "input", id, app.UserID+"/"+app.AppID+"/"+id, err)
	case clarifai.Code(err) == clarifai.StatusInputDuplicate:
		return diag.NewAttributeErrorDiagnostic(source.at("url"), fmt.Sprintf("Unable to create %s: another input has the same URL", m),
			fmt.Sprintf("Another input of the app has this URL. Import that input, or set %s.allow_duplicate_url = true to create a second one.\n\n%s", source.inputType, diags.Detail(err)))
	}
	summary := fmt.Sprintf("Unable to create %s", m)
	if said := diags.Detail(err); m.mentionsDataset(said) {
		return diag.NewAttributeErrorDiagnostic(path.Root("dataset_ids"), summary, said+
			"\n\nThe datasets must exist first. For datasets of this configuration use clarifai_dataset.NAME.id, so that Terraform creates them before.")
	}
	return diags.Error(summary, err)
}

// mentionsDataset reports whether a message is about one of the input's datasets.
func (m *resourceModel) mentionsDataset(said string) bool {
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

// waitError is the diagnostic for an input that is not processed.
func waitError(m *resourceModel, err error, timeoutKey string) diag.Diagnostic {
	const resumes = "The service continues processing, and the input is in state. The next apply resumes waiting for the same input; nothing is sent twice. " +
		"To see its status, run terraform plan. To not wait, set wait_for_processing = false."
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic(fmt.Sprintf("Processing failed: %s", m), diags.Detail(err)+
			"\n\nThe input is in state, and the next apply replaces it. Fix the cause above first: the content, or the URL and its access rights.")
	case clarifai.IsNotFound(err):
		return diags.Error(fmt.Sprintf("Deleted while it was processed: %s", m), err)
	case errors.As(err, &interrupted):
		return diags.StillRunning(fmt.Sprintf("Not processed yet: %s", m), interrupted, timeoutKey, resumes)
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to wait for %s", m), diags.Detail(err)+"\n\n"+resumes)
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
	state.contentFromAPI(found, importing)
	state.fromAPI(found, importing)
	resp.Diagnostics.Append(datasetsFromAPI(ctx, client, &state)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// datasetsFromAPI keeps those datasets in state of which the input is a member.
func datasetsFromAPI(ctx context.Context, client *clarifai.Client, state *resourceModel) diag.Diagnostics {
	var problems diag.Diagnostics
	if state.DatasetIDs.IsNull() {
		return nil
	}
	var member []string
	for _, dataset := range setStrings(state.DatasetIDs) {
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

	// done is the state after each step, so that a failed step does not hide earlier ones.
	done := state
	modified, err := updateData(ctx, client, &plan.model, state.model)
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to update %s", &plan), err))
		return
	}
	done.Concepts, done.Metadata, done.Geo = plan.Concepts, plan.Metadata, plan.Geo
	if !modified.IsNull() {
		done.ModifiedAt = modified
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
	if resp.Diagnostics.Append(updateDatasets(ctx, client, &plan, &done)...); resp.Diagnostics.HasError() {
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

	last, err := waitProcessed(ctx, client, &plan.model)
	if last == nil {
		plan.Status, plan.HostedURL, plan.MediaInfo = state.Status, state.HostedURL, state.MediaInfo
	} else {
		plan.computedFromAPI(last)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if err != nil {
		resp.Diagnostics.Append(waitError(&plan, err, "update")) // after an error in Update, Terraform keeps the state
	}
}

// updateData patches concepts, metadata and geo location if they differ. It returns when the input was
// modified, or null if nothing was sent.
func updateData(ctx context.Context, client *clarifai.Client, plan *model, state model) (types.String, error) {
	app, id := plan.app(), plan.ID.ValueString()
	data, action, err := plan.diff(state, func() (*clarifai.Data, error) {
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

// updateDatasets adds the input to datasets and removes it from others, and records the memberships in
// done.
func updateDatasets(ctx context.Context, client *clarifai.Client, plan, done *resourceModel) diag.Diagnostics {
	var problems diag.Diagnostics
	app, id := plan.app(), plan.ID.ValueString()
	want, have := setStrings(plan.DatasetIDs), setStrings(done.DatasetIDs)
	record := func(members []string) {
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
		record(append(slices.Clone(have), dataset))
	}
	for _, dataset := range slices.Clone(have) {
		if slices.Contains(want, dataset) {
			continue
		}
		// The dataset or the membership may have been deleted.
		if err := client.RemoveDatasetInput(ctx, app, dataset, id); err != nil && !clarifai.IsNotFound(err) {
			return failed(dataset, "Unable to remove %s from dataset %q", err)
		}
		record(slices.DeleteFunc(slices.Clone(have), func(d string) bool { return d == dataset }))
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
		err = waitDeleted(ctx, client, &state.model)
	}
	var interrupted *wait.InterruptedError
	switch {
	case err == nil, clarifai.IsNotFound(err):
	case errors.As(err, &interrupted):
		resp.Diagnostics.Append(diags.StillRunning(fmt.Sprintf("Not deleted yet: %s", &state), interrupted, "delete",
			"The service continues the deletion. The next apply resumes waiting for it."))
	default:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete %s", &state), err))
	}
}
