resource "clarifai_dataset" "trucks" {
  id          = "trucks"
  description = "Trucks at the north gate"
  notes       = "Images of every second Tuesday, labelled by two people."
  metadata    = jsonencode({ owner = "data-platform", cameras = 3 })

  # Versions without a filter contain the inputs that are labelled "truck".
  default_annotation_filter = {
    filters = [{ concepts = [{ id = "truck", value = 1 }] }]
  }

  # Rejects destroying the dataset by mistake, which would delete its versions.
  deletion_policy = "prevent"
}
