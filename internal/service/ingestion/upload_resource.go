package ingestion

import (
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

// NewUploadResource makes the resource for the upload of an archive.
func NewUploadResource() resource.Resource { return &uploadResource{} }

type uploadResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity       = (*uploadResource)(nil)
	_ resource.ResourceWithImportState    = (*uploadResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*uploadResource)(nil)
	_ resource.ResourceWithValidateConfig = (*uploadResource)(nil)
)

func (r *uploadResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = uploadType
}

func (r *uploadResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := intakeAttributes(ctx, uploadAccepted, timeouts.Opts{
		Create: true, Delete: true,
		CreateDescription: "How long sending the archive and adding its inputs may take, on create and when a later apply goes on. Defaults to `6h`.",
		DeleteDescription: "How long to wait until the job is cancelled, with `cancel_on_destroy`. Defaults to `10m`.",
	})
	attributes["archive"] = schema.StringAttribute{
		MarkdownDescription: "Path of an archive: zip, tar or tar.gz (tgz) with images, videos, sounds and texts. Archives in it are not unpacked. It must be there when planning. Its content counts, not its name.",
		Optional:            true, Validators: []validator.String{archiveValidator{}},
	}
	attributes["folder"] = schema.StringAttribute{
		MarkdownDescription: "Path of a folder, instead of an archive. It is sent as a tar archive that is made while it is sent and takes no room on disk. Files in subfolders come along; hidden files and what is not a plain file do not. " +
			"Names and contents of the files count, not their times.",
		Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	computed := func(text string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: text, Computed: true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	attributes["content_sha256"] = schema.StringAttribute{
		MarkdownDescription: "SHA-256 of the archive in hex; of a folder, that of the archive made of it. It is worked out by every plan, and other content is uploaded anew. " +
			"Null after an import, since the service does not give content back: the first apply takes an archive of the same length for the one that was uploaded.",
		Computed: true,
	}
	attributes["content_name"] = computed("Name of the archive at the service. From its ending the service tells the kind of archive.")
	attributes["content_length"] = schema.Int64Attribute{
		MarkdownDescription: "Length of the archive in bytes.", Computed: true,
		PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
	}
	attributes["upload_id"] = computed("Id of the upload, made by the service.")
	attributes["expires_at"] = computed("Until when the service takes parts of the archive (RFC 3339, UTC).")
	resp.Schema = schema.Schema{
		MarkdownDescription: "An archive or folder of inputs that is uploaded once. **Destroying it only forgets the job**, or cancels one that is running when `cancel_on_destroy` says so: inputs that it made stay. " +
			"The archive is sent in parts of 8 MiB, four at a time, and never held in memory. An upload that was cut off, by whatever, is gone on with by the next apply, from what the service has; " +
			"one that has expired meanwhile is begun anew. It runs again only when the content, what the job is told, or `triggers` change.",
		Attributes: attributes,
	}
}

func (r *uploadResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *uploadResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *uploadResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config uploadReceipt
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
	var plan, state, config uploadReceipt
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	length := planContent(ctx, &plan, resp)
	if req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if jobs.IsImported(ctx, req.Private) {
		state.takeOver(&plan.receipt)
		if state.ContentSHA256.IsNull() && length == state.ContentLength.ValueInt64() {
			state.ContentSHA256 = plan.ContentSHA256
		}
	}
	if !plan.ContentSHA256.Equal(state.ContentSHA256) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("content_sha256"))
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

// planContent plans the digest of what is to be uploaded and tells its length, 0 when it
// is not known yet.
func planContent(ctx context.Context, plan *uploadReceipt, resp *resource.ModifyPlanResponse) int64 {
	plan.ContentSHA256 = types.StringUnknown()
	s, problem := plan.open()
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return 0
	}
	length := int64(0)
	if s != nil {
		defer func() { _ = s.Close() }()
		sum, err := digest(ctx, s)
		if err != nil {
			resp.Diagnostics.AddError("Cannot read what is to be uploaded", fmt.Sprintf("%v. It has to be there when planning, and readable.", err))
			return 0
		}
		plan.ContentSHA256, length = types.StringValue(sum), s.Size()
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("content_sha256"), plan.ContentSHA256)...)
	return length
}

func (r *uploadResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan uploadReceipt
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, uploadTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	content, problem := plan.take(ctx)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	defer func() { _ = content.Close() }()
	job, more := plan.beginning(ctx, client)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	const begins = 3 // an upload that expires or is spoiled under our hands is begun anew
	for begun := 1; ; begun++ {
		s, found, err := job.begin(ctx)
		if err != nil {
			resp.Diagnostics.Append(beginProblem(uploadType, "upload", plan.String(), &plan.intake, err))
			return
		}
		plan.ID = types.StringValue(s.job.ID)
		plan.UploadID, plan.ExpiresAt = types.StringUnknown(), types.StringUnknown() // also of another one that is begun anew
		plan.refresh(s)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), s.job.ID)...)
		if resp.Diagnostics.HasError() {
			return
		}
		if found {
			resp.Diagnostics.Append(foundWarning(plan.String(), s))
		}
		err = transfer(waiting, ctx, client, &plan, content, s)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		var ended *uploadEndedError
		switch {
		case errors.As(err, &ended) && begun < begins && job.chosen == "":
			continue
		case errors.As(err, &ended):
			resp.Diagnostics.Append(uploadProblem(&plan, err))
			return
		case isLocal(err):
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
	problem, over := watch(waiting, ctx, client, &plan.intake, &plan.receipt, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil && !over {
		problem = diags.AsWarning(problem)
	}
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// transfer sends what the upload lacks and takes over how it stands then. An upload that
// cannot be completed is cancelled, so that nothing waits for it.
func transfer(waiting, ctx context.Context, client *clarifai.Client, m *uploadReceipt, content source, s *standing) error {
	var problem error
	if len(s.job.Uploads) > 0 {
		sender := &sender{client: client, app: m.app(), source: content, what: m.String(), stall: m.Stall(), tell: logProgress(ctx, s.job.ID)}
		problem = sender.send(waiting, &s.job.Uploads[0])
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
	defer done()
	now, err := stand(ctx, client, m.app(), s.job.ID)
	var ended *uploadEndedError
	if err == nil && errors.As(problem, &ended) && !jobs.Over(now.whole.Code) {
		if err = cancel(ctx, client, m.app(), now, m.String()); err == nil {
			now, err = stand(ctx, client, m.app(), s.job.ID)
		}
	}
	if err == nil {
		m.refresh(now)
	}
	return problem
}

// uploadProblem says why an archive has not been sent whole.
func uploadProblem(m *uploadReceipt, err error) diag.Diagnostic {
	summary := "Not sent whole: " + m.String()
	var ended *uploadEndedError
	switch {
	case errors.As(err, &ended):
		return diag.NewErrorDiagnostic(summary, diags.Detail(err)+"\n\nThe next apply begins the upload anew.")
	case isLocal(err):
		return diag.NewErrorDiagnostic(summary, diags.Detail(err))
	}
	return jobs.NotOver(summary, err, "create", fmt.Sprintf("What has arrived stays at the service until %s, and the job is in state. The next apply sends the rest.", m.ExpiresAt.ValueString()))
}

func (r *uploadResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state uploadReceipt
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
		resp.Diagnostics.Append(diags.Error("Unable to read upload job \""+state.ID.ValueString()+"\"", err))
		return
	}
	if importing && len(s.job.Uploads) != 1 {
		resp.Diagnostics.AddError("Not the upload of an archive",
			fmt.Sprintf("Job %q exists and came from no upload. One that reads a bucket is imported as %s.", s.job.ID, importType))
		return
	}
	if importing {
		resp.Diagnostics.Append(jobs.MarkImported(ctx, resp.Private, true)...)
		state.Policy, state.CancelOnDestroy = jobs.DefaultPolicy(), types.BoolValue(false)
		state.ConflictResolution = types.StringValue(skip)
		state.forgetFixed()
		if len(s.job.ExtractionJobs) > 0 {
			state.refreshIntake(&s.job.ExtractionJobs[0])
		}
	}
	state.refresh(s)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update sends the rest, waits on, or takes over what concerns only this side.
func (r *uploadResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state uploadReceipt
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
	resumes := plan.Status.IsUnknown()
	plan.Status, plan.Progress, plan.ExtractionJobs = state.Status, state.Progress, state.ExtractionJobs
	if !resumes {
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
	problem, _ := watch(waiting, ctx, client, &plan.intake, &plan.receipt, plan.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// sendRest goes on with an upload that was cut off.
func sendRest(waiting, ctx context.Context, client *clarifai.Client, m *uploadReceipt) diag.Diagnostic {
	content, problem := m.take(ctx)
	if problem != nil {
		return problem
	}
	defer func() { _ = content.Close() }()
	s, err := stand(ctx, client, m.app(), m.ID.ValueString())
	if err != nil {
		return diags.Error("Unable to go on with the "+m.String(), err)
	}
	if err := transfer(waiting, ctx, client, m, content, s); err != nil {
		return uploadProblem(m, err)
	}
	return nil
}

func (r *uploadResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state uploadReceipt
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
