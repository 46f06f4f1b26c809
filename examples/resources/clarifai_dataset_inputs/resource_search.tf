resource "clarifai_dataset" "night" {
  id = "night"
}

# Adds, once, all images that are labelled as taken at night.
resource "clarifai_dataset_inputs" "night" {
  dataset_id = clarifai_dataset.night.id

  search = {
    filters = [
      { input_type = "image" },
      { concepts = [{ id = "night" }] },
    ]
  }

  # Another value searches again.
  triggers = { labels = "2024-05" }
}
