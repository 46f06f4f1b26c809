# By dataset, version and format, preceded by the ids of app and user where the provider's defaults are others.
terraform import clarifai_dataset_version_export.archive trucks/release-1/CLARIFAI_DATA_JSON
terraform import clarifai_dataset_version_export.archive acme/fleet/trucks/release-1/CLARIFAI_DATA_JSON
