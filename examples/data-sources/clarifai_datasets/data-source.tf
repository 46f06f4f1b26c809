data "clarifai_datasets" "gates" {
  search = "gate"
}

output "datasets" {
  value = { for d in data.clarifai_datasets.gates.datasets : d.id => d.description }
}

# The datasets with most stars first.
data "clarifai_datasets" "popular" {
  sort_by           = "star_count"
  descending        = true
  additional_fields = ["stars"]
}

output "stars" {
  value = { for d in data.clarifai_datasets.popular.datasets : d.id => d.star_count }
}
