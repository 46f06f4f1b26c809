import {
  to = clarifai_annotation.car
  id = "fleet/crossing/car-1"
}
