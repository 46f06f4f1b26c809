resource "clarifai_concept" "truck" {
  id   = "truck"
  name = "Truck"
}

resource "clarifai_concept_language" "truck_ja" {
  concept_id = clarifai_concept.truck.id
  language   = "ja"
  name       = "トラック"
}

data "clarifai_concept_language" "truck_ja" {
  concept_id = "truck"
  language   = "ja"
  depends_on = [clarifai_concept_language.truck_ja]
}

output "name" {
  value = data.clarifai_concept_language.truck_ja.name
}
