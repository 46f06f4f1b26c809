# By dataset, version and format, with as much of what is around them as the provider's defaults do not say.
terraform import clarifai_dataset_version_export.archive trucks/release-1/CLARIFAI_DATA_JSON
terraform import clarifai_dataset_version_export.archive acme/fleet/trucks/release-1/CLARIFAI_DATA_JSON
