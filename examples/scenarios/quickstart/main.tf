# A small dataset, from files in Git to a verified archive:
# inputs with labels -> dataset -> immutable version -> export on disk.

terraform {
  required_version = ">= 1.11"
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

# Address, token, user and app come from CLARIFAI_API_BASE, CLARIFAI_PAT,
# CLARIFAI_USER_ID and CLARIFAI_APP_ID.
provider "clarifai" {}

variable "archive" {
  description = "Where to put the exported archive."
  type        = string
  default     = "street-reports.zip"
}

locals {
  rows = csvdecode(file("${path.module}/data/labels.csv"))
  inputs = {
    for row in local.rows : replace(basename(row.file), "/\\.[a-z]+$/", "") => row
  }
}

resource "clarifai_dataset" "reports" {
  id          = "street-reports"
  description = "Road signs and citizens' reports about streets"
  metadata    = jsonencode({ owner = "data-platform", source = "examples" })
}

resource "clarifai_input" "report" {
  for_each = local.inputs

  id          = each.key
  image       = each.value.kind == "image" ? { file = "${path.module}/data/${each.value.file}" } : null
  text        = each.value.kind == "text" ? { file = "${path.module}/data/${each.value.file}" } : null
  concepts    = { for label in split(" ", each.value.labels) : label => 1 }
  metadata    = jsonencode({ place = each.value.place })
  dataset_ids = [clarifai_dataset.reports.id]
}

resource "clarifai_dataset_version" "v1" {
  dataset_id  = clarifai_dataset.reports.id
  id          = "v1"
  description = "First complete labelling"

  # A version is a snapshot: create another one when the inputs change.
  triggers = {
    labels = filesha256("${path.module}/data/labels.csv")
  }

  depends_on = [clarifai_input.report]
}

resource "clarifai_dataset_version_export" "archive" {
  dataset_id         = clarifai_dataset.reports.id
  dataset_version_id = clarifai_dataset_version.v1.id
  format             = "CLARIFAI_DATA_JSON"
  download_to        = var.archive
}

output "inputs" {
  description = "How many inputs the version holds."
  value       = clarifai_dataset_version.v1.metrics.inputs_count
}

output "archive_sha256" {
  description = "SHA-256 of the downloaded archive."
  value       = clarifai_dataset_version_export.archive.sha256
}

output "archive_size" {
  description = "Size of the archive in bytes."
  value       = clarifai_dataset_version_export.archive.size
}
