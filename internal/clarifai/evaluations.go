package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// EvalMetrics is an evaluation of a model version on a dataset version.
//
// Settable and fixed: id, model, ground_truth_dataset (if absent: all annotated data of the
// app), eval_info, extended_metrics. All other fields are output. The service returns those from
// confusion_matrix to metrics_by_class only if the request asks for them.
type EvalMetrics struct {
	Status             Status              `json:"status,omitzero"`
	UserID             string              `json:"user_id,omitzero"`
	AppID              string              `json:"app_id,omitzero"`
	ID                 string              `json:"id,omitzero"`
	Model              *Model              `json:"model,omitzero"`
	GroundTruthDataset *Dataset            `json:"ground_truth_dataset,omitzero"`
	PredictionsDataset *Dataset            `json:"predictions_dataset,omitzero"`
	Summary            *MetricsSummary     `json:"summary,omitzero"`
	ConfusionMatrix    *ConfusionMatrix    `json:"confusion_matrix,omitzero"`
	CooccurrenceMatrix *CooccurrenceMatrix `json:"cooccurrence_matrix,omitzero"`
	LabelCounts        *LabelDistribution  `json:"label_counts,omitzero"`
	BinaryMetrics      []BinaryMetrics     `json:"binary_metrics,omitempty"`
	TestSet            []EvalTestSetEntry  `json:"test_set,omitempty"`
	MetricsByArea      []BinaryMetrics     `json:"metrics_by_area,omitempty"`
	MetricsByClass     []BinaryMetrics     `json:"metrics_by_class,omitempty"`
	TrackerMetrics     []TrackerMetrics    `json:"tracker_metrics,omitempty"`
	EvalInfo           *EvalInfo           `json:"eval_info,omitzero"`
	ExtendedMetrics    *ExtendedMetrics    `json:"extended_metrics,omitzero"`
}

// EvalInfo are parameters of an evaluation, as the model's type defines them. Settable, fixed.
type EvalInfo struct {
	Params Struct `json:"params,omitzero"`
}

// ExtendedMetrics are metrics that the caller computed. Settable, fixed.
type ExtendedMetrics struct {
	UserMetrics Struct `json:"user_metrics,omitzero"`
}

// MetricsSummary summarizes an evaluation. Output only.
type MetricsSummary struct {
	Top1Accuracy             Float `json:"top1_accuracy,omitzero"` // deprecated
	Top5Accuracy             Float `json:"top5_accuracy,omitzero"` // deprecated
	MacroAvgROCAUC           Float `json:"macro_avg_roc_auc"`
	MacroStdROCAUC           Float `json:"macro_std_roc_auc"`
	MacroAvgF1Score          Float `json:"macro_avg_f1_score"`
	MacroStdF1Score          Float `json:"macro_std_f1_score"`
	MacroAvgPrecision        Float `json:"macro_avg_precision"`
	MacroAvgRecall           Float `json:"macro_avg_recall"`
	MeanAvgPrecisionIOU50    Float `json:"mean_avg_precision_iou_50,omitzero"`
	MeanAvgPrecisionIOURange Float `json:"mean_avg_precision_iou_range,omitzero"`
}

// ConfusionMatrix counts which concepts were predicted for which actual ones. Output only.
type ConfusionMatrix struct {
	Matrix     []ConfusionMatrixEntry `json:"matrix,omitempty"`
	ConceptIDs []string               `json:"concept_ids,omitempty"`
}

// ConfusionMatrixEntry is one cell of a [ConfusionMatrix]. Output only.
type ConfusionMatrixEntry struct {
	Predicted        string   `json:"predicted,omitzero"`
	Actual           string   `json:"actual,omitzero"`
	Value            Float    `json:"value"`
	PredictedConcept *Concept `json:"predicted_concept,omitzero"`
	ActualConcept    *Concept `json:"actual_concept,omitzero"`
}

// CooccurrenceMatrix tells which concepts occur together. Output only.
type CooccurrenceMatrix struct {
	Matrix     []CooccurrenceMatrixEntry `json:"matrix,omitempty"`
	ConceptIDs []string                  `json:"concept_ids,omitempty"`
}

// CooccurrenceMatrixEntry is one cell of a [CooccurrenceMatrix]. Output only.
type CooccurrenceMatrixEntry struct {
	Row   string `json:"row,omitzero"`
	Col   string `json:"col,omitzero"`
	Count uint32 `json:"count,omitzero"`
}

// LabelDistribution counts labels by concept. Output only.
type LabelDistribution struct {
	PositiveLabelCounts []LabelCount `json:"positive_label_counts,omitempty"`
}

// LabelCount counts the labels of one concept. Output only.
type LabelCount struct {
	ConceptName string   `json:"concept_name,omitzero"` // deprecated for concept
	Count       uint32   `json:"count,omitzero"`
	Concept     *Concept `json:"concept,omitzero"`
}

// BinaryMetrics are the metrics of one concept, or one range of areas. Output only.
type BinaryMetrics struct {
	NumPos               uint32                `json:"num_pos"`
	NumNeg               uint32                `json:"num_neg"`
	NumTot               uint32                `json:"num_tot"`
	ROCAUC               Float                 `json:"roc_auc"`
	F1                   Float                 `json:"f1"`
	Concept              *Concept              `json:"concept,omitzero"`
	ROCCurve             *ROC                  `json:"roc_curve,omitzero"`
	PrecisionRecallCurve *PrecisionRecallCurve `json:"precision_recall_curve,omitzero"`
	AvgPrecision         Float                 `json:"avg_precision,omitzero"`
	AreaName             string                `json:"area_name,omitzero"`
	AreaMin              float64               `json:"area_min,omitzero"`
	AreaMax              float64               `json:"area_max,omitzero"`
	IOU                  Float                 `json:"iou,omitzero"`
}

// ROC is a receiver operating characteristic. Output only.
type ROC struct {
	FPR          []Float `json:"fpr"`
	TPR          []Float `json:"tpr"`
	Thresholds   []Float `json:"thresholds"`
	FPRPerImage  []Float `json:"fpr_per_image,omitempty"`
	FPRPerObject []Float `json:"fpr_per_object,omitempty"`
}

// PrecisionRecallCurve is precision against recall. Output only.
type PrecisionRecallCurve struct {
	Recall     []Float `json:"recall"`
	Precision  []Float `json:"precision"`
	Thresholds []Float `json:"thresholds"`
}

// TrackerMetrics are the metrics of a tracker. Output only.
type TrackerMetrics struct {
	MOTMOTA          Float  `json:"mot_mota,omitzero"`
	MOTNumSwitches   int32  `json:"mot_num_switches,omitzero"`
	MorseFrag        Float  `json:"morse_frag,omitzero"`
	AvgPrecision     Float  `json:"avg_precision,omitzero"`
	AIID             string `json:"aiid,omitzero"`
	UniqueSwitchRate Float  `json:"unique_switch_rate,omitzero"`
}

// EvalTestSetEntry is one input of an evaluation with its predictions and its labels. Output only.
type EvalTestSetEntry struct {
	Input                 *Input      `json:"input,omitzero"`
	PredictedConcepts     []Concept   `json:"predicted_concepts,omitempty"`
	GroundTruthConcepts   []Concept   `json:"ground_truth_concepts,omitempty"`
	Annotation            *Annotation `json:"annotation,omitzero"` // deprecated
	PredictedAnnotation   *Annotation `json:"predicted_annotation,omitzero"`
	GroundTruthAnnotation *Annotation `json:"ground_truth_annotation,omitzero"`
}

// PostEvaluationsRequest starts evaluations. For an ID that exists, the evaluation runs again and replaces its result.
type PostEvaluationsRequest struct {
	EvalMetrics []EvalMetrics `json:"eval_metrics"`
}

// PostModelVersionEvaluationsRequest starts evaluations of the model version in the path. Deprecated.
type PostModelVersionEvaluationsRequest struct {
	EvalMetrics []EvalMetrics `json:"eval_metrics"`
}

// SingleEvalMetricsResponse carries one evaluation, under the same key as a list of them.
type SingleEvalMetricsResponse struct {
	Envelope
	EvalMetrics *EvalMetrics `json:"eval_metrics,omitzero"`
}

// MultiEvalMetricsResponse carries evaluations.
type MultiEvalMetricsResponse struct {
	Envelope
	EvalMetrics []EvalMetrics `json:"eval_metrics,omitempty"`
}

// ListEvaluationsQuery selects evaluations. SortBy is one of the EvaluationSort values; descending unless SortAscending.
type ListEvaluationsQuery struct {
	Page
	SortAscending     bool
	SortBy            EvaluationSort
	ModelTypeID       string
	EvalDatasetIDs    []string
	TrainDatasetIDs   []string
	ConceptIDs        []string
	ShowFailedMetrics bool // otherwise failed ones are hidden
}

// EvaluationSort is the key by which a list of evaluations is sorted; by default the newest come first.
type EvaluationSort string

// Sort keys of evaluations.
const (
	EvaluationSortAppID            EvaluationSort = "sort_by_app_id"
	EvaluationSortROCAUC           EvaluationSort = "sort_by_roc_auc"
	EvaluationSortF1               EvaluationSort = "sort_by_f1"
	EvaluationSortCreatedAt        EvaluationSort = "sort_by_created_at"
	EvaluationSortMeanAvgPrecision EvaluationSort = "sort_by_mean_avg_precision"
	EvaluationSortPrecision        EvaluationSort = "sort_by_precision"
	EvaluationSortRecall           EvaluationSort = "sort_by_recall"
	EvaluationSortModelID          EvaluationSort = "sort_by_model_id"
	EvaluationSortEvalDatasetID    EvaluationSort = "sort_by_eval_dataset_id"
	EvaluationSortTrainDatasetID   EvaluationSort = "sort_by_train_dataset_id"
)

func (q ListEvaluationsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.flag("sort_ascending", q.SortAscending)
	v.flag(string(q.SortBy), q.SortBy != "")
	v.text("model_type_id", q.ModelTypeID)
	v.texts("eval_dataset_ids", q.EvalDatasetIDs)
	v.texts("train_dataset_ids", q.TrainDatasetIDs)
	v.texts("concept_ids", q.ConceptIDs)
	v.flag("show_failed_metrics", q.ShowFailedMetrics)
	return v.Values
}

// EvaluationFields selects the large fields of an evaluation, which are returned only on request.
type EvaluationFields struct {
	ConfusionMatrix    bool
	CooccurrenceMatrix bool
	LabelCounts        bool
	BinaryMetrics      bool
	TestSet            bool
	MetricsByArea      bool
	MetricsByClass     bool
}

func (f EvaluationFields) values() url.Values {
	v := parameters{url.Values{}}
	v.flag("fields.confusion_matrix", f.ConfusionMatrix)
	v.flag("fields.cooccurrence_matrix", f.CooccurrenceMatrix)
	v.flag("fields.label_counts", f.LabelCounts)
	v.flag("fields.binary_metrics", f.BinaryMetrics)
	v.flag("fields.test_set", f.TestSet)
	v.flag("fields.metrics_by_area", f.MetricsByArea)
	v.flag("fields.metrics_by_class", f.MetricsByClass)
	return v.Values
}

// GetEvaluation reads one evaluation: 21303, 21301 and 21302 in progress, 21300 done, other 213xx failed. Not found if it
// does not exist.
// GET /v2/users/{user}/apps/{app}/evaluations/{evaluation}; response SingleEvalMetricsResponse. [documented]
func (c *Client) GetEvaluation(ctx context.Context, app AppRef, id string, fields EvaluationFields) (*EvalMetrics, error) {
	var out SingleEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "GetEvaluation", method: http.MethodGet, path: app.path("evaluations", id),
		query: fields.values(),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetEvaluation", "eval_metrics", out.EvalMetrics)
}

// ListEvaluations reads one page of the app's evaluations; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/evaluations; response MultiEvalMetricsResponse. [documented]
func (c *Client) ListEvaluations(ctx context.Context, app AppRef, query ListEvaluationsQuery) ([]EvalMetrics, error) {
	var out MultiEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "ListEvaluations", method: http.MethodGet, path: app.path("evaluations"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.EvalMetrics, nil
}

// AllEvaluations yields the app's evaluations, page by page.
func (c *Client) AllEvaluations(ctx context.Context, app AppRef, query ListEvaluationsQuery) iter.Seq2[EvalMetrics, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]EvalMetrics, error) {
		query := query
		query.Page = page
		return c.ListEvaluations(ctx, app, query)
	}, evaluationID)
}

// PostEvaluations starts evaluations. For an ID that exists, the evaluation runs again and replaces its result. An unknown model
// is rejected with 21200, an untrained one with 21102.
// POST /v2/users/{user}/apps/{app}/evaluations;
// body PostEvaluationsRequest, response MultiEvalMetricsResponse. [documented]
func (c *Client) PostEvaluations(ctx context.Context, app AppRef, evaluations []EvalMetrics) ([]EvalMetrics, error) {
	var out MultiEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "PostEvaluations", method: http.MethodPost, path: app.path("evaluations"),
		in: PostEvaluationsRequest{EvalMetrics: evaluations},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostEvaluations", "eval_metrics", evaluations, out.EvalMetrics, evaluationID)
}

// PostModelVersionEvaluations starts evaluations of one model version. Deprecated for [Client.PostEvaluations].
// POST /v2/users/{user}/apps/{app}/models/{model}/versions/{version}/evaluations;
// body PostModelVersionEvaluationsRequest, response MultiEvalMetricsResponse. [protos]
func (c *Client) PostModelVersionEvaluations(
	ctx context.Context, app AppRef, modelID, versionID string, evaluations []EvalMetrics,
) ([]EvalMetrics, error) {
	var out MultiEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "PostModelVersionEvaluations", method: http.MethodPost, path: app.path("models", modelID, "versions", versionID, "evaluations"),
		in: PostModelVersionEvaluationsRequest{EvalMetrics: evaluations},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostModelVersionEvaluations", "eval_metrics", evaluations, out.EvalMetrics, evaluationID)
}

// ListModelVersionEvaluations reads one page of a model version's evaluations. Deprecated for [Client.ListEvaluations].
// GET /v2/users/{user}/apps/{app}/models/{model}/versions/{version}/evaluations;
// response MultiEvalMetricsResponse. [protos]
func (c *Client) ListModelVersionEvaluations(ctx context.Context, app AppRef, modelID, versionID string, page Page) ([]EvalMetrics, error) {
	var out MultiEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "ListModelVersionEvaluations", method: http.MethodGet, path: app.path("models", modelID, "versions", versionID, "evaluations"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.EvalMetrics, nil
}

// GetModelVersionEvaluation reads one evaluation of a model version. Deprecated for [Client.GetEvaluation].
// GET /v2/users/{user}/apps/{app}/models/{model}/versions/{version}/evaluations/{evaluation};
// response SingleEvalMetricsResponse. [protos]
func (c *Client) GetModelVersionEvaluation(
	ctx context.Context, app AppRef, modelID, versionID, id string, fields EvaluationFields,
) (*EvalMetrics, error) {
	var out SingleEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "GetModelVersionEvaluation", method: http.MethodGet,
		path:  app.path("models", modelID, "versions", versionID, "evaluations", id),
		query: fields.values(),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetModelVersionEvaluation", "eval_metrics", out.EvalMetrics)
}

func evaluationID(m EvalMetrics) string { return m.ID }
