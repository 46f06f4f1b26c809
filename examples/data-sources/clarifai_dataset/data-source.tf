resource "clarifai_dataset" "vans" {
  id          = "vans"
  description = "Vans at the north gate"
}

data "clarifai_dataset" "vans" {
  id = clarifai_dataset.vans.id
}

output "vans" {
  value = data.clarifai_dataset.vans.description
}
