package datasetversion

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a dataset version in the state of the resource, data sources and list resource.
type model struct {
	UserID               types.String         `tfsdk:"user_id"`
	AppID                types.String         `tfsdk:"app_id"`
	DatasetID            types.String         `tfsdk:"dataset_id"`
	ID                   types.String         `tfsdk:"id"`
	Description          types.String         `tfsdk:"description"`
	Metadata             jsontypes.Normalized `tfsdk:"metadata"`
	Visibility           types.String         `tfsdk:"visibility"`
	AnnotationFilter     types.Object         `tfsdk:"annotation_filter"`
	IgnoreEmptyInputs    types.Bool           `tfsdk:"ignore_empty_inputs"`
	ModelPredictions     types.Object         `tfsdk:"model_predictions"`
	FrameIntervalMS      types.Int64          `tfsdk:"frame_interval_ms"`
	Status               types.Object         `tfsdk:"status"`
	Metrics              types.Object         `tfsdk:"metrics"`
	EmbedModelVersionIDs types.List           `tfsdk:"embed_model_version_ids"`
	CreatedAt            types.String         `tfsdk:"created_at"`
	ModifiedAt           types.String         `tfsdk:"modified_at"`
}

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	model
	Triggers       types.Map      `tfsdk:"triggers"`
	WaitFor        types.String   `tfsdk:"wait_for"`
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// predictionsModel is the model whose predictions a version is created from.
type predictionsModel struct {
	ModelID        types.String `tfsdk:"model_id"`
	ModelVersionID types.String `tfsdk:"model_version_id"`
	UserID         types.String `tfsdk:"user_id"`
	AppID          types.String `tfsdk:"app_id"`
}

var predictionsType = map[string]attr.Type{
	"model_id": types.StringType, "model_version_id": types.StringType, "user_id": types.StringType, "app_id": types.StringType,
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the version in messages.
func (m *model) String() string {
	return fmt.Sprintf("dataset version %q of dataset %q", m.ID.ValueString(), m.DatasetID.ValueString())
}

// toAPI returns the version to create.
func (m *model) toAPI(ctx context.Context) (clarifai.DatasetVersion, diag.Diagnostics) {
	v := clarifai.DatasetVersion{
		ID:             m.ID.ValueString(),
		Description:    m.Description.ValueString(),
		Metadata:       attrs.Struct(m.Metadata),
		Visibility:     attrs.VisibilityToAPI(m.Visibility),
		ProcessingInfo: processingInfo(m.FrameIntervalMS),
	}
	var diags diag.Diagnostics
	if configured(m.AnnotationFilter) {
		filter, more := criteria.AnnotationFilterToAPI(ctx, m.AnnotationFilter)
		diags.Append(more...)
		v.AnnotationFilterConfig = &clarifai.AnnotationFilterConfig{AnnotationFilter: filter, IgnoreEmptyInputs: m.IgnoreEmptyInputs.ValueBool()}
	}
	if configured(m.ModelPredictions) {
		var p predictionsModel
		diags.Append(m.ModelPredictions.As(ctx, &p, basetypes.ObjectAsOptions{})...)
		v.ModelPredictConfig = &clarifai.ModelPredictConfig{Model: &clarifai.Model{
			ID: p.ModelID.ValueString(), UserID: p.UserID.ValueString(), AppID: p.AppID.ValueString(),
			ModelVersion: &clarifai.ModelVersion{ID: p.ModelVersionID.ValueString()},
		}}
	}
	return v, diags
}

// equals reports whether a version has what the model says.
func (m *model) equals(ctx context.Context, found *clarifai.DatasetVersion) bool {
	other := *m
	if other.fromAPI(ctx, found, true).HasError() {
		return false
	}
	same := func(planned, found attr.Value) bool { return planned.IsUnknown() || planned.Equal(found) }
	return same(m.Description, other.Description) && same(m.Metadata, other.Metadata) && same(m.Visibility, other.Visibility) &&
		same(m.AnnotationFilter, other.AnnotationFilter) && same(m.IgnoreEmptyInputs, other.IgnoreEmptyInputs) &&
		same(m.ModelPredictions, other.ModelPredictions) && same(m.FrameIntervalMS, other.FrameIntervalMS)
}

// diff returns a patch with the fields that differ from prior, and whether there are any. The patch
// overwrites each field as a whole, so that it also removes keys from metadata.
func (m *model) diff(prior model) (clarifai.DatasetVersion, bool) {
	p := clarifai.DatasetVersion{ID: m.ID.ValueString()}
	changed := false
	set := func(differs bool, change func()) {
		if differs {
			change()
			changed = true
		}
	}
	set(!m.Description.Equal(prior.Description) && !m.Description.IsNull(), func() { p.Description = m.Description.ValueString() })
	set(!attrs.SameJSON(attrs.Struct(m.Metadata), attrs.Struct(prior.Metadata)), func() {
		p.Metadata = attrs.Struct(m.Metadata)
		if p.Metadata == nil {
			p.Metadata = clarifai.Struct("{}")
		}
	})
	set(!m.Visibility.Equal(prior.Visibility) && !m.Visibility.IsUnknown(), func() { p.Visibility = attrs.VisibilityToAPI(m.Visibility) })
	return p, changed
}

// fromAPI sets the attributes to those of the version. Description and metadata that are null stay null,
// since they are not managed, unless importing is set.
//
// The source of a version never changes. What the configuration says of it is kept as long as the API
// means the same; what the configuration omits is set to what the API returns, and stays.
func (m *model) fromAPI(ctx context.Context, v *clarifai.DatasetVersion, importing bool) diag.Diagnostics {
	m.Description = attrs.Unmanaged(m.Description, v.Description, importing)
	if !m.Metadata.IsNull() || importing {
		m.Metadata = attrs.JSON(m.Metadata, v.Metadata)
	}
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, v.Visibility)
	diags := m.sourceFromAPI(ctx, v)
	m.Status = attrs.StatusFromAPI(v.Status)
	m.Metrics = metricsFromAPI(v.Metrics)
	embeds, more := types.ListValueFrom(ctx, types.StringType, append([]string{}, v.EmbedModelVersionIDs...))
	diags.Append(more...)
	m.EmbedModelVersionIDs = embeds
	m.CreatedAt = attrs.Time(v.CreatedAt)
	m.ModifiedAt = attrs.Time(v.ModifiedAt)
	return diags
}

func (m *model) sourceFromAPI(ctx context.Context, v *clarifai.DatasetVersion) diag.Diagnostics {
	var diags diag.Diagnostics
	filter, ignore := criteria.NullAnnotationFilter(), types.BoolNull()
	if c := v.AnnotationFilterConfig; c != nil {
		filter, diags = criteria.AnnotationFilterFromAPI(ctx, m.AnnotationFilter, c.AnnotationFilter)
		if !filter.IsNull() {
			ignore = types.BoolValue(c.IgnoreEmptyInputs)
		}
	}
	predictions := predictionsFromAPI(ctx, m.ModelPredictions, v.ModelPredictConfig)
	frames := types.Int64Null()
	if p := v.ProcessingInfo; p != nil && p.FrameInterpolationInfo != nil {
		frames = types.Int64Value(int64(p.FrameInterpolationInfo.SampleMs))
	}
	// A response may omit what was requested.
	if !configured(m.AnnotationFilter) || !filter.IsNull() {
		m.AnnotationFilter = filter
	}
	if !configured(m.IgnoreEmptyInputs) || !ignore.IsNull() {
		m.IgnoreEmptyInputs = ignore
	}
	if !configured(m.ModelPredictions) || !predictions.IsNull() {
		m.ModelPredictions = predictions
	}
	// 0 requests a default, which the service may have filled in.
	if !configured(m.FrameIntervalMS) || (!frames.IsNull() && m.FrameIntervalMS.ValueInt64() != 0) {
		m.FrameIntervalMS = frames
	}
	return diags
}

// predictionsFromAPI returns the model of a response, with its owner as configured.
func predictionsFromAPI(ctx context.Context, prior types.Object, c *clarifai.ModelPredictConfig) types.Object {
	if c == nil || c.Model == nil {
		return types.ObjectNull(predictionsType)
	}
	var was predictionsModel
	if configured(prior) {
		_ = prior.As(ctx, &was, basetypes.ObjectAsOptions{}) // what cannot be read is null
	}
	versionID := types.StringNull()
	if c.Model.ModelVersion != nil {
		versionID = attrs.Text(c.Model.ModelVersion.ID)
	}
	return types.ObjectValueMust(predictionsType, map[string]attr.Value{
		"model_id":         attrs.Text(c.Model.ID),
		"model_version_id": versionID,
		"user_id":          given(was.UserID, c.Model.UserID),
		"app_id":           given(was.AppID, c.Model.AppID),
	})
}

// given returns the configured value, which may be "me", or else that of the response.
func given(prior types.String, answer string) types.String {
	if configured(prior) {
		return prior
	}
	return attrs.Text(answer)
}

func configured(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

func processingInfo(frameInterval types.Int64) *clarifai.DatasetVersionProcessingInfo {
	if !configured(frameInterval) {
		return nil
	}
	return &clarifai.DatasetVersionProcessingInfo{
		FrameInterpolationInfo: &clarifai.FrameInterpolationInfo{SampleMs: uint32(frameInterval.ValueInt64())}, //nolint:gosec // validated
	}
}
