// Package evaluation is about evaluations of models against labelled data.
package evaluation

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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
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

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &evaluationResource{base.NewResource(typeName, key, resourceSchema)}
}

type evaluationResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity    = (*evaluationResource)(nil)
	_ resource.ResourceWithImportState = (*evaluationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*evaluationResource)(nil)
)

// remains says what destroying an evaluation leaves at the service.
const remains = "The evaluation stays in the app, and its id stays in use."

func (r *evaluationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	ids.PlanNew(ctx, "evaluation", req, resp)
	if req.Plan.Raw.IsNull() && !req.State.Raw.IsNull() {
		attrs.PlanNotDeletable(ctx, "evaluation", remains, req.State, &resp.Diagnostics)
	}
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
				fmt.Sprintf("What evaluation %q is about has changed, which takes a new evaluation; the API cannot delete the old one, so its id "+
					"stays taken. "+
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
	want := plan.toAPI()
	// Posting an id that exists would run the evaluation again and overwrite its
	// result. An evaluation of the same model on the same data is adopted: the
	// derived id says that an earlier apply started it.
	e, err := client.GetEvaluation(ctx, app, id, clarifai.EvaluationFields{})
	switch {
	case err == nil && !same(e, want):
		taken := &clarifai.Error{
			Op:     "GetEvaluation",
			Status: clarifai.Status{Code: clarifai.StatusDuplicateID, Details: "it is of another model, or on other data"},
		}
		resp.Diagnostics.Append(adopt.AlreadyExists(r.Provider, typeName, "evaluation", id, app.UserID+"/"+app.AppID+"/"+id, taken))
		return
	case err != nil && !clarifai.IsNotFound(err):
		resp.Diagnostics.Append(diags.Error("Unable to tell whether "+plan.String()+" exists", err))
		return
	case err != nil:
		if e, err = start(ctx, r.Provider, client, app, want); err != nil {
			resp.Diagnostics.Append(diags.Error("Unable to start "+plan.String(), err))
			return
		}
	}
	plan.fromAPI(e, false)
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
	// After an error on create Terraform would start another evaluation in the next
	// apply, while this one continues. A warning keeps it, and the next apply waits.
	resp.Diagnostics.Append(diags.AsWarning(problem))
}

// over reports whether the evaluation has ended, successfully or not.
func (m *resourceModel) over() bool { return jobs.Over(attrs.StatusCode(m.Status)) }

// start starts an evaluation.
func start(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, app clarifai.AppRef, want clarifai.EvalMetrics,
) (*clarifai.EvalMetrics, error) {
	started, _, err := adopt.TryOnce(ctx, p, adopt.Spec[*clarifai.EvalMetrics]{
		Create: func(ctx context.Context) (*clarifai.EvalMetrics, error) {
			started, err := client.PostEvaluations(ctx, app, []clarifai.EvalMetrics{want})
			if err != nil {
				return nil, err
			}
			return &started[0], nil
		},
		Read: func(ctx context.Context) (*clarifai.EvalMetrics, error) {
			return client.GetEvaluation(ctx, app, want.ID, clarifai.EvaluationFields{})
		},
		Equal: func(found *clarifai.EvalMetrics) bool { return same(found, want) },
	})
	return started, err
}

// follow waits until the evaluation is done and sets the model to what was read last.
func follow(ctx context.Context, client *clarifai.Client, m *resourceModel, timeout time.Duration) diag.Diagnostic {
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	e, err := done(waiting, client, &m.subject, nil)
	if e != nil {
		m.fromAPI(e, false)
	}
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case err == nil:
		return details(ctx, client, m)
	case errors.As(err, &failed):
		return diag.NewErrorDiagnostic("Unable to complete "+m.String(), diags.Detail(err)+
			"\n\nFix the cause above, then change triggers to run it again.")
	case errors.As(err, &interrupted):
		return diags.StillRunning("Not done yet: "+m.String(), interrupted, "create",
			"Clarifai continues the evaluation, and it is in state. The next apply resumes waiting for it.")
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
	state.fromAPI(e, importing)
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
		e, err = start(ctx, r.Provider, client, app, plan.toAPI())
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to update "+plan.String(), err))
		return
	}
	planned := plan.model
	plan.fromAPI(e, false)
	attrs.KeepKnown(&plan.Status, planned.Status)
	attrs.KeepKnown(&plan.Summary, planned.Summary)
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
	attrs.PlanNotDeletable(ctx, "evaluation", remains, req.State, &resp.Diagnostics)
}
