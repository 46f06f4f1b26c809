package app

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

// model is an app in the state of the resource, data sources and list resource.
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

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	model
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// nullTimeouts is the timeouts attribute of a configuration that sets none.
func nullTimeouts() timeouts.Value {
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{"delete": types.StringType})}
}

// ref is the app in the path of a request.
func (m *model) ref() clarifai.AppRef {
	return clarifai.AppRef{UserID: m.UserID.ValueString(), AppID: m.ID.ValueString()}
}

// toAPI returns the app to create.
func (m *model) toAPI() clarifai.App {
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

// diff returns a patch with the fields that differ from prior, and whether there
// are any. The patch overwrites each field as a whole, so that it also removes
// keys from metadata.
func (m *model) diff(prior model) (clarifai.PatchAppsRequest, bool) {
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

// fromAPI sets the attributes to those of the app. Optional ones that are null
// stay null, since they are not managed, unless importing is set.
func (m *model) fromAPI(a *clarifai.App, importing bool) {
	m.Description = attrs.Unmanaged(m.Description, a.Description, importing)
	m.Notes = attrs.Unmanaged(m.Notes, a.Notes, importing)
	m.DefaultLanguage = attrs.Text(a.DefaultLanguage)
	m.DefaultWorkflowID = attrs.Text(a.DefaultWorkflowID)
	if a.DefaultWorkflow != nil && a.DefaultWorkflow.ID != "" {
		m.DefaultWorkflowID = types.StringValue(a.DefaultWorkflow.ID)
	}
	if !m.Metadata.IsNull() || importing {
		m.Metadata = attrs.JSON(m.Metadata, a.Metadata)
	}
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, a.Visibility)
	if !m.SampleMS.IsNull() || importing {
		m.SampleMS = types.Int64Null()
		if a.SampleMs != 0 {
			m.SampleMS = types.Int64Value(int64(a.SampleMs))
		}
	}
	url := ""
	if a.Image != nil {
		url = a.Image.URL
	}
	m.ImageURL = attrs.Unmanaged(m.ImageURL, url, importing)
	m.IsTemplate = types.BoolValue(a.IsTemplate != nil && *a.IsTemplate)
	m.CreatedAt = attrs.Time(a.CreatedAt)
	m.ModifiedAt = attrs.Time(a.ModifiedAt)
}

// keepPlanned restores the values that were known at plan of attributes that the
// service may change at any time. A refresh shows such changes.
func (m *model) keepPlanned(planned model) {
	attrs.KeepKnown(&m.DefaultLanguage, planned.DefaultLanguage)
	attrs.KeepKnown(&m.DefaultWorkflowID, planned.DefaultWorkflowID)
	attrs.KeepKnown(&m.Visibility, planned.Visibility)
	attrs.KeepKnown(&m.CreatedAt, planned.CreatedAt)
	attrs.KeepKnown(&m.IsTemplate, planned.IsTemplate)
}

// equals reports whether an app has what the model says and nothing else.
func (m *model) equals(found *clarifai.App) bool {
	other := *m
	other.fromAPI(found, true)
	same := func(planned, found attr.Value) bool { return planned.IsUnknown() || planned.Equal(found) }
	return same(m.Description, other.Description) && same(m.Notes, other.Notes) && same(m.DefaultLanguage, other.DefaultLanguage) &&
		same(m.DefaultWorkflowID, other.DefaultWorkflowID) && same(m.Metadata, other.Metadata) && same(m.Visibility, other.Visibility) &&
		same(m.SampleMS, other.SampleMS) && same(m.ImageURL, other.ImageURL) && same(m.IsTemplate, other.IsTemplate)
}

// modelFromAPI returns the model of an app with all attributes set.
func modelFromAPI(userID string, found *clarifai.App) model {
	m := model{UserID: types.StringValue(userID), ID: types.StringValue(found.ID)}
	m.fromAPI(found, true)
	return m
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
