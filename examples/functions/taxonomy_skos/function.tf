terraform {
  required_providers {
    clarifai = { source = "clarifai/clarifai" } # functions need this line
  }
}

locals {
  # Names in German, ids from the notations.
  vehicles = provider::clarifai::taxonomy_skos(<<-TURTLE
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix v: <https://example.org/vehicles/> .
    v:vehicle a skos:Concept ; skos:notation "V" ; skos:prefLabel "Fahrzeug"@de, "Vehicle"@en .
    v:truck a skos:Concept ; skos:notation "V1" ; skos:prefLabel "Lastwagen"@de, "Truck"@en ; skos:broader v:vehicle .
  TURTLE
  , "turtle", { language = "de", id_from = "notation" })
}

resource "clarifai_concept" "vehicle" {
  for_each = local.vehicles

  id         = each.key
  name       = each.value.name
  definition = each.value.definition
}
