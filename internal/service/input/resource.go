// Package input implements single inputs: images, videos, audio files and texts with their labels.
package input

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/movestate"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	typeName = "clarifai_input"
)

var key = ids.InApp("id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &inputResource{base.NewResource(typeName, key, resourceSchema)}
}

type inputResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*inputResource)(nil)
	_ resource.ResourceWithImportState    = (*inputResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*inputResource)(nil)
	_ resource.ResourceWithMoveState      = (*inputResource)(nil)
	_ resource.ResourceWithValidateConfig = (*inputResource)(nil)
)

// MoveState moves the state of resources of generic REST providers.
func (r *inputResource) MoveState(context.Context) []resource.StateMover {
	return movestate.Movers(movestate.InApp("inputs", "id"))
}

func (r *inputResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(validateContents(config.contents())...)
		_, problems := config.ownAnnotations(ctx, config.annotationLimits())
		resp.Diagnostics.Append(problems...)
	}
	if config.ConflictResolution.ValueString() == "SUFFIX" && !config.ID.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("input_id_conflict_resolution"), "SUFFIX cannot be combined with id",
			"If the id already exists, Clarifai would add the input under another id, which Terraform does not accept. Remove id or SUFFIX.")
	}
	for id := range config.ConceptNames.Elements() {
		if _, listed := config.Concepts.Elements()[id]; !listed && !config.Concepts.IsUnknown() {
			resp.Diagnostics.AddAttributeError(path.Root("concept_names").AtMapKey(id), "Name of a concept that the input does not have",
				fmt.Sprintf("concepts has no %q, so its name would not be sent. Add the concept, or remove the name.", id))
		}
	}
}

func (r *inputResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	attrs.PlanDeletion(ctx, "input", req, resp)
	ids.PlanNewInput(ctx, req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	var state *resourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	missing := false
	if contents, unknown := contentsIn(config.contents()); len(contents) == 0 && len(unknown) == 0 {
		planOmittedContent(ctx, state, resp)
	} else {
		missing = planContent(ctx, config, state, resp)
	}
	incomplete, problems := private.Load[bool](ctx, req.Private, incompleteKey)
	if resp.Diagnostics.Append(problems...); resp.Diagnostics.HasError() {
		return
	}
	planAnnotations(ctx, state, resp)
	attrs.PlanUnchanged(req, resp)
	if incomplete {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("masks_sha256"), types.StringUnknown())...) // an update is needed
	}
	if missing {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), types.StringUnknown())...)
	}
	var plan resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state != nil {
		planProcessing(ctx, plan, *state, isAdopted(ctx, req.Private), resp)
		planReplacement(plan, *state, resp)
	} else if plan.WaitForProcessing.ValueBool() {
		resp.Diagnostics.Append(r.countWaiting(plan)...)
	}
	attrs.PlanReplacement(ctx, "input", req, resp, "id")
	if !plan.ID.IsUnknown() && !plan.UserID.IsUnknown() && !plan.AppID.IsUnknown() {
		resp.Diagnostics.Append(r.claimMemberships(&plan)...)
	}
}

// claimMemberships registers the memberships of dataset_ids, which an exclusive list must not remove.
func (r *inputResource) claimMemberships(m *resourceModel) diag.Diagnostics {
	var problems diag.Diagnostics
	for _, dataset := range setStrings(m.DatasetIDs) {
		if dataset == "" {
			continue // not known yet
		}
		problems.Append(claims.For(r.Provider).ClaimMembers(owner(&m.model), claims.DatasetMembers(m.app(), dataset),
			slices.Values([]string{m.ID.ValueString()}), false)...)
	}
	return problems
}

// planOmittedContent keeps the content of an input whose configuration sets none.
func planOmittedContent(ctx context.Context, state *resourceModel, resp *resource.ModifyPlanResponse) {
	if state == nil {
		resp.Diagnostics.Append(noContent())
		return
	}
	for inputType, value := range state.contents() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(inputType), value)...)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), state.ContentSHA256)...)
}

// planContent reads the configured content as far as it is known, and replaces the input if it differs. If
// the source is unknown, or the file of an input that exists is missing, an update is planned, and Update compares the content.
func planContent(
	ctx context.Context, config resourceModel, state *resourceModel, resp *resource.ModifyPlanResponse,
) (missing bool) {
	for inputType, value := range config.contents() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(inputType), value)...) // null unless configured
	}
	digest := types.StringUnknown()
	contents, _ := contentsIn(config.contents())
	switch {
	case len(contents) != 1:
	case state != nil && contents[0].isMissing():
		missing = true
		// The file may exist when the plan is applied, and a destroy does not need it.
		resp.Diagnostics.AddAttributeWarning(contents[0].at("file"), "File of the input is missing",
			fmt.Sprintf("%q does not exist. If it is still missing when this plan is applied, the apply fails. A destroy does not need it.",
				contents[0].file.ValueString()))
	default:
		var problems diag.Diagnostics
		digest, problems = contents[0].digest()
		resp.Diagnostics.Append(problems...)
	}
	if resp.Diagnostics.HasError() {
		return missing
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), digest)...)
	if state == nil && len(contents) == 1 {
		resp.Diagnostics.Append(contents[0].textWarning()...)
	}
	if state == nil || len(contents) != 1 {
		return missing
	}
	now := contents[0]
	switch before, exists := state.content(); {
	case digest.IsUnknown(), now.url.IsUnknown():
	case state.isAsIs(before, exists) && (!exists || now.inputType == before.inputType):
		resp.Diagnostics.AddAttributeWarning(path.Root(now.inputType), "Configured content of an imported input is not compared",
			"The API does not return content, so the provider cannot tell whether the configured content is that of the input. "+
				"It adopts the configured content, and later changes replace the input. "+
				"To send the content now, replace the resource (terraform apply -replace=...).")
	case now.inputType != before.inputType, !now.url.Equal(before.url):
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(now.inputType))
	case !digest.Equal(state.ContentSHA256):
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("content_sha256"))
	}
	return missing
}

// isAsIs reports whether the content in state is unknown: that of an imported input which was not created
// from a URL.
func (m *resourceModel) isAsIs(source content, exists bool) bool {
	return m.ContentSHA256.IsNull() && (!exists || source.url.IsNull() && source.file.IsNull() && source.inline.IsNull())
}

// planProcessing plans to resume waiting for an input that is not processed yet, and to replace one whose
// processing failed. An input that was already failed when it was imported, and one that is not waited for,
// is only warned about.
func planProcessing(ctx context.Context, plan, state resourceModel, adopted bool, resp *resource.ModifyPlanResponse) {
	class := attrs.StatusCode(state.Status).Class()
	waits := plan.WaitForProcessing.ValueBool()
	switch {
	case class == clarifai.ClassFailed && (adopted || !waits):
		code := attrs.StatusCode(state.Status)
		resp.Diagnostics.AddAttributeWarning(path.Root("status"), fmt.Sprintf("Processing failed: %s", &state),
			fmt.Sprintf("Clarifai could not process the input (status %d %s). It is left as it is. To create it again, fix the cause and "+
				"replace the resource (terraform apply -replace=...), or set wait_for_processing = true.", code, code.Name()))
		return
	case !waits, class != clarifai.ClassInProgress && class != clarifai.ClassFailed:
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

// planReplacement warns about what is lost when the input is replaced.
func planReplacement(plan, state resourceModel, resp *resource.ModifyPlanResponse) {
	if len(resp.RequiresReplace) == 0 && (plan.ID.IsUnknown() || plan.ID.Equal(state.ID)) {
		return
	}
	others := "Annotations"
	if n := state.OtherAnnotations.ValueInt64(); n > 0 {
		others = fmt.Sprintf("The annotations (%d)", n)
	}
	resp.Diagnostics.AddWarning(fmt.Sprintf("Replacing %s deletes its annotations and memberships", &state),
		others+" that people and models added to the old input are deleted, and its memberships in datasets other than "+
			"dataset_ids end. "+
			"Add lifecycle { replace_triggered_by = [clarifai_input.NAME] } to each clarifai_dataset_input, clarifai_dataset_inputs and "+
			"clarifai_dataset_version that refers to the input, so that the same apply restores the memberships and creates the "+
			"version after that.")
}

// adoptedKey is the key in private state of inputs that were imported.
const adoptedKey = "adopted"

func isAdopted(ctx context.Context, p private.Reader) bool {
	value, problems := p.GetKey(ctx, adoptedKey)
	return len(value) > 0 && !problems.HasError()
}

// waitingKey is the key of the counter of inputs that wait individually in the provider's cache.
type waitingKey struct{}

// waitingHint is the number of new inputs that wait individually from which a plan suggests to wait once.
const waitingHint = 48

// countWaiting suggests to wait once, when the plan has many new inputs that wait individually.
func (r *inputResource) countWaiting(plan resourceModel) diag.Diagnostics {
	if r.Provider == nil {
		return nil
	}
	count, ok := r.Provider.Cached(waitingKey{}, func() any { return new(atomic.Int64) }).(*atomic.Int64)
	if !ok || count.Add(1) != waitingHint {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("wait_for_processing"), "Many inputs wait individually",
		fmt.Sprintf("At least %d new inputs of app %q set wait_for_processing. Terraform creates ten resources at a time, and each of "+
			"them waits. "+
			"To wait once for all inputs, remove wait_for_processing: clarifai_dataset_version waits for the inputs of its dataset, "+
			"and the data source "+
			"clarifai_input_counts waits for all inputs of the app. For thousands of inputs use "+
			"clarifai_inputs.", waitingHint, plan.AppID.ValueString()))}
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
	if resp.Diagnostics.Append(r.claimMemberships(&plan)...); resp.Diagnostics.HasError() {
		return
	}
	want, more := plan.toAPI(ctx)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	app, id := plan.app(), plan.ID.ValueString()
	created, more := r.create(ctx, client, &plan, want)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.computedFromAPI(created)
	annotated := len(plan.Annotations.Elements()) > 0
	plan.withoutAnnotations()
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	if resp.Diagnostics.HasError() || !annotated && !plan.WaitForProcessing.ValueBool() {
		return
	}
	if annotated {
		resp.Diagnostics.Append(private.Store(ctx, resp.Private, incompleteKey, true)...)
	}

	last, err := waitProcessed(ctx, client, &plan.model)
	if last != nil {
		plan.computedFromAPI(last)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
	if err == nil && annotated {
		problems := sendAnnotations(ctx, client, &plan, true)
		if !problems.HasError() {
			resp.Diagnostics.Append(private.Store(ctx, resp.Private, incompleteKey, nil)...)
		}
		resp.Diagnostics.Append(problems...)
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

// create creates the input exactly once, also if the response is lost.
func (r *inputResource) create(
	ctx context.Context, client *clarifai.Client, plan *resourceModel, want clarifai.Input,
) (*clarifai.Input, diag.Diagnostics) {
	app := plan.app()
	return adopt.CreateOnce(ctx, r.Provider, adopt.Spec[*clarifai.Input]{
		ResourceType: typeName, Noun: "input", ID: want.ID, ImportID: owner(&plan.model).ID,
		Create: func(ctx context.Context) (*clarifai.Input, error) {
			return createWhenFree(ctx, client, app, want, plan.addOptions())
		},
		Read:      func(ctx context.Context) (*clarifai.Input, error) { return client.GetInput(ctx, app, want.ID) },
		Equal:     func(found *clarifai.Input) bool { return isSame(want, found) },
		CreatedAt: func(found *clarifai.Input) time.Time { return found.CreatedAt },
		Explain:   func(err error) diag.Diagnostic { return createError(plan, err) },
	})
}

// owner identifies the input among the resources of a run.
func owner(m *model) claims.Owner {
	app := m.app()
	return claims.Owner{Type: typeName, ID: app.UserID + "/" + app.AppID + "/" + m.ID.ValueString()}
}

// createWhenFree creates the input. If its id belongs to an input that is being deleted, it waits for the
// deletion.
func createWhenFree(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, want clarifai.Input, options clarifai.AddOptions,
) (*clarifai.Input, error) {
	clock := client.Clock()
	start := clock.Now()
	for {
		created, err := client.CreateInputWith(ctx, app, want, options)
		waited := clock.Now().Sub(start)
		if !clarifai.IsDuplicate(err) || waited > deletedIDTimeout {
			return created, err
		}
		if _, readErr := client.GetInput(ctx, app, want.ID); !clarifai.IsNotFound(readErr) {
			return created, err
		}
		if clock.Sleep(ctx, wait.Pause(waited)) != nil {
			return created, err
		}
	}
}

// createError is the diagnostic for an input that could not be created.
func createError(m *resourceModel, err error) diag.Diagnostic {
	source, _ := m.content()
	if clarifai.Code(err) == clarifai.StatusInputDuplicate {
		return diag.NewAttributeErrorDiagnostic(source.at("url"), fmt.Sprintf("Unable to create %s: another input has the same URL", m),
			fmt.Sprintf("Another input of the app has this URL. Import that input, or set %s.allow_duplicate_url = true to create a "+
				"second one.\n\n%s", source.inputType, diags.Detail(err)))
	}
	summary := fmt.Sprintf("Unable to create %s", m)
	if said := diags.Detail(err); m.mentionsDataset(said) {
		return diag.NewAttributeErrorDiagnostic(path.Root("dataset_ids"), summary, said+
			"\n\nThe datasets must exist first. For datasets of this configuration use clarifai_dataset.NAME.id, so that Terraform "+
			"creates them before.")
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
	resumes := "The service continues processing, and the input is in state. The next apply resumes waiting for the same input; " +
		"nothing is sent twice. To see its status, run terraform plan. "
	if len(m.Annotations.Elements()) > 0 {
		resumes += "Its annotations are created once it is processed."
	} else {
		resumes += "To not wait, set wait_for_processing = false."
	}
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic(fmt.Sprintf("Processing failed: %s", m), diags.Detail(err)+
			"\n\nThe input is in state, and the next apply replaces it. Fix the cause above first: the content, or the URL and its "+
			"access rights.")
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
		state.WaitForProcessing = types.BoolValue(false)
		state.DeletionPolicy = types.StringValue(attrs.DeletionPrevent)
		resp.Diagnostics.Append(unmanaged.Imported(ctx, resp.Private, "concepts", "metadata", "geo")...)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, adoptedKey, []byte("true"))...)
	}
	state.contentFromAPI(found, importing)
	state.fromAPI(found, importing)
	resp.Diagnostics.Append(datasetsFromAPI(ctx, client, &state)...)
	resp.Diagnostics.Append(annotationsFromAPI(ctx, client, &state)...)
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
			problems.Append(diags.AttributeError(path.Root("dataset_ids"), fmt.Sprintf("Unable to read whether %s is in "+
				"dataset %q", state, dataset), err))
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

	if resp.Diagnostics.Append(resolveContent(&plan, state)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(unmanaged.Configured(ctx, resp.Private, req.Config)...)
	// done is the state after each step, so that a failed step does not hide earlier ones.
	done := state
	modified, err := updateData(ctx, client, &plan, state.model)
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
	if resp.Diagnostics.Append(updateAnnotations(ctx, client, &plan, &state)...); resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, done)...)
		return
	}
	resp.Diagnostics.Append(private.Store(ctx, resp.Private, incompleteKey, nil)...)
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
		plan.CreatedAt = state.CreatedAt // as planned, whatever the response has
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if err != nil {
		resp.Diagnostics.Append(waitError(&plan, err, "update")) // after an error in Update, Terraform keeps the state
	}
}

// resolveContent compares content that was unknown at plan. An update cannot replace the input, so other
// content is an error.
func resolveContent(plan *resourceModel, state resourceModel) diag.Diagnostics {
	if !plan.ContentSHA256.IsUnknown() {
		return nil
	}
	now, ok := plan.content()
	if !ok {
		return diag.Diagnostics{noContent()}
	}
	digest, problems := now.digest()
	if problems.HasError() {
		return problems
	}
	before, exists := state.content()
	same := now.inputType == before.inputType && now.url.Equal(before.url) && digest.Equal(state.ContentSHA256)
	if !same && !state.isAsIs(before, exists) {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root(now.inputType), fmt.Sprintf("Other content for %s", plan),
			"The content was unknown at plan, and it differs from the content of the input. Nothing was changed. "+
				"The next plan replaces the input: run terraform plan and terraform apply again.")}
	}
	plan.ContentSHA256 = digest
	return nil
}

// updateData patches concepts, metadata and geo location if they differ. It returns when the input was
// modified, or null if nothing was sent.
func updateData(ctx context.Context, client *clarifai.Client, plan *resourceModel, state model) (types.String, error) {
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
	data.Concepts = plan.named(data.Concepts)
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
		problems.Append(diags.AttributeError(path.Root("dataset_ids").AtSetValue(types.StringValue(dataset)), fmt.Sprintf(what, plan,
			dataset), err))
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
	if claims.For(r.Provider).WasCreated(owner(&state.model)) {
		return // this run has created the input again
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
