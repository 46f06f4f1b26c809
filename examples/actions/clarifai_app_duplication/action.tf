# Adds the objects that the copy lacks:
# terraform apply -invoke=action.clarifai_app_duplication.monthly
action "clarifai_app_duplication" "monthly" {
  config {
    destination_app_id = "fleet-archive"
    copy_concepts      = true
    copy_inputs        = true
    copy_annotations   = true
  }
}
