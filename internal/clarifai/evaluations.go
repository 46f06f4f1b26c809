package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// ListEvaluationsQuery selects evaluations. SortBy is one of the EvaluationSort values; descending unless SortAscending.
type ListEvaluationsQuery struct {
	Page
	SortAscending     bool
	SortBy            EvaluationSort
	ModelTypeID       string
	EvalDatasetIDs    []string
	TrainDatasetIDs   []string
	ConceptIDs        []string
	ShowFailedMetrics bool // failed ones are hidden otherwise
}

// EvaluationSort is what a list of evaluations is ordered by; the service's choice is newest first.
type EvaluationSort string

// Orders of evaluations.
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

// EvaluationFields are the heavy parts of an evaluation, which come only when asked for.
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

// GetEvaluation reads one evaluation: 21303, 21301 and 21302 in progress, 21300 done, other 213xx failed. Not found when there
// is none.
// GET /v2/users/{user}/apps/{app}/evaluations/{evaluation}; answer SingleEvalMetricsResponse. [documented]
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
// GET /v2/users/{user}/apps/{app}/evaluations; answer MultiEvalMetricsResponse. [documented]
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
	return walk(ctx, query.size(), func(page Page) ([]EvalMetrics, error) {
		query.Page = page
		return c.ListEvaluations(ctx, app, query)
	}, func(m EvalMetrics) string { return m.ID })
}

// PostEvaluations starts evaluations; an id that exists runs again over its old result. 21200 for an unknown model, 21102 for an
// untrained one.
// POST /v2/users/{user}/apps/{app}/evaluations; body PostEvaluationsRequest, answer MultiEvalMetricsResponse. [documented]
func (c *Client) PostEvaluations(ctx context.Context, app AppRef, evaluations []EvalMetrics) ([]EvalMetrics, error) {
	var out MultiEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "PostEvaluations", method: http.MethodPost, path: app.path("evaluations"),
		in: PostEvaluationsRequest{EvalMetrics: evaluations},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostEvaluations", "eval_metrics", len(evaluations), out.EvalMetrics)
}

// PostModelVersionEvaluations starts evaluations of one model version. Deprecated for [Client.PostEvaluations].
// POST /v2/users/{user}/apps/{app}/models/{model}/versions/{version}/evaluations; body PostModelVersionEvaluationsRequest, answer MultiEvalMetricsResponse. [protos]
func (c *Client) PostModelVersionEvaluations(ctx context.Context, app AppRef, modelID, versionID string, evaluations []EvalMetrics) ([]EvalMetrics, error) {
	var out MultiEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "PostModelVersionEvaluations", method: http.MethodPost, path: app.path("models", modelID, "versions", versionID, "evaluations"),
		in: PostModelVersionEvaluationsRequest{EvalMetrics: evaluations},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostModelVersionEvaluations", "eval_metrics", len(evaluations), out.EvalMetrics)
}

// ListModelVersionEvaluations reads one page of a model version's evaluations. Deprecated for [Client.ListEvaluations].
// GET /v2/users/{user}/apps/{app}/models/{model}/versions/{version}/evaluations; answer MultiEvalMetricsResponse. [protos]
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
// GET /v2/users/{user}/apps/{app}/models/{model}/versions/{version}/evaluations/{evaluation}; answer SingleEvalMetricsResponse. [protos]
func (c *Client) GetModelVersionEvaluation(ctx context.Context, app AppRef, modelID, versionID, id string, fields EvaluationFields) (*EvalMetrics, error) {
	var out SingleEvalMetricsResponse
	if err := c.do(ctx, call{
		op: "GetModelVersionEvaluation", method: http.MethodGet, path: app.path("models", modelID, "versions", versionID, "evaluations", id),
		query: fields.values(),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetModelVersionEvaluation", "eval_metrics", out.EvalMetrics)
}
