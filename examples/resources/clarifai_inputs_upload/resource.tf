resource "clarifai_dataset" "mail" {
  id = "mail"
}

# A folder is sent as a tar archive. For an existing archive set
# archive = "${path.module}/mail.zip" instead.
resource "clarifai_inputs_upload" "mail" {
  folder = "${path.module}/mail"

  input_template = {
    concepts    = { mail = 1 }
    dataset_ids = [clarifai_dataset.mail.id]
  }
}

output "digest" {
  value = clarifai_inputs_upload.mail.content_sha256
}
