package ingestion

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

var key = ids.InApp("id")

// NewImportResource makes the resource for an import from a bucket.
func NewImportResource() resource.Resource { return &importResource{} }

type importResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity       = (*importResource)(nil)
	_ resource.ResourceWithImportState    = (*importResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importResource)(nil)
)

func (r *importResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = importType
}

func (r *importResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := intakeAttributes(ctx, importAccepted, timeouts.Opts{
		Create: true, Delete: true,
		CreateDescription: "How long to wait until everything is imported, on create and when a later apply waits on. Defaults to `2h`.",
		DeleteDescription: "How long to wait until the job is cancelled, with `cancel_on_destroy`. Defaults to `10m`.",
	})
	attributes["url"] = schema.StringAttribute{
		MarkdownDescription: urlText + startsAnew, Required: true,
		Validators:    []validator.String{addressValidator{}},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
	attributes["call_back_url"] = schema.StringAttribute{
		MarkdownDescription: callBackText + startsAnew, Optional: true,
		Validators:    []validator.String{attrs.URLValidator{}},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
	attributes[credentialsName] = credentialsAttribute()
	attributes["credentials_wo_version"] = schema.Int64Attribute{
		MarkdownDescription: "Version of `credentials_wo`, whose changes Terraform cannot see. Raising it starts a new job with the credentials as they then are; leave it as it is when credentials are merely renewed, since a finished job needs none. The first version after an import is taken for that of the imported job.",
		Optional:            true,
		Validators:          []validator.Int64{int64validator.AtLeast(0)},
		PlanModifiers:       []planmodifier.Int64{jobs.ReplaceUnlessImported{}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An import of inputs from a bucket, made once. **Destroying it only forgets the job**, or cancels one that is running when `cancel_on_destroy` says so: inputs that it made stay. " +
			"The job runs again only when what it is about or `triggers` change, never because the service has forgotten it, and never because a run was cut off: the next apply finds the same job and waits on for it.",
		Attributes: attributes,
	}
}

func (r *importResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *importResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *importResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config importReceipt
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.problems(ctx)...)
	}
}

func (r *importResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state, config importReceipt
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if jobs.IsImported(ctx, req.Private) {
		state.takeOver(&plan.receipt)
		if state.CredentialsVersion.IsNull() {
			state.CredentialsVersion = plan.CredentialsVersion
		}
	}
	if plan.about(ctx) != state.about(ctx) {
		if !config.ID.IsNull() && config.ID.Equal(state.ID) && plan.app() == state.app() {
			resp.Diagnostics.Append(sameID(state.ID.ValueString(), "What it is about has changed, which takes a new job."))
		}
		return
	}
	replace, problems := planResume(ctx, &resp.Plan, &state.receipt, plan.Policy, config.ID)
	resp.RequiresReplace = append(resp.RequiresReplace, replace...)
	resp.Diagnostics.Append(problems...)
}

func (r *importResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan importReceipt
	var creds types.Object
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(credentialsName), &creds)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, importTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	job, more := plan.beginning(ctx, client, plan.app(), creds)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	job.chosen, job.about = plan.ID.ValueString(), plan.about(ctx)
	s, found, err := job.begin(ctx)
	if err != nil {
		resp.Diagnostics.Append(beginProblem(importType, "import", plan.String(), &plan.intake, err))
		return
	}
	plan.ID = types.StringValue(s.job.ID)
	plan.refresh(s)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), s.job.ID)...)
	if found {
		resp.Diagnostics.Append(foundWarning(plan.String(), s))
	}
	if resp.Diagnostics.HasError() || !plan.Waits() {
		return
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	problem, over := watch(waiting, ctx, client, &plan.intake, &plan.receipt, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil && !over {
		problem = diags.AsWarning(problem)
	}
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

func (r *importResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importReceipt
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, state.app(), state.ID.ValueString())...)
	importing := state.CreatedAt.IsNull()
	s, err := stand(ctx, client, state.app(), state.ID.ValueString())
	if clarifai.IsNotFound(err) && !importing {
		return // a receipt stays good when the service has thrown its record away
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read import job \""+state.ID.ValueString()+"\"", err))
		return
	}
	if importing {
		resp.Diagnostics.Append(state.refreshImported(s.job)...)
		resp.Diagnostics.Append(jobs.MarkImported(ctx, resp.Private, true)...)
		state.Policy, state.CancelOnDestroy = jobs.DefaultPolicy(), types.BoolValue(false)
	}
	state.refresh(s)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update waits on, or takes over what concerns only this side.
func (r *importResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state importReceipt
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, importTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.ID.ValueString())...)
	resp.Diagnostics.Append(jobs.MarkImported(ctx, resp.Private, false)...)
	resumes := plan.Status.IsUnknown()
	plan.Status, plan.Progress, plan.ExtractionJobs = state.Status, state.Progress, state.ExtractionJobs
	if !resumes {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	problem, _ := watch(waiting, ctx, client, &plan.intake, &plan.receipt, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

func (r *importResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state importReceipt
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := state.Timeouts.Delete(ctx, cancelTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(forget(ctx, client, &state.intake, &state.receipt, state.String(), timeout)...)
}
