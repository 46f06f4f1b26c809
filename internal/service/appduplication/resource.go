// Package appduplication implements copies of apps. Clarifai no longer supports them since April 2026.
package appduplication

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	typeName       = "clarifai_app_duplication"
	createTimeout  = 2 * time.Hour
	missingAllowed = 5 // how often in a row a new job may not be found yet

	// caller is the user of the jobs: they belong to the owner of the token, not of the app.
	caller = "me"
)

var key = ids.InApp("id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	s := resourceSchema
	s.Attributes = map[string]schema.Attribute{"timeouts": timeouts.Attributes(context.Background(), timeouts.Opts{
		Create: true, CreateDescription: "Maximum time to wait until everything is copied. Defaults to `2h`.",
	})}
	for name, attribute := range resourceSchema.Attributes {
		s.Attributes[name] = attribute
	}
	return &duplicationResource{base.NewResource(typeName, key, s)}
}

type duplicationResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*duplicationResource)(nil)
	_ resource.ResourceWithImportState    = (*duplicationResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*duplicationResource)(nil)
	_ resource.ResourceWithValidateConfig = (*duplicationResource)(nil)
)

func (r *duplicationResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.validate()...)
	}
}

func (r *duplicationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() {
		attrs.PlanNotDeletable(ctx, "app duplication", remains, req.State, &resp.Diagnostics)
	}
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, replacedKey, []byte(`"`+state.CreatedAt.ValueString()+`"`))...)
	if plan.WaitFor.ValueString() == jobs.Completed && !state.isOver() {
		// An earlier apply did not wait until the end: resume waiting.
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("progress"), types.MapUnknown(types.Int64Type))...)
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("progress"), state.Progress)...)
}

// remains says what destroying a duplication leaves at the service.
const remains = "The destination app and everything that was copied into it stay. A running job continues."

// replacedKey is the key in private state of the creation time of the job that a new job replaces. Terraform
// hands private state of the plan with a prior state to the plan of the replacement.
const replacedKey = "replaced_created_at"

// replacedAt returns the creation time of the job that is replaced; zero if none is. A completed job that is
// not newer must not be adopted.
func replacedAt(ctx context.Context, p private.Reader) (time.Time, diag.Diagnostics) {
	value, problems := p.GetKey(ctx, replacedKey)
	at, err := time.Parse(time.RFC3339Nano, strings.Trim(string(value), `"`))
	if err != nil {
		return time.Time{}, problems
	}
	return at.Truncate(time.Microsecond), problems
}

// thing is a job in the register of claims.
func thing(id string) claims.Thing { return claims.Thing{Kind: "app duplication", ID: id} }

// isOver reports whether the job is over, successful or not.
func (m *resourceModel) isOver() bool { return jobs.Over(attrs.StatusCode(m.Status)) }

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
	after, problems := replacedAt(ctx, resp.Private)
	resp.Diagnostics.Append(problems...)
	d, adopted, err := start(ctx, r.Provider, client, &plan.job, func(d clarifai.AppDuplication) bool {
		if _, removed := claims.For(r.Provider).WasRemoved(thing(d.ID)); removed {
			return false // this resource replaces it
		}
		return isRunning(d) || d.Status.Code == clarifai.StatusDuplicationSuccess && d.CreatedAt.Truncate(time.Microsecond).After(after)
	})
	if err != nil {
		resp.Diagnostics.Append(startError(&plan.job, err))
		return
	}
	if adopted {
		resp.Diagnostics.AddWarning("Adopted existing "+plan.String(), fmt.Sprintf("The job %q copies the same into app %q (started "+
			"%s, %s), "+
			"so no other was started. It was started by an apply that was interrupted, or outside this configuration. To copy again, "+
			"change triggers.",
			d.ID, plan.DestinationAppID.ValueString(), d.CreatedAt.UTC().Format(time.RFC3339), d.Status.Code.Name()))
	}
	plan.fromAPI(d, false)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), d.ID)...)
	if resp.Diagnostics.HasError() || plan.WaitFor.ValueString() != jobs.Completed {
		return
	}
	problem := follow(ctx, client, &plan, timeout)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	switch {
	case problem == nil:
	case plan.isOver():
		resp.Diagnostics.Append(problem)
	default:
		// After an error in Create, Terraform would start another job. A warning keeps this one in state,
		// and ModifyPlan resumes waiting.
		resp.Diagnostics.Append(diags.AsWarning(problem))
	}
}

// start starts the job, unless one exists that copies the same into the same app: an interrupted apply may
// have started it. The service chooses the id of a job, so it is searched among the caller's newest jobs;
// that needs a configured destination. existing decides which jobs are adopted.
func start(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, j *job, existing func(clarifai.AppDuplication) bool,
) (d *clarifai.AppDuplication, adopted bool, err error) {
	want := j.toAPI()
	switch d, err := recent(ctx, client, want, existing); {
	case err == nil:
		return d, true, nil
	case !clarifai.IsNotFound(err):
		return nil, false, err
	}
	since := client.Clock().Now()
	d, _, err = adopt.TryOnce(ctx, p, adopt.Spec[*clarifai.AppDuplication]{
		Create: func(ctx context.Context) (*clarifai.AppDuplication, error) {
			created, err := client.PostAppDuplications(ctx, j.app(), []clarifai.AppDuplication{want})
			if err != nil {
				return nil, err
			}
			if len(created) != 1 || created[0].ID == "" {
				return nil, &clarifai.Error{Op: "PostAppDuplications", OutcomeUnknown: true,
					Err: errors.New("the response contains no job id")}
			}
			return &created[0], nil
		},
		Read: func(ctx context.Context) (*clarifai.AppDuplication, error) {
			if want.DestinationApp.ID == "" {
				return nil, errors.New("a job without destination_app_id cannot be recognized")
			}
			return recent(ctx, client, want, func(d clarifai.AppDuplication) bool {
				return adopt.CreatedSince(client, d.CreatedAt, since)
			})
		},
		Equal: func(*clarifai.AppDuplication) bool { return true }, // recent has compared it
	})
	return d, false, err
}

// isRunning reports whether a job is not over yet.
func isRunning(d clarifai.AppDuplication) bool {
	return d.Status.Code == clarifai.StatusDuplicationPending || d.Status.Code == clarifai.StatusDuplicationInProgress
}

// recent finds a job that copies the same into the same app among the caller's newest. Without a destination
// no job can be recognized, so it finds none.
func recent(
	ctx context.Context, client *clarifai.Client, want clarifai.AppDuplication, match func(clarifai.AppDuplication) bool,
) (*clarifai.AppDuplication, error) {
	var newest []clarifai.AppDuplication
	if want.DestinationApp.ID != "" {
		var err error
		if newest, err = client.ListAppDuplications(ctx, caller, clarifai.Page{}); err != nil {
			return nil, err
		}
	}
	for _, d := range newest {
		to := d.DestinationApp
		if d.ID != "" && to != nil && to.ID == want.DestinationApp.ID && d.Filter != nil && *d.Filter == *want.Filter && match(d) {
			return &d, nil
		}
	}
	return nil, clarifai.NewNotFound("ListAppDuplications", "no such job")
}

// startError is the diagnostic for a job that could not be started.
func startError(j *job, err error) diag.Diagnostic {
	if isUnsupported(err, j) {
		return diag.NewErrorDiagnostic("App duplication is no longer supported",
			"Clarifai no longer supports app duplication since April 2026, and this deployment of the service does not have it. "+
				"Remove this from the configuration; clarifai_app and the resources of its content can describe the "+
				"copy.\n\n"+diags.Detail(err))
	}
	return diags.Error("Unable to start the "+j.String(), err)
}

// statusUnknownMethod is the status of a gateway for a method that the service behind it does not have.
const statusUnknownMethod clarifai.StatusCode = 40036

// isUnsupported tells a removed endpoint from an app that does not exist, which the service names.
func isUnsupported(err error, j *job) bool {
	var e *clarifai.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Status.Code {
	case clarifai.StatusNotImplemented, clarifai.StatusMethodNotAllowed, statusUnknownMethod:
		return true
	case clarifai.StatusDoesNotExist:
		return !strings.Contains(e.Status.Details, j.AppID.ValueString()) && !strings.Contains(e.Status.Details, j.UserID.ValueString())
	case 0:
		return e.HTTPStatus == http.StatusNotFound || e.HTTPStatus == http.StatusMethodNotAllowed || e.HTTPStatus == http.StatusNotImplemented
	}
	return false
}

// follow waits until everything is copied and sets the last status in the model.
func follow(ctx context.Context, client *clarifai.Client, m *resourceModel, timeout time.Duration) diag.Diagnostic {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	d, err := waitCompleted(ctx, client, &m.job, m.ID.ValueString(), nil)
	if d != nil {
		m.fromAPI(d, false)
	}
	var interrupted *wait.InterruptedError
	var stalled *jobs.StalledError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &interrupted), errors.As(err, &stalled):
		return jobs.NotOver("Not completed yet: "+m.String(), err, "create",
			"The job is still running and is in state. The next apply resumes waiting for the same job.")
	}
	return diags.Error("Failed: "+m.String(), err)
}

// waitCompleted waits until everything is copied and reports each change of the status.
func waitCompleted(
	ctx context.Context, client *clarifai.Client, j *job, id string, report func(line string),
) (*clarifai.AppDuplication, error) {
	return jobs.Follow(ctx, jobs.Spec[*clarifai.AppDuplication]{
		Clock: client.Clock(),
		What:  j.String(),
		Read: func(ctx context.Context) (*clarifai.AppDuplication, error) {
			return client.GetAppDuplication(ctx, caller, id)
		},
		Status:    func(d *clarifai.AppDuplication) clarifai.Status { return d.Status },
		Line:      progressText,
		Stall:     jobs.Stall(j.StallTimeout),
		MissingOK: missingAllowed,
		Tell:      report,
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
		if !state.isOver() {
			// Nobody can wait for it. The next apply adopts a job that copies the same, or starts one.
			resp.State.RemoveResource(ctx)
		}
		return // the state stays valid after the service has deleted its record of a job that is over
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read the "+state.String(), err))
		return
	}
	if importing {
		state.WaitFor, state.StallTimeout = types.StringValue(jobs.Completed), jobs.DefaultPolicy().StallTimeout
	}
	state.fromAPI(d, importing)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update only resumes waiting, or stores another wait_for.
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
	if plan.WaitFor.ValueString() == jobs.Completed && !state.isOver() {
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
	claims.For(r.Provider).Removed(thing(state.ID.ValueString()), "")
	attrs.PlanNotDeletable(ctx, "app duplication", remains, req.State, &resp.Diagnostics)
}
