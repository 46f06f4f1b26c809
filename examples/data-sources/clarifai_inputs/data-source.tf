# The oldest inputs, 100 at most, and those after them.
data "clarifai_inputs" "first" {
  limit = 100
}

data "clarifai_inputs" "next" {
  after = data.clarifai_inputs.first.last_id
  limit = 100
}

# Inputs whose processing failed.
data "clarifai_inputs" "failed" {
  status_code = 30002
}

output "failed" {
  value = { for input in data.clarifai_inputs.failed.inputs : input.id => input.status.details }
}
