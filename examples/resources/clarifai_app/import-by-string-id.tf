import {
  to = clarifai_app.fleet
  id = "acme/fleet-cameras"
}
