resource "clarifai_dataset" "vans" {
  id = "vans"
}

resource "clarifai_dataset_version" "weekly" {
  dataset_id  = clarifai_dataset.vans.id
  id          = "week-12"
  description = "Vans of week 12"
}

data "clarifai_dataset_version" "weekly" {
  dataset_id = clarifai_dataset.vans.id
  id         = clarifai_dataset_version.weekly.id
}

# Checks in every plan whether the version exists and is ready. A failure is only a warning.
check "weekly_version_is_ready" {
  assert {
    condition     = data.clarifai_dataset_version.weekly.status.name == "DATASET_VERSION_READY"
    error_message = "The version is ${data.clarifai_dataset_version.weekly.status.name}."
  }
}
