package conceptlanguage

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a translation as resource, data source and list show it.
type model struct {
	UserID     types.String `tfsdk:"user_id"`
	AppID      types.String `tfsdk:"app_id"`
	ConceptID  types.String `tfsdk:"concept_id"`
	Language   types.String `tfsdk:"language"`
	Name       types.String `tfsdk:"name"`
	Definition types.String `tfsdk:"definition"`
}

// resourceModel adds what only the resource has.
type resourceModel struct {
	model
	AllowOther types.Bool `tfsdk:"allow_other_language"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the translation in messages.
func (m *model) String() string {
	return fmt.Sprintf("language %q of concept %q", m.Language.ValueString(), m.ConceptID.ValueString())
}

// request is the translation to write.
func (m *model) request() clarifai.ConceptLanguage {
	return clarifai.ConceptLanguage{ID: m.Language.ValueString(), Name: m.Name.ValueString(), Definition: m.Definition.ValueString()}
}

// refresh takes over what the service says. importing also takes over a
// definition that the configuration may not manage.
func (m *model) refresh(l *clarifai.ConceptLanguage, importing bool) {
	m.Name = types.StringValue(l.Name)
	m.Definition = attrs.Unmanaged(m.Definition, l.Definition, importing)
}

// undocumented tells whether a language needs to be allowed.
func undocumented(language string) types.Bool {
	return types.BoolValue(!slices.Contains(codes, language))
}

// show is a translation with everything that the service says of it.
func show(app clarifai.AppRef, concept string, l *clarifai.ConceptLanguage) model {
	m := model{
		UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID),
		ConceptID: types.StringValue(concept), Language: types.StringValue(l.ID),
	}
	m.refresh(l, true)
	return m
}

// pluralModel is the translations of one concept.
type pluralModel struct {
	UserID    types.String     `tfsdk:"user_id"`
	AppID     types.String     `tfsdk:"app_id"`
	ConceptID types.String     `tfsdk:"concept_id"`
	Languages map[string]entry `tfsdk:"languages"`
}

// pluralResourceModel adds what only the resource has.
type pluralResourceModel struct {
	pluralModel
	AllowOther types.Bool `tfsdk:"allow_other_languages"`
}

// entry is one translation in a map.
type entry struct {
	Name       types.String `tfsdk:"name"`
	Definition types.String `tfsdk:"definition"`
}

func (m *pluralModel) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// refresh takes over what the service says of the languages in the map, or of
// all when importing.
func (m *pluralModel) refresh(have map[string]clarifai.ConceptLanguage, importing bool) {
	languages := map[string]entry{}
	for code, l := range have {
		prior, managed := m.Languages[code]
		if !managed && !importing {
			continue
		}
		languages[code] = entry{
			Name:       types.StringValue(l.Name),
			Definition: attrs.Unmanaged(prior.Definition, l.Definition, !managed),
		}
	}
	m.Languages = languages
}
