// Package annotations implements the resource, data sources and list resource for annotations: labels of
// an input with the region, frame or time segment that they belong to.
package annotations

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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const (
	typeName = "clarifai_annotation"

	// createTimeout is how long Create waits until the input is processed.
	createTimeout = 20 * time.Minute

	statusAnnotationInvalid clarifai.StatusCode = 24155
)

var key = ids.InApp("input_id", "id")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &annotationResource{base.NewResource(typeName, key, resourceSchema)}
}

type annotationResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*annotationResource)(nil)
	_ resource.ResourceWithImportState    = (*annotationResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*annotationResource)(nil)
	_ resource.ResourceWithValidateConfig = (*annotationResource)(nil)
)

func (r *annotationResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.check()...)
	}
}

func (r *annotationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	ids.PlanNew(ctx, "annotation", req, resp)
	attrs.PlanDeletion(ctx, "annotation", req, resp)
	if !req.Plan.Raw.IsNull() {
		var plan resourceModel
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		if resp.Diagnostics.HasError() {
			return
		}
		digest, problems := plan.maskDigest()
		resp.Diagnostics.Append(problems...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("mask_sha256"), digest)...)
		r.planKind(ctx, &plan, req, resp)
	}
	attrs.PlanUnchanged(req, resp)
	planMask(ctx, req, resp)
	attrs.PlanReplacement(ctx, "annotation", req, resp, "input_id", "id")
}

// planMask plans an update if only the file of the mask changed.
func planMask(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var before, now types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("mask_sha256"), &before)...)
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("mask_sha256"), &now)...)
	if !before.Equal(now) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("modified_at"), types.StringUnknown())...)
	}
}

// planKind replaces an annotation that becomes one of another kind, or loses its text: whether an
// overwriting update removes what it does not send is not known.
func (r *annotationResource) planKind(
	ctx context.Context, plan *resourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.State.Raw.IsNull() || !plan.Known() {
		return
	}
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	want, err1 := plan.ToAnnotation(plan.ID.ValueString())
	have, err2 := state.ToAnnotation(state.ID.ValueString())
	if resp.Diagnostics.HasError() || err1 != nil || err2 != nil {
		return // validation reports it
	}
	if name := plan.kindAttribute(); want.Kind() != have.Kind() && name != "" {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name))
	} else if want.Kind() != have.Kind() {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(state.kindAttribute()))
	}
	if plan.Text.IsNull() && !state.Text.IsNull() {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("text"))
	}
	if plan.Concepts.IsNull() && !state.Concepts.IsNull() && want.Kind() == annotation.Whole.String() {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("concepts"))
	}
}

func (r *annotationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	timeout, more := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	want, err := plan.toAPI()
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to create %s", &plan.model), err))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	app := plan.app()
	if problem := processed(ctx, client, &plan.model); problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	read := func(ctx context.Context) (*clarifai.Annotation, error) {
		return client.GetAnnotation(ctx, app, want.InputID, want.ID)
	}
	created, problems := adopt.CreateOnce(ctx, r.Provider, adopt.Spec[*clarifai.Annotation]{
		ResourceType: typeName, Noun: "annotation", ID: want.ID, ImportID: importID(app, want.InputID, want.ID),
		Create: func(ctx context.Context) (*clarifai.Annotation, error) {
			created, err := client.CreateAnnotation(ctx, app, want)
			if err != nil {
				return nil, asDuplicate(ctx, err, read)
			}
			return created, nil
		},
		Read:      read,
		Equal:     func(found *clarifai.Annotation) bool { return same(&want, found) },
		CreatedAt: func(found *clarifai.Annotation) time.Time { return found.CreatedAt },
		Explain:   func(err error) diag.Diagnostic { return createError(&plan.model, err) },
	})
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(plan.finish(created)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, want.InputID, want.ID)...)
}

// createError is the diagnostic for an annotation that could not be created.
func createError(m *model, err error) diag.Diagnostic {
	summary := "Unable to create " + m.String()
	if clarifai.Code(err) == statusAnnotationInvalid && !m.Span.IsNull() {
		return diag.NewAttributeErrorDiagnostic(path.Root("span"), summary, diags.Detail(err)+"\n\nchar_start and char_end count Unicode "+
			"code points from 0, and char_end is the one after the last of the span. If the service counts in another way, change them "+
			"until the span has the text of raw_text, or remove raw_text.")
	}
	return diags.Error(summary, err)
}

func importID(app clarifai.AppRef, inputID, id string) string {
	return app.UserID + "/" + app.AppID + "/" + inputID + "/" + id
}

// asDuplicate turns the error of a create into that of an id that is taken, if it is: the API may call
// that an invalid annotation.
func asDuplicate(ctx context.Context, err error, read func(context.Context) (*clarifai.Annotation, error)) error {
	if clarifai.Code(err) != statusAnnotationInvalid {
		return err
	}
	if _, readErr := read(ctx); readErr != nil {
		return err
	}
	return &clarifai.Error{
		Op:     "PostAnnotations",
		Status: clarifai.Status{Code: clarifai.StatusDuplicateID, Description: clarifai.StatusDuplicateID.Text()},
		Err:    err,
	}
}

// same tells whether the service has an annotation as it was sent.
func same(sent, found *clarifai.Annotation) bool {
	want, have := annotation.FromAPI(sent), annotation.FromAPI(found)
	want.Edit().Status = 0
	return annotation.Same(&want, &have)
}

// finish sets the model to the annotation that a create or update resulted in. What was configured
// stays as it is configured, whatever the API makes of it: the next refresh shows that.
func (m *resourceModel) finish(found *clarifai.Annotation) diag.Diagnostics {
	configured, set := m.Model, !m.Status.IsNull() && !m.Status.IsUnknown()
	problems := m.fromAPI(found)
	status := m.Status
	m.Model = configured
	if !set {
		m.Status = status
	}
	return problems
}

// processed waits until the input is processed, since the API may reject annotations before.
//
//houserules:before-create nothing is created yet, so a timeout loses nothing
func processed(ctx context.Context, client *clarifai.Client, m *model) diag.Diagnostic {
	id := m.InputID.ValueString()
	_, err := wait.For(ctx, wait.Spec[*clarifai.Input]{
		Clock: client.Clock(),
		What:  fmt.Sprintf("input %q", id),
		Poll: func(ctx context.Context, within time.Duration) (*clarifai.Input, error) {
			return client.PollInput(ctx, m.app(), id, within)
		},
		Status: func(in *clarifai.Input) clarifai.Status { return in.Status },
	})
	var interrupted *wait.InterruptedError
	var failed *wait.FailedError
	switch {
	case err == nil:
		return nil
	case clarifai.IsNotFound(err):
		return diags.AttributeError(path.Root("input_id"), fmt.Sprintf("No input %q in app %q", id, m.AppID.ValueString()), err)
	case errors.As(err, &failed):
		return diags.AttributeError(path.Root("input_id"), fmt.Sprintf("Input %q is not processed", id), err)
	case errors.As(err, &interrupted):
		return diags.StillRunning(fmt.Sprintf("Not created yet: %s", m), interrupted, "create",
			"Clarifai still processes the input. The next apply creates the annotation.")
	}
	return diags.Error(fmt.Sprintf("Unable to read input %q", id), err)
}

func (r *annotationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, inputID, id := state.app(), state.InputID.ValueString(), state.ID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, inputID, id)...)
	found, err := client.GetAnnotation(ctx, app, inputID, id)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read %s", &state.model), err))
		return
	}
	if found.InputLevel {
		resp.Diagnostics.AddError(fmt.Sprintf("Annotation %q belongs to the input", id),
			fmt.Sprintf("It is the input-level annotation of input %q: its labels, metadata and geo location are attributes of clarifai_input and "+
				"of the rows of clarifai_inputs, and it cannot be deleted without the input. Import the input instead.", inputID))
		return
	}
	if state.CreatedAt.IsNull() { // imported
		state.DeletionPolicy = types.StringValue(attrs.DeletionPrevent)
	}
	resp.Diagnostics.Append(state.fromAPI(found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *annotationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app := plan.app()
	want, err := plan.toAPI()
	if err == nil {
		if want.AnnotationInfo == nil && !state.AnnotationInfo.IsNull() {
			want.AnnotationInfo = clarifai.Struct("{}")
		}
		if want.Data.Metadata == nil && !state.Metadata.IsNull() {
			want.Data.Metadata = clarifai.Struct("{}")
		}
		// Documented for moving a region is to overwrite with everything that is to stay.
		_, err = client.PatchAnnotations(ctx, app,
			clarifai.PatchAnnotationsRequest{Annotations: []clarifai.Annotation{want}, Action: clarifai.ActionOverwrite})
	}
	var found *clarifai.Annotation
	if err == nil {
		found, err = client.GetAnnotation(ctx, app, want.InputID, want.ID)
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to update %s", &plan.model), err))
		return
	}
	createdAt := plan.CreatedAt
	resp.Diagnostics.Append(plan.finish(found)...)
	attrs.KeepKnown(&plan.CreatedAt, createdAt)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, want.InputID, want.ID)...)
}

func (r *annotationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() || !attrs.MayDelete(state.DeletionPolicy, "annotation", &resp.Diagnostics) {
		return
	}
	app := state.app()
	if claims.For(r.Provider).WasCreated(claims.Owner{Type: typeName,
		ID: importID(app, state.InputID.ValueString(), state.ID.ValueString())}) {
		return // by the resource that replaces this one
	}
	err := client.DeleteAnnotation(ctx, app, state.InputID.ValueString(), state.ID.ValueString())
	if err != nil && !clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to delete %s", &state.model), err))
	}
}
