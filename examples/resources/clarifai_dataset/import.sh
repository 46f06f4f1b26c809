# By id, preceded by the ids of app and user where the provider's defaults are others.
terraform import clarifai_dataset.trucks trucks
terraform import clarifai_dataset.trucks fleet/trucks
terraform import clarifai_dataset.trucks acme/fleet/trucks
