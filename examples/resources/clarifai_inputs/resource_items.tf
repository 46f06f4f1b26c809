# For some thousands of inputs at most. For more, a manifest costs less.
resource "clarifai_inputs" "few" {
  id = "signs-few"

  items = {
    stop-north = {
      url      = "https://samples.clarifai.com/metro-north.jpg"
      concepts = { stop = 1, night = 0 }
      metadata = jsonencode({ camera = "north" })
    }
    report-1 = {
      text     = "The lamp in front of number 12 is broken."
      concepts = { lamp = 1 }
    }
  }
}
