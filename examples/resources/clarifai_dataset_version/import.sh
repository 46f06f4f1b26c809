# By the ids of dataset and version, preceded by the ids of app and user where the provider's defaults are others.
terraform import clarifai_dataset_version.release trucks/release-1
terraform import clarifai_dataset_version.release fleet/trucks/release-1
terraform import clarifai_dataset_version.release acme/fleet/trucks/release-1
