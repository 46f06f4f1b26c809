# From a secret store in real life. Ephemeral values are kept nowhere.
variable "bucket_key" {
  type      = object({ id = string, secret = string })
  ephemeral = true
  default   = { id = "AKIAIOSFODNN7EXAMPLE", secret = "not-a-real-secret" }
}

resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

resource "clarifai_inputs_import" "day" {
  url = "s3://acme-bucket/trucks/day/"

  credentials_wo = {
    s3 = {
      region = "eu-west-1"
      id     = var.bucket_key.id
      secret = var.bucket_key.secret
    }
  }
  credentials_wo_version = 1

  # What every input gets in addition.
  input_template = {
    concepts    = { day = 1 }
    metadata    = jsonencode({ source = "north gate" })
    dataset_ids = [clarifai_dataset.trucks.id]
  }

  # Another month is another import.
  triggers = { month = "2026-11" }

  # Up to 5 per cent may fail, and a job that nobody wants any more is ended.
  fail_on           = 0.05
  cancel_on_destroy = true
  timeouts          = { create = "4h" }
}

output "imported" {
  value = clarifai_inputs_import.day.progress.succeeded
}
