# Every parent with its narrower concepts, from whichever side the relations were created.
data "clarifai_concept_relations" "kinds" {
  predicate = "hypernym"
}

output "kinds" {
  value = { for r in data.clarifai_concept_relations.kinds.relations : r.subject_concept_id => r.object_concept_id... }
}
