resource "clarifai_inputs_import" "day" {
  url = "s3://acme-bucket/trucks/day/"
}

data "clarifai_inputs_extraction_job" "day" {
  id = clarifai_inputs_import.day.extraction_jobs[0].id
}

output "images" {
  value = data.clarifai_inputs_extraction_job.day.progress.images
}
