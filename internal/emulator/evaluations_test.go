package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func inFleetTaking(d time.Duration) func(*emulator.Options) {
	return func(o *emulator.Options) { o.App, o.Async = "fleet", d }
}

// label puts n inputs into the dataset "trucks". The even ones are labelled truck,
// the others van.
func (s *session) label(n int) {
	s.t.Helper()
	s.post(fleet+"/datasets", `{"datasets":[{"id":"trucks"}]}`).is(200, 10000)
	for i := range n {
		concept := []string{"truck", "van"}[i%2]
		s.post(fleet+"/inputs", fmt.Sprintf(`{"inputs":[{"id":"i%d","dataset_ids":["trucks"],"data":{"text":{"raw":"text %d"},
			"concepts":[{"id":%q}]}}]}`, i, i, concept)).is(200, 10000)
	}
}

func TestEvaluation(t *testing.T) {
	t.Parallel()
	s := start(t, inFleetTaking(10*time.Second))
	s.label(40)
	body := `{"eval_metrics":[{"id":"e1","model":{"id":"m","model_version":{"id":"v"}},"ground_truth_dataset":{"id":"trucks"}}]}`
	r := s.post(fleet+"/evaluations", body).is(200, 10000)
	r.has("eval_metrics.0.status.code", 21303)
	r.has("eval_metrics.0.app_id", "fleet").lacks("eval_metrics.0.model")
	s.get(fleet+"/evaluations/e1").is(200, 10000).has("eval_metrics.status.code", 21303).has("eval_metrics.model.app_id", "fleet")
	s.clock.Advance(6 * time.Second)
	s.get(fleet+"/evaluations/e1").is(200, 10000).has("eval_metrics.status.code", 21301)
	s.clock.Advance(5 * time.Second)

	done := s.get(fleet+"/evaluations/e1?fields.confusion_matrix=true&fields.label_counts=true&fields.test_set=true"+
		"&fields.binary_metrics=true&fields.cooccurrence_matrix=true").is(200, 10000)
	done.has("eval_metrics.status.code", 21300)
	done.has("eval_metrics.label_counts.positive_label_counts.0.count", 20)
	done.has("eval_metrics.binary_metrics.1.num_pos", 20)
	done.has("eval_metrics.cooccurrence_matrix.matrix.0.count", 20)
	done.has("eval_metrics.confusion_matrix.concept_ids.1", "van")
	f1, ok := done.at("eval_metrics.summary.macro_avg_f1_score").(float64)
	if !ok || f1 < 0.7 || f1 >= 1 {
		t.Errorf("macro_avg_f1_score = %v, want a number a real model could have", done.at("eval_metrics.summary.macro_avg_f1_score"))
	}
	// The same model version has the same result.
	s.post(fleet+"/evaluations", `{"eval_metrics":[{"id":"e2","model":{"id":"m","model_version":{"id":"v"}},
		"ground_truth_dataset":{"id":"trucks"}}]}`).is(200, 10000)
	s.clock.Advance(11 * time.Second)
	s.get(fleet+"/evaluations/e2").is(200, 10000).has("eval_metrics.summary.macro_avg_f1_score", f1)
	// Another version has another result.
	s.post(fleet+"/evaluations", `{"eval_metrics":[{"id":"e3","model":{"id":"m","model_version":{"id":"w"}},
		"ground_truth_dataset":{"id":"trucks"}}]}`).is(200, 10000)
	s.clock.Advance(11 * time.Second)
	if got := s.get(fleet+"/evaluations/e3").is(200, 10000).at("eval_metrics.summary.macro_avg_f1_score"); got == f1 {
		t.Errorf("two model versions score %v alike", got)
	}
	s.get(fleet+"/evaluations?sort_by_f1=true&sort_ascending=true").is(200, 10000).count("eval_metrics", 3)
	s.get(fleet+"/evaluations").is(200, 10000).has("eval_metrics.0.id", "e3")
	s.get(fleet+"/evaluations?eval_dataset_ids=other").is(200, 10000).lacks("eval_metrics")
}

func TestEvaluation_rejections(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"empty"}]}`).is(200, 10000)
	s.post(fleet+"/evaluations", `{"eval_metrics":[{"model":{"id":"missing-m","model_version":{"id":"v"}}}]}`).is(404, 21200)
	s.post(fleet+"/evaluations", `{"eval_metrics":[{"model":{"id":"m"}}]}`).is(400, 11102)
	s.post(fleet+"/evaluations", `{}`).is(400, 11102)
	s.post(fleet+"/evaluations", `{"eval_metrics":[{"model":{"id":"m","model_version":{"id":"v"}},"ground_truth_dataset":{"id":"nope"}}]}`).
		is(404, 11101)
	s.get(fleet+"/evaluations/nope").is(404, 11101)
	s.post(fleet+"/evaluations", `{"eval_metrics":[{"id":"e","model":{"id":"m","model_version":{"id":"v"}},
		"ground_truth_dataset":{"id":"empty"}}]}`).is(200, 10000)
	s.get(fleet+"/evaluations/e").is(200, 10000).has("eval_metrics.status.code", 21316)
	s.get(fleet+"/evaluations").is(200, 10000).lacks("eval_metrics")
	s.get(fleet+"/evaluations?show_failed_metrics=true").is(200, 10000).count("eval_metrics", 1)
}

func TestAppDuplication(t *testing.T) {
	t.Parallel()
	s := start(t, inFleetTaking(10*time.Second))
	s.label(3)
	r := s.post(fleet+"/duplications", `{"app_duplications":[{"destination_app":{"id":"copy","description":"a copy"},
		"filter":{"copy_concepts":true,"copy_inputs":true}}]}`).is(200, 10000)
	r.has("app_duplications.0.status.code", 25202)
	r.has("app_duplications.0.destination_app.user_id", "acme")
	id, _ := r.at("app_duplications.0.id").(string)
	s.clock.Advance(6 * time.Second)
	s.get("/v2/users/me/duplications/"+id).is(200, 10000).has("app_duplication.status.code", 25203)
	s.get("/v2/users/acme/apps/copy/inputs").is(200, 10000).count("inputs", 0)
	s.clock.Advance(5 * time.Second)
	s.get("/v2/users/acme/duplications/"+id).is(200, 10000).has("app_duplication.status.code", 25200)
	s.get("/v2/users/acme/apps/copy/inputs").is(200, 10000).count("inputs", 3)
	s.get("/v2/users/acme/apps/copy/concepts").is(200, 10000).count("concepts", 2)
	s.get("/v2/users/acme/apps/copy").is(200, 10000).has("app.description", "a copy")
	s.get("/v2/users/acme/duplications").is(200, 10000).count("app_duplications", 1)
	s.get("/v2/users/acme/duplications/nope").is(404, 11101)

	s.post(fleet+"/duplications", `{"app_duplications":[{"filter":{"copy_inputs":true}}]}`).is(400, 25204)
	s.post(fleet+"/duplications", `{"app_duplications":[{"destination_app":{"id":"fleet"},"filter":{"copy_concepts":true}}]}`).is(400, 25204)
	s.post(fleet+"/duplications", `{"app_duplications":[{"destination_app":{"id":"x"}}]}`).is(400, 25204)
}

// count checks how many objects a list has.
func (r *reply) count(list string, want int) *reply {
	r.t.Helper()
	if items, _ := r.at(list).([]any); len(items) != want {
		r.t.Errorf("%s: %d %s, want %d", r.call, len(items), list, want)
	}
	return r
}
