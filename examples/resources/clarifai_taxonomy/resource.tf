# vehicles.csv lies beside this file:
#
#   id,parent,name,name:de,definition
#   vehicle,,Vehicle,Fahrzeug,Anything that carries people or goods
#   truck,vehicle,Truck,Lastwagen,
#   van,vehicle,Van,Lieferwagen,
resource "clarifai_taxonomy" "vehicles" {
  name     = "vehicles"
  csv_file = "${path.module}/vehicles.csv"
}

# How much the last apply did, for a pipeline's log.
output "changes" {
  value = clarifai_taxonomy.vehicles.changes
}
