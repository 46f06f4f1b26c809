import {
  to = clarifai_app_duplication.staging
  id = "acme/fleet/523af537946b79c4f8369ed39ba78605"
}
