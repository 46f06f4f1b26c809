resource "clarifai_dataset" "trains" {
  id = "trains"
}

# An image that Clarifai downloads, with labels: 1 for present, 0 for absent.
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

# A local file. State has its digest, not its content. If the content changes, the input
# is replaced.
resource "clarifai_input" "report" {
  id       = "report-1"
  text     = { file = "${path.module}/report.txt" }
  concepts = { delay = 1 }
}

# A text in the configuration. The provider chooses the id.
resource "clarifai_input" "note" {
  text = { raw = "The 8:15 to the airport was cancelled again." }
}
