// Package appduplication is about copies of whole apps.
package appduplication

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	typeName      = "clarifai_app_duplication"
	createTimeout = 2 * time.Hour
	missingOK     = 5 // how often in a row a new job may not be seen yet

	// caller is under whom jobs are read: they belong to the owner of the token,
	// wherever the app is.
	caller = "me"
)

var key = ids.InApp("id")

// NewResource makes the resource.
func NewResource() resource.Resource { return &duplicationResource{} }

type duplicationResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity       = (*duplicationResource)(nil)
	_ resource.ResourceWithImportState    = (*duplicationResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*duplicationResource)(nil)
	_ resource.ResourceWithValidateConfig = (*duplicationResource)(nil)
)

func (r *duplicationResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *duplicationResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	s := resourceSchema
	s.Attributes = map[string]schema.Attribute{"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: "How long to wait until everything is copied. Defaults to `2h`.",
	})}
	for name, attribute := range resourceSchema.Attributes {
		s.Attributes[name] = attribute
	}
	resp.Schema = s
}

func (r *duplicationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *duplicationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *duplicationResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.problems()...)
	}
}

func (r *duplicationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.WaitFor.ValueString() == jobs.Completed && !state.over() {
		// An earlier apply did not see the end: wait on for it.
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("progress"), types.MapUnknown(types.Int64Type))...)
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("progress"), state.Progress)...)
}

// over tells whether the job has ended, well or not.
func (m *resourceModel) over() bool { return jobs.Over(attrs.StatusCode(m.Status)) }

func (r *duplicationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	d, err := start(ctx, client, &plan.job)
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to start the "+plan.String(), err))
		return
	}
	plan.refresh(d, false)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), d.ID)...)
	if resp.Diagnostics.HasError() || plan.WaitFor.ValueString() != jobs.Completed {
		return
	}
	problem := follow(ctx, client, &plan, timeout)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	switch {
	case problem == nil:
	case plan.over():
		resp.Diagnostics.Append(problem)
	default:
		// An error on create would have Terraform start another job next time,
		// while this one goes on. A warning keeps it, and ModifyPlan waits on.
		resp.Diagnostics.Append(diags.AsWarning(problem))
	}
}

// start posts the job, unless one is under way that copies the same into the same
// app: most likely it was started by an apply that did not live to see it. Its id
// comes from the service, so it is looked for among the caller's newest; that
// takes a destination that the configuration names.
func start(ctx context.Context, client *clarifai.Client, j *job) (*clarifai.AppDuplication, error) {
	want := j.request()
	if d := underWay(ctx, client, want); d != nil {
		return d, nil
	}
	began := time.Now()
	started, err := client.PostAppDuplications(ctx, j.app(), []clarifai.AppDuplication{want})
	if err == nil {
		return &started[0], nil
	}
	if clarifai.IsOutcomeUnknown(err) {
		if d := recent(ctx, client, want, func(d clarifai.AppDuplication) bool { return adopt.MadeSince(d.CreatedAt, began) }); d != nil {
			return d, nil
		}
	}
	return nil, err
}

func underWay(ctx context.Context, client *clarifai.Client, want clarifai.AppDuplication) *clarifai.AppDuplication {
	return recent(ctx, client, want, func(d clarifai.AppDuplication) bool {
		return d.Status.Code == clarifai.StatusDuplicationPending || d.Status.Code == clarifai.StatusDuplicationInProgress
	})
}

// recent finds a job among the caller's newest. A list that cannot be read finds
// nothing: whether the job can be started is then the question that counts.
func recent(ctx context.Context, client *clarifai.Client, want clarifai.AppDuplication, test func(clarifai.AppDuplication) bool) *clarifai.AppDuplication {
	if want.DestinationApp.ID == "" {
		return nil
	}
	newest, err := client.ListAppDuplications(ctx, caller, clarifai.Page{})
	if err != nil {
		return nil
	}
	for _, d := range newest {
		to := d.DestinationApp
		if to != nil && to.ID == want.DestinationApp.ID && d.Filter != nil && *d.Filter == *want.Filter && test(d) {
			return &d
		}
	}
	return nil
}

// follow waits until everything is copied and takes over what was seen last.
func follow(ctx context.Context, client *clarifai.Client, m *resourceModel, timeout time.Duration) diag.Diagnostic {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	d, err := done(ctx, client, &m.job, m.ID.ValueString(), nil)
	if d != nil {
		m.refresh(d, false)
	}
	var interrupted *wait.InterruptedError
	var stalled *jobs.StalledError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &interrupted), errors.As(err, &stalled):
		return jobs.NotOver("Not done yet: "+m.String(), err, "create",
			"The job goes on at the service, and it is in state. The next apply waits on for the same one.")
	}
	return diags.Error("Not done: "+m.String(), err)
}

// done waits until everything is copied, and tells how it goes whenever that changes.
func done(ctx context.Context, client *clarifai.Client, j *job, id string, tell func(line string)) (*clarifai.AppDuplication, error) {
	return jobs.Follow(ctx, jobs.Spec[*clarifai.AppDuplication]{
		Clock: client.Clock(),
		What:  j.String(),
		Read: func(ctx context.Context) (*clarifai.AppDuplication, error) {
			return client.GetAppDuplication(ctx, caller, id)
		},
		Status:    func(d *clarifai.AppDuplication) clarifai.Status { return d.Status },
		Line:      progressText,
		Stall:     jobs.Stall(j.StallTimeout),
		MissingOK: missingOK,
		Tell:      tell,
	})
}

func (r *duplicationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, state.app(), state.ID.ValueString())...)
	importing := state.CreatedAt.IsNull()
	d, err := client.GetAppDuplication(ctx, caller, state.ID.ValueString())
	if clarifai.IsNotFound(err) && !importing {
		return // a receipt stays good when the service has thrown its record away
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read the "+state.String(), err))
		return
	}
	if importing {
		state.WaitFor, state.StallTimeout = types.StringValue(jobs.Completed), jobs.DefaultPolicy().StallTimeout
	}
	state.refresh(d, importing)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update only waits on, or takes over another wait_for.
func (r *duplicationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
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
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.ID.ValueString())...)
	plan.Status, plan.Progress = state.Status, state.Progress
	var problem diag.Diagnostic
	if plan.WaitFor.ValueString() == jobs.Completed && !state.over() {
		problem = follow(ctx, client, &plan, timeout)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

func (r *duplicationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.AddWarning("Duplication forgotten, nothing deleted",
		"App \""+state.DestinationAppID.ValueString()+"\" and all that was copied into it stay. A job that is still running goes on: the API cannot cancel it.")
}
