resource "clarifai_input" "mislabelled" {
  id   = "mislabelled-1"
  text = { raw = "A text with a wrong label." }
}

# Deletes all annotations of the input once. Change round to delete again.
resource "clarifai_annotation_deletion" "cleanup" {
  input_ids = [clarifai_input.mislabelled.id]
  triggers  = { round = "1" }
}
