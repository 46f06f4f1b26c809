resource "clarifai_dataset" "vans" {
  id = "vans"
}

resource "clarifai_input" "seen" {
  for_each = {
    morning = "van"
    noon    = "truck"
  }
  id          = "south-gate-${each.key}"
  text        = { raw = "A ${each.value} passed the south gate." }
  concepts    = { (each.value) = 1 }
  dataset_ids = [clarifai_dataset.vans.id]
}

resource "clarifai_dataset_version" "weekly" {
  dataset_id = clarifai_dataset.vans.id
  id         = "week-12"
  depends_on = [clarifai_input.seen]
}

data "clarifai_dataset_version_metrics" "by_concept" {
  dataset_id         = clarifai_dataset.vans.id
  dataset_version_id = clarifai_dataset_version.weekly.id
  types              = ["CONCEPT_ID"]
  wait_for           = "completed"
}

output "labels" {
  description = "How many inputs have each concept."
  value       = { for g in data.clarifai_dataset_version_metrics.by_concept.groups : g.value => g.metrics.inputs_count }
}
