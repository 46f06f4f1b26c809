// Package ingestion is about the jobs by which many inputs come into an app: imports
// from buckets, uploads of archives, and the jobs that the service makes of both.
package ingestion

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// intake is what every way of taking inputs in is told.
type intake struct {
	UserID                types.String `tfsdk:"user_id"`
	AppID                 types.String `tfsdk:"app_id"`
	ID                    types.String `tfsdk:"id"`
	InputTemplate         types.Object `tfsdk:"input_template"`
	ConflictResolution    types.String `tfsdk:"input_id_conflict_resolution"`
	AllowUnpredictableIDs types.Bool   `tfsdk:"allow_unpredictable_ids"`
	jobs.Policy
}

// receipt is what a resource keeps of its job.
type receipt struct {
	Triggers        types.Map      `tfsdk:"triggers"`
	CancelOnDestroy types.Bool     `tfsdk:"cancel_on_destroy"`
	Status          types.Object   `tfsdk:"status"`
	Progress        types.Object   `tfsdk:"progress"`
	ExtractionJobs  types.List     `tfsdk:"extraction_jobs"`
	CreatedAt       types.String   `tfsdk:"created_at"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

const (
	skip   = "SKIP"
	suffix = "SUFFIX"

	startsAnew = " Changing it starts a new job."

	resolutionText = "What becomes of a file whose input id is taken: `SKIP` (default) passes it over and counts it as failed, `SUFFIX` gives the new input a suffix. " +
		"With `SUFFIX` ids cannot be foreseen, and adding the same files twice makes every input twice; it needs `allow_unpredictable_ids`. Ids are made of file names."
	allowText = "Allows `input_id_conflict_resolution = \"SUFFIX\"`."
	idText    = "Id of the add job: 1 to 32 letters, digits, hyphens and underscores. When not set it follows from what the job is about and from `triggers`, " +
		"so that a job whose start could not be written down, because the run was killed, is found again instead of started twice."
	progressText = "The job's inputs by outcome."

	pendingText    = "Inputs that wait for being processed."
	inProgressText = "Inputs that are being processed."
	succeededText  = "Inputs that were added and processed."
	failedText     = "Inputs that could not be added or processed, those included whose ids were taken."
	partIDText     = "Id of the extraction job."
	partURLText    = "Bucket or archive that it reads."
	partStatusText = "How it stands."
	imagesText     = "Images found so far."
	videosText     = "Videos found so far."
	audiosText     = "Sounds found so far."
	textsText      = "Texts found so far."

	partsText  = "The jobs that extract inputs, one for each bucket or archive."
	statusText = "How the job stands as a whole. It is completed (64002) only when extraction has ended and every input is processed, whatever the service's add job says of itself before."
)

// intakeAttributes are the attributes of [intake] and [receipt] for a resource.
func intakeAttributes(ctx context.Context, accepted string, times timeouts.Opts) map[string]schema.Attribute {
	m := map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText + startsAnew, Optional: true, Computed: true,
			Validators:    []validator.String{ids.New()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
		},
		"input_template": templateAttribute(),
		"input_id_conflict_resolution": schema.StringAttribute{
			MarkdownDescription: resolutionText + startsAnew, Optional: true, Computed: true,
			Default:       stringdefault.StaticString(skip),
			Validators:    []validator.String{stringvalidator.OneOf(skip, suffix)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"allow_unpredictable_ids": schema.BoolAttribute{MarkdownDescription: allowText, Optional: true},
		"triggers":                jobs.Triggers(),
		"cancel_on_destroy":       jobs.CancelOnDestroy(),
		"status":                  attrs.Status(statusText),
		"progress": schema.SingleNestedAttribute{
			MarkdownDescription: progressText, Computed: true,
			PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
			Attributes: map[string]schema.Attribute{
				"pending":     schema.Int64Attribute{MarkdownDescription: pendingText, Computed: true},
				"in_progress": schema.Int64Attribute{MarkdownDescription: inProgressText, Computed: true},
				"succeeded":   schema.Int64Attribute{MarkdownDescription: succeededText, Computed: true},
				"failed":      schema.Int64Attribute{MarkdownDescription: failedText, Computed: true},
			},
		},
		"extraction_jobs": schema.ListNestedAttribute{
			MarkdownDescription: partsText, Computed: true,
			PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":     schema.StringAttribute{MarkdownDescription: partIDText, Computed: true},
				"url":    schema.StringAttribute{MarkdownDescription: partURLText, Computed: true},
				"status": partStatus(),
				"images": schema.Int64Attribute{MarkdownDescription: imagesText, Computed: true},
				"videos": schema.Int64Attribute{MarkdownDescription: videosText, Computed: true},
				"audios": schema.Int64Attribute{MarkdownDescription: audiosText, Computed: true},
				"texts":  schema.Int64Attribute{MarkdownDescription: textsText, Computed: true},
			}},
		},
		"created_at": attrs.CreatedAt(),
		"timeouts":   timeouts.Attributes(ctx, times),
	}
	maps.Copy(m, jobs.PolicyAttributes(accepted))
	return m
}

// partStatus is the status of a part. Its plan is that of the list around it.
func partStatus() schema.SingleNestedAttribute {
	s := attrs.Status(partStatusText)
	s.PlanModifiers = nil
	return s
}

// intakeArguments are the attributes of [intake] for an action.
func intakeArguments(accepted string) map[string]actionschema.Attribute {
	m := map[string]actionschema.Attribute{
		"user_id": ids.ActionUserID(),
		"app_id":  ids.ActionAppID(),
		"id": actionschema.StringAttribute{
			MarkdownDescription: "Id of the add job, new to the app. Chosen by the provider when not set.",
			Optional:            true, Validators: []validator.String{ids.New()},
		},
		"input_template": templateArgument(),
		"input_id_conflict_resolution": actionschema.StringAttribute{
			MarkdownDescription: resolutionText, Optional: true, Validators: []validator.String{stringvalidator.OneOf(skip, suffix)},
		},
		"allow_unpredictable_ids": actionschema.BoolAttribute{MarkdownDescription: allowText, Optional: true},
	}
	maps.Copy(m, jobs.PolicyArguments(accepted))
	return m
}

func (i *intake) app() clarifai.AppRef { return ids.App(i.UserID, i.AppID) }

func (i *intake) importID() string {
	return i.UserID.ValueString() + "/" + i.AppID.ValueString() + "/" + i.ID.ValueString()
}

// problems are what the service would take and the user would regret.
func (i *intake) problems() diag.Diagnostics {
	var diags diag.Diagnostics
	if i.ConflictResolution.ValueString() == suffix && !i.AllowUnpredictableIDs.IsUnknown() && !i.AllowUnpredictableIDs.ValueBool() {
		diags.AddAttributeError(path.Root("input_id_conflict_resolution"), "SUFFIX makes ids unpredictable",
			"Inputs whose ids are taken would get ids that nobody can foresee, and adding the same files again would make every input twice. If that is what you want, set allow_unpredictable_ids = true.")
	}
	return diags
}

func (i *intake) resolution() clarifai.InputIDConflictResolution {
	if i.ConflictResolution.ValueString() == suffix {
		return clarifai.ConflictSuffix
	}
	return clarifai.ConflictSkip
}

// about is a text that is the same for jobs about the same.
func (i *intake) about(ctx context.Context, r *receipt, kind string, parts ...string) string {
	template, _ := templateToAPI(ctx, i.InputTemplate)
	if template != nil && template.Data != nil && template.Data.Metadata != nil {
		var metadata any // spelled in one way
		if json.Unmarshal(template.Data.Metadata, &metadata) == nil {
			template.Data.Metadata, _ = json.Marshal(metadata, json.Deterministic(true))
		}
	}
	triggers := map[string]string{}
	for name, v := range r.Triggers.Elements() {
		triggers[name] = v.String()
	}
	text, err := clarifai.Encode(struct {
		Kind, User, App, Resolution string
		Template                    *clarifai.Input
		Triggers                    map[string]string
		Parts                       []string
	}{kind, i.UserID.ValueString(), i.AppID.ValueString(), i.ConflictResolution.ValueString(), template, triggers, parts})
	if err != nil { // a template that is no JSON, which validation refuses
		return strings.Join(parts, "\x00")
	}
	return string(text)
}

var (
	progressTypes = map[string]attr.Type{
		"pending": types.Int64Type, "in_progress": types.Int64Type, "succeeded": types.Int64Type, "failed": types.Int64Type,
	}
	partTypes = map[string]attr.Type{
		"id": types.StringType, "url": types.StringType, "status": attrs.UnknownStatus().Type(context.Background()),
		"images": types.Int64Type, "videos": types.Int64Type, "audios": types.Int64Type, "texts": types.Int64Type,
	}
	partType = types.ObjectType{AttrTypes: partTypes}
)

// refresh takes over how the job stands.
func (r *receipt) refresh(s *standing) {
	r.Status = attrs.StatusFromAPI(s.whole)
	r.Progress = progressFromAPI(s.job.Progress)
	parts := make([]attr.Value, len(s.job.ExtractionJobs))
	for i, e := range s.job.ExtractionJobs {
		p := e.Progress
		if p == nil {
			p = &clarifai.InputsExtractionJobProgress{}
		}
		parts[i] = types.ObjectValueMust(partTypes, map[string]attr.Value{
			"id": types.StringValue(e.ID), "url": attrs.Text(e.URL), "status": attrs.StatusFromAPI(e.Status),
			"images": number(p.ImageInputsCount), "videos": number(p.VideoInputsCount),
			"audios": number(p.AudioInputsCount), "texts": number(p.TextInputsCount),
		})
	}
	r.ExtractionJobs = types.ListValueMust(partType, parts)
	if r.CreatedAt.IsUnknown() || r.CreatedAt.IsNull() {
		r.CreatedAt = attrs.Time(s.job.CreatedAt)
	}
}

func progressFromAPI(p *clarifai.InputsAddJobProgress) types.Object {
	if p == nil {
		p = &clarifai.InputsAddJobProgress{}
	}
	return types.ObjectValueMust(progressTypes, map[string]attr.Value{
		"pending": number(p.PendingCount), "in_progress": number(p.InProgressCount),
		"succeeded": number(p.SuccessCount), "failed": number(p.FailedCount),
	})
}

func number(n clarifai.Uint64) types.Int64 {
	return types.Int64Value(int64(n)) //nolint:gosec // nobody has 2^63 inputs
}

// takeOver takes triggers over that an imported receipt cannot know.
func (r *receipt) takeOver(plan *receipt) {
	if r.Triggers.IsNull() {
		r.Triggers = plan.Triggers
	}
}

// resume is what a plan has to do about a job that an earlier apply has started.
type resume int

const (
	settled   resume = iota // nothing
	waitOn                  // its end has not been seen, or was not good enough
	startOver               // it has failed
)

// unsettled tells what there is left to do about the job in state.
func (r *receipt) unsettled(policy jobs.Policy) resume {
	code := attrs.StatusCode(r.Status)
	switch {
	case code == clarifai.StatusUploadInProgress:
		return waitOn
	case isUpload(code):
		return startOver // what was to be sent never arrived
	case !policy.Waits():
		return settled
	case !jobs.Over(code):
		return waitOn
	case code == clarifai.StatusJobCancelled:
		return settled // somebody wanted it so
	case code.Class() == clarifai.ClassFailed:
		return startOver
	}
	failed, all := r.outcome()
	if !policy.Tolerates(failed, all) {
		return waitOn // says so again
	}
	return settled
}

// isUpload tells whether a code is about the upload itself, which is then not done.
func isUpload(code clarifai.StatusCode) bool { return code/1000 == 68 }

func (r *receipt) outcome() (failed, all uint64) {
	of := func(name string) uint64 {
		if v, ok := r.Progress.Attributes()[name].(types.Int64); ok {
			return uint64(v.ValueInt64()) //nolint:gosec // counts are not negative
		}
		return 0
	}
	failed = of("failed")
	return failed, failed + of("succeeded")
}

// planResume plans to wait on for a job, or to start it over. id is the id in the
// configuration, under which nothing can be started over.
func planResume(ctx context.Context, plan *tfsdk.Plan, prior *receipt, policy jobs.Policy, id types.String) (replace path.Paths, problems diag.Diagnostics) {
	todo := prior.unsettled(policy)
	if todo == settled {
		return nil, nil
	}
	if todo == startOver {
		replace = path.Paths{path.Root("status")}
		if !id.IsNull() {
			problems.Append(sameID(id.ValueString(), "It has ended with "+attrs.StatusCode(prior.Status).Name()+"."))
		}
	}
	problems.Append(plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
	problems.Append(plan.SetAttribute(ctx, path.Root("progress"), types.ObjectUnknown(progressTypes))...)
	problems.Append(plan.SetAttribute(ctx, path.Root("extraction_jobs"), types.ListUnknown(partType))...)
	return replace, problems
}

// sameID is the problem of a new job that is to have the id of an old one.
func sameID(id, why string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("id"), "A job cannot be started again under the same id",
		fmt.Sprintf("The API cannot delete jobs, so the id %q stays with the old one. %s Give the new job another id, or leave id out.", id, why))
}

// watch follows a job that has begun, as long as waiting lasts, and judges it. over tells
// whether it has ended.
func watch(waiting, ctx context.Context, client *clarifai.Client, in *intake, r *receipt, what string) (problem diag.Diagnostic, over bool) {
	s, err := follow(waiting, client, in.app(), in.ID.ValueString(), what, in.Stall(), logProgress(ctx, in.ID.ValueString()))
	if s != nil {
		r.refresh(s)
	}
	if clarifai.IsNotFound(err) && jobs.Over(attrs.StatusCode(r.Status)) {
		return r.remembered(what, in.Policy), true
	}
	return conclude(ctx, client, in, s, what, err, advice{
		goesOn:  fmt.Sprintf("The job goes on at the service, and it is in state: id %q. The next apply waits on for the same job; nothing is added twice.", in.ID.ValueString()),
		again:   "the next apply starts another job",
		timeout: "create",
	}), err == nil || isFailure(err)
}

// remembered judges a job that has ended and whose record the service has thrown away.
func (r *receipt) remembered(what string, policy jobs.Policy) diag.Diagnostic {
	failed, all := r.outcome()
	if policy.Tolerates(failed, all) {
		return nil
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("%d of %s failed: %s", failed, diags.Counted(all, "input"), what),
		fmt.Sprintf("The service has thrown the job's record away, so the reasons are not known any more. That is more than fail_on = %g allows. To accept the outcome, raise fail_on.", policy.FailOn.ValueFloat64()))
}

func isFailure(err error) bool {
	var failed *wait.FailedError
	return errors.As(err, &failed)
}

// advice is what to do when a job is not done.
type advice struct {
	goesOn  string // it goes on, and how to pick it up
	again   string // what starts another after a failure
	timeout string // which of the timeouts was too short
}

// conclude says how following a job has ended; nil when it is good.
func conclude(ctx context.Context, client *clarifai.Client, in *intake, s *standing, what string, err error, next advice) diag.Diagnostic {
	switch {
	case err == nil:
		return verdict(ctx, client, in.app(), s, what, in.Policy)
	case isFailure(err) && s.whole.Code == clarifai.StatusJobCancelled:
		return diag.NewErrorDiagnostic("Cancelled: "+what, diags.Detail(err)+
			"\n\nInputs that it had made by then stay. To start another, change triggers.")
	case isFailure(err):
		made := "It had added no inputs by then."
		if n := s.counts(); n.Succeeded+n.InProgress+n.Pending > 0 {
			made = "By then it had added " + diags.Counted(n.Succeeded+n.InProgress+n.Pending, "input") + "; what was added stays."
		}
		return diag.NewErrorDiagnostic("The service could not finish "+what, diags.Detail(err)+
			fmt.Sprintf("\n\n%s Mend what the reason speaks of; %s.", made, next.again))
	case clarifai.IsNotFound(err):
		return diags.Error("The service no longer knows "+what, err)
	}
	return jobs.NotOver("Not done yet: "+what, err, next.timeout, next.goesOn)
}

// beginProblem is the diagnostic for a job that could not be begun.
func beginProblem(resourceType, noun, what string, in *intake, err error) diag.Diagnostic {
	var taken *takenError
	if errors.As(err, &taken) {
		duplicate := &clarifai.Error{Op: "GetInputsAddJob", Status: clarifai.Status{Code: clarifai.StatusDuplicateID, Details: taken.Error()}}
		return diags.AlreadyExists(resourceType, noun, taken.id, in.importID(), duplicate)
	}
	return diags.Error("Unable to start "+what, err)
}

// foundWarning says that a job was not started because it is there already.
func foundWarning(what string, s *standing) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Taken over: "+what,
		fmt.Sprintf("A job about just the same was found at the service (id %q, started %s, %s), so none was started. An earlier run that was cut off, or another configuration, has started it. To start another all the same, change triggers.",
			s.job.ID, s.job.CreatedAt.UTC().Format(time.RFC3339), s.line()))
}

// forget ends the care for a job: it is cancelled if that is asked for and it is running.
func forget(ctx context.Context, client *clarifai.Client, in *intake, r *receipt, what string, timeout time.Duration) diag.Diagnostics {
	var problems diag.Diagnostics
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	s, err := stand(ctx, client, in.app(), in.ID.ValueString())
	running := err == nil && !jobs.Over(s.whole.Code)
	switch {
	case clarifai.IsNotFound(err):
		return nil
	case err != nil && r.CancelOnDestroy.ValueBool():
		problems.Append(diags.Error("Unable to tell whether "+what+" is still running", err))
	case running && r.CancelOnDestroy.ValueBool():
		if err := cancel(ctx, client, in.app(), s, what); err != nil {
			problems.Append(diags.Error("Unable to cancel "+what, err))
			return problems
		}
		problems.AddWarning("Job cancelled, inputs stay", "The "+what+" was running. Inputs that it had made by then stay in app \""+in.AppID.ValueString()+"\".")
	case running:
		problems.AddWarning("Job forgotten, it goes on", "The "+what+" is still running and adds inputs to app \""+in.AppID.ValueString()+"\". To end it, use cancel_on_destroy, or the action clarifai_cancel_inputs_add_job with id "+in.ID.ValueString()+".")
	default:
		problems.AddWarning("Job forgotten, inputs stay", "What the "+what+" has added to app \""+in.AppID.ValueString()+"\" stays there.")
	}
	return problems
}
