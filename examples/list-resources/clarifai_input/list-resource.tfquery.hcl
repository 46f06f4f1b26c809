# Inputs that could not be processed.
list "clarifai_input" "failed" {
  provider = clarifai

  config {
    status_code = 30002
  }
}
