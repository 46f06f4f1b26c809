data "clarifai_inputs_extraction_jobs" "all" {}

# Cancels all jobs that read the old bucket.
action "clarifai_cancel_inputs_extraction_jobs" "old_bucket" {
  config {
    ids = [for job in data.clarifai_inputs_extraction_jobs.all.jobs : job.id if startswith(job.url, "s3://old-bucket/")]
  }
}
