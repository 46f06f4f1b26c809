list "clarifai_app" "mine" {
  provider = clarifai

  config {
    search = "fleet"
  }
}
