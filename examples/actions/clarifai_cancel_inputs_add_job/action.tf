# Ends a job, whoever started it:
# terraform apply -invoke=action.clarifai_cancel_inputs_add_job.nightly
action "clarifai_cancel_inputs_add_job" "nightly" {
  config {
    id = "nightly-2026-11-25"
  }
}
