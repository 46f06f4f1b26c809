# By dataset, version and format, preceded by the ids of app and user if they are not the provider's defaults.
terraform import clarifai_dataset_version_export.archive trucks/release-1/CLARIFAI_DATA_JSON
terraform import clarifai_dataset_version_export.archive acme/fleet/trucks/release-1/CLARIFAI_DATA_JSON
