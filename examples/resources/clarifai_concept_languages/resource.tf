resource "clarifai_concept" "truck" {
  id   = "truck"
  name = "Truck"
}

resource "clarifai_concept_languages" "truck" {
  concept_id = clarifai_concept.truck.id
  languages = {
    de = { name = "Lastwagen", definition = "Kraftfahrzeug, das Lasten befördert" }
    fr = { name = "camion" }
    ja = { name = "トラック", definition = "貨物自動車" }
  }
}
