resource "clarifai_concept" "truck" {
  id         = "truck"
  definition = "A motor vehicle that carries loads"
}

data "clarifai_concept" "truck" {
  id         = "truck"
  depends_on = [clarifai_concept.truck]
}

output "definition" {
  value = data.clarifai_concept.truck.definition
}
