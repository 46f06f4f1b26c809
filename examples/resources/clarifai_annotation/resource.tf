resource "clarifai_input" "crossing" {
  id    = "crossing"
  image = { url = "https://samples.clarifai.com/metro-north.jpg" }
}

# A box: the upper left quarter of the image shows a car.
resource "clarifai_annotation" "car" {
  input_id = clarifai_input.crossing.id
  id       = "car-1"
  concepts = { car = 1 }
  bounding_box = {
    top_row    = 0.0
    left_col   = 0.0
    bottom_row = 0.5
    right_col  = 0.5
  }
  annotation_info = jsonencode({ source = "review 2026" })
}

# A polygon, with a class that the region verifiably does not show.
resource "clarifai_annotation" "sign" {
  input_id = clarifai_input.crossing.id
  id       = "sign-1"
  concepts = { sign = 1, billboard = 0 }
  polygon = [
    { row = 0.1, col = 0.6 },
    { row = 0.1, col = 0.8 },
    { row = 0.3, col = 0.7 },
  ]
}

resource "clarifai_input" "review" {
  id   = "review-1"
  text = { raw = "The train was late." }
}

# A span of a text: characters 4 to 9.
resource "clarifai_annotation" "subject" {
  input_id = clarifai_input.review.id
  id       = "subject"
  concepts = { vehicle = 1 }
  span = {
    char_start = 4
    char_end   = 9
    raw_text   = "train"
  }
}
