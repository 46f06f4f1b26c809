import {
  to = clarifai_concept_languages.truck
  id = "acme/fleet/truck"
}
