# A copy of the provider's app.
resource "clarifai_app_duplication" "staging" {
  destination_app_id      = "fleet-staging"
  destination_description = "Copy of fleet to try new labels on"
  copy_concepts           = true
  copy_inputs             = true
}
