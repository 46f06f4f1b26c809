resource "clarifai_dataset" "vans" {
  id = "vans"
}

resource "clarifai_dataset_version" "weekly" {
  for_each = {
    week-11 = "Vans of week 11"
    week-12 = "Vans of week 12"
  }
  dataset_id  = clarifai_dataset.vans.id
  id          = each.key
  description = each.value
}

data "clarifai_dataset_versions" "vans" {
  dataset_id = clarifai_dataset.vans.id
  depends_on = [clarifai_dataset_version.weekly]
}

output "versions" {
  value = { for v in data.clarifai_dataset_versions.vans.versions : v.id => v.status.name }
}
