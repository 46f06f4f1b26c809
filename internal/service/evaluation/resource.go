// Package evaluation is about evaluations of models against labelled data.
package evaluation

import (
	"context"
	"errors"
	"fmt"
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
	typeName      = "clarifai_evaluation"
	createTimeout = 2 * time.Hour
	// missingOK is how often in a row a new evaluation may not be seen yet.
	missingOK = 5
)

var key = ids.InApp("id")

// NewResource makes the resource.
func NewResource() resource.Resource { return &evaluationResource{} }

type evaluationResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity    = (*evaluationResource)(nil)
	_ resource.ResourceWithImportState = (*evaluationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*evaluationResource)(nil)
)

func (r *evaluationResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *evaluationResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	s := resourceSchema
	s.Attributes = map[string]schema.Attribute{"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: "How long to wait for the evaluation, on create and when it runs again. Defaults to `2h`.",
	})}
	for name, attribute := range resourceSchema.Attributes {
		s.Attributes[name] = attribute
	}
	resp.Schema = s
}

func (r *evaluationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *evaluationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *evaluationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state, config resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.sameSubject(state.model) {
		if config.ID.ValueString() == state.ID.ValueString() && plan.app() == state.app() {
			// The old one cannot be deleted, so its id stays taken.
			resp.Diagnostics.AddAttributeError(path.Root("id"), "An evaluation cannot be replaced under the same id",
				fmt.Sprintf("What evaluation %q is about has changed, which takes a new evaluation; the API cannot delete the old one, so its id stays taken. "+
					"Give the new one another id, or leave id out so that the provider chooses one.", state.ID.ValueString()))
		} else if config.ID.IsNull() {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), types.StringUnknown())...)
		}
		return
	}
	unfinished := plan.WaitFor.ValueString() == jobs.Completed && !state.over()
	if !plan.Triggers.Equal(state.Triggers) || unfinished {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("summary"), types.ObjectUnknown(summaryType))...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("details"), types.MapUnknown(types.StringType))...)
		return
	}
	if plan.Fields.Equal(state.Fields) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("details"), state.Details)...)
	}
	attrs.PlanUnchanged(req, resp)
}

func (r *evaluationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.chooseID(plan.Triggers)
	app, id := plan.app(), plan.ID.ValueString()
	want := plan.request()
	// Posting an id that exists would run an evaluation again, over its result. One
	// of the same model on the same data is taken over as it is: most likely it was
	// started by an apply that did not live to see it.
	e, err := client.GetEvaluation(ctx, app, id, clarifai.EvaluationFields{})
	switch {
	case err == nil && !same(e, want):
		taken := &clarifai.Error{Op: "GetEvaluation", Status: clarifai.Status{Code: clarifai.StatusDuplicateID, Details: "it is of another model, or on other data"}}
		resp.Diagnostics.Append(diags.AlreadyExists(typeName, "evaluation", id, app.UserID+"/"+app.AppID+"/"+id, taken))
		return
	case err != nil && !clarifai.IsNotFound(err):
		resp.Diagnostics.Append(diags.Error("Unable to tell whether "+plan.String()+" exists", err))
		return
	case err != nil:
		if e, err = post(ctx, client, app, want); err != nil {
			resp.Diagnostics.Append(diags.Error("Unable to start "+plan.String(), err))
			return
		}
	}
	plan.refresh(e, false)
	plan.Details = types.MapValueMust(types.StringType, nil)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	if resp.Diagnostics.HasError() || plan.WaitFor.ValueString() != jobs.Completed {
		return
	}
	problem := follow(ctx, client, &plan, timeout)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem == nil {
		return
	}
	if plan.over() {
		resp.Diagnostics.Append(problem)
		return
	}
	// An error on create would have Terraform start another evaluation next time,
	// while this one goes on. A warning keeps it, and ModifyPlan waits on.
	resp.Diagnostics.Append(diags.AsWarning(problem))
}

// over tells whether the evaluation has ended, well or not.
func (m *resourceModel) over() bool { return jobs.Over(attrs.StatusCode(m.Status)) }

// post starts an evaluation, once whatever happens to the answer.
func post(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, want clarifai.EvalMetrics) (*clarifai.EvalMetrics, error) {
	return adopt.Create(ctx,
		func(ctx context.Context) (*clarifai.EvalMetrics, error) {
			started, err := client.PostEvaluations(ctx, app, []clarifai.EvalMetrics{want})
			if err != nil {
				return nil, err
			}
			return &started[0], nil
		},
		func(ctx context.Context) (*clarifai.EvalMetrics, error) {
			return client.GetEvaluation(ctx, app, want.ID, clarifai.EvaluationFields{})
		},
		func(found *clarifai.EvalMetrics) bool { return same(found, want) })
}

// follow waits until the evaluation is done and takes over what was seen last.
func follow(ctx context.Context, client *clarifai.Client, m *resourceModel, timeout time.Duration) diag.Diagnostic {
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	e, err := done(waiting, client, &m.subject, nil)
	if e != nil {
		m.refresh(e, false)
	}
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case err == nil:
		return details(ctx, client, m)
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic("The service could not finish "+m.String(), diags.Detail(err)+
			"\n\nMend what the reason speaks of, then run it again by changing triggers.")
	case errors.As(err, &interrupted):
		return diags.StillRunning("Not done yet: "+m.String(), interrupted, "create",
			"The evaluation goes on at the service, and it is in state. The next apply waits on for the same one.")
	}
	return diags.Error("Unable to follow "+m.String(), err)
}

// done waits until the evaluation is done.
func done(ctx context.Context, client *clarifai.Client, s *subject, progress func(*clarifai.EvalMetrics)) (*clarifai.EvalMetrics, error) {
	return wait.For(ctx, wait.Spec[*clarifai.EvalMetrics]{
		Clock: client.Clock(),
		What:  s.String(),
		Refresh: func(ctx context.Context) (*clarifai.EvalMetrics, error) {
			return client.GetEvaluation(ctx, s.app(), s.ID.ValueString(), clarifai.EvaluationFields{})
		},
		Status:    func(e *clarifai.EvalMetrics) clarifai.Status { return e.Status },
		MissingOK: missingOK,
		Progress:  progress,
	})
}

// details reads the heavy parts that are asked for, once the evaluation is done.
func details(ctx context.Context, client *clarifai.Client, m *resourceModel) diag.Diagnostic {
	m.Details = types.MapValueMust(types.StringType, nil)
	flags, names, problems := wanted(ctx, m.Fields)
	if problems.HasError() {
		return problems[0]
	}
	if len(names) == 0 || attrs.StatusCode(m.Status) != clarifai.StatusModelEvaluated {
		return nil
	}
	e, err := client.GetEvaluation(ctx, m.app(), m.ID.ValueString(), flags)
	if err == nil {
		m.Details, err = detailsOf(e, names)
	}
	if err != nil {
		return diags.Error("Unable to read the details of "+m.String(), err)
	}
	return nil
}

func (r *evaluationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, id := state.app(), state.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	flags, names, problems := wanted(ctx, state.Fields)
	resp.Diagnostics.Append(problems...)
	e, err := client.GetEvaluation(ctx, app, id, flags)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		state.Details, err = detailsOf(e, names)
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read "+state.String(), err))
		return
	}
	importing := state.Status.IsNull()
	if importing {
		state.WaitFor = types.StringValue(jobs.Completed)
	}
	state.refresh(e, importing)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *evaluationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
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
	app, id := plan.app(), plan.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, id)...)
	var e *clarifai.EvalMetrics
	var err error
	if plan.Triggers.Equal(state.Triggers) {
		e, err = client.GetEvaluation(ctx, app, id, clarifai.EvaluationFields{})
	} else {
		e, err = post(ctx, client, app, plan.request())
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to update "+plan.String(), err))
		return
	}
	plan.refresh(e, false)
	plan.Details = types.MapValueMust(types.StringType, nil)
	var problem diag.Diagnostic
	if plan.WaitFor.ValueString() == jobs.Completed && !plan.over() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		problem = follow(ctx, client, &plan, timeout)
	} else {
		problem = details(ctx, client, &plan)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

func (r *evaluationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.AddWarning("Evaluation forgotten, not deleted",
		fmt.Sprintf("The API cannot delete evaluations: %s stays in app %q, and its id stays taken.", state.String(), state.AppID.ValueString()))
}
