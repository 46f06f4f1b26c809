# vehicles.csv is beside this file:
#
#   id,parent,name,name:de,definition
#   vehicle,,Vehicle,Fahrzeug,Anything that carries people or goods
#   truck,vehicle,Truck,Lastwagen,
#   van,vehicle,Van,Lieferwagen,
resource "clarifai_taxonomy" "vehicles" {
  name     = "vehicles"
  csv_file = "${path.module}/vehicles.csv"
}

# A published vocabulary, with the German and French names only.
resource "clarifai_taxonomy" "goods" {
  name      = "goods"
  skos_file = "${path.module}/goods.ttl"
  languages = ["de", "fr"]
}

# The counts of the last apply, for a pipeline's log.
output "last_apply" {
  value = clarifai_taxonomy.vehicles.last_apply
}
