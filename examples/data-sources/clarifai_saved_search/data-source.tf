resource "clarifai_saved_search" "boxes" {
  id      = "boxed-images"
  filters = [{ input_type = "image" }, { annotation_type = "bounding_box" }]
}

data "clarifai_saved_search" "boxes" {
  id = clarifai_saved_search.boxes.id
}

output "filters" {
  value = data.clarifai_saved_search.boxes.filters
}
