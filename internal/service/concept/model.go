package concept

import (
	"cmp"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a concept as resource, data sources and list show it.
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

// resourceModel adds what only the resource has.
type resourceModel struct {
	model
	AdoptExisting  types.Bool   `tfsdk:"adopt_existing"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// request is the concept to create.
func (m *model) request() clarifai.Concept {
	return clarifai.Concept{
		ID:         m.ID.ValueString(),
		Name:       m.Name.ValueString(),
		Definition: m.Definition.ValueString(),
		Metadata:   attrs.Struct(m.Metadata),
		Visibility: attrs.VisibilityToAPI(m.Visibility),
	}
}

// patch has only what is configured and differs from prior. Overwriting replaces
// each named field as a whole, so that keys taken out of metadata go away too.
func (m *model) patch(prior model) (clarifai.Concept, bool) {
	p := clarifai.Concept{ID: m.ID.ValueString()}
	changed := false
	set := func(differs bool, change func()) {
		if differs {
			change()
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

// refresh takes over what the service says. importing also takes over what the
// configuration may not manage: a definition and metadata that are null are not followed.
func (m *model) refresh(k *clarifai.Concept, importing bool) {
	m.Name = types.StringValue(cmp.Or(k.Name, k.ID))
	m.Definition = attrs.Unmanaged(m.Definition, k.Definition, importing)
	// An answer without metadata may be that of a service which does not know it.
	if importing || !m.Metadata.IsNull() && k.Metadata != nil {
		m.Metadata = attrs.JSON(m.Metadata, k.Metadata)
	}
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, k.Visibility)
	m.Language = attrs.Text(k.Language)
	m.CreatedAt = attrs.Time(k.CreatedAt)
}

// show is a concept with everything that the service says of it. One that a
// search found in a model may belong to another app.
func show(app clarifai.AppRef, k *clarifai.Concept) model {
	m := model{
		UserID: types.StringValue(cmp.Or(k.UserID, app.UserID)),
		AppID:  types.StringValue(cmp.Or(k.AppID, app.AppID)),
		ID:     types.StringValue(k.ID),
	}
	m.refresh(k, true)
	return m
}
