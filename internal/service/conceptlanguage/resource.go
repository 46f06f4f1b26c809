// Package conceptlanguage implements translations of concepts: one by one, and all of a concept at
// once.
package conceptlanguage

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const typeName = "clarifai_concept_language"

var key = ids.InApp("concept_id", "language")

// NewResource returns the resource for one translation.
func NewResource() resource.Resource {
	return &languageResource{base.NewResource(typeName, key, resourceSchema)}
}

type languageResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*languageResource)(nil)
	_ resource.ResourceWithImportState    = (*languageResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*languageResource)(nil)
	_ resource.ResourceWithValidateConfig = (*languageResource)(nil)
)

func (r *languageResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() && !config.Language.IsUnknown() {
		validateCode(path.Root("language"), config.Language.ValueString(), config.AllowOther, "allow_other_language", &resp.Diagnostics)
	}
}

func (r *languageResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
	if req.Plan.Raw.IsNull() {
		var state resourceModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		attrs.NotDeletable(types.StringNull(), state.String(), remains, &resp.Diagnostics)
		return
	}
	attrs.PlanCleared(ctx, req, resp, "definition")
	attrs.PlanUnchanged(req, resp)
	var plan resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if !plan.ConceptID.IsUnknown() && !plan.UserID.IsUnknown() && !plan.AppID.IsUnknown() && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(claimTexts(r.Provider, &plan.model)...)
	}
}

func (r *languageResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	if resp.Diagnostics.Append(claimTexts(r.Provider, &plan.model)...); resp.Diagnostics.HasError() {
		return
	}
	created, problems := create(ctx, r.Provider, client, &plan.model)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.fromAPI(created, false)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), plan.ConceptID.ValueString(), plan.Language.ValueString())...)
}

// errorFor is the diagnostic for a failed request for a translation.
func errorFor(to string, m *model, err error) diag.Diagnostic {
	summary := fmt.Sprintf("Unable to %s %s", to, m.String())
	if clarifai.IsNotFound(err) {
		return diags.AttributeError(path.Root("concept_id"), summary, err)
	}
	return diags.Error(summary, err)
}

func (r *languageResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, concept, language := state.app(), state.ConceptID.ValueString(), state.Language.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, concept, language)...)
	found, err := client.ReadConceptLanguage(ctx, app, concept, language)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(errorFor("read", &state.model, err))
		return
	}
	importing := state.Name.IsNull()
	if importing {
		state.AllowOther = undocumented(language)
	}
	state.fromAPI(found, importing)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *languageResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, concept := plan.app(), plan.ConceptID.ValueString()
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, app, concept, plan.Language.ValueString())...)
	if !plan.Name.Equal(state.Name) || !plan.Definition.Equal(state.Definition) {
		changed, err := client.UpdateConceptLanguage(ctx, app, concept, plan.toAPI())
		if err != nil {
			resp.Diagnostics.Append(errorFor("update", &plan.model, err))
			return
		}
		plan.fromAPI(changed, false)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete only removes the translation from state: the API cannot delete it.
func (r *languageResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	claims.For(r.Provider).Removed(thing(state.app(), state.ConceptID.ValueString(), state.Language.ValueString()), "")
	attrs.NotDeletable(types.StringNull(), state.String(), remains, &resp.Diagnostics)
}
