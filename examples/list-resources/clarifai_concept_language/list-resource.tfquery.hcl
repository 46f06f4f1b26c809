# Of all concepts. With concept_id, of one.
list "clarifai_concept_language" "all" {
  provider         = clarifai
  include_resource = true
  limit            = 1000
}
