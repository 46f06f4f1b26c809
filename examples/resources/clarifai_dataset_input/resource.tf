resource "clarifai_dataset" "signs" {
  id = "signs"
}

resource "clarifai_input" "stop" {
  id    = "stop-north"
  image = { url = "https://samples.clarifai.com/metro-north.jpg" }
}

resource "clarifai_dataset_input" "stop" {
  dataset_id = clarifai_dataset.signs.id
  input_id   = clarifai_input.stop.id
}
