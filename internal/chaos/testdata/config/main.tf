# One of every resource. The chaos command interrupts the apply of this configuration, so it has
# no outputs and no waiting that is longer than necessary.

variable "generation" {
  description = "1 is what the first apply creates; 2 changes, replaces, adds and removes something of every noun."
  type        = number
  default     = 1
}

locals {
  names = ["a", "b", "c"]
}

resource "clarifai_app" "source" {
  id              = "chaos-source"
  description     = "An app to copy"
  deletion_policy = "delete"
}

resource "clarifai_concept" "source" {
  app_id = clarifai_app.source.id
  id     = "copied"
}

resource "clarifai_app_duplication" "copy" {
  app_id             = clarifai_app.source.id
  destination_app_id = "chaos-copy"
  copy_concepts      = true
  depends_on         = [clarifai_concept.source]
}

resource "clarifai_dataset" "main" {
  for_each    = toset(local.names)
  id          = "dataset-${each.key}"
  description = "Dataset ${each.key}, generation ${var.generation}"
  metadata    = jsonencode({ owner = "chaos", generation = var.generation })
}

resource "clarifai_input" "text" {
  for_each    = toset(local.names)
  id          = "text-${each.key}"
  text        = { raw = "Text ${each.key}" }
  concepts    = var.generation == 1 ? { text = 1 } : { text = 1, checked = 0 }
  metadata    = jsonencode({ n = each.key, generation = var.generation })
  dataset_ids = [clarifai_dataset.main["a"].id]
}

resource "clarifai_input" "member" {
  id   = "member-1"
  text = { raw = "A member of a dataset" }
}

resource "clarifai_dataset_input" "member" {
  dataset_id = clarifai_dataset.main["b"].id
  input_id   = clarifai_input.member.id
}

resource "clarifai_dataset_inputs" "members" {
  dataset_id = clarifai_dataset.main["c"].id
  input_ids  = [for key, input in clarifai_input.text : input.id if var.generation == 1 || key != "c"]
}

resource "clarifai_inputs" "rows" {
  id       = "rows"
  manifest = "${path.module}/rows-${var.generation}.jsonl"
}

resource "clarifai_dataset_version" "with_id" {
  dataset_id = clarifai_dataset.main["a"].id
  id         = "v${var.generation}"
  depends_on = [clarifai_input.text]
}

resource "clarifai_dataset_version" "without_id" {
  dataset_id  = clarifai_dataset.main["a"].id
  description = "version without an id"
  depends_on  = [clarifai_input.text]
}

resource "clarifai_dataset_version_export" "archive" {
  dataset_id         = clarifai_dataset.main["a"].id
  dataset_version_id = clarifai_dataset_version.with_id.id
  format             = "CLARIFAI_DATA_JSON"
  download_to        = "${path.module}/archive.zip"

  # Otherwise, an apply that is killed between deleting and creating it leaves a file that the next one does not overwrite.
  delete_file_on_destroy = true
}

resource "clarifai_evaluation" "model" {
  model_id           = "classifier"
  model_version_id   = "94d035945b3d82182669c4d3f6daa104"
  dataset_id         = clarifai_dataset.main["a"].id
  dataset_version_id = clarifai_dataset_version.with_id.id
}

resource "clarifai_concept" "main" {
  for_each        = toset(local.names)
  id              = "concept-${each.key}"
  name            = "Concept ${each.key}, generation ${var.generation}"
  deletion_policy = "abandon"
}

resource "clarifai_concept_language" "de" {
  concept_id = clarifai_concept.main["a"].id
  language   = "de"
  name       = "Begriff a, ${var.generation}"
}

resource "clarifai_concept_languages" "all" {
  concept_id = clarifai_concept.main["b"].id
  languages = {
    de = { name = "Begriff b, ${var.generation}" }
    fr = { name = "concept b" }
  }
}

resource "clarifai_concept_relation" "is_a" {
  for_each           = toset(var.generation == 1 ? ["b", "c"] : ["c"])
  subject_concept_id = clarifai_concept.main[each.key].id
  predicate          = "hyponym"
  object_concept_id  = clarifai_concept.main["a"].id
}

resource "clarifai_concept_mapping_job" "job" {
  concept_ids = [clarifai_concept.main["c"].id]
}

resource "clarifai_taxonomy" "vehicles" {
  name     = "vehicles"
  csv_file = "${path.module}/vehicles-${var.generation}.csv"
}

resource "clarifai_saved_search" "all" {
  id      = "search-1"
  name    = "Everything, ${var.generation}"
  filters = [{ input_type = "image" }]
}

resource "clarifai_input" "mislabelled" {
  id   = "mislabelled-1"
  text = { raw = "Labelled wrongly" }
}

resource "clarifai_annotation_deletion" "cleanup" {
  input_ids = [clarifai_input.mislabelled.id]
}

resource "clarifai_inputs_import" "day" {
  url            = "s3://acme-bucket/acme/day/"
  input_template = { concepts = { day = 1 } }
}

resource "clarifai_inputs_upload" "mail" {
  folder         = "${path.module}/mail"
  input_template = { concepts = { mail = 1 } }
}

resource "clarifai_input" "photo" {
  id    = "photo-1"
  image = { url = "https://example.com/photo.jpg" }
}

resource "clarifai_annotation" "box" {
  input_id = clarifai_input.photo.id
  id       = "box-1"
  concepts = { car = 1 }
  bounding_box = {
    top_row    = 0.0
    left_col   = 0.0
    bottom_row = 0.5 + var.generation / 10
    right_col  = 0.5
  }
}

resource "clarifai_input" "annotated" {
  id    = "annotated-1"
  image = { url = "https://example.com/annotated.jpg" }
  annotations = [
    {
      concepts     = { car = 1 }
      bounding_box = { top_row = 0, left_col = 0, bottom_row = 0.5, right_col = 0.5 }
    },
    {
      concepts     = { van = 1 }
      bounding_box = { top_row = 0, left_col = 0, bottom_row = 0.5 + var.generation / 10, right_col = 0.5 }
    },
  ]
}
