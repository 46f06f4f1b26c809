# By the ids of dataset and version, with as much of what is around them as the provider's defaults do not say.
terraform import clarifai_dataset_version.release trucks/release-1
terraform import clarifai_dataset_version.release fleet/trucks/release-1
terraform import clarifai_dataset_version.release acme/fleet/trucks/release-1
