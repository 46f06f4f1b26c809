import {
  to = clarifai_concept_language.truck_ja
  id = "acme/fleet/truck/ja"
}
