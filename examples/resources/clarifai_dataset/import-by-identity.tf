import {
  to = clarifai_dataset.trucks
  identity = {
    id = "trucks"
  }
}
