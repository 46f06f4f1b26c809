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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

var key = ids.InApp("id")

// NewImportResource returns the resource for an import from a bucket.
func NewImportResource() resource.Resource {
	attributes := jobAttributes(context.Background(), importAccepted, timeouts.Opts{
		Create: true, Delete: true,
		CreateDescription: "Maximum time to wait until everything is imported, on create and when a later apply resumes waiting. " +
			"Defaults to `2h`.",
		DeleteDescription: "Maximum time to wait until the job is cancelled, with `cancel_on_destroy`. Defaults to `10m`.",
	})
	attributes["url"] = schema.StringAttribute{
		MarkdownDescription: urlText + startsJob, Required: true,
		Validators:    []validator.String{addressValidator{}},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
	attributes["call_back_url"] = schema.StringAttribute{
		MarkdownDescription: callBackText + startsJob, Optional: true,
		Validators:    []validator.String{attrs.URLValidator{}},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
	attributes[credentialsName] = credentialsAttribute()
	attributes[appPATName], attributes["app_pat_wo_version"] = appPATAttribute(), appPATVersionAttribute()
	attributes["credentials_wo_version"] = schema.Int64Attribute{
		MarkdownDescription: "Version of `credentials_wo`, whose changes Terraform cannot see. Increasing it starts a new job with the " +
			"current credentials. Do not change it when credentials are only renewed: a completed job does not need them. The first " +
			"version after an import into state is adopted without a new job.",
		Optional:      true,
		Validators:    []validator.Int64{int64validator.AtLeast(0)},
		PlanModifiers: []planmodifier.Int64{jobs.ReplaceUnlessImported{}},
	}
	return &importResource{base.NewResource(importType, key, schema.Schema{
		MarkdownDescription: "An import of inputs from a bucket. The job runs once. **Destroying the resource only removes the job " +
			"from state**, or cancels a running job if `cancel_on_destroy` is true: inputs that it has added stay. " +
			"The job runs again only if its arguments or `triggers` change. If an apply is interrupted, the next one finds the same " +
			"job and waits for it. If the service has deleted its record of the job, the state is kept.",
		Attributes: attributes,
	})}
}

type importResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*importResource)(nil)
	_ resource.ResourceWithImportState    = (*importResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importResource)(nil)
)

func (r *importResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config importModel
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
	var plan, state, config importModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if jobs.IsImported(ctx, req.Private) {
		state.adoptTriggers(&plan.jobResult)
		if state.CredentialsVersion.IsNull() {
			state.CredentialsVersion = plan.CredentialsVersion
		}
		if state.AppPATVersion.IsNull() {
			state.AppPATVersion = plan.AppPATVersion
		}
	}
	if plan.fingerprint(ctx) != state.fingerprint(ctx) {
		if !config.ID.IsNull() && config.ID.Equal(state.ID) && plan.app() == state.app() {
			resp.Diagnostics.Append(sameIDError(state.ID.ValueString(), "Its arguments have changed, which needs a new job."))
		}
		return
	}
	replace, problems := planNext(ctx, &resp.Plan, &state.jobResult, plan.Policy, config.ID)
	resp.RequiresReplace = append(resp.RequiresReplace, replace...)
	resp.Diagnostics.Append(problems...)
}

func (r *importResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan importModel
	var creds types.Object
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var appPAT types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(credentialsName), &creds)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(appPATName), &appPAT)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, importTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	job, more := plan.starter(ctx, r.Provider, client, plan.app(), creds, appPAT)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	job.Chosen, job.Fingerprint = plan.ID.ValueString(), plan.fingerprint(ctx)
	s, found, err := job.Start(ctx)
	if err != nil {
		resp.Diagnostics.Append(startDiagnostic(r.Provider, importType, "import", plan.String(), &plan.jobConfig, err))
		return
	}
	plan.ID = types.StringValue(s.Job.ID)
	plan.fromAPI(s)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), s.Job.ID)...)
	if found {
		resp.Diagnostics.Append(adoptedWarning(plan.String(), s))
	}
	if resp.Diagnostics.HasError() || !plan.Waits() {
		return
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	problem, over := waitForJob(waiting, ctx, client, &plan.jobConfig, &plan.jobResult, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil && !over {
		problem = diags.AsWarning(problem)
	}
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

func (r *importResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, state.app(), state.ID.ValueString())...)
	importing := state.CreatedAt.IsNull()
	s, err := addjob.Read(ctx, client, state.app(), state.ID.ValueString())
	if clarifai.IsNotFound(err) && !importing {
		return // the state stays valid after the service has deleted its record of the job
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read import job \""+state.ID.ValueString()+"\"", err))
		return
	}
	if importing {
		resp.Diagnostics.Append(state.importFromAPI(ctx, s.Job)...)
		resp.Diagnostics.Append(jobs.MarkImported(ctx, resp.Private, true)...)
		state.Policy, state.CancelOnDestroy = jobs.DefaultPolicy(), types.BoolValue(false)
	}
	state.fromAPI(s)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update resumes waiting, or stores arguments that only concern the provider.
func (r *importResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state importModel
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
	if resumes := plan.takeResult(&state.jobResult); !resumes {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	problem, _ := waitForJob(waiting, ctx, client, &plan.jobConfig, &plan.jobResult, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

func (r *importResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state importModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := state.Timeouts.Delete(ctx, cancelTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(removeFromState(ctx, client, &state.jobConfig, &state.jobResult, state.String(), timeout)...)
}
