resource "clarifai_inputs_import" "day" {
  url      = "s3://acme-bucket/trucks/day/"
  wait_for = "accepted" # do not wait
}

data "clarifai_inputs_add_job" "day" {
  id = clarifai_inputs_import.day.id
}

output "day" {
  value = {
    status   = data.clarifai_inputs_add_job.day.status.name
    progress = data.clarifai_inputs_add_job.day.progress
  }
}
