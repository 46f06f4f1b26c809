# For some thousands at most; a manifest is cheaper from there on.
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
