resource "clarifai_app" "fleet" {
  id               = "fleet-cameras"
  description      = "Images from the cameras of the fleet"
  default_language = "en"
  metadata         = jsonencode({ owner = "data-platform" })

  # "prevent" is the default, because deleting an app deletes everything in it.
  deletion_policy = "delete"
}

resource "clarifai_dataset" "by_day" {
  app_id = clarifai_app.fleet.id
  id     = "by-day"
}
