# Deletes all annotations of two inputs:
# terraform apply -invoke=action.clarifai_delete_annotations.cleanup
action "clarifai_delete_annotations" "cleanup" {
  config {
    input_ids = ["mislabelled-1", "mislabelled-2"]
  }
}
