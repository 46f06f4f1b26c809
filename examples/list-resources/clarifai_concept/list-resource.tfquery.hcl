list "clarifai_concept" "trucks" {
  provider         = clarifai
  include_resource = true

  config {
    name = "tr*"
  }
}
