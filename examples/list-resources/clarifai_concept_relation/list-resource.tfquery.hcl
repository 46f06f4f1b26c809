list "clarifai_concept_relation" "kinds" {
  provider         = clarifai
  include_resource = true
  limit            = 1000

  config {
    predicate = "hyponym"
  }
}
