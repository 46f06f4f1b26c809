resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

# The version's id is not known before it is created. With a configured id, Terraform would read
# the export during the plan, when the version does not exist yet.
resource "clarifai_dataset_version" "release" {
  dataset_id = clarifai_dataset.trucks.id
}

# The current address of the archive, which is stored neither in state nor in plans.
ephemeral "clarifai_dataset_version_export" "archive" {
  dataset_id         = clarifai_dataset.trucks.id
  dataset_version_id = clarifai_dataset_version.release.id
  format             = "COCO"
}

# Ephemeral values can be used where nothing is stored: provisioners, provider blocks, write-only arguments.
resource "terraform_data" "hand_over" {
  triggers_replace = clarifai_dataset_version.release.id

  provisioner "local-exec" {
    environment = {
      ARCHIVE = ephemeral.clarifai_dataset_version_export.archive.url
    }
    command = "test -n \"$ARCHIVE\"" # a program that fetches it
  }
}
