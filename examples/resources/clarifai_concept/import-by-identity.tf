import {
  to = clarifai_concept.truck
  identity = {
    id = "truck"
  }
}
