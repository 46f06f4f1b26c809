action "clarifai_delete_annotations" "cleanup" {
  config {
    input_ids = ["mislabelled-1", "mislabelled-2"]
  }
}
