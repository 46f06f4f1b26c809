import {
  to = clarifai_dataset_version.release
  identity = {
    dataset_id = "trucks"
    id         = "release-1"
  }
}
