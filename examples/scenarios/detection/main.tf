# Detection data, from a COCO file in Git to a verified export and an evaluation:
# images with boxes -> immutable version -> COCO on disk, evaluation of a model.

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
  default     = "warehouse.zip"
}

variable "model_version" {
  description = "Version of the model to evaluate."
  type        = string
  default     = "94d035945b3d82182669c4d3f6daa104"
}

# Eight images and their boxes. The tracking dataset of the resource has the same id, and all of
# its inputs as members.
resource "clarifai_inputs" "warehouse" {
  id              = "warehouse"
  manifest        = "${path.module}/data/annotations.coco.json"
  files_directory = "${path.module}/data/images"
}

resource "clarifai_dataset_version" "v1" {
  dataset_id  = clarifai_inputs.warehouse.id
  id          = "v1"
  description = "Aisles with parcels, fork lifts and people"

  # A version is a snapshot: create another one when an image or a box changes.
  triggers = {
    source = clarifai_inputs.warehouse.source_sha256
  }
}

resource "clarifai_dataset_version_export" "coco" {
  dataset_id         = clarifai_dataset_version.v1.dataset_id
  dataset_version_id = clarifai_dataset_version.v1.id
  format             = "COCO"
  download_to        = var.archive
}

resource "clarifai_evaluation" "detector" {
  model_id           = "warehouse-detector"
  model_version_id   = var.model_version
  dataset_id         = clarifai_dataset_version.v1.dataset_id
  dataset_version_id = clarifai_dataset_version.v1.id
}

# The boxes as the API has them, after all of them are created.
data "clarifai_annotations" "all" {
  depends_on = [clarifai_inputs.warehouse]
}

locals {
  labels = flatten([for a in data.clarifai_annotations.all.annotations : keys(a.concepts)])
}

output "boxes" {
  description = "Number of boxes by concept."
  value       = { for label in distinct(local.labels) : label => length([for l in local.labels : l if l == label]) }
}

output "archive_sha256" {
  description = "SHA-256 of the downloaded archive."
  value       = clarifai_dataset_version_export.coco.sha256
}

output "f1" {
  description = "F1 score of the model."
  value       = try(clarifai_evaluation.detector.summary.macro_avg_f1_score, null)
}
