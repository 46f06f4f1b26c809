# From a bucket to a decision: import -> labels -> immutable version -> evaluation -> gate.
# The apply, and with it the pipeline, fails if the model has become worse.

terraform {
  required_version = ">= 1.11"
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

# Address, token and user come from CLARIFAI_API_BASE, CLARIFAI_PAT and CLARIFAI_USER_ID.
provider "clarifai" {}

variable "bucket" {
  description = "Bucket with the images and reports."
  type        = string
  default     = "acme-bucket"
}

variable "bucket_key" {
  description = "Key of the bucket. Ephemeral: it is sent to the service and stored nowhere. Not needed for a public bucket."
  type        = object({ region = string, id = string, secret = string })
  ephemeral   = true
  default     = null
}

variable "model_version" {
  description = "Version of the model to release."
  type        = string
  default     = "94d035945b3d82182669c4d3f6daa104"
}

variable "least_f1" {
  description = "Minimum F1 score of the model."
  type        = number
  default     = 0.3
}

locals {
  # Labels by folder: the label, and the prefix of the keys that get it.
  labels = {
    stop    = "trucks/day/stop"
    yield   = "trucks/day/yield"
    pothole = "trucks/day/pothole"
  }
}

# A separate app, so that destroying it removes all objects.
resource "clarifai_app" "gate" {
  id          = "ingest-and-gate"
  description = "Ground truth for road signs"

  deletion_policy = "delete"
}

resource "clarifai_dataset" "truth" {
  app_id      = clarifai_app.gate.id
  id          = "truth"
  description = "Road signs and reports, labelled by the folders of a bucket"
}

resource "clarifai_inputs_import" "by_label" {
  for_each = local.labels

  app_id         = clarifai_app.gate.id
  url            = "s3://${var.bucket}/${each.value}"
  credentials_wo = var.bucket_key == null ? null : { s3 = var.bucket_key }

  input_template = {
    concepts    = { (each.key) = 1 }
    metadata    = jsonencode({ bucket = var.bucket })
    dataset_ids = [clarifai_dataset.truth.id]
  }

  # Up to one in twenty inputs may fail.
  fail_on = 0.05
}

resource "clarifai_dataset_version" "truth" {
  app_id     = clarifai_app.gate.id
  dataset_id = clarifai_dataset.truth.id
  id         = "v1"

  # A version is a snapshot: create another one when an import runs.
  triggers = { for label, job in clarifai_inputs_import.by_label : label => job.id }
}

resource "clarifai_evaluation" "release" {
  app_id             = clarifai_app.gate.id
  model_id           = "road-signs"
  model_version_id   = var.model_version
  dataset_id         = clarifai_dataset.truth.id
  dataset_version_id = clarifai_dataset_version.truth.id

  lifecycle {
    postcondition {
      condition     = try(self.summary.macro_avg_f1_score >= var.least_f1, false) # null until the evaluation is done
      error_message = "F1 of version ${var.model_version} is ${try(self.summary.macro_avg_f1_score, "not known yet")}, and the minimum is ${var.least_f1}."
    }
  }
}

locals {
  imported = sum([for job in clarifai_inputs_import.by_label : job.progress.succeeded])
}

# Only warns if the version lacks an imported input.
check "everything_arrived" {
  assert {
    # Null until the service has computed it, some time after the version is ready.
    condition     = coalesce(clarifai_dataset_version.truth.metrics.inputs_count, local.imported) == local.imported
    error_message = "The version does not contain every imported input."
  }
}

output "imported" {
  description = "Number of imported inputs by label."
  value       = { for label, job in clarifai_inputs_import.by_label : label => job.progress.succeeded }
}

output "f1" {
  description = "F1 score of the model version."
  value       = try(clarifai_evaluation.release.summary.macro_avg_f1_score, null)
}
