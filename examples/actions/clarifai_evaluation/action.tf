# Evaluates the same model once more:
# terraform apply -invoke=action.clarifai_evaluation.again
action "clarifai_evaluation" "again" {
  config {
    id               = "nightly"
    model_id         = "truck-classifier"
    model_version_id = "94d035945b3d82182669c4d3f6daa104"
  }
}
