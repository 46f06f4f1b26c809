resource "clarifai_concept" "vehicles" {
  for_each = toset(["truck", "van"])
  id       = each.key
}

# Only works if the service still offers concept mapping.
resource "clarifai_concept_mapping_job" "vehicles" {
  concept_ids = [for concept in clarifai_concept.vehicles : concept.id]
}
