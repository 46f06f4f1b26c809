package evaluation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// subject is the model to evaluate and the data to evaluate it on.
type subject struct {
	UserID           types.String         `tfsdk:"user_id"`
	AppID            types.String         `tfsdk:"app_id"`
	ID               types.String         `tfsdk:"id"`
	ModelID          types.String         `tfsdk:"model_id"`
	ModelVersionID   types.String         `tfsdk:"model_version_id"`
	ModelUserID      types.String         `tfsdk:"model_user_id"`
	ModelAppID       types.String         `tfsdk:"model_app_id"`
	DatasetID        types.String         `tfsdk:"dataset_id"`
	DatasetVersionID types.String         `tfsdk:"dataset_version_id"`
	DatasetUserID    types.String         `tfsdk:"dataset_user_id"`
	DatasetAppID     types.String         `tfsdk:"dataset_app_id"`
	Params           jsontypes.Normalized `tfsdk:"params"`
}

// model is an evaluation in the state of the resource and data sources.
type model struct {
	subject
	UserMetrics jsontypes.Normalized `tfsdk:"user_metrics"`
	Status      types.Object         `tfsdk:"status"`
	Summary     types.Object         `tfsdk:"summary"`
}

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	model
	Triggers types.Map      `tfsdk:"triggers"`
	WaitFor  types.String   `tfsdk:"wait_for"`
	Fields   types.List     `tfsdk:"fields"`
	Details  types.Map      `tfsdk:"details"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (s *subject) app() clarifai.AppRef { return ids.App(s.UserID, s.AppID) }

// String names the evaluation in messages.
func (s *subject) String() string { return fmt.Sprintf("evaluation %q", s.ID.ValueString()) }

// chooseID sets an id that the configuration leaves open. It is derived from what
// is evaluated, so that an evaluation whose response was lost, or whose run was
// killed, is found instead of being run twice.
func (s *subject) chooseID(triggers types.Map) {
	if !s.ID.IsUnknown() && !s.ID.IsNull() {
		return
	}
	e := s.toAPI()
	e.ID = ""
	text, _ := clarifai.Encode(e) // it was decoded from JSON and plain text
	sum := sha256.Sum256(append(text, triggers.String()...))
	s.ID = types.StringValue(hex.EncodeToString(sum[:16]))
}

// same reports whether an evaluation has the model, data and parameters of want.
func same(found *clarifai.EvalMetrics, want clarifai.EvalMetrics) bool {
	if found.Model == nil || found.Model.ID != want.Model.ID || found.Model.ModelVersion == nil ||
		found.Model.ModelVersion.ID != want.Model.ModelVersion.ID {
		return false
	}
	dataset := func(e *clarifai.EvalMetrics) (id, version string) {
		if d := e.GroundTruthDataset; d != nil {
			if id = d.ID; d.Version != nil {
				version = d.Version.ID
			}
		}
		return id, version
	}
	params := func(e *clarifai.EvalMetrics) clarifai.Struct {
		if e.EvalInfo == nil {
			return nil
		}
		return e.EvalInfo.Params
	}
	foundID, foundVersion := dataset(found)
	wantID, wantVersion := dataset(&want)
	return foundID == wantID && foundVersion == wantVersion && attrs.SameJSON(params(found), params(&want))
}

func (s *subject) toAPI() clarifai.EvalMetrics {
	e := clarifai.EvalMetrics{
		ID: s.ID.ValueString(),
		Model: &clarifai.Model{
			ID: s.ModelID.ValueString(), UserID: s.ModelUserID.ValueString(), AppID: s.ModelAppID.ValueString(),
			ModelVersion: &clarifai.ModelVersion{ID: s.ModelVersionID.ValueString()},
		},
	}
	if !s.DatasetID.IsNull() {
		e.GroundTruthDataset = &clarifai.Dataset{ID: s.DatasetID.ValueString(), UserID: s.DatasetUserID.ValueString(),
			AppID: s.DatasetAppID.ValueString()}
		if !s.DatasetVersionID.IsNull() {
			e.GroundTruthDataset.Version = &clarifai.DatasetVersion{ID: s.DatasetVersionID.ValueString()}
		}
	}
	if params := attrs.Struct(s.Params); params != nil {
		e.EvalInfo = &clarifai.EvalInfo{Params: params}
	}
	return e
}

// sameSubject reports whether both evaluate the same model on the same data.
func (m *model) sameSubject(prior model) bool {
	a, b := m.subject, prior.subject
	a.ID, b.ID = types.StringNull(), types.StringNull()
	sameJSON := attrs.SameJSON(attrs.Struct(a.Params), attrs.Struct(b.Params)) &&
		attrs.SameJSON(attrs.Struct(m.UserMetrics), attrs.Struct(prior.UserMetrics))
	a.Params, b.Params = jsontypes.NewNormalizedNull(), jsontypes.NewNormalizedNull()
	return a == b && sameJSON
}

func (m *model) toAPI() clarifai.EvalMetrics {
	e := m.subject.toAPI()
	if metrics := attrs.Struct(m.UserMetrics); metrics != nil {
		e.ExtendedMetrics = &clarifai.ExtendedMetrics{UserMetrics: metrics}
	}
	return e
}

// fromAPI sets status and summary to those of the evaluation. Model, dataset and
// parameters never change; they are set only in data sources and after an import,
// since the API fills in owners that a configuration may omit.
func (m *model) fromAPI(e *clarifai.EvalMetrics, showing bool) {
	m.Status = attrs.StatusFromAPI(e.Status)
	m.Summary = summaryFromAPI(e)
	if !showing {
		return
	}
	m.ID = types.StringValue(e.ID)
	if e.Model != nil {
		m.ModelID = attrs.Text(e.Model.ID)
		if e.Model.ModelVersion != nil {
			m.ModelVersionID = attrs.Text(e.Model.ModelVersion.ID)
		}
		m.ModelUserID, m.ModelAppID = otherOwner(e.Model.UserID, m.UserID), otherOwner(e.Model.AppID, m.AppID)
	}
	if d := e.GroundTruthDataset; d != nil {
		m.DatasetID = attrs.Text(d.ID)
		if d.Version != nil {
			m.DatasetVersionID = attrs.Text(d.Version.ID)
		}
		m.DatasetUserID, m.DatasetAppID = otherOwner(d.UserID, m.UserID), otherOwner(d.AppID, m.AppID)
	}
	if e.EvalInfo != nil {
		m.Params = attrs.JSON(m.Params, e.EvalInfo.Params)
	}
	if e.ExtendedMetrics != nil {
		m.UserMetrics = attrs.JSON(m.UserMetrics, e.ExtendedMetrics.UserMetrics)
	}
}

// otherOwner returns an owner that differs from the evaluation's own, otherwise null.
func otherOwner(owner string, own types.String) types.String {
	if owner == own.ValueString() {
		return types.StringNull()
	}
	return attrs.Text(owner)
}

var summaryType = func() map[string]attr.Type {
	m := map[string]attr.Type{}
	for name := range scoreTexts {
		m[name] = types.Float64Type
	}
	return m
}()

func summaryFromAPI(e *clarifai.EvalMetrics) types.Object {
	s := e.Summary
	if s == nil || e.Status.Code != clarifai.StatusModelEvaluated {
		return types.ObjectNull(summaryType)
	}
	number := func(f clarifai.Float) attr.Value { return attrs.Float(f) }
	return types.ObjectValueMust(summaryType, map[string]attr.Value{
		"macro_avg_roc_auc":            number(s.MacroAvgROCAUC),
		"macro_std_roc_auc":            number(s.MacroStdROCAUC),
		"macro_avg_f1_score":           number(s.MacroAvgF1Score),
		"macro_std_f1_score":           number(s.MacroStdF1Score),
		"macro_avg_precision":          number(s.MacroAvgPrecision),
		"macro_avg_recall":             number(s.MacroAvgRecall),
		"mean_avg_precision_iou_50":    number(s.MeanAvgPrecisionIOU50),
		"mean_avg_precision_iou_range": number(s.MeanAvgPrecisionIOURange),
	})
}

// part is a large part of an evaluation: how to request it and where it is.
type part struct {
	name string
	ask  func(*clarifai.EvaluationFields)
	get  func(*clarifai.EvalMetrics) (value any, present bool)
}

var parts = []part{
	{"confusion_matrix", func(f *clarifai.EvaluationFields) { f.ConfusionMatrix = true },
		func(e *clarifai.EvalMetrics) (any, bool) { return e.ConfusionMatrix, e.ConfusionMatrix != nil }},
	{"cooccurrence_matrix", func(f *clarifai.EvaluationFields) { f.CooccurrenceMatrix = true }, func(e *clarifai.EvalMetrics) (any, bool) {
		return e.CooccurrenceMatrix, e.CooccurrenceMatrix != nil
	}},
	{"label_counts", func(f *clarifai.EvaluationFields) { f.LabelCounts = true },
		func(e *clarifai.EvalMetrics) (any, bool) { return e.LabelCounts, e.LabelCounts != nil }},
	{"binary_metrics", func(f *clarifai.EvaluationFields) { f.BinaryMetrics = true },
		func(e *clarifai.EvalMetrics) (any, bool) { return e.BinaryMetrics, len(e.BinaryMetrics) > 0 }},
	{"test_set", func(f *clarifai.EvaluationFields) { f.TestSet = true },
		func(e *clarifai.EvalMetrics) (any, bool) { return e.TestSet, len(e.TestSet) > 0 }},
	{"metrics_by_area", func(f *clarifai.EvaluationFields) { f.MetricsByArea = true },
		func(e *clarifai.EvalMetrics) (any, bool) { return e.MetricsByArea, len(e.MetricsByArea) > 0 }},
	{"metrics_by_class", func(f *clarifai.EvaluationFields) { f.MetricsByClass = true },
		func(e *clarifai.EvalMetrics) (any, bool) { return e.MetricsByClass, len(e.MetricsByClass) > 0 }},
}

var fieldNames = func() []string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	return names
}()

// wanted returns which parts to request; none for an unknown or null list.
func wanted(ctx context.Context, fields types.List) (clarifai.EvaluationFields, []string, diag.Diagnostics) {
	var names []string
	var flags clarifai.EvaluationFields
	if fields.IsNull() || fields.IsUnknown() {
		return flags, nil, nil
	}
	diags := fields.ElementsAs(ctx, &names, false)
	for _, p := range parts {
		for _, name := range names {
			if p.name == name {
				p.ask(&flags)
			}
		}
	}
	return flags, names, diags
}

// detailsOf returns the requested parts as JSON.
func detailsOf(e *clarifai.EvalMetrics, names []string) (types.Map, error) {
	details := map[string]attr.Value{}
	for _, p := range parts {
		value, present := p.get(e)
		for _, name := range names {
			if p.name != name || !present {
				continue
			}
			text, err := clarifai.Encode(value)
			if err != nil {
				return types.MapNull(types.StringType), err
			}
			details[name] = types.StringValue(string(text))
		}
	}
	return types.MapValueMust(types.StringType, details), nil
}
