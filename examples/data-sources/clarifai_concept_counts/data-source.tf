data "clarifai_concept_counts" "all" {}

output "hardly_used" {
  value = [for id, n in data.clarifai_concept_counts.all.counts : id if n.positive < 10]
}
