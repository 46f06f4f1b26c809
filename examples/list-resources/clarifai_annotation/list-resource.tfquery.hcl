list "clarifai_annotation" "crossing" {
  provider         = clarifai
  include_resource = true

  config {
    list_all_annotations = false
  }
}
