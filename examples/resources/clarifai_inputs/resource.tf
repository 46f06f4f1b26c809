# The datasets that the manifest names have to be there first.
resource "clarifai_dataset" "street" {
  id = "street-signs"
}

# signs.jsonl has a line for each input, such as
#   {"id": "stop-north", "url": "https://...", "concepts": {"stop": 1}, "metadata": {"lane": 2}, "datasets": ["street-signs"]}
resource "clarifai_inputs" "signs" {
  id       = "signs"
  manifest = "${path.module}/signs.jsonl"

  # A manifest that was cut short must not empty the app.
  max_deletes = 5

  depends_on = [clarifai_dataset.street]
}

output "planned" {
  description = "What the last apply was planned to do."
  value       = { for what in ["add", "change", "replace", "remove"] : what => clarifai_inputs.signs.changes[what] }
}
