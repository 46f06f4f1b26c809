# Translations of all concepts. Set concept_id for those of one.
list "clarifai_concept_language" "all" {
  provider         = clarifai
  include_resource = true
  limit            = 1000
}
