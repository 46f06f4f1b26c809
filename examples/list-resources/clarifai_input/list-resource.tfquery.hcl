# Inputs whose processing failed.
list "clarifai_input" "failed" {
  provider = clarifai

  config {
    status_code = 30002
  }
}
