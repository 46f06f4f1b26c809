resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

resource "clarifai_input" "seen" {
  id          = "north-gate-morning"
  text        = { raw = "A truck passed the north gate." }
  concepts    = { truck = 1 }
  dataset_ids = [clarifai_dataset.trucks.id]
}

resource "clarifai_dataset_version" "release" {
  dataset_id = clarifai_dataset.trucks.id
  id         = "release-1"
  depends_on = [clarifai_input.seen]
}

resource "clarifai_dataset_version_export" "archive" {
  dataset_id         = clarifai_dataset.trucks.id
  dataset_version_id = clarifai_dataset_version.release.id
  format             = "CLARIFAI_DATA_JSON"

  # Downloads and verifies the archive, and downloads it again if the file is missing or was changed.
  download_to            = "archives/trucks.zip"
  delete_file_on_destroy = true
}

output "digest" {
  value = clarifai_dataset_version_export.archive.sha256
}
