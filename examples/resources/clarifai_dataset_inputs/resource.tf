resource "clarifai_dataset" "signs" {
  id = "signs"
}

resource "clarifai_inputs" "signs" {
  id = "all-signs"
  items = {
    stop-north = { url = "https://samples.clarifai.com/metro-north.jpg" }
    stop-south = { url = "https://samples.clarifai.com/dog2.jpeg" }
  }
}

# These inputs are members. Other members stay, unless exclusive = true.
resource "clarifai_dataset_inputs" "signs" {
  dataset_id = clarifai_dataset.signs.id
  input_ids  = keys(clarifai_inputs.signs.items)
}

resource "clarifai_dataset" "likely_signs" {
  id = "likely-signs"
}

# All images that look like a stop sign become members, once.
resource "clarifai_dataset_inputs" "likely_signs" {
  dataset_id = clarifai_dataset.likely_signs.id
  search = {
    filters   = [{ input_type = "image" }]
    ranks     = [{ concepts = [{ name = "stop sign" }] }]
    min_value = 0.8
  }
}
