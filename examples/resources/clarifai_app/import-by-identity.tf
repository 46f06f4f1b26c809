import {
  to = clarifai_app.fleet
  identity = {
    id = "fleet-cameras"
  }
}
