# All of the dataset's members become the list.
terraform import clarifai_dataset_inputs.signs signs
terraform import clarifai_dataset_inputs.signs acme/fleet/signs
