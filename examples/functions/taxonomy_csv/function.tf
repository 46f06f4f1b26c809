terraform {
  required_providers {
    clarifai = { source = "clarifai/clarifai" } # functions need this line
  }
}

locals {
  vehicles = provider::clarifai::taxonomy_csv(<<-CSV
    id,parent,name,definition,name:de,name:fr
    vehicle,,Vehicle,Anything that carries people or goods,Fahrzeug,Véhicule
    truck,vehicle,Truck,,Lastwagen,Camion
    bus,vehicle,Bus,,Bus,Autobus
  CSV
  )
}

# A concept for each line, each with its own address in state. For a taxonomy
# that is managed as a whole, see clarifai_taxonomy.
resource "clarifai_concept" "vehicle" {
  for_each = local.vehicles

  id         = each.key
  name       = each.value.name
  definition = each.value.definition
}

output "french" {
  value = { for id, concept in local.vehicles : id => concept.names["fr"] }
}
