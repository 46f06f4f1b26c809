data "clarifai_inputs_extraction_jobs" "all" {}

output "failed" {
  value = [for job in data.clarifai_inputs_extraction_jobs.all.jobs : "${job.url}: ${job.status.name}" if job.progress.failed_archives > 0]
}
