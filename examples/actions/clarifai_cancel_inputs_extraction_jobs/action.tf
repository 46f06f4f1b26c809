data "clarifai_inputs_extraction_jobs" "all" {}

# Ends whatever still reads the old bucket.
action "clarifai_cancel_inputs_extraction_jobs" "old_bucket" {
  config {
    ids = [for job in data.clarifai_inputs_extraction_jobs.all.jobs : job.id if startswith(job.url, "s3://old-bucket/")]
  }
}
