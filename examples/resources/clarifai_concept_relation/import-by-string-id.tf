import {
  to = clarifai_concept_relation.lorry
  id = "acme/fleet/7c92cf1eee8d99cc85f8355a3d6e4b86"
}
