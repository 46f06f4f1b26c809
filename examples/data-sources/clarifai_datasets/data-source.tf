data "clarifai_datasets" "gates" {
  search = "gate"
}

output "datasets" {
  value = { for d in data.clarifai_datasets.gates.datasets : d.id => d.description }
}
