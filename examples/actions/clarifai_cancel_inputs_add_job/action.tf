# Cancels a job, also one that was started outside Terraform:
# terraform apply -invoke=action.clarifai_cancel_inputs_add_job.nightly
action "clarifai_cancel_inputs_add_job" "nightly" {
  config {
    id = "nightly-2026-11-25"
  }
}
