# Every broader concept with its narrower ones, no matter from which side the relations were created.
data "clarifai_concept_relations" "kinds" {
  predicate = "hypernym"
}

output "kinds" {
  value = { for r in data.clarifai_concept_relations.kinds.relations : r.subject_concept_id => r.object_concept_id... }
}
