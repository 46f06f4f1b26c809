// Package ingestion implements the jobs that add many inputs to an app: imports from buckets, uploads
// of archives, and the add and extraction jobs that Clarifai runs for both.
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
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

// jobConfig holds the arguments that imports and uploads share.
type jobConfig struct {
	UserID                types.String `tfsdk:"user_id"`
	AppID                 types.String `tfsdk:"app_id"`
	ID                    types.String `tfsdk:"id"`
	InputTemplate         types.Object `tfsdk:"input_template"`
	ConflictResolution    types.String `tfsdk:"input_id_conflict_resolution"`
	AllowUnpredictableIDs types.Bool   `tfsdk:"allow_unpredictable_ids"`
	jobs.Policy
}

// jobResult holds what a resource stores of its job.
type jobResult struct {
	Triggers        types.Map      `tfsdk:"triggers"`
	CancelOnDestroy types.Bool     `tfsdk:"cancel_on_destroy"`
	Status          types.Object   `tfsdk:"status"`
	Progress        types.Object   `tfsdk:"progress"`
	SkippedCount    types.Int64    `tfsdk:"skipped_count"`
	ExtractionJobs  types.List     `tfsdk:"extraction_jobs"`
	CreatedAt       types.String   `tfsdk:"created_at"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

const (
	skip   = "SKIP"
	suffix = "SUFFIX"

	startsJob = " Changing it starts a new job."

	resolutionText = "What happens to a file whose input id already exists: `SKIP` (default) skips it, with a warning, `SUFFIX` " +
		"adds a suffix to the id. Ids are derived from file names. With `SUFFIX` ids are unpredictable, and adding the same files twice " +
		"duplicates every input; it needs `allow_unpredictable_ids`."
	allowText = "Whether `input_id_conflict_resolution = \"SUFFIX\"` is allowed. Defaults to `false`."
	idText    = "Id of the add job: 1 to 32 letters, digits, hyphens and underscores. If not set, it is derived from the arguments of the " +
		"job and `triggers`, so that the next apply finds a job that an interrupted apply has started."
	partsText  = "Jobs that extract the inputs, one per bucket or archive."
	statusText = "Overall status of the job. It is completed (64002) only when extraction is over and every input is processed; the " +
		"add job of the service may report it earlier."
)

// jobAttributes returns the resource attributes of [jobConfig] and [jobResult].
func jobAttributes(ctx context.Context, accepted string, times timeouts.Opts) map[string]schema.Attribute {
	m := map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText + startsJob, Optional: true, Computed: true,
			Validators:    []validator.String{ids.New()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
		},
		"input_template": templateAttribute(),
		"input_id_conflict_resolution": schema.StringAttribute{
			MarkdownDescription: resolutionText + startsJob, Optional: true, Computed: true,
			Default:       stringdefault.StaticString(skip),
			Validators:    []validator.String{stringvalidator.OneOf(skip, suffix)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"allow_unpredictable_ids": schema.BoolAttribute{MarkdownDescription: allowText, Optional: true},
		"triggers":                jobs.Triggers(),
		"cancel_on_destroy":       jobs.CancelOnDestroy(),
		"status":                  attrs.Status(statusText),
		"progress":                progressAttribute,
		"skipped_count": schema.Int64Attribute{
			MarkdownDescription: "Number of files that were skipped because their input ids already existed. They are among the failed " +
				"inputs of `progress`, and do not count for `fail_on`.",
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"extraction_jobs": schema.ListNestedAttribute{
			MarkdownDescription: partsText, Computed: true,
			PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
			NestedObject:  schema.NestedAttributeObject{Attributes: partAttributes},
		},
		"created_at": attrs.CreatedAt(),
		"timeouts":   timeouts.Attributes(ctx, times),
	}
	maps.Copy(m, jobs.PolicyAttributes(accepted))
	return m
}

// progressAttribute counts the inputs of an add job.
var progressAttribute = schema.SingleNestedAttribute{
	MarkdownDescription: "Number of inputs of the job by outcome.", Computed: true,
	PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
	Attributes: map[string]schema.Attribute{
		"pending":     count("Inputs that wait to be processed."),
		"in_progress": count("Inputs that are being processed."),
		"succeeded":   count("Inputs that were added and processed."),
		"failed":      count("Inputs that could not be added or processed, including those whose id already exists."),
	},
}

// partAttributes are those of an extraction job: what it is, and what it has found so far.
var partAttributes = map[string]schema.Attribute{
	"id":     schema.StringAttribute{MarkdownDescription: "Id of the extraction job.", Computed: true},
	"url":    schema.StringAttribute{MarkdownDescription: "URL of the bucket or archive that it reads.", Computed: true},
	"status": partStatus(),
	"images": count("Images found so far."),
	"videos": count("Videos found so far."),
	"audios": count("Audio files found so far."),
	"texts":  count("Texts found so far."),
}

func count(text string) schema.Int64Attribute {
	return schema.Int64Attribute{MarkdownDescription: text, Computed: true}
}

// partStatus is the status of an extraction job. It has no plan modifier of its own, the list has one.
func partStatus() schema.SingleNestedAttribute {
	s := attrs.Status("Status of the extraction job.")
	s.PlanModifiers = nil
	return s
}

// jobArguments returns the action attributes of [jobConfig].
func jobArguments(accepted string) map[string]actionschema.Attribute {
	m := map[string]actionschema.Attribute{
		"user_id": ids.ActionUserID(),
		"app_id":  ids.ActionAppID(),
		"id": actionschema.StringAttribute{
			MarkdownDescription: "Id of the add job, which must not exist yet. If not set, the provider chooses one.",
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

func (i *jobConfig) app() clarifai.AppRef { return ids.App(i.UserID, i.AppID) }

// problems validates the arguments.
func (i *jobConfig) problems() diag.Diagnostics {
	var diags diag.Diagnostics
	if i.ConflictResolution.ValueString() == suffix && !i.AllowUnpredictableIDs.IsUnknown() && !i.AllowUnpredictableIDs.ValueBool() {
		diags.AddAttributeError(path.Root("input_id_conflict_resolution"), "SUFFIX makes ids unpredictable",
			"An input whose id already exists gets an unpredictable id, and adding the same files again duplicates every input. To "+
				"allow this, set allow_unpredictable_ids = true.")
	}
	return diags
}

func (i *jobConfig) resolution() clarifai.InputIDConflictResolution {
	if i.ConflictResolution.ValueString() == suffix {
		return clarifai.ConflictSuffix
	}
	return clarifai.ConflictSkip
}

// fingerprint returns a text that is equal for jobs that add the same content in the same way.
func (i *jobConfig) fingerprint(ctx context.Context, r *jobResult, kind string, parts ...string) string {
	template, _ := templateToAPI(ctx, i.InputTemplate)
	if template != nil && template.Data != nil && template.Data.Metadata != nil {
		var metadata any // in canonical form
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
	if err != nil { // an invalid template, which validation rejects
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

// fromAPI sets status, progress and extraction jobs.
func (r *jobResult) fromAPI(s *addjob.Status) {
	r.Status = attrs.StatusFromAPI(s.Overall)
	r.Progress = progressFromAPI(s.Job.Progress)
	parts := make([]attr.Value, len(s.Job.ExtractionJobs))
	for i, e := range s.Job.ExtractionJobs {
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
	if r.SkippedCount.IsUnknown() || r.SkippedCount.IsNull() {
		r.SkippedCount = types.Int64Value(0) // until the end of the job
	}
	if r.CreatedAt.IsUnknown() || r.CreatedAt.IsNull() {
		r.CreatedAt = attrs.Time(s.Job.CreatedAt)
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
	return types.Int64Value(int64(n)) //nolint:gosec // counts stay below 2^63
}

// takeResult sets the planned result to that in state, and reports whether the update resumes waiting for
// the job.
func (r *jobResult) takeResult(state *jobResult) (resumes bool) {
	resumes = r.Status.IsUnknown()
	r.Status, r.Progress, r.SkippedCount, r.ExtractionJobs = state.Status, state.Progress, state.SkippedCount, state.ExtractionJobs
	return resumes
}

// adoptTriggers copies planned triggers into an imported state, which cannot know them.
func (r *jobResult) adoptTriggers(plan *jobResult) {
	if r.Triggers.IsNull() {
		r.Triggers = plan.Triggers
	}
}

// step is what a plan does about a job that an earlier apply has started.
type step int

const (
	nothingToDo step = iota
	keepWaiting      // not over, or over with more failures than allowed
	startNew         // failed
)

// next returns the step for the job in state.
func (r *jobResult) next(policy jobs.Policy) step {
	code := attrs.StatusCode(r.Status)
	switch {
	case code == clarifai.StatusUploadInProgress:
		return keepWaiting
	case addjob.IsUpload(code):
		return startNew // the content never arrived completely
	case !policy.Waits():
		return nothingToDo
	case !jobs.Over(code):
		return keepWaiting
	case code == clarifai.StatusJobCancelled:
		return nothingToDo // cancelled on purpose
	case code.Class() == clarifai.ClassFailed:
		return startNew
	}
	failed, all := r.outcome()
	if !policy.Tolerates(failed, all) {
		return keepWaiting // reports it again
	}
	return nothingToDo
}

// outcome returns how many inputs of the job failed, and of how many. Files that were skipped do not count.
func (r *jobResult) outcome() (failed, all uint64) {
	of := func(name string) uint64 {
		if v, ok := r.Progress.Attributes()[name].(types.Int64); ok {
			return uint64(v.ValueInt64()) //nolint:gosec // counts are not negative
		}
		return 0
	}
	skipped := uint64(r.SkippedCount.ValueInt64()) //nolint:gosec // counts are not negative
	failed = of("failed")
	failed -= min(failed, skipped)
	return failed, failed + of("succeeded")
}

// planNext plans to resume waiting for a job, or to start a new one. id is the configured id, which a
// new job cannot have.
func planNext(
	ctx context.Context, plan *tfsdk.Plan, prior *jobResult, policy jobs.Policy, id types.String,
) (replace path.Paths, problems diag.Diagnostics) {
	todo := prior.next(policy)
	if todo == nothingToDo {
		return nil, nil
	}
	if todo == startNew {
		replace = path.Paths{path.Root("status")}
		if !id.IsNull() {
			problems.Append(sameIDError(id.ValueString(), "It ended with "+attrs.StatusCode(prior.Status).Name()+"."))
		}
	}
	problems.Append(plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
	problems.Append(plan.SetAttribute(ctx, path.Root("progress"), types.ObjectUnknown(progressTypes))...)
	problems.Append(plan.SetAttribute(ctx, path.Root("skipped_count"), types.Int64Unknown())...)
	problems.Append(plan.SetAttribute(ctx, path.Root("extraction_jobs"), types.ListUnknown(partType))...)
	return replace, problems
}

// sameIDError is the diagnostic for a new job with the id of an existing one.
func sameIDError(id, why string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("id"), "Unable to start a job again with the same id",
		fmt.Sprintf("The API cannot delete jobs, so the id %q belongs to the old job. %s Set another id, or remove id.", id, why))
}

// logStatus returns a function that logs each change of a job's status.
func logStatus(ctx context.Context, id string) func(string) {
	return func(line string) {
		tflog.Info(ctx, "clarifai: job", map[string]any{"inputs_add_job_id": id, "progress": line})
	}
}

// waitForJob waits for a job as long as waiting lasts and stores its status. over reports whether the
// job is over.
func waitForJob(
	waiting, ctx context.Context, client *clarifai.Client, in *jobConfig, r *jobResult, what string,
) (problem diag.Diagnostic, over bool) {
	report := logStatus(ctx, in.ID.ValueString())
	s, err := addjob.Follow(waiting, client, in.app(), in.ID.ValueString(), what, in.Stall(), report)
	if s != nil {
		r.fromAPI(s)
	}
	if clarifai.IsNotFound(err) && jobs.Over(attrs.StatusCode(r.Status)) {
		return r.outcomeFromState(what, in.Policy), true
	}
	problem, skipped := outcomeDiagnostic(ctx, client, in, s, what, err, hints{
		stillRunning: fmt.Sprintf("The job %q is still running and is in state. The next apply resumes waiting for the same job; "+
			"nothing is added twice.", in.ID.ValueString()),
		retry:   "the next apply starts another job",
		timeout: "create",
	})
	r.SkippedCount = number(clarifai.Uint64(skipped))
	return problem, err == nil || isFailure(err)
}

// outcomeFromState is the diagnostic for a job that is over and whose record the service has deleted.
func (r *jobResult) outcomeFromState(what string, policy jobs.Policy) diag.Diagnostic {
	failed, all := r.outcome()
	if policy.Tolerates(failed, all) {
		return nil
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("%d of %s failed: %s", failed, diags.Counted(all, "input"), what),
		fmt.Sprintf("The service has deleted its record of the job, so the reasons are unknown. More inputs failed than fail_on = %g "+
			"allows. To accept the outcome, increase fail_on.", policy.FailOn.ValueFloat64()))
}

func isFailure(err error) bool {
	var failed *wait.FailedError
	return errors.As(err, &failed)
}

// hints tell the user what to do about a job that is not over.
type hints struct {
	stillRunning string // what happens to a running job
	retry        string // what starts another job after a failure
	timeout      string // name of the timeout
}

// outcomeDiagnostic returns the diagnostic for the end of waiting for a job, nil on success, and how many files were
// skipped.
func outcomeDiagnostic(
	ctx context.Context, client *clarifai.Client, in *jobConfig, s *addjob.Status, what string, err error, next hints,
) (problem diag.Diagnostic, skipped uint64) {
	switch {
	case err == nil:
		return completedDiagnostic(ctx, client, in, s, what)
	case isFailure(err) && s.Overall.Code == clarifai.StatusJobCancelled:
		return diag.NewErrorDiagnostic("Job cancelled: "+what, diags.Detail(err)+
			"\n\nInputs that it has added stay. To start another job, change triggers."), 0
	case isFailure(err):
		made := "It added no inputs."
		if n := s.Counts(); n.Succeeded+n.InProgress+n.Pending > 0 {
			made = "It added " + diags.Counted(n.Succeeded+n.InProgress+n.Pending, "input") + ", which stay."
		}
		return diag.NewErrorDiagnostic("Job failed: "+what, diags.Detail(err)+
			fmt.Sprintf("\n\n%s Fix the cause above; then %s.", made, next.retry)), 0
	case clarifai.IsNotFound(err):
		return diags.Error("Job not found: "+what, err), 0
	}
	return jobs.NotOver("Job not over yet: "+what, err, next.timeout, next.stillRunning), 0
}

// startDiagnostic is the diagnostic for a job that could not be started.
func startDiagnostic(p *configure.Provider, resourceType, noun, what string, in *jobConfig, err error) diag.Diagnostic {
	var taken *addjob.IDTakenError
	if errors.As(err, &taken) {
		duplicate := &clarifai.Error{Op: "GetInputsAddJob", Status: clarifai.Status{Code: clarifai.StatusDuplicateID,
			Details: taken.Error()}}
		app := in.app()
		return adopt.AlreadyExists(p, resourceType, noun, taken.ID, app.UserID+"/"+app.AppID+"/"+taken.ID, duplicate)
	}
	return diags.Error("Unable to start "+what, err)
}

// adoptedWarning is the warning for a job that was adopted instead of started.
func adoptedWarning(what string, s *addjob.Status) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Adopted existing job: "+what,
		fmt.Sprintf("A job with the same content and arguments already exists (id %q, started %s, %s), so no other was started. It was "+
			"started by an apply that was interrupted, or by another configuration. To start another job, change triggers.",
			s.Job.ID, s.Job.CreatedAt.UTC().Format(time.RFC3339), s.Line()))
}

// removeFromState ends managing a job. With cancel_on_destroy a running job is cancelled.
func removeFromState(
	ctx context.Context, client *clarifai.Client, in *jobConfig, r *jobResult, what string, timeout time.Duration,
) diag.Diagnostics {
	var problems diag.Diagnostics
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	s, err := addjob.Read(ctx, client, in.app(), in.ID.ValueString())
	running := err == nil && !jobs.Over(s.Overall.Code)
	switch {
	case clarifai.IsNotFound(err):
		return nil
	case err != nil && r.CancelOnDestroy.ValueBool():
		problems.Append(diags.Error("Unable to read the "+what, err))
	case running && r.CancelOnDestroy.ValueBool():
		if err := addjob.Cancel(ctx, client, in.app(), s, what); err != nil {
			problems.Append(diags.Error("Unable to cancel "+what, err))
			return problems
		}
		problems.AddWarning("Job cancelled, inputs stay",
			"The "+what+" was running. Inputs that it has added stay in app \""+in.AppID.ValueString()+"\".")
	case running:
		problems.AddWarning("Job removed from state but still running",
			"The "+what+" adds inputs to app \""+in.AppID.ValueString()+"\". To cancel it, use cancel_on_destroy, or the action "+
				"clarifai_cancel_inputs_add_job with id "+in.ID.ValueString()+".")
	default:
		problems.AddWarning("Job removed from state, inputs stay",
			"Inputs that the "+what+" has added stay in app \""+in.AppID.ValueString()+"\".")
	}
	return problems
}
