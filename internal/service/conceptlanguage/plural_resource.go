package conceptlanguage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const pluralTypeName = "clarifai_concept_languages"

var pluralKey = ids.InApp("concept_id")

// NewPluralResource returns the resource for the translations of a concept.
func NewPluralResource() resource.Resource {
	return &pluralResource{base.NewResource(pluralTypeName, pluralKey, pluralResourceSchema)}
}

type pluralResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*pluralResource)(nil)
	_ resource.ResourceWithImportState    = (*pluralResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*pluralResource)(nil)
	_ resource.ResourceWithValidateConfig = (*pluralResource)(nil)
)

func (r *pluralResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var languages types.Map
	var allow types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("languages"), &languages)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("allow_other_languages"), &allow)...)
	for _, code := range slices.Sorted(maps.Keys(languages.Elements())) {
		validateCode(path.Root("languages").AtMapKey(code), code, allow, "allow_other_languages", &resp.Diagnostics)
	}
}

func (r *pluralResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	pluralKey.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, pluralTypeName, pluralKey, req, resp)
	if !req.Plan.Raw.IsNull() && !resp.Diagnostics.HasError() {
		var languages types.Map
		resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("languages"), &languages)...)
		if !languages.IsUnknown() {
			var plan pluralResourceModel
			resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
			resp.Diagnostics.Append(r.claimTexts(&plan.pluralModel)...)
		}
	}
	if req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var state pluralResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		state.notDeletable(slices.Collect(maps.Keys(state.Languages)), &resp.Diagnostics)
		return
	}
	var concept types.String
	var languages types.Map
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("concept_id"), &concept)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("languages"), &languages)...)
	if resp.Diagnostics.HasError() || languages.IsUnknown() || !concept.Equal(state.ConceptID) || len(resp.RequiresReplace) > 0 {
		return
	}
	planLanguages(&state.pluralModel, languages, &resp.Diagnostics)
}

// claimTexts registers the texts of all languages, which others must not set differently.
func (r *pluralResource) claimTexts(m *pluralModel) diag.Diagnostics {
	if m.ConceptID.IsUnknown() || m.UserID.IsUnknown() || m.AppID.IsUnknown() {
		return nil
	}
	app, concept := m.app(), m.ConceptID.ValueString()
	owner := claims.Owner{Type: pluralTypeName, ID: app.UserID + "/" + app.AppID + "/" + concept}
	var problems diag.Diagnostics
	for _, code := range slices.Sorted(maps.Keys(m.Languages)) {
		texts := claims.Texts{Name: m.Languages[code].Name.ValueString(), Definition: m.Languages[code].Definition.ValueString()}
		problems.Append(claims.For(r.Provider).ClaimTexts(owner, app, concept, code, texts)...)
	}
	return problems
}

// planLanguages warns about languages that are removed from state, and rejects clearing a definition,
// which the API cannot do.
func planLanguages(state *pluralModel, languages types.Map, to *diag.Diagnostics) {
	var gone []string
	for code, was := range state.Languages {
		is, ok := languages.Elements()[code].(types.Object)
		if !ok {
			gone = append(gone, code)
			continue
		}
		definition, known := is.Attributes()["definition"]
		if known && definition.IsNull() && !was.Definition.IsNull() {
			to.AddAttributeError(path.Root("languages").AtMapKey(code).AtName("definition"), "The API cannot clear definition",
				fmt.Sprintf("The definition in language %q is set and was removed from the configuration, but the API ignores empty "+
					"values in updates. "+
					"Keep it, change it, or remove the whole language from the configuration, which only removes it from state.", code))
		}
	}
	if len(gone) > 0 {
		state.notDeletable(gone, to)
	}
}

// notDeletable warns that languages stay at the service.
func (m *pluralModel) notDeletable(languages []string, to *diag.Diagnostics) {
	slices.Sort(languages)
	attrs.NotDeletable(types.StringNull(), fmt.Sprintf("translations of concept %q (%s)", m.ConceptID.ValueString(),
		strings.Join(languages, ", ")), remains, to)
}

func (r *pluralResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan pluralResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	if resp.Diagnostics.Append(r.claimTexts(&plan.pluralModel)...); resp.Diagnostics.HasError() {
		return
	}
	app, concept, want := plan.app(), plan.ConceptID.ValueString(), plan.Languages
	have, err := readAll(ctx, client, app, concept)
	if err == nil {
		resp.Diagnostics.Append(r.rejectExisting(ctx, client, &plan.pluralModel, have)...)
		if resp.Diagnostics.HasError() {
			return
		}
		have, err = createOrUpdateAll(ctx, client, app, concept, have, want)
	}
	if err != nil {
		resp.Diagnostics.Append(writeError("create", concept, err))
	}
	if err != nil && !anyStored(have, want) {
		return
	}
	// Also after an error: the next apply continues with what was created.
	plan.fromAPI(have, false)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(pluralKey.SetIdentity(ctx, resp.Identity, app, concept)...)
}

// rejectExisting reports translations that exist before the resource is created. With adopt_identical,
// those that equal the configuration are adopted.
func (r *pluralResource) rejectExisting(
	ctx context.Context, client *clarifai.Client, plan *pluralModel, have translations,
) diag.Diagnostics {
	codes, err := existing(ctx, r.Provider, client, plan, have, nil)
	concept := plan.ConceptID.ValueString()
	if err != nil {
		return diag.Diagnostics{writeError("create", concept, err)}
	}
	if len(codes) == 0 {
		return nil
	}
	differs := func(code string) bool { return !satisfies(have[code], plan.Languages[code].toAPI(code)) }
	if r.Provider.AdoptIdentical && !slices.ContainsFunc(codes, differs) {
		return diag.Diagnostics{adopt.Adopted("translations of concept", concept)}
	}
	app := plan.app()
	duplicate := &clarifai.Error{Op: "ListConceptLanguages", Status: clarifai.Status{
		Code: clarifai.StatusDuplicateID, Description: clarifai.StatusDuplicateID.Text(), Details: "languages " + strings.Join(codes, ", "),
	}}
	exists := adopt.AlreadyExists(r.Provider, pluralTypeName, "translations of concept", concept,
		app.UserID+"/"+app.AppID+"/"+concept, duplicate)
	return diag.Diagnostics{diag.WithPath(path.Root("languages"), diag.NewErrorDiagnostic(exists.Summary(), exists.Detail()))}
}

// anyStored reports whether the service has one of the translations as configured.
func anyStored(have translations, want map[string]entry) bool {
	for code, e := range want {
		if l, ok := have[code]; ok && satisfies(l, e.toAPI(code)) {
			return true
		}
	}
	return false
}

func (r *pluralResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state pluralResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(pluralKey.SetIdentity(ctx, resp.Identity, plan.app(), plan.ConceptID.ValueString())...)
	resp.Diagnostics.Append(r.update(ctx, client, &plan.pluralModel, state.Languages)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// update creates and updates the languages that differ from prior.
func (r *pluralResource) update(ctx context.Context, client *clarifai.Client, plan *pluralModel, prior map[string]entry) diag.Diagnostics {
	var problems diag.Diagnostics
	want := map[string]entry{}
	for code, e := range plan.Languages {
		if was, ok := prior[code]; !ok || !was.Name.Equal(e.Name) || !was.Definition.Equal(e.Definition) {
			want[code] = e
		}
	}
	if len(want) == 0 {
		return nil // languages were only removed from state
	}
	concept := plan.ConceptID.ValueString()
	have, err := readAll(ctx, client, plan.app(), concept)
	var codes []string
	if err == nil {
		codes, err = existing(ctx, r.Provider, client, plan, have, prior)
	}
	if err == nil {
		have, err = createOrUpdateAll(ctx, client, plan.app(), concept, have, want)
	}
	if err != nil {
		return append(problems, writeError("update", concept, err))
	}
	if len(codes) > 0 {
		problems.AddWarning(fmt.Sprintf("Adopted existing translations of concept %q", concept),
			fmt.Sprintf("They already existed and now equal the configuration: %s.", strings.Join(codes, ", ")))
	}
	plan.fromAPI(have, false)
	return problems
}

// writeError is the diagnostic for translations that could not be written.
func writeError(to, concept string, err error) diag.Diagnostic {
	summary := fmt.Sprintf("Unable to %s the languages of concept %q", to, concept)
	if clarifai.IsNotFound(err) {
		return diags.AttributeError(path.Root("concept_id"), summary, err)
	}
	return diags.Error(summary, err)
}

func (r *pluralResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state pluralResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, concept := state.app(), state.ConceptID.ValueString()
	resp.Diagnostics.Append(pluralKey.SetIdentity(ctx, resp.Identity, app, concept)...)
	have, err := readAll(ctx, client, app, concept)
	if clarifai.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read the languages of concept %q", concept), err))
		return
	}
	importing := state.AllowOther.IsNull()
	state.fromAPI(have, importing)
	if importing {
		state.AllowOther = types.BoolValue(false)
		for code := range state.Languages {
			if undocumented(code).ValueBool() {
				state.AllowOther = types.BoolValue(true)
			}
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Delete only removes the translations from state: the API cannot delete them.
func (r *pluralResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state pluralResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	codes := slices.Collect(maps.Keys(state.Languages))
	for _, code := range codes {
		claims.For(r.Provider).Removed(thing(state.app(), state.ConceptID.ValueString(), code), "")
	}
	state.notDeletable(codes, &resp.Diagnostics)
}
