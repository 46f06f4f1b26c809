variable "changed" {
  type    = bool
  default = false
}

locals {
  n     = var.changed ? "2" : "1"
  later = "203${local.n}-01-01T00:00:00Z"

  # With count, since the test framework reads no state with string keys.
  concepts      = ["truck", "vehicle", "wheel"]
  dataset_sorts = ["created_at", "modified_at", "star_count"]
  evaluation_sorts = [
    "app_id", "created_at", "eval_dataset_id", "f1", "mean_avg_precision", "model_id", "precision", "recall", "roc_auc", "train_dataset_id",
  ]
  contents = [
    { id = "text", text = { raw = "a note" } },
    { id = "text2", text = { url = "https://example.com/a.txt", allow_duplicate_url = true } },
    { id = "image", image = { base64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVQI12P4z8AAAAMBAQAY3Y2wAAAAAElFTkSuQmCC" } },
    { id = "pic", image = { url = "https://example.com/a.jpg", allow_duplicate_url = true } },
    { id = "video", video = { base64 = "AAECAwQFBgc=" } },
    { id = "film", video = { url = "https://example.com/a.mp4", allow_duplicate_url = true } },
    { id = "audio", audio = { base64 = "AAECAwQFBgc=" } },
    { id = "song", audio = { url = "https://example.com/a.mp3", allow_duplicate_url = true } },
  ]
  buckets = [
    { kind = "s3", url = "s3://acme/reports/" },
    { kind = "gcp", url = "gs://acme/reports/" },
    { kind = "azure", url = "https://account.blob.core.windows.net/acme/reports/" },
  ]
}

# Concepts.

resource "clarifai_concept" "all" {
  count = length(local.concepts)

  id   = local.concepts[count.index]
  name = title(local.concepts[count.index])
}

resource "clarifai_concept_language" "de" {
  concept_id = clarifai_concept.all[0].id
  language   = "de"
  name       = "Lastwagen ${local.n}"
  definition = "Ein Fahrzeug ${local.n}"
}

resource "clarifai_concept_relation" "is_a" {
  subject_concept_id = clarifai_concept.all[0].id
  predicate          = "hyponym"
  object_concept_id  = clarifai_concept.all[1].id
  knowledge_graph_id = "fleet"
  visibility         = "ORG"
}

resource "clarifai_concept_mapping_job" "job" {
  concept_ids        = [clarifai_concept.all[0].id]
  knowledge_graph_id = "fleet"
}

data "clarifai_concept_relations" "of_app" {
  predicate          = "synonym"
  knowledge_graph_id = "fleet"
  depends_on         = [clarifai_concept_relation.is_a]
}

data "clarifai_concept_relations" "of_concept" {
  concept_id         = clarifai_concept_relation.is_a.subject_concept_id
  predicate          = "hyponym"
  knowledge_graph_id = "fleet"
}

data "clarifai_concepts" "rankable" {
  name           = "tr*"
  language       = "en"
  rankable_model = { id = "general", user_id = "clarifai", app_id = "main" }
  depends_on     = [clarifai_concept.all]
}

data "clarifai_concepts" "public" {
  use_cases = ["CLASSIFICATION"]
}

data "clarifai_concept_counts" "all" {}

data "clarifai_concept_languages" "truck" {
  concept_id = clarifai_concept_language.de.concept_id
}

# Datasets and memberships.

resource "clarifai_dataset" "day" {
  id                        = "day"
  description               = "Trucks by day ${local.n}"
  notes                     = "Notes ${local.n}"
  metadata                  = jsonencode({ owner = "data ${local.n}" })
  visibility                = var.changed ? "PUBLIC" : "ORG"
  image_url                 = "https://example.com/${local.n}.jpg"
  default_frame_interval_ms = 500 * tonumber(local.n)
  default_annotation_filter = {
    id        = "by-day-${local.n}"
    as_of     = local.later
    min_value = 0.25 * tonumber(local.n)
    metric    = "COSINE_DISTANCE"
    algorithm = var.changed ? "avg_concept_brute_force" : "brute_force"
    filters   = [{ concepts = [{ id = "truck" }], negate = var.changed }]
  }
}

resource "clarifai_dataset_inputs" "listed" {
  dataset_id = clarifai_dataset.day.id
  input_ids  = slice([for i in clarifai_input.all : i.id], 0, var.changed ? 2 : 3)
}

resource "clarifai_dataset_inputs" "found" {
  dataset_id = "night"
  search = {
    filters = [
      { dataset_ids = [clarifai_dataset_inputs.listed.dataset_id] },
      { concepts = [{ id = "bus" }], negate = true },
      { updated_after = "2020-01-01T00:00:00Z", updated_before = "2040-01-01T00:00:00Z" },
    ]
    ranks     = [{ concepts = [{ id = "bus" }], negate = true }]
    language  = "en"
    as_of     = "2030-01-01T00:00:00Z"
    min_value = 0.5
    metric    = "COSINE_DISTANCE"
    algorithm = "brute_force"
  }
}

data "clarifai_dataset_inputs" "day" {
  dataset_id = clarifai_dataset_inputs.listed.dataset_id
}

data "clarifai_dataset" "starred" {
  id                = "night"
  additional_fields = ["stars"]
}

data "clarifai_datasets" "sorted" {
  count = length(local.dataset_sorts)

  sort_by           = local.dataset_sorts[count.index]
  descending        = true
  search            = "night"
  starred_only      = true
  additional_fields = ["all"]
  depends_on        = [clarifai_dataset.day]
}

data "clarifai_datasets" "bookmarks" {
  bookmark = true
}

# Inputs.

resource "clarifai_input" "all" {
  count = length(local.contents)

  id          = local.contents[count.index].id
  text        = lookup(local.contents[count.index], "text", null)
  image       = lookup(local.contents[count.index], "image", null)
  video       = lookup(local.contents[count.index], "video", null)
  audio       = lookup(local.contents[count.index], "audio", null)
  dataset_ids = ["archive"]
  metadata    = jsonencode({ camera = local.n })
  geo         = { latitude = 40 + tonumber(local.n), longitude = -74 }

  concepts      = merge({ truck = 1, "new-${local.contents[count.index].id}" = var.changed ? 0.5 : 1 }, var.changed ? { later = 1 } : {})
  concept_names = merge({ "new-${local.contents[count.index].id}" = "New ${local.contents[count.index].id}" }, var.changed ? { later = "Later" } : {})

  regions = [{
    bounding_box = { top_row = 0.1, left_col = 0.1, bottom_row = 0.9, right_col = 0.9 }
    concepts     = { wheel = 1 }
    track_id     = "track-1"
  }]
  inputs_add_job_id            = "nightly"
  input_id_conflict_resolution = "SKIP"

  depends_on = [clarifai_concept.all] # which a label would create
}

# Two at once, so that one request deletes several.
resource "clarifai_inputs" "two" {
  id              = "two"
  items           = { one = { text = "first" }, two = { text = "second" } }
  deletion_policy = "delete"
}

data "clarifai_inputs" "some" {
  ids = [clarifai_input.all[0].id]
}

data "clarifai_inputs" "processed" {
  status_code = 30000
  depends_on  = [clarifai_input.all]
}

data "clarifai_inputs" "by_id" {
  order_by_id = true
  descending  = true
  after       = clarifai_input.all[0].id
  depends_on  = [clarifai_input.all]
}

resource "clarifai_annotation_deletion" "none" {
  input_ids = [clarifai_input.all[0].id]
  ids       = ["nothing"]
}

# Dataset versions and what comes of them.

resource "clarifai_dataset_version" "filtered" {
  dataset_id          = clarifai_dataset_inputs.listed.dataset_id
  id                  = "v1"
  description         = "First ${local.n}"
  metadata            = jsonencode({ run = local.n })
  visibility          = var.changed ? "PUBLIC" : "ORG"
  frame_interval_ms   = 250
  ignore_empty_inputs = true
  annotation_filter = {
    id        = "trucks-only"
    as_of     = "2030-01-01T00:00:00Z"
    min_value = 0.5
    filters   = [{ concepts = [{ id = "truck" }] }]
  }
}

resource "clarifai_dataset_version" "predicted" {
  dataset_id        = clarifai_dataset_inputs.listed.dataset_id
  model_predictions = { model_id = "truck-clf", model_version_id = "v7", user_id = "acme", app_id = "fleet" }
}

resource "clarifai_dataset_version_export" "json" {
  dataset_id         = clarifai_dataset_version.filtered.dataset_id
  dataset_version_id = clarifai_dataset_version.filtered.id
  format             = "CLARIFAI_DATA_JSON"
  include_embeddings = true
}

data "clarifai_dataset_versions" "day" {
  dataset_id = clarifai_dataset_version.filtered.dataset_id
}

data "clarifai_dataset_version_metrics" "v1" {
  dataset_id         = clarifai_dataset_version.filtered.dataset_id
  dataset_version_id = clarifai_dataset_version.filtered.id
  types              = ["CONCEPT_ID"]
  parent_paths       = ["a"]
}

resource "clarifai_evaluation" "e1" {
  id                 = "e1"
  model_id           = "truck-clf"
  model_version_id   = "v7"
  model_user_id      = "acme"
  model_app_id       = "fleet"
  dataset_id         = clarifai_dataset_version.filtered.dataset_id
  dataset_version_id = clarifai_dataset_version.filtered.id
  dataset_user_id    = "acme"
  dataset_app_id     = "fleet"
  params             = jsonencode({ use_kfold = false })
  user_metrics       = jsonencode({ weight = 2 })
  fields = [
    "confusion_matrix", "cooccurrence_matrix", "label_counts", "binary_metrics", "test_set", "metrics_by_area", "metrics_by_class",
  ]
}

data "clarifai_evaluations" "sorted" {
  count = length(local.evaluation_sorts)

  sort_by           = local.evaluation_sorts[count.index]
  ascending         = true
  show_failed       = true
  model_type_id     = "visual-classifier"
  eval_dataset_ids  = [clarifai_evaluation.e1.dataset_id]
  train_dataset_ids = ["day"]
  concept_ids       = ["truck"]
}

resource "clarifai_app_duplication" "copy" {
  destination_app_id      = "copy"
  destination_user_id     = "acme"
  destination_description = "A copy"
  copy_annotations        = true
  copy_concepts           = true
  copy_inputs             = true
  copy_models             = true
  copy_workflows          = true
}

# Ingestion.

resource "clarifai_inputs_import" "all" {
  count = length(local.buckets)

  id                           = "from-${local.buckets[count.index].kind}"
  url                          = local.buckets[count.index].url
  call_back_url                = "https://example.com/hook"
  input_id_conflict_resolution = "SUFFIX"
  allow_unpredictable_ids      = true
  credentials_wo_version       = 1
  credentials_wo = {
    s3    = local.buckets[count.index].kind == "s3" ? { region = "eu-west-1", id = "id", secret = "secret", token = "token" } : null
    gcp   = local.buckets[count.index].kind == "gcp" ? { service_account_json = "{}" } : null
    azure = local.buckets[count.index].kind == "azure" ? { account_name = "account", account_key = "key" } : null
  }
  app_pat_wo         = local.pat
  app_pat_wo_version = 1
  input_template     = local.template
}

resource "clarifai_inputs_upload" "folder" {
  id                           = "uploaded"
  folder                       = "testdata/folder"
  input_id_conflict_resolution = "SUFFIX"
  allow_unpredictable_ids      = true
  app_pat_wo                   = local.pat
  app_pat_wo_version           = 1
  input_template               = local.template
}

locals {
  template = {
    concepts    = { report = 1 }
    metadata    = jsonencode({ source = "bucket" })
    geo         = { latitude = 52.5, longitude = 13.4 }
    dataset_ids = ["archive"]
    regions = [{
      polygon  = [{ row = 0.1, col = 0.1 }, { row = 0.1, col = 0.9 }, { row = 0.9, col = 0.5 }]
      concepts = { logo = 1 }
    }]
  }
}

data "clarifai_inputs_add_jobs" "all" {
  depends_on = [clarifai_inputs_import.all]
}

data "clarifai_inputs_extraction_jobs" "all" {
  depends_on = [clarifai_inputs_import.all]
}

# Searches.

resource "clarifai_saved_search" "night" {
  id         = "night-trucks"
  name       = "Trucks ${local.n}"
  language   = "en"
  as_of      = local.later
  min_value  = 0.25 * tonumber(local.n)
  metric     = "COSINE_DISTANCE"
  algorithm  = "brute_force"
  visibility = var.changed ? "PUBLIC" : "ORG"
  filters = [
    { dataset_ids = ["night"] },
    { concepts = [{ id = "bus" }], negate = true },
    { updated_after = "2020-01-01T00:00:00Z" },
  ]
  ranks = [{ concepts = [{ id = "bus" }], negate = true }]
}

data "clarifai_input_search" "count" {
  filters    = [{ concepts = [{ id = "truck" }] }]
  only_count = true
  depends_on = [clarifai_input.all]
}

data "clarifai_input_search" "trucks" {
  filters    = [{ concepts = [{ id = "truck" }] }]
  depends_on = [clarifai_input.all]
}
