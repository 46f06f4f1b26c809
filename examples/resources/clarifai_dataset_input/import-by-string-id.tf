import {
  to = clarifai_dataset_input.stop
  id = "fleet/signs/stop-north"
}
