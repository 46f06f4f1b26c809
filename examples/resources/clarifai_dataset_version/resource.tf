resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

resource "clarifai_input" "seen" {
  for_each = {
    morning = "truck"
    noon    = "truck"
    evening = "van"
  }
  id          = "north-gate-${each.key}"
  text        = { raw = "A ${each.value} passed the north gate." }
  concepts    = { (each.value) = 1 }
  dataset_ids = [clarifai_dataset.trucks.id]
}

# A snapshot of the inputs that are labelled "truck". It is replaced if the labels change.
resource "clarifai_dataset_version" "release" {
  dataset_id  = clarifai_dataset.trucks.id
  id          = "release-1"
  description = "Trucks of the first week"
  metadata    = jsonencode({ reviewed_by = ["ann", "bo"] })

  annotation_filter = {
    filters = [{ concepts = [{ id = "truck" }] }]
  }
  ignore_empty_inputs = true

  triggers = {
    labels = sha256(jsonencode({ for key, input in clarifai_input.seen : key => input.concepts }))
  }

  timeouts = {
    create = "2h"
  }

  lifecycle {
    # A timeout is a warning, so that a build which is still running is not discarded. If another
    # resource needs a version that is ready, this fails the apply, and the next one keeps waiting.
    postcondition {
      condition     = self.status.name == "DATASET_VERSION_READY"
      error_message = "The version is not ready yet: ${self.status.name}."
    }
  }

  depends_on = [clarifai_input.seen]
}

# A version of a model's predictions for the same inputs. The apply does not wait for it.
resource "clarifai_dataset_version" "predicted" {
  dataset_id = clarifai_dataset.trucks.id

  model_predictions = {
    model_id         = "truck-detector"
    model_version_id = "94d035945b3d82182669c4d3f6daa104"
  }

  wait_for = "accepted"

  depends_on = [clarifai_input.seen]
}

output "trucks" {
  value = clarifai_dataset_version.release.metrics.inputs_count
}
