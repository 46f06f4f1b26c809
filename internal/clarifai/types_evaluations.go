package clarifai

// EvalMetrics is an evaluation of a model version on a dataset version.
//
// Settable and fixed: id, model, ground_truth_dataset (absent: all annotated data of the
// app), eval_info, extended_metrics. The rest is output; members from confusion_matrix to
// metrics_by_class come only when asked for.
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

// MetricsSummary sums an evaluation up. Output only.
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

// ConfusionMatrix tells which concepts were taken for which. Output only.
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

// EvalTestSetEntry is one input of an evaluation with what was predicted and what is true. Output only.
type EvalTestSetEntry struct {
	Input                 *Input      `json:"input,omitzero"`
	PredictedConcepts     []Concept   `json:"predicted_concepts,omitempty"`
	GroundTruthConcepts   []Concept   `json:"ground_truth_concepts,omitempty"`
	Annotation            *Annotation `json:"annotation,omitzero"` // deprecated
	PredictedAnnotation   *Annotation `json:"predicted_annotation,omitzero"`
	GroundTruthAnnotation *Annotation `json:"ground_truth_annotation,omitzero"`
}

// PostEvaluationsRequest starts evaluations; an id that exists runs again over its old result.
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
