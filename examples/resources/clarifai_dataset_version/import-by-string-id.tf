import {
  to = clarifai_dataset_version.release
  id = "acme/fleet/trucks/release-1"
}
