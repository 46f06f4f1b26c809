# The app of the provider configuration.
data "clarifai_app" "current" {}

output "language" {
  value = data.clarifai_app.current.default_language
}
