resource "clarifai_input" "metro" {
  id       = "metro-north"
  image    = { url = "https://samples.clarifai.com/metro-north.jpg" }
  concepts = { train = 1 }
}

data "clarifai_input" "metro" {
  id = clarifai_input.metro.id
}

output "labels" {
  value = data.clarifai_input.metro.concepts
}
