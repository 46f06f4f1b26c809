package concept

import (
	"cmp"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a concept in resource, data sources and list.
type model struct {
	UserID     types.String         `tfsdk:"user_id"`
	AppID      types.String         `tfsdk:"app_id"`
	ID         types.String         `tfsdk:"id"`
	Name       types.String         `tfsdk:"name"`
	Definition types.String         `tfsdk:"definition"`
	Metadata   jsontypes.Normalized `tfsdk:"metadata"`
	Visibility types.String         `tfsdk:"visibility"`
	Language   types.String         `tfsdk:"language"`
	CreatedAt  types.String         `tfsdk:"created_at"`
}

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	model
	AdoptExisting  types.Bool   `tfsdk:"adopt_existing"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// toAPI returns the concept to create.
func (m *model) toAPI() clarifai.Concept {
	return clarifai.Concept{
		ID:         m.ID.ValueString(),
		Name:       m.Name.ValueString(),
		Definition: m.Definition.ValueString(),
		Metadata:   attrs.Struct(m.Metadata),
		Visibility: attrs.VisibilityToAPI(m.Visibility),
	}
}

// patch returns the configured fields that differ from prior. The overwrite action replaces each named
// field as a whole, so that keys removed from metadata are removed.
func (m *model) patch(prior model) (clarifai.Concept, bool) {
	p := clarifai.Concept{ID: m.ID.ValueString()}
	changed := false
	set := func(differs bool, apply func()) {
		if differs {
			apply()
			changed = true
		}
	}
	differ := func(a, b types.String) bool { return !a.IsNull() && !a.IsUnknown() && !a.Equal(b) }
	set(differ(m.Name, prior.Name), func() { p.Name = m.Name.ValueString() })
	set(differ(m.Definition, prior.Definition), func() { p.Definition = m.Definition.ValueString() })
	set(!attrs.SameJSON(attrs.Struct(m.Metadata), attrs.Struct(prior.Metadata)), func() {
		p.Metadata = attrs.Struct(m.Metadata)
		if p.Metadata == nil {
			p.Metadata = clarifai.Struct("{}")
		}
	})
	set(differ(m.Visibility, prior.Visibility), func() { p.Visibility = attrs.VisibilityToAPI(m.Visibility) })
	return p, changed
}

// fromAPI sets the model from the service's current values. A definition and metadata that are null are
// not managed and stay null, unless the concept is being imported.
func (m *model) fromAPI(k *clarifai.Concept, importing bool) {
	m.Name = types.StringValue(cmp.Or(k.Name, k.ID))
	m.Definition = attrs.Unmanaged(m.Definition, k.Definition, importing)
	// A response without metadata may come from a deployment that does not support it.
	if importing || !m.Metadata.IsNull() && k.Metadata != nil {
		m.Metadata = attrs.JSON(m.Metadata, k.Metadata)
	}
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, k.Visibility)
	m.Language = attrs.Text(k.Language)
	m.CreatedAt = attrs.Time(k.CreatedAt)
}

// setUnknown sets what the plan left unknown. Known values are kept, whatever the response to a write
// contains: the service normalizes names, and a PATCH responds with another creation time. The next
// refresh shows real differences.
func (m *model) setUnknown(k *clarifai.Concept) {
	found := *m
	found.fromAPI(k, false)
	for _, each := range []struct{ to, from *types.String }{
		{&m.Name, &found.Name}, {&m.Visibility, &found.Visibility}, {&m.Language, &found.Language}, {&m.CreatedAt, &found.CreatedAt},
	} {
		if each.to.IsUnknown() {
			*each.to = *each.from
		}
	}
}

// modelFromAPI returns a concept with everything that the service returns. A concept that a search
// found in a model may belong to another app.
func modelFromAPI(app clarifai.AppRef, k *clarifai.Concept) model {
	m := model{
		UserID: types.StringValue(cmp.Or(k.UserID, app.UserID)),
		AppID:  types.StringValue(cmp.Or(k.AppID, app.AppID)),
		ID:     types.StringValue(k.ID),
	}
	m.fromAPI(k, true)
	return m
}
