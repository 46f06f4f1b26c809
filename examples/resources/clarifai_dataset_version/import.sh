# By the ids of dataset and version, preceded by the ids of app and user if they are not the provider's defaults.
terraform import clarifai_dataset_version.release trucks/release-1
terraform import clarifai_dataset_version.release fleet/trucks/release-1
terraform import clarifai_dataset_version.release acme/fleet/trucks/release-1
