list "clarifai_dataset_input" "trucks" {
  provider = clarifai
  config {
    dataset_id = "trucks"
  }
}
