package datasetversion

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a dataset version as resource, data source and list show it.
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

// resourceModel adds what only the resource has.
type resourceModel struct {
	model
	Triggers       types.Map      `tfsdk:"triggers"`
	WaitForReady   types.Bool     `tfsdk:"wait_for_ready"`
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// predictionsModel says whose predictions a version is made of.
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

// newID makes an id as the service would. The provider chooses one itself, so that a version
// whose creation was answered into the void can be found again.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// request is the version to create.
func (m *model) request(ctx context.Context) (clarifai.DatasetVersion, diag.Diagnostics) {
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

// ours tells whether a version that was found is the one that was asked for with want.
func ours(want clarifai.DatasetVersion, began time.Time) func(*clarifai.DatasetVersion) bool {
	return func(found *clarifai.DatasetVersion) bool {
		return found.Description == want.Description && attrs.SameJSON(found.Metadata, want.Metadata) &&
			(found.ModelPredictConfig == nil) == (want.ModelPredictConfig == nil) && adopt.MadeSince(found.CreatedAt, began)
	}
}

// patch has only what differs from prior. Overwriting replaces each named field as a whole, so
// that keys taken out of metadata go away too.
func (m *model) patch(prior model) (clarifai.DatasetVersion, bool) {
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

// refresh takes over what the service says. importing also takes over texts that the
// configuration may not manage.
//
// What a version is made from never changes. What the configuration says of it is kept as long as
// the service means the same by it; what the configuration leaves open is shown as the service
// has it, and stays.
func (m *model) refresh(ctx context.Context, v *clarifai.DatasetVersion, importing bool) diag.Diagnostics {
	m.Description = attrs.Unmanaged(m.Description, v.Description, importing)
	m.Metadata = attrs.JSON(m.Metadata, v.Metadata)
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, v.Visibility)
	diags := m.refreshContent(ctx, v)
	m.Status = attrs.StatusFromAPI(v.Status)
	m.Metrics = metricsFromAPI(v.Metrics)
	embeds, more := types.ListValueFrom(ctx, types.StringType, append([]string{}, v.EmbedModelVersionIDs...))
	diags.Append(more...)
	m.EmbedModelVersionIDs = embeds
	m.CreatedAt = attrs.Time(v.CreatedAt)
	m.ModifiedAt = attrs.Time(v.ModifiedAt)
	return diags
}

func (m *model) refreshContent(ctx context.Context, v *clarifai.DatasetVersion) diag.Diagnostics {
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
	// An answer that leaves out what was asked for says nothing against it.
	if !configured(m.AnnotationFilter) || !filter.IsNull() {
		m.AnnotationFilter = filter
	}
	if !configured(m.IgnoreEmptyInputs) || !ignore.IsNull() {
		m.IgnoreEmptyInputs = ignore
	}
	if !configured(m.ModelPredictions) || !predictions.IsNull() {
		m.ModelPredictions = predictions
	}
	// 0 asks for a default, which the service may well have filled in.
	if !configured(m.FrameIntervalMS) || (!frames.IsNull() && m.FrameIntervalMS.ValueInt64() != 0) {
		m.FrameIntervalMS = frames
	}
	return diags
}

// predictionsFromAPI is the model of an answer, with its owner as it was written.
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

// given is what the configuration says, which may be "me", or else what the answer says.
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
