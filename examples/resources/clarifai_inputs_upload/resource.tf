resource "clarifai_dataset" "mail" {
  id = "mail"
}

# A folder is sent as an archive that is made while it is sent. An archive that lies
# ready is given as archive = "${path.module}/mail.zip".
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
