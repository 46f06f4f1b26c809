resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

resource "clarifai_dataset_version" "release" {
  dataset_id = clarifai_dataset.trucks.id
  id         = "release-1"
}

# The address of the archive as it is now, kept neither in state nor in plans.
ephemeral "clarifai_dataset_version_export" "archive" {
  dataset_id         = clarifai_dataset.trucks.id
  dataset_version_id = clarifai_dataset_version.release.id
  format             = "COCO"
}

# Ephemeral values go where nothing is kept: provisioners, provider blocks, write-only arguments.
resource "terraform_data" "hand_over" {
  triggers_replace = clarifai_dataset_version.release.id

  provisioner "local-exec" {
    environment = {
      ARCHIVE = ephemeral.clarifai_dataset_version_export.archive.url
    }
    command = "test -n \"$ARCHIVE\"" # a program that fetches it
  }
}
