import {
  to = clarifai_annotation.car
  identity = {
    input_id = "crossing"
    id       = "car-1"
  }
}
