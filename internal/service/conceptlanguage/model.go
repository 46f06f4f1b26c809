package conceptlanguage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a translation in resource, data source and list.
type model struct {
	UserID     types.String `tfsdk:"user_id"`
	AppID      types.String `tfsdk:"app_id"`
	ConceptID  types.String `tfsdk:"concept_id"`
	Language   types.String `tfsdk:"language"`
	Name       types.String `tfsdk:"name"`
	Definition types.String `tfsdk:"definition"`
}

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	model
	AllowOther types.Bool `tfsdk:"allow_other_language"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the translation in messages.
func (m *model) String() string {
	return fmt.Sprintf("language %q of concept %q", m.Language.ValueString(), m.ConceptID.ValueString())
}

// toAPI returns the translation to send.
func (m *model) toAPI() clarifai.ConceptLanguage {
	return clarifai.ConceptLanguage{ID: m.Language.ValueString(), Name: m.Name.ValueString(), Definition: m.Definition.ValueString()}
}

// fromAPI sets the model. A definition that is null is not managed and stays null, unless the
// translation is being imported.
func (m *model) fromAPI(l *clarifai.ConceptLanguage, importing bool) {
	m.Name = types.StringValue(l.Name)
	m.Definition = attrs.Unmanaged(m.Definition, l.Definition, importing)
}

// undocumented reports whether a language needs allow_other_language.
func undocumented(language string) types.Bool {
	return types.BoolValue(!slices.Contains(codes, language))
}

// modelFromAPI returns a translation with everything that the service returns.
func modelFromAPI(app clarifai.AppRef, concept string, l *clarifai.ConceptLanguage) model {
	m := model{
		UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID),
		ConceptID: types.StringValue(concept), Language: types.StringValue(l.ID),
	}
	m.fromAPI(l, true)
	return m
}

// translations are those that the service has of a concept, by language code.
type translations map[string]clarifai.ConceptLanguage

// pluralModel holds the translations of one concept.
type pluralModel struct {
	UserID    types.String     `tfsdk:"user_id"`
	AppID     types.String     `tfsdk:"app_id"`
	ConceptID types.String     `tfsdk:"concept_id"`
	Languages map[string]entry `tfsdk:"languages"`
}

// pluralResourceModel adds the attributes that only the resource has.
type pluralResourceModel struct {
	pluralModel
	AllowOther types.Bool `tfsdk:"allow_other_languages"`
}

// entry is one translation in a map.
type entry struct {
	Name       types.String `tfsdk:"name"`
	Definition types.String `tfsdk:"definition"`
}

// owner names the resource in the register of claims.
func (m *model) owner() claims.Owner {
	app := m.app()
	return claims.Owner{
		Type: typeName, ID: strings.Join([]string{app.UserID, app.AppID, m.ConceptID.ValueString(), m.Language.ValueString()}, "/"),
	}
}

// toAPI returns the translation to send.
func (e entry) toAPI(code string) clarifai.ConceptLanguage {
	return clarifai.ConceptLanguage{ID: code, Name: e.Name.ValueString(), Definition: e.Definition.ValueString()}
}

func (m *pluralModel) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// fromAPI sets the languages that are managed, or all languages of a concept that is being imported.
func (m *pluralModel) fromAPI(have translations, importing bool) {
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
