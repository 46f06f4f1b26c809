import {
  to = clarifai_app_duplication.staging
  identity = {
    app_id = "fleet"
    id     = "523af537946b79c4f8369ed39ba78605"
  }
}
