resource "clarifai_concept" "truck" {
  id   = "truck"
  name = "Truck"
}

resource "clarifai_concept_language" "truck_ja" {
  concept_id = clarifai_concept.truck.id
  language   = "ja"
  name       = "トラック"
  definition = "貨物自動車"
}
