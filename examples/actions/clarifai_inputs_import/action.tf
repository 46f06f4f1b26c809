# Each invocation starts a job:
# terraform apply -invoke=action.clarifai_inputs_import.night
action "clarifai_inputs_import" "night" {
  config {
    url = "s3://acme-bucket/trucks/night/"
    input_template = {
      concepts = { night = 1 }
    }
    fail_on = 0.05
  }
}
