# Run with `terraform test` while the emulator runs and CLARIFAI_API_BASE,
# CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_APP_ID point at it.

run "the_whole_taxonomy" {
  assert {
    condition     = clarifai_taxonomy.places.counts.concepts == length(local.places) && length(local.places) >= 200
    error_message = "The taxonomy should have every concept of the file, and the file at least 200."
  }
  assert {
    condition     = clarifai_taxonomy.places.counts.names == 4 * length(local.places)
    error_message = "Every concept should have a name in each of four further languages."
  }
  assert {
    condition     = clarifai_taxonomy.places.counts.relations == length(flatten([for place in local.places : place.parents]))
    error_message = "There should be a relation for each broader concept."
  }
  assert {
    condition     = [for concept in data.clarifai_concepts.german.concepts : concept.id] == ["FR"]
    error_message = "The service should find France by its German name."
  }
  assert {
    condition = toset([for r in data.clarifai_concept_relations.western_europe.relations : r.object_concept_id]) == toset([
      for id, place in local.places : id if contains(place.parents, "155")
    ])
    error_message = "The service should know what is below Western Europe."
  }
  assert {
    condition     = toset(keys(clarifai_input.note["ghent-light"].concepts)) == toset(["155", "BE", "EU"])
    error_message = "A note should be labelled with its country and what is right above it."
  }
}

run "nothing_to_do" {
  command = plan

  assert {
    condition     = clarifai_taxonomy.places.last_apply.concepts_created == length(local.places)
    error_message = "A second plan should find nothing to do, and so still show what the first apply did."
  }
}
