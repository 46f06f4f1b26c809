import {
  to = clarifai_dataset_version_export.archive
  id = "acme/fleet/trucks/release-1/CLARIFAI_DATA_JSON"
}
