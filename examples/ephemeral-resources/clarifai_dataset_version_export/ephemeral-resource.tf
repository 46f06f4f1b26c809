resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

# The version's id is not known before it is made. With an id of your own, Terraform would look for
# the export while it plans, when there is no version yet.
resource "clarifai_dataset_version" "release" {
  dataset_id = clarifai_dataset.trucks.id
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
