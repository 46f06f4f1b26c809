// Package datasetversion implements versions of datasets: immutable snapshots, which Clarifai builds in
// the background, and their metrics.
package datasetversion

import (
	"context"
	"errors"
	"fmt"
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const typeName = "clarifai_dataset_version"

var key = ids.InApp("dataset_id", "id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &versionResource{base.NewResource(typeName, key, resourceSchema)}
}

type versionResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity    = (*versionResource)(nil)
	_ resource.ResourceWithImportState = (*versionResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*versionResource)(nil)
)

// owner names the resource in the register of claims.
func owner(m *model) claims.Owner {
	app := m.app()
	return claims.Owner{Type: typeName, ID: app.UserID + "/" + app.AppID + "/" + m.DatasetID.ValueString() + "/" + m.ID.ValueString()}
}

func (r *versionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	ids.PlanNew(ctx, "dataset version", req, resp)
	resp.Diagnostics.Append(r.planID(ctx, req, resp)...)
	attrs.PlanDeletion(ctx, "dataset version", req, resp)
	attrs.PlanCleared(ctx, req, resp, "description")
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	// The source of a version is kept if the configuration omits it, but annotations and predictions
	// exclude each other.
	if !config.ModelPredictions.IsNull() && !plan.AnnotationFilter.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("annotation_filter"), criteria.NullAnnotationFilter())...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("ignore_empty_inputs"), types.BoolNull())...)
	}
	if !config.AnnotationFilter.IsNull() && !plan.ModelPredictions.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("model_predictions"), types.ObjectNull(predictionsType))...)
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("model_predictions"))
	}
	attrs.PlanUnchanged(req, resp)
	planWait(ctx, plan, state, resp)
	fixed := []string{"dataset_id", "id", "annotation_filter", "model_predictions", "frame_interval_ms", "ignore_empty_inputs"}
	if !state.Triggers.IsNull() && !plan.Triggers.IsNull() {
		fixed = append(fixed, "triggers")
	}
	attrs.PlanReplacement(ctx, "dataset version", req, resp, fixed...)
}

// planWait plans to wait for a version that was not ready at the end of an earlier apply, and to
// replace one whose build has failed.
func planWait(ctx context.Context, plan, state resourceModel, resp *resource.ModifyPlanResponse) {
	if plan.WaitFor.ValueString() != jobs.Completed {
		return
	}
	class := attrs.StatusCode(state.Status).Class()
	if class == clarifai.ClassDone {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("metrics"), types.ObjectUnknown(countTypes()))...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("embed_model_version_ids"), types.ListUnknown(types.StringType))...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("modified_at"), types.StringUnknown())...)
	if class == clarifai.ClassFailed {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
	}
}

func (r *versionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.chooseID(ctx, &plan, resp.Private)...)
	want, more := plan.toAPI(ctx)
	resp.Diagnostics.Append(more...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.WaitFor.ValueString() == jobs.Completed {
		waiting, cancel := context.WithTimeout(ctx, timeout)
		resp.Diagnostics.Append(waitForMembers(waiting, client, &plan.model)...)
		cancel()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	version, more := create(ctx, r.Provider, client, &plan.model, want)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(plan.fromAPI(ctx, version, false)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.DatasetID.ValueString(), plan.ID.ValueString())...)
	if resp.Diagnostics.HasError() || plan.WaitFor.ValueString() != jobs.Completed {
		return
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	more, err := waitReady(ctx, client, &plan)
	resp.Diagnostics.Append(more...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if err == nil {
		resp.Diagnostics.Append(warnEmpty(&plan.model)...)
		return
	}
	problem := explain(&plan, err)
	if !over(err) {
		// After an error during creation Terraform destroys and recreates the object. That would
		// discard a build that is still running, perhaps for hours, only to time out again. A warning
		// keeps the version, and planWait lets the next apply resume waiting.
		problem = diags.AsWarning(problem)
	}
	resp.Diagnostics.Append(problem)
}

// create creates the version.
func create(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, m *model, want clarifai.DatasetVersion,
) (*clarifai.DatasetVersion, diag.Diagnostics) {
	app, dataset, id := m.app(), m.DatasetID.ValueString(), m.ID.ValueString()
	return adopt.CreateOnce(ctx, p, adopt.Spec[*clarifai.DatasetVersion]{
		ResourceType: typeName, Noun: "dataset version", ID: id, ImportID: owner(m).ID,
		Create: func(ctx context.Context) (*clarifai.DatasetVersion, error) {
			created, err := client.PostDatasetVersions(ctx, app, dataset, []clarifai.DatasetVersion{want})
			if err != nil {
				return nil, err
			}
			return &created[0], nil
		},
		Read: func(ctx context.Context) (*clarifai.DatasetVersion, error) {
			return client.GetDatasetVersion(ctx, app, dataset, id)
		},
		Equal: func(found *clarifai.DatasetVersion) bool { return m.equals(ctx, found) },

		CreatedAt: func(found *clarifai.DatasetVersion) time.Time { return found.CreatedAt },
		Explain:   func(err error) diag.Diagnostic { return diags.Error("Unable to create "+m.String(), err) },
	})
}

// warnEmpty warns about a version that is ready and holds no inputs, most often because an input was
// replaced, which ends its memberships.
func warnEmpty(m *model) diag.Diagnostics {
	count, ok := m.Metrics.Attributes()["inputs_count"].(types.Int64)
	if !ok || count.IsNull() || count.IsUnknown() || count.ValueInt64() > 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Empty: "+m.String(),
		"The version is ready and holds 0 inputs. Check annotation_filter, and whether the dataset had members when the version was created: "+
			"replacing an input ends its memberships. Let the version depend on the resource that adds the members (depends_on), "+
			"and add replace_triggered_by = [clarifai_input.NAME] to the lifecycle of a membership that does not refer to the input.")}
}

// waitReady waits until the version is ready, and sets the model to what was read last, also if the
// version is not ready.
func waitReady(ctx context.Context, client *clarifai.Client, m *resourceModel) (diag.Diagnostics, error) {
	version, err := ready(ctx, client, &m.model)
	if version == nil {
		return nil, err
	}
	return m.fromAPI(ctx, version, false), err
}

// over reports whether there is nothing left to wait for.
func over(err error) bool {
	var failed *wait.FailedError
	return errors.As(err, &failed) || clarifai.IsNotFound(err)
}

// explain says why a version is not ready, and what to do.
func explain(m *resourceModel, err error) diag.Diagnostic {
	next := fmt.Sprintf("Clarifai continues the build, and the version is in state. The next apply resumes waiting for the same version; "+
		"nothing is built twice. "+
		"To see the progress, run terraform plan, or read status of the data source %s with id = %q. To not wait at all, set "+
		"wait_for = \"accepted\".",
		typeName, m.ID.ValueString())
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic("Unable to build "+m.String(), diags.Detail(err)+
			"\n\nThe version stays in state, and the next apply replaces it. Fix the cause above first.")
	case clarifai.IsNotFound(err):
		return diags.Error("Deleted while it was built: "+m.String(), err)
	case errors.As(err, &interrupted):
		return diags.StillRunning("Not ready yet: "+m.String(), interrupted, "create", next)
	}
	return diag.NewErrorDiagnostic("Unable to follow the build of "+m.String(), diags.Detail(err)+"\n\n"+next)
}

func (r *versionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, dataset, id := state.app(), state.DatasetID.ValueString(), state.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, dataset, id)...)
	version, err := client.ReadDatasetVersion(ctx, app, dataset, id)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+state.String(), err))
		return
	}
	importing := state.CreatedAt.IsNull()
	if importing {
		state.WaitFor = types.StringValue(jobs.Completed)
		state.DeletionPolicy = types.StringValue(attrs.DeletionPrevent)
		resp.Diagnostics.Append(unmanaged.Imported(ctx, resp.Private, unmanagedNames...)...)
	}
	resp.Diagnostics.Append(state.fromAPI(ctx, version, importing)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// updateError is the diagnostic for a version that could not be updated.
func updateError(m *model, err error) diag.Diagnostic {
	summary := "Unable to update " + m.String()
	if clarifai.Code(err) != clarifai.StatusDatasetVersionConflict {
		return diags.Error(summary, err)
	}
	return diag.NewErrorDiagnostic(summary, "The service does not allow this change of an existing version. To keep the version, restore the "+
		"previous values. To build a version with the new values from the current content of the dataset, replace it: "+
		"terraform apply -replace=ADDRESS.\n\n"+diags.Detail(err))
}

func (r *versionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	planned := plan.model
	app, dataset, id := plan.app(), plan.DatasetID.ValueString(), plan.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, dataset, id)...)
	if patch, changed := plan.diff(state.model); changed {
		if _, err := client.UpdateDatasetVersion(ctx, app, dataset, patch); err != nil {
			resp.Diagnostics.Append(updateError(&plan.model, err))
			return
		}
	}
	version, err := client.GetDatasetVersion(ctx, app, dataset, id)
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+plan.String()+" after the update", err))
		return
	}
	resp.Diagnostics.Append(plan.fromAPI(ctx, version, false)...)
	plan.keepPlanned(planned)
	resp.Diagnostics.Append(unmanaged.Configured(ctx, resp.Private, req.Config)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if resp.Diagnostics.HasError() || !planned.Status.IsUnknown() {
		return
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	more, err = waitReady(ctx, client, &plan)
	resp.Diagnostics.Append(more...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if err != nil {
		resp.Diagnostics.Append(explain(&plan, err)) // after a failed update Terraform keeps the object
		return
	}
	resp.Diagnostics.Append(warnEmpty(&plan.model)...)
}

// keepPlanned restores the values that were known at plan of attributes that the service may change at
// any time. A refresh shows such changes.
func (m *model) keepPlanned(planned model) {
	attrs.KeepKnown(&m.Status, planned.Status)
	attrs.KeepKnown(&m.Metrics, planned.Metrics)
	attrs.KeepKnown(&m.EmbedModelVersionIDs, planned.EmbedModelVersionIDs)
	attrs.KeepKnown(&m.Visibility, planned.Visibility)
	attrs.KeepKnown(&m.CreatedAt, planned.CreatedAt)
	attrs.KeepKnown(&m.AnnotationFilter, planned.AnnotationFilter)
	attrs.KeepKnown(&m.IgnoreEmptyInputs, planned.IgnoreEmptyInputs)
	attrs.KeepKnown(&m.ModelPredictions, planned.ModelPredictions)
	attrs.KeepKnown(&m.FrameIntervalMS, planned.FrameIntervalMS)
}

func (r *versionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() || !attrs.MayDelete(state.DeletionPolicy, "dataset version", &resp.Diagnostics) {
		return
	}
	if claims.For(r.Provider).WasCreated(owner(&state.model)) {
		return // by the resource that replaces this one
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := remove(ctx, client, &state.model)
	var interrupted *wait.InterruptedError
	switch {
	case err == nil || clarifai.IsNotFound(err):
	case errors.As(err, &interrupted):
		resp.Diagnostics.Append(diags.StillRunning("Unable to delete "+state.String(), interrupted, "delete",
			"The version stays in state; the next apply or destroy tries again."))
	default:
		resp.Diagnostics.Append(diags.Error("Unable to delete "+state.String(), err))
	}
}
