data "clarifai_inputs_add_jobs" "latest" {
  limit = 20
}

output "failures" {
  value = {
    for job in data.clarifai_inputs_add_jobs.latest.jobs : job.id => job.progress.failed if job.progress.failed > 0
  }
}
