import {
  to = clarifai_input.metro
  identity = {
    id = "metro-north"
  }
}
