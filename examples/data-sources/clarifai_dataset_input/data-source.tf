resource "clarifai_dataset" "signs" {
  id = "signs"
}

resource "clarifai_input" "stop" {
  id          = "stop-north"
  image       = { url = "https://samples.clarifai.com/metro-north.jpg" }
  dataset_ids = [clarifai_dataset.signs.id]
}

data "clarifai_dataset_input" "stop" {
  dataset_id = clarifai_dataset.signs.id
  input_id   = clarifai_input.stop.id
}

output "member_since" {
  value = data.clarifai_dataset_input.stop.created_at
}
