// Package datasetversion is about versions of datasets: immutable snapshots, which the service
// builds in the background, and their metrics.
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const typeName = "clarifai_dataset_version"

// lookAgain bounds the reading back of what an interrupted call may have done.
const lookAgain = 30 * time.Second

var key = ids.InApp("dataset_id", "id")

// NewResource makes the resource.
func NewResource() resource.Resource { return &versionResource{} }

type versionResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity    = (*versionResource)(nil)
	_ resource.ResourceWithImportState = (*versionResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*versionResource)(nil)
)

func (r *versionResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *versionResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema
}

func (r *versionResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *versionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *versionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
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
	// What a version is made from is kept when the configuration does not say it, but annotations
	// and predictions exclude each other.
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

// planWait plans to wait on for a version that an earlier apply did not see ready, and to replace
// one whose build has failed.
func planWait(ctx context.Context, plan, state resourceModel, resp *resource.ModifyPlanResponse) {
	if !plan.WaitForReady.ValueBool() {
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
	if plan.ID.IsUnknown() {
		plan.ID = types.StringValue(newID())
	}
	want, more := plan.request(ctx)
	resp.Diagnostics.Append(more...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	version, err := create(ctx, client, &plan.model, want)
	if clarifai.IsDuplicate(err) {
		app, id := plan.app(), plan.ID.ValueString()
		resp.Diagnostics.Append(diags.AlreadyExists(typeName, "dataset version", id, app.UserID+"/"+app.AppID+"/"+plan.DatasetID.ValueString()+"/"+id, err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to create "+plan.String(), err))
		return
	}
	resp.Diagnostics.Append(plan.refresh(ctx, version, false)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.DatasetID.ValueString(), plan.ID.ValueString())...)
	if resp.Diagnostics.HasError() || !plan.WaitForReady.ValueBool() {
		return
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	more, err = waitOn(ctx, client, &plan)
	resp.Diagnostics.Append(more...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if err == nil {
		return
	}
	problem := explain(&plan, err)
	if !over(err) {
		// Terraform takes an error during creation for a reason to destroy what was created and to
		// make it anew. That would throw away a build that is still going on, perhaps hours of it,
		// only to time out again. A warning keeps the version, and planWait has the next apply
		// wait on for it.
		problem = diags.AsWarning(problem)
	}
	resp.Diagnostics.Append(problem)
}

// create makes the version, once whatever happens to the answer.
func create(ctx context.Context, client *clarifai.Client, m *model, want clarifai.DatasetVersion) (*clarifai.DatasetVersion, error) {
	app, dataset, id := m.app(), m.DatasetID.ValueString(), m.ID.ValueString()
	return adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.DatasetVersion, error) {
			made, err := client.PostDatasetVersions(ctx, app, dataset, []clarifai.DatasetVersion{want})
			if err != nil {
				return nil, err
			}
			return &made[0], nil
		},
		func(ctx context.Context) (*clarifai.DatasetVersion, error) {
			// An interrupt during the call must not lose what the call has made.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
			defer cancel()
			return client.GetDatasetVersion(ctx, app, dataset, id)
		},
		ours(want, time.Now()))
}

// waitOn waits until the version is ready and takes over what was seen last, also of a version
// that is not ready.
func waitOn(ctx context.Context, client *clarifai.Client, m *resourceModel) (diag.Diagnostics, error) {
	version, err := ready(ctx, client, &m.model)
	if version == nil {
		return nil, err
	}
	return m.refresh(ctx, version, false), err
}

// over tells whether there is nothing left to wait for.
func over(err error) bool {
	var failed *wait.FailedError
	return errors.As(err, &failed) || clarifai.IsNotFound(err)
}

// explain says why a version is not ready, and what to do.
func explain(m *resourceModel, err error) diag.Diagnostic {
	goesOn := fmt.Sprintf("The build goes on at the service, and the version is in state. The next apply waits on for the same version; nothing is built twice. "+
		"To see how far it is, run terraform plan, or look at status of the data source %s with id = %q. Not to wait at all, set wait_for_ready = false.",
		typeName, m.ID.ValueString())
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic("The service could not build "+m.String(), diags.Detail(err)+
			"\n\nThe version stays in state, and the next apply replaces it by a new one. Mend first what the reason speaks of.")
	case clarifai.IsNotFound(err):
		return diags.Error("Gone while it was built: "+m.String(), err)
	case errors.As(err, &interrupted):
		return diags.StillRunning("Not ready yet: "+m.String(), interrupted, "create", goesOn)
	}
	return diag.NewErrorDiagnostic("Unable to follow the build of "+m.String(), diags.Detail(err)+"\n\n"+goesOn)
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
		state.WaitForReady = types.BoolValue(true)
		state.DeletionPolicy = types.StringValue(attrs.DeletionDelete)
	}
	resp.Diagnostics.Append(state.refresh(ctx, version, importing)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
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
	if patch, changed := plan.patch(state.model); changed {
		if _, err := client.UpdateDatasetVersion(ctx, app, dataset, patch); err != nil {
			resp.Diagnostics.Append(diags.Error("Unable to update "+plan.String(), err))
			return
		}
	}
	version, err := client.GetDatasetVersion(ctx, app, dataset, id)
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+plan.String()+" after the update", err))
		return
	}
	resp.Diagnostics.Append(plan.refresh(ctx, version, false)...)
	plan.keepPlanned(planned)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if resp.Diagnostics.HasError() || !planned.Status.IsUnknown() {
		return
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	more, err = waitOn(ctx, client, &plan)
	resp.Diagnostics.Append(more...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if err != nil {
		resp.Diagnostics.Append(explain(&plan, err)) // after an update Terraform keeps what is there
	}
}

// keepPlanned leaves what was planned as it was planned, though the service may have got further:
// the next refresh shows that.
func (m *model) keepPlanned(planned model) {
	if !planned.Status.IsUnknown() {
		m.Status = planned.Status
	}
	if !planned.Metrics.IsUnknown() {
		m.Metrics = planned.Metrics
	}
	if !planned.EmbedModelVersionIDs.IsUnknown() {
		m.EmbedModelVersionIDs = planned.EmbedModelVersionIDs
	}
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
