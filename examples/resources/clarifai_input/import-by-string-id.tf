import {
  to = clarifai_input.metro
  id = "acme/fleet/metro-north"
}
