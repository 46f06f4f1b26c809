resource "clarifai_input" "one" {
  id       = "evaluated-1"
  text     = { raw = "A photo of a truck." }
  concepts = { truck = 1 }
}

resource "clarifai_evaluation" "nightly" {
  id               = "nightly"
  model_id         = "truck-classifier"
  model_version_id = "94d035945b3d82182669c4d3f6daa104"
  depends_on       = [clarifai_input.one]
}

data "clarifai_evaluation" "nightly" {
  id     = clarifai_evaluation.nightly.id
  fields = ["label_counts"]
}

output "labels" {
  value = jsondecode(data.clarifai_evaluation.nightly.details["label_counts"])
}
