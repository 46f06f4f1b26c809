resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

resource "clarifai_dataset_version" "release" {
  dataset_id = clarifai_dataset.trucks.id
  id         = "release-1"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_dataset_version_export.archive]
    }
  }
}

# Runs after the version is created, or if you invoke it:
# terraform apply -invoke=action.clarifai_dataset_version_export.archive
action "clarifai_dataset_version_export" "archive" {
  config {
    dataset_id         = "trucks"
    dataset_version_id = "release-1"
    format             = "COCO"
    download_to        = "archives/trucks.zip"
  }
}
