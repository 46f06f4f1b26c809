import {
  to = clarifai_concept.truck
  id = "acme/fleet/truck"
}
