package emulator

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func evaluationRoutes(s *Service) []endpoint {
	path := inApp + "/evaluations"
	return []endpoint{
		{Op: "ListEvaluations", Method: get, Path: path, Action: read(s, listEvaluations)},
		{Op: "ListEvaluations", Method: get, Path: ofUser + "/evaluations", Action: read(s, listUserEvaluations)},
		{Op: "PostEvaluations", Method: post, Path: path, Action: write(s, postEvaluations)},
		{Op: "GetEvaluation", Method: get, Path: path + "/{evaluation_id}", Action: read(s, getEvaluation)},
	}
}

// evaluation scores a model on a ground truth. The emulator has no models: it derives
// predictions from the IDs, with a bias towards the ground truth, so that they are the
// same each time.
type evaluation struct {
	info    clarifai.EvalMetrics // as requested; replaced as a whole
	started time.Time
	takes   time.Duration
	failure *clarifai.Status
	items   []snapshot
	scored  *scores // computed when first requested
}

func (e *evaluation) status(now time.Time) clarifai.Status {
	switch progressAt(now, e.started, e.takes) {
	case waiting:
		return *statusOf(clarifai.StatusModelQueuedForEval)
	case running:
		return *statusOf(clarifai.StatusModelEvaluating)
	}
	if e.failure != nil {
		return *e.failure
	}
	return *statusOf(clarifai.StatusModelEvaluated)
}

// view returns an evaluation as responses show it, without the large fields.
func (e *evaluation) view(now time.Time) clarifai.EvalMetrics {
	view := e.info
	view.Status = e.status(now)
	if view.Status.Code == clarifai.StatusModelEvaluated {
		view.Summary = e.scores().summary()
	}
	return view
}

func postEvaluations(c *call, in *clarifai.PostEvaluationsRequest) (*clarifai.MultiEvalMetricsResponse, error) {
	if len(in.EvalMetrics) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "eval_metrics is empty")
	}
	made := make([]*evaluation, len(in.EvalMetrics))
	for i, sent := range in.EvalMetrics {
		items, err := c.groundTruth(sent.GroundTruthDataset)
		if err != nil {
			return nil, err
		}
		if made[i], err = c.newEvaluation(sent, items); err != nil {
			return nil, err
		}
	}
	out := &clarifai.MultiEvalMetricsResponse{}
	for _, e := range made {
		c.app.evaluations.remove(e.info.ID) // an ID that exists runs again, as the newest
		c.app.evaluations.put(e.info.ID, e)
		out.EvalMetrics = append(out.EvalMetrics, clarifai.EvalMetrics{ // recorded responses have no other fields
			ID: e.info.ID, UserID: e.info.UserID, AppID: e.info.AppID, Status: *statusOf(clarifai.StatusModelQueuedForEval),
		})
	}
	return out, nil
}

func (c *call) newEvaluation(sent clarifai.EvalMetrics, items []snapshot) (*evaluation, error) {
	id := cmp.Or(sent.ID, newID())
	if problem := idProblem("evaluation id", id); problem != "" {
		return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
	}
	if sent.Model == nil || sent.Model.ID == "" || sent.Model.ModelVersion == nil || sent.Model.ModelVersion.ID == "" {
		return nil, reject(clarifai.StatusInvalidRequest, "an evaluation needs model.id and model.model_version.id")
	}
	if strings.HasPrefix(sent.Model.ID, missingPrefix) {
		return nil, reject(clarifai.StatusModelDoesNotExist, "model '%s' not found", sent.Model.ID)
	}
	owner := c.app.info
	model := *sent.Model
	model.UserID, model.AppID = cmp.Or(model.UserID, c.app.user.info.ID), cmp.Or(model.AppID, owner.ID)
	e := &evaluation{
		info: clarifai.EvalMetrics{
			ID: id, UserID: c.app.user.info.ID, AppID: owner.ID,
			Model: &model, GroundTruthDataset: sent.GroundTruthDataset,
			EvalInfo: sent.EvalInfo, ExtendedMetrics: sent.ExtendedMetrics,
		},
		started: c.stamp(),
		takes:   c.options.Async,
		failure: c.AsyncFailure(objectEvaluation, id, "", statusEvaluationFailed),
		items:   items,
	}
	labelled := slices.ContainsFunc(items, func(s snapshot) bool { return len(positiveLabels(s.data)) > 0 })
	switch {
	case e.failure != nil:
	case len(items) == 0:
		e.failure = statusOf(statusEvaluationNeedsInputs)
	case !labelled:
		e.failure = statusOf(statusEvaluationNeedsLabels)
	}
	return e, nil
}

// groundTruth returns the inputs of a dataset version, of a dataset in its current state, or
// without either all inputs of the app.
func (c *call) groundTruth(d *clarifai.Dataset) ([]snapshot, error) {
	if d == nil {
		var items []snapshot
		for in := range c.app.inputs.oldest() {
			if in.failure == nil {
				items = append(items, snapshot{in.id, in.data})
			}
		}
		return items, nil
	}
	from := c.app
	if d.AppID != "" || d.UserID != "" {
		owner := c.users.get(cmp.Or(d.UserID, c.app.user.info.ID))
		if owner == nil {
			return nil, notFound("user_id", d.UserID)
		}
		if from = owner.apps.get(cmp.Or(d.AppID, c.app.info.ID)); from == nil {
			return nil, notFound("app_id", d.AppID)
		}
	}
	dataset := from.datasets.get(d.ID)
	if dataset == nil {
		return nil, notFound("dataset_id", d.ID)
	}
	if d.Version == nil || d.Version.ID == "" {
		var items []snapshot
		for m := range dataset.members.oldest() {
			if in := from.inputs.get(m.inputID); in != nil && in.failure == nil {
				items = append(items, snapshot{in.id, in.data})
			}
		}
		return items, nil
	}
	v := dataset.versions.get(d.Version.ID)
	if v == nil {
		return nil, notFound("dataset_version_id", d.Version.ID)
	}
	return v.items, nil
}

func getEvaluation(c *call) (*clarifai.SingleEvalMetricsResponse, error) {
	id := c.Path["evaluation_id"]
	e := c.app.evaluations.get(id)
	if e == nil {
		return nil, notFound("evaluation_id", id)
	}
	view := e.view(c.now)
	if view.Status.Code != clarifai.StatusModelEvaluated {
		return &clarifai.SingleEvalMetricsResponse{EvalMetrics: &view}, nil
	}
	s := e.scores()
	for name, fill := range map[string]func(){
		"confusion_matrix":    func() { view.ConfusionMatrix = s.confusion() },
		"cooccurrence_matrix": func() { view.CooccurrenceMatrix = s.cooccurrence() },
		"label_counts":        func() { view.LabelCounts = s.labelCounts() },
		"binary_metrics":      func() { view.BinaryMetrics = s.binary() },
		"test_set":            func() { view.TestSet = s.testSet() },
		"metrics_by_area":     func() {}, // needs detections, which the emulator does not have
		"metrics_by_class":    func() { view.MetricsByClass = s.binary() },
	} {
		wanted, err := c.Query.Flag("fields." + name)
		if err != nil {
			return nil, err
		}
		if wanted {
			fill()
		}
	}
	return &clarifai.SingleEvalMetricsResponse{EvalMetrics: &view}, nil
}

// listEvaluations omits failed ones unless the request asks for them. By default the newest
// come first.
func listEvaluations(c *call) (*clarifai.MultiEvalMetricsResponse, error) {
	return c.listEvaluations([]*app{c.app})
}

// listUserEvaluations lists the evaluations of all apps of the user.
func listUserEvaluations(c *call) (*clarifai.MultiEvalMetricsResponse, error) {
	return c.listEvaluations(slices.Collect(c.user.apps.newest()))
}

func (c *call) listEvaluations(apps []*app) (*clarifai.MultiEvalMetricsResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	showFailed, err := c.Query.Flag("show_failed_metrics")
	if err != nil {
		return nil, err
	}
	concepts := c.Query.List("concept_ids")
	var found, all []*evaluation
	for _, a := range apps {
		all = slices.AppendSeq(all, a.evaluations.newest())
	}
	for _, e := range all {
		failed := e.failure != nil && progressAt(c.now, e.started, e.takes) == finished
		truth := e.info.GroundTruthDataset
		switch {
		case failed && !showFailed:
		case !among(c.Query.List("eval_dataset_ids"), truth):
		case len(c.Query.List("train_dataset_ids")) > 0: // models of the emulator have no training data
		case c.Query.Text("model_type_id") != "" && e.info.Model.ModelTypeID != c.Query.Text("model_type_id"):
		case len(concepts) > 0 && !slices.ContainsFunc(concepts, func(id string) bool { return slices.Contains(e.scores().concepts, id) }):
		default:
			found = append(found, e)
		}
	}
	if err := c.sortEvaluations(found); err != nil {
		return nil, err
	}
	out := &clarifai.MultiEvalMetricsResponse{}
	for _, e := range apiserver.PageOf(p, found) {
		out.EvalMetrics = append(out.EvalMetrics, e.view(c.now))
	}
	return out, nil
}

func among(ids []string, d *clarifai.Dataset) bool {
	return len(ids) == 0 || d != nil && slices.Contains(ids, d.ID)
}

func (c *call) sortEvaluations(found []*evaluation) error {
	ascending, err := c.Query.Flag("sort_ascending")
	if err != nil {
		return err
	}
	summary := func(pick func(*clarifai.MetricsSummary) clarifai.Float) func(a, b *evaluation) int {
		value := func(e *evaluation) clarifai.Float {
			if e.status(c.now).Code != clarifai.StatusModelEvaluated {
				return -1
			}
			return pick(e.scores().summary())
		}
		return func(a, b *evaluation) int { return cmp.Compare(value(a), value(b)) }
	}
	text := func(pick func(*evaluation) string) func(a, b *evaluation) int {
		return func(a, b *evaluation) int { return strings.Compare(pick(a), pick(b)) }
	}
	orders := map[string]func(a, b *evaluation) int{
		"sort_by_app_id":             text(func(e *evaluation) string { return e.info.AppID }),
		"sort_by_model_id":           text(func(e *evaluation) string { return e.info.Model.ID }),
		"sort_by_train_dataset_id":   text(func(*evaluation) string { return "" }),
		"sort_by_eval_dataset_id":    text(truthID),
		"sort_by_created_at":         func(a, b *evaluation) int { return a.started.Compare(b.started) },
		"sort_by_roc_auc":            summary(func(m *clarifai.MetricsSummary) clarifai.Float { return m.MacroAvgROCAUC }),
		"sort_by_f1":                 summary(func(m *clarifai.MetricsSummary) clarifai.Float { return m.MacroAvgF1Score }),
		"sort_by_precision":          summary(func(m *clarifai.MetricsSummary) clarifai.Float { return m.MacroAvgPrecision }),
		"sort_by_recall":             summary(func(m *clarifai.MetricsSummary) clarifai.Float { return m.MacroAvgRecall }),
		"sort_by_mean_avg_precision": summary(func(m *clarifai.MetricsSummary) clarifai.Float { return m.MeanAvgPrecisionIOU50 }),
	}
	for _, name := range slices.Sorted(maps.Keys(orders)) {
		chosen, err := c.Query.Flag(name)
		if err != nil {
			return err
		}
		if !chosen {
			continue
		}
		slices.SortStableFunc(found, func(a, b *evaluation) int {
			if ascending {
				return orders[name](a, b)
			}
			return orders[name](b, a)
		})
		return nil
	}
	if ascending {
		slices.Reverse(found)
	}
	return nil
}

func truthID(e *evaluation) string {
	if e.info.GroundTruthDataset == nil {
		return ""
	}
	return e.info.GroundTruthDataset.ID
}

// scores are predictions together with the ground truth.
type scores struct {
	concepts []string // of the ground truth, in order
	items    []scored
}

type scored struct {
	id    string
	truth map[string]bool    // labelled concepts: true if positive
	score map[string]float64 // of every concept
}

// threshold is the score from which a concept counts as predicted.
const threshold = 0.5

// scores computes the "predictions" of the model: a number derived from the
// IDs, increased for positive labels. It is right nine times out of ten.
func (e *evaluation) scores() *scores {
	if e.scored != nil {
		return e.scored
	}
	s := &scores{}
	for _, item := range e.items {
		s.concepts = append(s.concepts, positiveLabels(item.data)...)
	}
	slices.Sort(s.concepts)
	s.concepts = slices.Compact(s.concepts)
	model := e.info.Model
	for _, item := range e.items {
		one := scored{id: item.id, truth: map[string]bool{}, score: map[string]float64{}}
		positive := positiveLabels(item.data)
		for _, concept := range s.concepts {
			chance := float64(prediction(model.ID, model.ModelVersion.ID, item.id, concept))
			one.truth[concept] = slices.Contains(positive, concept)
			if one.truth[concept] {
				one.score[concept] = 0.44 + 0.56*chance
			} else {
				one.score[concept] = 0.56 * chance
			}
		}
		s.items = append(s.items, one)
	}
	e.scored = s
	return s
}

// binary computes the metrics of each concept.
func (s *scores) binary() []clarifai.BinaryMetrics {
	metrics := make([]clarifai.BinaryMetrics, len(s.concepts))
	for i, concept := range s.concepts {
		m := clarifai.BinaryMetrics{Concept: &clarifai.Concept{ID: concept, Name: concept, Value: &one},
			NumTot: uint32(len(s.items))} //nolint:gosec // no app is that large
		c := s.count(concept)
		m.NumPos, m.NumNeg = uint32(c.truePositive+c.falseNegative), uint32(c.falsePositive+c.trueNegative) //nolint:gosec // see above
		m.F1, m.ROCAUC = clarifai.NewFloat(c.f1()), clarifai.NewFloat(s.area(concept))
		m.AvgPrecision = clarifai.NewFloat(c.precision())
		metrics[i] = m
	}
	return metrics
}

type confusion struct{ truePositive, falsePositive, trueNegative, falseNegative int }

func (c confusion) precision() float64 { return ratio(c.truePositive, c.truePositive+c.falsePositive) }
func (c confusion) recall() float64    { return ratio(c.truePositive, c.truePositive+c.falseNegative) }
func (c confusion) f1() float64 {
	return ratio(2*c.truePositive, 2*c.truePositive+c.falsePositive+c.falseNegative)
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func (s *scores) count(concept string) confusion {
	var c confusion
	for _, item := range s.items {
		switch predicted := item.score[concept] >= threshold; {
		case predicted && item.truth[concept]:
			c.truePositive++
		case predicted:
			c.falsePositive++
		case item.truth[concept]:
			c.falseNegative++
		default:
			c.trueNegative++
		}
	}
	return c
}

// area returns the area under the ROC curve: the probability that a positive input scores above a
// negative one. It is 1 if there are no such pairs.
func (s *scores) area(concept string) float64 {
	var positive, negative []float64
	for _, item := range s.items {
		if item.truth[concept] {
			positive = append(positive, item.score[concept])
		} else {
			negative = append(negative, item.score[concept])
		}
	}
	if len(positive) == 0 || len(negative) == 0 {
		return 1
	}
	slices.Sort(negative)
	above := 0
	for _, p := range positive {
		n, _ := slices.BinarySearch(negative, p)
		above += n
	}
	return ratio(above, len(positive)*len(negative))
}

func (s *scores) summary() *clarifai.MetricsSummary {
	collect := func(value func(string) float64) []float64 {
		values := make([]float64, len(s.concepts))
		for i, concept := range s.concepts {
			values[i] = value(concept)
		}
		return values
	}
	area := collect(s.area)
	f1 := collect(func(concept string) float64 { return s.count(concept).f1() })
	precision := collect(func(concept string) float64 { return s.count(concept).precision() })
	recall := collect(func(concept string) float64 { return s.count(concept).recall() })
	return &clarifai.MetricsSummary{
		MacroAvgROCAUC: mean(area), MacroStdROCAUC: deviation(area),
		MacroAvgF1Score: mean(f1), MacroStdF1Score: deviation(f1),
		MacroAvgPrecision: mean(precision), MacroAvgRecall: mean(recall),
	}
}

func average(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(len(values), 1))
}

func mean(values []float64) clarifai.Float { return clarifai.NewFloat(average(values)) }

func deviation(values []float64) clarifai.Float {
	middle, sum := average(values), 0.0
	for _, v := range values {
		sum += (v - middle) * (v - middle)
	}
	return clarifai.NewFloat(math.Sqrt(sum / float64(max(len(values), 1))))
}

// confusion counts, for each actual concept, the concepts with the highest score.
func (s *scores) confusion() *clarifai.ConfusionMatrix {
	type cell struct{ predicted, actual string }
	counts, totals := map[cell]int{}, map[string]int{}
	for _, item := range s.items {
		best := slices.MaxFunc(s.concepts, func(a, b string) int { return cmp.Compare(item.score[a], item.score[b]) })
		for _, actual := range s.concepts {
			if item.truth[actual] {
				counts[cell{best, actual}]++
				totals[actual]++
			}
		}
	}
	m := &clarifai.ConfusionMatrix{ConceptIDs: s.concepts}
	for _, actual := range s.concepts {
		for _, predicted := range s.concepts {
			if n := counts[cell{predicted, actual}]; n > 0 {
				m.Matrix = append(m.Matrix, clarifai.ConfusionMatrixEntry{
					Predicted: predicted, Actual: actual, Value: clarifai.NewFloat(ratio(n, totals[actual])),
				})
			}
		}
	}
	return m
}

func (s *scores) cooccurrence() *clarifai.CooccurrenceMatrix {
	m := &clarifai.CooccurrenceMatrix{ConceptIDs: s.concepts}
	for _, row := range s.concepts {
		for _, col := range s.concepts {
			count := uint32(0)
			for _, item := range s.items {
				if item.truth[row] && item.truth[col] {
					count++
				}
			}
			if count > 0 {
				m.Matrix = append(m.Matrix, clarifai.CooccurrenceMatrixEntry{Row: row, Col: col, Count: count})
			}
		}
	}
	return m
}

func (s *scores) labelCounts() *clarifai.LabelDistribution {
	d := &clarifai.LabelDistribution{}
	for _, concept := range s.concepts {
		c := s.count(concept)
		d.PositiveLabelCounts = append(d.PositiveLabelCounts, clarifai.LabelCount{
			ConceptName: concept, Count: uint32(c.truePositive + c.falseNegative), //nolint:gosec // no app is that large
			Concept: &clarifai.Concept{ID: concept, Name: concept, Value: &one},
		})
	}
	return d
}

func (s *scores) testSet() []clarifai.EvalTestSetEntry {
	entries := make([]clarifai.EvalTestSetEntry, len(s.items))
	for i, item := range s.items {
		entry := clarifai.EvalTestSetEntry{Input: &clarifai.Input{ID: item.id}}
		for _, concept := range s.concepts {
			score := clarifai.NewFloat(item.score[concept])
			entry.PredictedConcepts = append(entry.PredictedConcepts, clarifai.Concept{ID: concept, Name: concept, Value: &score})
			if item.truth[concept] {
				entry.GroundTruthConcepts = append(entry.GroundTruthConcepts, clarifai.Concept{ID: concept, Name: concept, Value: &one})
			}
		}
		entries[i] = entry
	}
	return entries
}
