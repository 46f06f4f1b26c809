data "clarifai_evaluations" "best" {
  sort_by = "f1"
  limit   = 5
}

output "best" {
  value = { for e in data.clarifai_evaluations.best.evaluations : e.id => e.summary }
}

# Warns in every plan and apply, without failing them, if no evaluation is good enough.
check "some_model_is_good" {
  assert {
    condition     = length(data.clarifai_evaluations.best.evaluations) == 0 || try(data.clarifai_evaluations.best.evaluations[0].summary.macro_avg_f1_score >= 0.9, false)
    error_message = "No evaluated model reaches an F1 of 0.9."
  }
}
