import {
  to = clarifai_concept_relation.lorry
  identity = {
    subject_concept_id = "lorry"
    predicate          = "synonym"
    object_concept_id  = "truck"
  }
}
