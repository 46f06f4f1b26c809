package ingestion

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/content"
)

// NewUploadResource returns the resource for the upload of an archive.
func NewUploadResource() resource.Resource {
	attributes := jobAttributes(context.Background(), uploadAccepted, timeouts.Opts{
		Create: true, Delete: true,
		CreateDescription: "Maximum time to send the archive and add its inputs, on create and when a later apply resumes. " +
			"Defaults to `6h`.",
		DeleteDescription: "Maximum time to wait until the job is cancelled, with `cancel_on_destroy`. Defaults to `10m`.",
	})
	attributes["archive"] = schema.StringAttribute{
		MarkdownDescription: "Path of an archive (zip, tar or tar.gz) with images, videos, audio files and texts. Archives in it are " +
			"not unpacked. It must exist at plan. A change of its content starts a new upload, a change of its name does not.",
		Optional: true, Validators: []validator.String{archiveValidator{}},
	}
	attributes["folder"] = schema.StringAttribute{
		MarkdownDescription: "Path of a folder, instead of an archive. It is sent as a tar archive, which is not stored on disk. Files " +
			"in subfolders are included; hidden files and everything that is not a regular file are not. " +
			"A change of names or contents starts a new upload, a change of modification times does not.",
		Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	computed := func(text string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: text, Computed: true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	attributes["content_sha256"] = schema.StringAttribute{
		MarkdownDescription: "SHA-256 of the archive in hex; of a folder, that of the tar archive made of it. Each plan computes it, and a " +
			"change starts a new upload. Null after an import into state, since the API does not return content: the first apply adopts an " +
			"archive of the same length as the uploaded one.",
		Computed: true,
	}
	attributes["content_name"] = computed("Name of the archive at the service, which tells the format by its extension.")
	attributes["content_length"] = schema.Int64Attribute{
		MarkdownDescription: "Length of the archive in bytes.", Computed: true,
		PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
	}
	attributes[appPATName], attributes["app_pat_wo_version"] = appPATAttribute(), appPATVersionAttribute()
	attributes["upload_id"] = computed("Id of the upload, chosen by the service.")
	attributes["expires_at"] = computed("Time until which the service accepts parts of the archive (RFC 3339, UTC).")
	return &uploadResource{base.NewResource(uploadType, key, schema.Schema{
		MarkdownDescription: "An archive or folder of inputs that is uploaded once. **Destroying the resource only removes the job from " +
			"state**, or cancels a running job if `cancel_on_destroy` is true: inputs that it has added stay. The archive is sent in parts of 8 " +
			"MiB, four at a time, and never held in memory. If an upload is interrupted, the next apply resumes it with the parts that the " +
			"service lacks; if the upload has expired by then, a new one is started. The job runs again only if the content, its arguments or " +
			"`triggers` change.",
		Attributes: attributes,
	})}
}

type uploadResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*uploadResource)(nil)
	_ resource.ResourceWithImportState    = (*uploadResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*uploadResource)(nil)
	_ resource.ResourceWithValidateConfig = (*uploadResource)(nil)
)

func (r *uploadResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config uploadModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.problems()...)
	}
}

func (r *uploadResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state, config uploadModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		planContent(ctx, &plan, resp)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	missing, length := plan.isMissing(), int64(0)
	if missing {
		// The content may exist when the plan is applied, and a destroy does not need it.
		resp.Diagnostics.AddWarning("Content of the upload is missing",
			fmt.Sprintf("%s does not exist. If it is still missing when this plan is applied, the apply fails. A destroy does not need it.",
				cmp.Or(plan.Archive.ValueString(), plan.Folder.ValueString())))
		plan.ContentSHA256 = state.ContentSHA256
	} else if length = planContent(ctx, &plan, resp); resp.Diagnostics.HasError() {
		return
	}
	if jobs.IsImported(ctx, req.Private) {
		state.adoptTriggers(&plan.jobResult)
		if state.AppPATVersion.IsNull() {
			state.AppPATVersion = plan.AppPATVersion
		}
		if state.ContentSHA256.IsNull() && length == state.ContentLength.ValueInt64() {
			state.ContentSHA256 = plan.ContentSHA256
		}
	}
	if !plan.ContentSHA256.Equal(state.ContentSHA256) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("content_sha256"))
	}
	if plan.fingerprint(ctx) != state.fingerprint(ctx) {
		if !config.ID.IsNull() && config.ID.Equal(state.ID) && plan.app() == state.app() {
			resp.Diagnostics.Append(sameIDError(state.ID.ValueString(), "Its content or arguments have changed, which needs a new job."))
		}
		return
	}
	replace, problems := planNext(ctx, &resp.Plan, &state.jobResult, plan.Policy, config.ID)
	resp.RequiresReplace = append(resp.RequiresReplace, replace...)
	resp.Diagnostics.Append(problems...)
	if missing {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), types.StringUnknown())...)
	}
}

// planContent plans the digest of the content and returns its length; 0 if unknown.
func planContent(ctx context.Context, plan *uploadModel, resp *resource.ModifyPlanResponse) int64 {
	plan.ContentSHA256 = types.StringUnknown()
	s, problem := plan.open()
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return 0
	}
	length := int64(0)
	if s != nil {
		defer func() { _ = s.Close() }()
		sum, err := content.Digest(ctx, s)
		if err != nil {
			resp.Diagnostics.AddError("Unable to read the content to upload", fmt.Sprintf("%v. It has to exist and be "+
				"readable at plan.", err))
			return 0
		}
		plan.ContentSHA256, length = types.StringValue(sum), s.Size()
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), plan.ContentSHA256)...)
	return length
}

func (r *uploadResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan uploadModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, uploadTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	from, problem := plan.openPlanned(ctx)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	defer func() { _ = from.Close() }()
	var appPAT types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(appPATName), &appPAT)...)
	job, more := plan.starter(ctx, r.Provider, client, appPAT)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	const maxStarts = 3 // an upload that expires or that others write to is started again
	for started := 1; ; started++ {
		s, found, err := job.Start(ctx)
		if err != nil {
			resp.Diagnostics.Append(startDiagnostic(r.Provider, uploadType, "upload", plan.String(), &plan.jobConfig, err))
			return
		}
		plan.ID = types.StringValue(s.Job.ID)
		plan.UploadID, plan.ExpiresAt = types.StringUnknown(), types.StringUnknown() // a restarted upload has others
		plan.fromAPI(s)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), s.Job.ID)...)
		if resp.Diagnostics.HasError() {
			return
		}
		if found {
			resp.Diagnostics.Append(adoptedWarning(plan.String(), s))
		}
		err = transfer(waiting, ctx, client, &plan, from, s)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		var ended *addjob.UploadEndedError
		switch {
		case errors.As(err, &ended) && started < maxStarts && job.Chosen == "":
			continue
		case errors.As(err, &ended):
			resp.Diagnostics.Append(uploadProblem(&plan, err))
			return
		case addjob.IsContentError(err):
			resp.Diagnostics.Append(uploadProblem(&plan, err))
			return
		case err != nil:
			resp.Diagnostics.Append(diags.AsWarning(uploadProblem(&plan, err)))
			return
		}
		break
	}
	if !plan.Waits() {
		return
	}
	problem, over := waitForJob(waiting, ctx, client, &plan.jobConfig, &plan.jobResult, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil && !over {
		problem = diags.AsWarning(problem)
	}
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// transfer sends the parts that the upload lacks and sets its status in the model. An upload that
// cannot be completed is cancelled.
func transfer(
	waiting, ctx context.Context, client *clarifai.Client, m *uploadModel, from content.Source, s *addjob.Status,
) error {
	var problem error
	if len(s.Job.Uploads) == 0 {
		m.UploadID, m.ExpiresAt = types.StringUnknown(), types.StringUnknown()
		s, problem = addjob.WithUpload(waiting, client, m.app(), s)
	}
	if problem == nil && len(s.Job.Uploads) > 0 {
		report := logStatus(ctx, s.Job.ID)
		operation := progress.Start(ctx, client.Clock(), m.String(), "send", 0)
		defer operation.End()
		sender := &addjob.Sender{
			Client: client, App: m.app(), Source: from, What: m.String(), Stall: m.Stall(),
			Report: func(line string) { operation.Status(line); report(line) },
		}
		problem = sender.Send(waiting, &s.Job.Uploads[0])
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), adopt.ReadBackTimeout)
	defer done()
	now, err := addjob.Read(ctx, client, m.app(), s.Job.ID)
	var ended *addjob.UploadEndedError
	if err == nil && errors.As(problem, &ended) && !jobs.Over(now.Overall.Code) {
		if err = addjob.Cancel(ctx, client, m.app(), now, m.String()); err == nil {
			now, err = addjob.Read(ctx, client, m.app(), s.Job.ID)
		}
	}
	if err == nil {
		m.fromAPI(now)
	}
	return problem
}

// uploadProblem is the diagnostic for an incomplete upload.
func uploadProblem(m *uploadModel, err error) diag.Diagnostic {
	summary := "Incomplete " + m.String()
	var ended *addjob.UploadEndedError
	switch {
	case errors.As(err, &ended):
		return diag.NewErrorDiagnostic(summary, diags.Detail(err)+"\n\nThe next apply starts a new upload.")
	case addjob.IsContentError(err):
		return diag.NewErrorDiagnostic(summary, diags.Detail(err))
	}
	return jobs.NotOver(summary, err, "create", fmt.Sprintf("The service keeps the parts that it has until %s, and the job is in "+
		"state. The next apply sends the rest.", m.ExpiresAt.ValueString()))
}

func (r *uploadResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state uploadModel
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
		resp.Diagnostics.Append(diags.Error("Unable to read upload job \""+state.ID.ValueString()+"\"", err))
		return
	}
	if importing && len(s.Job.Uploads) != 1 {
		resp.Diagnostics.AddError("Not an upload",
			fmt.Sprintf("Job %q exists but has no upload. To import a job that reads a bucket, use the "+
				"resource type %s.", s.Job.ID, importType))
		return
	}
	if importing {
		resp.Diagnostics.Append(jobs.MarkImported(ctx, resp.Private, true)...)
		state.Policy, state.CancelOnDestroy = jobs.DefaultPolicy(), types.BoolValue(false)
		state.ConflictResolution = types.StringValue(skip)
		state.resetFixed()
		if len(s.Job.ExtractionJobs) > 0 {
			state.configFromAPI(ctx, &s.Job.ExtractionJobs[0])
		}
	}
	state.fromAPI(s)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update sends the rest, resumes waiting, or stores arguments that only concern the provider.
func (r *uploadResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state uploadModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, uploadTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.ID.ValueString())...)
	resp.Diagnostics.Append(jobs.MarkImported(ctx, resp.Private, false)...)
	if plan.ContentSHA256.IsUnknown() {
		if resp.Diagnostics.Append(plan.resolveContent(ctx, &state)...); resp.Diagnostics.HasError() {
			return
		}
	}
	if resumes := plan.takeResult(&state.jobResult); !resumes {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if attrs.StatusCode(state.Status) == clarifai.StatusUploadInProgress {
		problem := sendRest(waiting, ctx, client, &plan)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		if problem != nil {
			resp.Diagnostics.Append(problem)
		}
		if problem != nil || !plan.Waits() {
			return
		}
	}
	problem, _ := waitForJob(waiting, ctx, client, &plan.jobConfig, &plan.jobResult, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// sendRest resumes an interrupted upload.
func sendRest(waiting, ctx context.Context, client *clarifai.Client, m *uploadModel) diag.Diagnostic {
	from, problem := m.openPlanned(ctx)
	if problem != nil {
		return problem
	}
	defer func() { _ = from.Close() }()
	s, err := addjob.Read(ctx, client, m.app(), m.ID.ValueString())
	if err != nil {
		return diags.Error("Unable to resume the "+m.String(), err)
	}
	if err := transfer(waiting, ctx, client, m, from, s); err != nil {
		return uploadProblem(m, err)
	}
	return nil
}

func (r *uploadResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state uploadModel
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
