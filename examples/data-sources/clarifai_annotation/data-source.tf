resource "clarifai_input" "crossing" {
  id    = "crossing"
  image = { url = "https://samples.clarifai.com/metro-north.jpg" }
}

resource "clarifai_annotation" "car" {
  input_id     = clarifai_input.crossing.id
  id           = "car-1"
  concepts     = { car = 1 }
  bounding_box = { top_row = 0.0, left_col = 0.0, bottom_row = 0.5, right_col = 0.5 }
}

data "clarifai_annotation" "car" {
  input_id = clarifai_annotation.car.input_id
  id       = clarifai_annotation.car.id
}

output "car" {
  value = data.clarifai_annotation.car.bounding_box
}
