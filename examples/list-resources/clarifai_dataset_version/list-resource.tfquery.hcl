list "clarifai_dataset_version" "trucks" {
  provider         = clarifai
  include_resource = true

  config {
    dataset_id = "trucks"
  }
}
