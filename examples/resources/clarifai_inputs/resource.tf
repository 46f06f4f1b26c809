# Datasets that the manifest names must exist first.
resource "clarifai_dataset" "street" {
  id = "street-signs"
}

# signs.jsonl has a line for each input, such as
#   {"id": "stop-north", "url": "https://...", "concepts": {"stop": 1}, "metadata": {"lane": 2}, "datasets": ["street-signs"]}
resource "clarifai_inputs" "signs" {
  id       = "signs"
  manifest = "${path.module}/signs.jsonl"

  # An incomplete manifest must not empty the app.
  max_deletes = 5

  depends_on = [clarifai_dataset.street]
}

output "failed" {
  description = "How many inputs the last apply could not create. What a plan is going to do is in the attribute changes."
  value       = clarifai_inputs.signs.failed_count
}
