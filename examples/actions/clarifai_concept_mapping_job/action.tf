resource "clarifai_concept" "truck" {
  id = "truck"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_concept_mapping_job.vehicles]
    }
  }
}

# Works only where the service still offers it: see above.
action "clarifai_concept_mapping_job" "vehicles" {
  config {
    concept_ids = ["truck"]
  }
}
