resource "clarifai_dataset" "trucks" {
  id          = "trucks"
  description = "Trucks at the north gate"
  notes       = "Images of every second Tuesday, labelled by two people."
  metadata    = jsonencode({ owner = "data-platform", cameras = 3 })

  # Versions that bring no filter of their own hold what is labelled "truck".
  default_annotation_filter = {
    filters = [{ concepts = [{ id = "truck", value = 1 }] }]
  }

  # A stray destroy must not take the versions with it.
  deletion_policy = "prevent"
}
