locals {
  # Narrower concepts with their parent.
  kinds = {
    truck = "vehicle"
    van   = "vehicle"
    lorry = null # a synonym of truck
  }
}

resource "clarifai_concept" "vehicle" {
  id = "vehicle"
}

resource "clarifai_concept" "kinds" {
  for_each = local.kinds
  id       = each.key
}

resource "clarifai_concept_relation" "kinds" {
  for_each           = { for kind, parent in local.kinds : kind => parent if parent != null }
  subject_concept_id = clarifai_concept.kinds[each.key].id
  predicate          = "hyponym" # narrower than
  object_concept_id  = clarifai_concept.vehicle.id
}

resource "clarifai_concept_relation" "lorry" {
  subject_concept_id = clarifai_concept.kinds["lorry"].id
  predicate          = "synonym"
  object_concept_id  = clarifai_concept.kinds["truck"].id
}
