resource "clarifai_dataset" "reports" {
  id = "reports"
}

# photos/stop/1.txt becomes the input "stop-1" with the label "stop".
resource "clarifai_inputs" "folder" {
  id = "signs-folder"

  directory = {
    path        = "${path.module}/photos"
    pattern     = "*/*.txt"
    dataset_ids = [clarifai_dataset.reports.id]
  }
}
