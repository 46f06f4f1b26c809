import {
  to = clarifai_concept_languages.truck
  identity = {
    concept_id = "truck"
  }
}
