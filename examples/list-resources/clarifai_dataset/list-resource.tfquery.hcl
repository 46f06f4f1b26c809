list "clarifai_dataset" "gates" {
  provider         = clarifai
  include_resource = true

  config {
    search = "gate"
  }
}
