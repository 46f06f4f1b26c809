# Every parent with its kinds, whichever side each relation was made from.
data "clarifai_concept_relations" "kinds" {
  predicate = "hypernym"
}

output "kinds" {
  value = { for r in data.clarifai_concept_relations.kinds.relations : r.subject_concept_id => r.object_concept_id... }
}
