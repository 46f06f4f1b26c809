import {
  to = clarifai_dataset.trucks
  id = "acme/fleet/trucks"
}
