package dataset

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a dataset in the state of the resource, data sources and list resource.
type model struct {
	UserID                  types.String         `tfsdk:"user_id"`
	AppID                   types.String         `tfsdk:"app_id"`
	ID                      types.String         `tfsdk:"id"`
	Description             types.String         `tfsdk:"description"`
	Notes                   types.String         `tfsdk:"notes"`
	Metadata                jsontypes.Normalized `tfsdk:"metadata"`
	Visibility              types.String         `tfsdk:"visibility"`
	ImageURL                types.String         `tfsdk:"image_url"`
	DefaultAnnotationFilter types.Object         `tfsdk:"default_annotation_filter"`
	DefaultFrameIntervalMS  types.Int64          `tfsdk:"default_frame_interval_ms"`
	CreatedAt               types.String         `tfsdk:"created_at"`
	ModifiedAt              types.String         `tfsdk:"modified_at"`
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

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// toAPI returns the dataset to create.
func (m *model) toAPI(ctx context.Context) (clarifai.Dataset, diag.Diagnostics) {
	filter, diags := criteria.AnnotationFilterToAPI(ctx, m.DefaultAnnotationFilter)
	return clarifai.Dataset{
		ID:                      m.ID.ValueString(),
		Description:             m.Description.ValueString(),
		Notes:                   m.Notes.ValueString(),
		Metadata:                attrs.Struct(m.Metadata),
		Visibility:              attrs.VisibilityToAPI(m.Visibility),
		Image:                   image(m.ImageURL),
		DefaultAnnotationFilter: filter,
		DefaultProcessingInfo:   processingInfo(m.DefaultFrameIntervalMS),
	}, diags
}

// diff returns a patch with the fields that differ from prior, and whether there
// are any. The patch overwrites each field as a whole, so that it also removes
// keys from metadata.
func (m *model) diff(ctx context.Context, prior model) (clarifai.Dataset, bool, diag.Diagnostics) {
	p := clarifai.Dataset{ID: m.ID.ValueString()}
	changed := false
	set := func(differs bool, change func()) {
		if differs {
			change()
			changed = true
		}
	}
	filter, diags := criteria.AnnotationFilterToAPI(ctx, m.DefaultAnnotationFilter)
	set(!m.Description.Equal(prior.Description) && !m.Description.IsNull(), func() { p.Description = m.Description.ValueString() })
	set(!m.Notes.Equal(prior.Notes) && !m.Notes.IsNull(), func() { p.Notes = m.Notes.ValueString() })
	set(!attrs.SameJSON(attrs.Struct(m.Metadata), attrs.Struct(prior.Metadata)), func() {
		p.Metadata = attrs.Struct(m.Metadata)
		if p.Metadata == nil {
			p.Metadata = clarifai.Struct("{}")
		}
	})
	set(!m.Visibility.Equal(prior.Visibility) && !m.Visibility.IsUnknown(), func() { p.Visibility = attrs.VisibilityToAPI(m.Visibility) })
	set(!m.ImageURL.Equal(prior.ImageURL) && !m.ImageURL.IsNull(), func() { p.Image = image(m.ImageURL) })
	set(!m.DefaultAnnotationFilter.Equal(prior.DefaultAnnotationFilter) && filter != nil, func() { p.DefaultAnnotationFilter = filter })
	set(!m.DefaultFrameIntervalMS.Equal(prior.DefaultFrameIntervalMS) && !m.DefaultFrameIntervalMS.IsNull(), func() {
		p.DefaultProcessingInfo = processingInfo(m.DefaultFrameIntervalMS)
	})
	return p, changed, diags
}

// fromAPI sets the attributes to those of the dataset. Optional ones that are
// null stay null, since they are not managed, unless importing is set.
func (m *model) fromAPI(ctx context.Context, d *clarifai.Dataset, importing bool) diag.Diagnostics {
	m.Description = attrs.Unmanaged(m.Description, d.Description, importing)
	m.Notes = attrs.Unmanaged(m.Notes, d.Notes, importing)
	if !m.Metadata.IsNull() || importing {
		m.Metadata = attrs.JSON(m.Metadata, d.Metadata)
	}
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, d.Visibility)
	m.ImageURL = attrs.Unmanaged(m.ImageURL, imageURL(d.Image), importing)
	if !m.DefaultFrameIntervalMS.IsNull() || importing {
		m.DefaultFrameIntervalMS = types.Int64Null()
		if p := d.DefaultProcessingInfo; p != nil && p.FrameInterpolationInfo != nil {
			m.DefaultFrameIntervalMS = types.Int64Value(int64(p.FrameInterpolationInfo.SampleMs))
		}
	}
	var diags diag.Diagnostics
	if !m.DefaultAnnotationFilter.IsNull() || importing {
		m.DefaultAnnotationFilter, diags = criteria.AnnotationFilterFromAPI(ctx, m.DefaultAnnotationFilter, d.DefaultAnnotationFilter)
	}
	m.CreatedAt = attrs.Time(d.CreatedAt)
	m.ModifiedAt = attrs.Time(d.ModifiedAt)
	return diags
}

// modelFromAPI returns the model of a dataset with all attributes set.
func modelFromAPI(ctx context.Context, app clarifai.AppRef, dataset *clarifai.Dataset) (model, diag.Diagnostics) {
	m := model{
		UserID:                  types.StringValue(app.UserID),
		AppID:                   types.StringValue(app.AppID),
		ID:                      types.StringValue(dataset.ID),
		DefaultAnnotationFilter: criteria.NullAnnotationFilter(),
	}
	problems := m.fromAPI(ctx, dataset, true)
	return m, problems
}

// equals reports whether a dataset has what the model says and nothing else.
func (m *model) equals(ctx context.Context, found *clarifai.Dataset) bool {
	other := *m
	if other.fromAPI(ctx, found, true).HasError() {
		return false
	}
	return other.Description.Equal(m.Description) && other.Notes.Equal(m.Notes) && other.Metadata.Equal(m.Metadata) &&
		(m.Visibility.IsUnknown() || other.Visibility.Equal(m.Visibility)) && other.ImageURL.Equal(m.ImageURL) &&
		other.DefaultAnnotationFilter.Equal(m.DefaultAnnotationFilter) && other.DefaultFrameIntervalMS.Equal(m.DefaultFrameIntervalMS)
}

func imageURL(image *clarifai.Image) string {
	if image == nil {
		return ""
	}
	return image.URL
}

func image(url types.String) *clarifai.Image {
	if url.IsNull() {
		return nil
	}
	return &clarifai.Image{URL: url.ValueString()}
}

func processingInfo(frameInterval types.Int64) *clarifai.DatasetVersionProcessingInfo {
	if frameInterval.IsNull() {
		return nil
	}
	return &clarifai.DatasetVersionProcessingInfo{
		FrameInterpolationInfo: &clarifai.FrameInterpolationInfo{SampleMs: uint32(frameInterval.ValueInt64())}, //nolint:gosec // validated
	}
}
