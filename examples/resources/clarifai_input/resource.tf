resource "clarifai_dataset" "trains" {
  id = "trains"
}

# An image that the service downloads, with labels: 1 for "is", 0 for "is not".
resource "clarifai_input" "metro" {
  id    = "metro-north"
  image = { url = "https://samples.clarifai.com/metro-north.jpg" }

  concepts = {
    train = 1
    tram  = 0
  }
  metadata    = jsonencode({ camera = "north", season = "winter" })
  geo         = { latitude = 40.7527, longitude = -73.9772 }
  dataset_ids = [clarifai_dataset.trains.id]
}

# A local file. Its digest is in state, its content is not; when the content
# changes, the input is replaced.
resource "clarifai_input" "report" {
  id       = "report-1"
  text     = { file = "${path.module}/report.txt" }
  concepts = { delay = 1 }
}

# A text as it stands here. The provider chooses the id.
resource "clarifai_input" "note" {
  text = { raw = "The 8:15 to the airport was cancelled again." }
}
