import {
  to = clarifai_concept_language.truck_ja
  identity = {
    concept_id = "truck"
    language   = "ja"
  }
}
