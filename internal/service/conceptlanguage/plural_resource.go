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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const pluralTypeName = "clarifai_concept_languages"

var pluralKey = ids.InApp("concept_id")

// NewPluralResource returns the resource for the translations of a concept.
func NewPluralResource() resource.Resource { return &pluralResource{} }

type pluralResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity       = (*pluralResource)(nil)
	_ resource.ResourceWithImportState    = (*pluralResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*pluralResource)(nil)
	_ resource.ResourceWithValidateConfig = (*pluralResource)(nil)
)

func (r *pluralResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = pluralTypeName
}

func (r *pluralResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = pluralResourceSchema
}

func (r *pluralResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = pluralKey.IdentitySchema()
}

func (r *pluralResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	pluralKey.Import(ctx, r.Provider, req, resp)
}

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
	if req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var state pluralResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		removedFromState(&state.pluralModel, slices.Collect(maps.Keys(state.Languages)), &resp.Diagnostics)
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
		removedFromState(state, gone, to)
	}
}

// removedFromState warns that languages stay at the service.
func removedFromState(m *pluralModel, languages []string, to *diag.Diagnostics) {
	slices.Sort(languages)
	to.AddWarning("Translations removed from state, not deleted",
		fmt.Sprintf("%s: those of concept %q in app %q stay (%s).", cannotDelete, m.ConceptID.ValueString(), m.AppID.ValueString(),
			strings.Join(languages, ", ")))
}

func (r *pluralResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan pluralResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(r.write(ctx, &plan.pluralModel, nil, "create")...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(pluralKey.SetIdentity(ctx, resp.Identity, plan.app(), plan.ConceptID.ValueString())...)
}

func (r *pluralResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state pluralResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(pluralKey.SetIdentity(ctx, resp.Identity, plan.app(), plan.ConceptID.ValueString())...)
	resp.Diagnostics.Append(r.write(ctx, &plan.pluralModel, state.Languages, "update")...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// write creates and updates the languages that differ from prior.
func (r *pluralResource) write(ctx context.Context, plan *pluralModel, prior map[string]entry, to string) diag.Diagnostics {
	client, problems := r.Provider.Client()
	if problems.HasError() {
		return problems
	}
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
	have, err := createOrUpdateAll(ctx, client, plan.app(), concept, want)
	summary := fmt.Sprintf("Unable to %s the languages of concept %q", to, concept)
	switch {
	case clarifai.IsNotFound(err):
		return append(problems, diags.AttributeError(path.Root("concept_id"), summary, err))
	case err != nil:
		return append(problems, diags.Error(summary, err))
	}
	plan.fromAPI(have, false)
	return problems
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
	removedFromState(&state.pluralModel, slices.Collect(maps.Keys(state.Languages)), &resp.Diagnostics)
}
