import {
  to = clarifai_dataset_version_export.archive
  identity = {
    dataset_id         = "trucks"
    dataset_version_id = "release-1"
    format             = "CLARIFAI_DATA_JSON"
  }
}
