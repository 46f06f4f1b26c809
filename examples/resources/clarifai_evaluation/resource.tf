resource "clarifai_dataset" "truth" {
  id = "truth"
}

resource "clarifai_input" "labelled" {
  for_each = {
    a = "truck"
    b = "van"
  }
  id          = "truth-${each.key}"
  text        = { raw = "A photo of a ${each.value}." }
  concepts    = { (each.value) = 1 }
  dataset_ids = [clarifai_dataset.truth.id]
}

resource "clarifai_dataset_version" "truth" {
  dataset_id = clarifai_dataset.truth.id
  id         = "v1"
  depends_on = [clarifai_input.labelled]
}

resource "clarifai_evaluation" "release" {
  model_id           = "truck-classifier"
  model_version_id   = "94d035945b3d82182669c4d3f6daa104"
  dataset_id         = clarifai_dataset.truth.id
  dataset_version_id = clarifai_dataset_version.truth.id
  fields             = ["confusion_matrix"]

  lifecycle {
    # Fails the apply, and with it the pipeline, if the model is not good enough, or if waiting
    # timed out: summary is null until the evaluation is done.
    postcondition {
      condition     = try(self.summary.macro_avg_f1_score >= 0.3, false)
      error_message = "F1 is ${try(self.summary.macro_avg_f1_score, "not known yet")}; it must be 0.3 or more."
    }
  }
}
