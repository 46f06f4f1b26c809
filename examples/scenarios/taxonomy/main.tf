# A taxonomy of places in five languages, from one file, and notes that are
# labelled by it.

terraform {
  required_version = ">= 1.11"
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

# Address, token, user and app come from CLARIFAI_API_BASE, CLARIFAI_PAT,
# CLARIFAI_USER_ID and CLARIFAI_APP_ID.
provider "clarifai" {}

locals {
  places_file = "${path.module}/data/places.csv"

  # The same file as a value, for expressions.
  places = provider::clarifai::taxonomy_csv(file(local.places_file))
  notes  = { for row in csvdecode(file("${path.module}/data/notes.csv")) : row.id => row }
}

# 290 concepts, 1,160 names in further languages and 326 relations, as one object
# that is planned, compared and applied as a whole.
resource "clarifai_taxonomy" "places" {
  name     = "places"
  csv_file = local.places_file
}

resource "clarifai_dataset" "notes" {
  id          = "travel-notes"
  description = "Notes from travels, labelled by place"
}

# Each note is labelled with its country and with the regions that are its
# parents in the taxonomy.
resource "clarifai_input" "note" {
  for_each = local.notes

  id          = each.key
  text        = { raw = each.value.text }
  concepts    = { for place in concat([each.value.place], local.places[each.value.place].parents) : place => 1 }
  dataset_ids = [clarifai_dataset.notes.id]

  # The labels then refer to existing concepts, with names in every language.
  depends_on = [clarifai_taxonomy.places]
}

# The places by their names in another language.
data "clarifai_concepts" "german" {
  name     = "Frank*"
  language = "de"

  depends_on = [clarifai_taxonomy.places]
}

# The places directly below Western Europe.
data "clarifai_concept_relations" "western_europe" {
  concept_id = "155"
  predicate  = "hypernym"

  depends_on = [clarifai_taxonomy.places]
}

output "counts" {
  description = "How large the taxonomy is."
  value       = clarifai_taxonomy.places.counts
}

output "digest" {
  description = "Digest of what the taxonomy says, whatever the order of the file."
  value       = clarifai_taxonomy.places.digest
}

output "found" {
  description = "Places whose German name begins with Frank."
  value       = [for concept in data.clarifai_concepts.german.concepts : concept.id]
}

output "notes_by_region" {
  description = "Ids of the notes by the region right above their country."
  value = {
    for pair in flatten([
      for id, note in local.notes : [for parent in local.places[note.place].parents : { region = local.places[parent].name, id = id }]
    ]) : pair.region => pair.id...
  }
}
