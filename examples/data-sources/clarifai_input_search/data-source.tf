# The 20 inputs that are most similar to one image, among those labelled as trucks
# since the beginning of May.
data "clarifai_input_search" "alike" {
  filters = [
    { concepts = [{ id = "truck" }] },
    { updated_after = "2024-05-01T00:00:00Z" },
  ]
  ranks = [{ image_url = "https://samples.clarifai.com/metro-north.jpg" }]
  limit = 20
}

output "alike" {
  value = { for hit in data.clarifai_input_search.alike.hits : hit.input_id => hit.score }
}

# Counting needs no hits in state.
data "clarifai_input_search" "failed" {
  filters    = [{ input_status_code = 30002 }]
  only_count = true
}

check "all_inputs_are_processed" {
  assert {
    condition     = data.clarifai_input_search.failed.estimated_total == 0
    error_message = "${data.clarifai_input_search.failed.estimated_total} inputs could not be processed."
  }
}

# A saved search is run by its id.
resource "clarifai_saved_search" "trucks" {
  id      = "all-trucks"
  filters = [{ concepts = [{ id = "truck" }] }]
}

data "clarifai_input_search" "trucks" {
  saved_search_id = clarifai_saved_search.trucks.id
}
