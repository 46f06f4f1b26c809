package app

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

// model is an app as resource, data source and list show it.
type model struct {
	UserID            types.String         `tfsdk:"user_id"`
	ID                types.String         `tfsdk:"id"`
	Description       types.String         `tfsdk:"description"`
	Notes             types.String         `tfsdk:"notes"`
	DefaultLanguage   types.String         `tfsdk:"default_language"`
	DefaultWorkflowID types.String         `tfsdk:"default_workflow_id"`
	Metadata          jsontypes.Normalized `tfsdk:"metadata"`
	Visibility        types.String         `tfsdk:"visibility"`
	SampleMS          types.Int64          `tfsdk:"sample_ms"`
	ImageURL          types.String         `tfsdk:"image_url"`
	IsTemplate        types.Bool           `tfsdk:"is_template"`
	CreatedAt         types.String         `tfsdk:"created_at"`
	ModifiedAt        types.String         `tfsdk:"modified_at"`
}

// resourceModel adds what only the resource has.
type resourceModel struct {
	model
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// unset is the timeouts attribute where the configuration has none.
func unset() timeouts.Value {
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{"delete": types.StringType})}
}

// ref is the app as the path of a call names it.
func (m *model) ref() clarifai.AppRef {
	return clarifai.AppRef{UserID: m.UserID.ValueString(), AppID: m.ID.ValueString()}
}

// request is the app to create.
func (m *model) request() clarifai.App {
	return clarifai.App{
		ID:              m.ID.ValueString(),
		Description:     m.Description.ValueString(),
		Notes:           m.Notes.ValueString(),
		DefaultLanguage: m.DefaultLanguage.ValueString(),
		DefaultWorkflow: workflow(m.DefaultWorkflowID),
		Metadata:        attrs.Struct(m.Metadata),
		Visibility:      attrs.VisibilityToAPI(m.Visibility),
		SampleMs:        uint32(m.SampleMS.ValueInt64()), //nolint:gosec // validated
		Image:           image(m.ImageURL),
		IsTemplate:      m.IsTemplate.ValueBoolPointer(),
	}
}

// patch has only what differs from prior. Overwriting replaces each named field
// as a whole, so that keys taken out of metadata go away too.
func (m *model) patch(prior model) (clarifai.PatchAppsRequest, bool) {
	p := clarifai.App{ID: m.ID.ValueString()}
	request := clarifai.PatchAppsRequest{Action: clarifai.ActionOverwrite}
	changed := false
	set := func(differs bool, change func()) {
		if differs {
			change()
			changed = true
		}
	}
	differs := func(now, before types.String) bool {
		return !now.Equal(before) && !now.IsNull() && !now.IsUnknown()
	}
	set(differs(m.Description, prior.Description), func() { p.Description = m.Description.ValueString() })
	set(differs(m.Notes, prior.Notes), func() { p.Notes = m.Notes.ValueString() })
	set(differs(m.DefaultLanguage, prior.DefaultLanguage), func() { p.DefaultLanguage = m.DefaultLanguage.ValueString() })
	set(differs(m.DefaultWorkflowID, prior.DefaultWorkflowID), func() { p.DefaultWorkflow = workflow(m.DefaultWorkflowID) })
	set(!attrs.SameJSON(attrs.Struct(m.Metadata), attrs.Struct(prior.Metadata)), func() {
		p.Metadata = attrs.Struct(m.Metadata)
		if p.Metadata == nil {
			p.Metadata = clarifai.Struct("{}")
		}
		request.MetadataAction = &clarifai.MetadataPatchAction{Op: string(clarifai.ActionOverwrite)}
	})
	set(differs(m.Visibility, prior.Visibility), func() { p.Visibility = attrs.VisibilityToAPI(m.Visibility) })
	set(!m.SampleMS.Equal(prior.SampleMS) && !m.SampleMS.IsNull(), func() {
		p.SampleMs = uint32(m.SampleMS.ValueInt64()) //nolint:gosec // validated
	})
	set(differs(m.ImageURL, prior.ImageURL), func() { p.Image = image(m.ImageURL) })
	set(!m.IsTemplate.Equal(prior.IsTemplate) && !m.IsTemplate.IsUnknown(), func() { p.IsTemplate = m.IsTemplate.ValueBoolPointer() })
	request.Apps = []clarifai.App{p}
	return request, changed
}

// refresh takes over what the service says. importing also takes over what the
// configuration may not manage.
func (m *model) refresh(a *clarifai.App, importing bool) {
	m.Description = attrs.Unmanaged(m.Description, a.Description, importing)
	m.Notes = attrs.Unmanaged(m.Notes, a.Notes, importing)
	m.DefaultLanguage = attrs.Text(a.DefaultLanguage)
	m.DefaultWorkflowID = attrs.Text(a.DefaultWorkflowID)
	if a.DefaultWorkflow != nil && a.DefaultWorkflow.ID != "" {
		m.DefaultWorkflowID = types.StringValue(a.DefaultWorkflow.ID)
	}
	m.Metadata = attrs.JSON(m.Metadata, a.Metadata)
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, a.Visibility)
	if !m.SampleMS.IsNull() || importing {
		m.SampleMS = types.Int64Null()
		if a.SampleMs != 0 {
			m.SampleMS = types.Int64Value(int64(a.SampleMs))
		}
	}
	m.ImageURL = types.StringNull()
	if a.Image != nil {
		m.ImageURL = attrs.Text(a.Image.URL)
	}
	m.IsTemplate = types.BoolValue(a.IsTemplate != nil && *a.IsTemplate)
	m.CreatedAt = attrs.Time(a.CreatedAt)
	m.ModifiedAt = attrs.Time(a.ModifiedAt)
}

func image(url types.String) *clarifai.Image {
	if url.IsNull() {
		return nil
	}
	return &clarifai.Image{URL: url.ValueString()}
}

func workflow(id types.String) *clarifai.Workflow {
	if id.ValueString() == "" {
		return nil
	}
	return &clarifai.Workflow{ID: id.ValueString()}
}
