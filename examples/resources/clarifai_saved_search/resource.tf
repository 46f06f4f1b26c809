resource "clarifai_dataset" "night" {
  id = "trucks-night"
}

# Images of trucks at night near the depot that are not reviewed yet, those with the
# most snow first. An input must meet all filters. The conditions of one filter are
# alternatives, so each condition has its own filter.
resource "clarifai_saved_search" "unchecked" {
  id   = "unchecked-night-trucks"
  name = "Trucks at night, not checked"

  filters = [
    { input_type = "image" },
    { dataset_ids = [clarifai_dataset.night.id] },
    { concepts = [{ id = "truck" }] },
    { negate = true, metadata = jsonencode({ checked = true }) },
    {
      geo = {
        point = { latitude = 40.7127, longitude = -74.006 }
        limit = { type = "withinKilometers", value = 5 }
      }
    },
  ]

  ranks = [{ concepts = [{ id = "snow" }] }]
}
