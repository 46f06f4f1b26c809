# Use a secret store here. Ephemeral values are not stored.
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

  # Values that are added to every input.
  input_template = {
    concepts    = { day = 1 }
    metadata    = jsonencode({ source = "north gate" })
    dataset_ids = [clarifai_dataset.trucks.id]
  }

  # Another month starts another import.
  triggers = { month = "2026-11" }

  # Up to 5 percent may fail, and destroying the resource cancels a running job.
  fail_on           = 0.05
  cancel_on_destroy = true
  timeouts          = { create = "4h" }
}

output "imported" {
  value = clarifai_inputs_import.day.progress.succeeded
}
