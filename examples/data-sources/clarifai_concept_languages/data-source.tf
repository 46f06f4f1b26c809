resource "clarifai_concept" "truck" {
  id   = "truck"
  name = "Truck"
}

data "clarifai_concept_languages" "truck" {
  concept_id = "truck"
  depends_on = [clarifai_concept.truck]
}

output "names" {
  value = { for code, language in data.clarifai_concept_languages.truck.languages : code => language.name }
}
