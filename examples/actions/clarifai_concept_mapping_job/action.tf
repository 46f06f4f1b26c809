resource "clarifai_concept" "truck" {
  id = "truck"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_concept_mapping_job.vehicles]
    }
  }
}

# Only works if the service still offers concept mapping.
action "clarifai_concept_mapping_job" "vehicles" {
  config {
    concept_ids = ["truck"]
  }
}
