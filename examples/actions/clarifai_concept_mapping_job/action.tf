resource "clarifai_concept" "truck" {
  id = "truck"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_concept_mapping_job.vehicles]
    }
  }
}

# Only works on deployments that still have concept mapping.
action "clarifai_concept_mapping_job" "vehicles" {
  config {
    concept_ids = ["truck"]
  }
}
