resource "clarifai_dataset" "signs" {
  id = "signs"
}

data "clarifai_dataset_inputs" "signs" {
  dataset_id = clarifai_dataset.signs.id
  limit      = 5000
}

output "members" {
  value = data.clarifai_dataset_inputs.signs.input_ids
}
