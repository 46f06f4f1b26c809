terraform import clarifai_dataset_input.stop signs/stop-north
terraform import clarifai_dataset_input.stop acme/fleet/signs/stop-north
