# By id, preceded by the ids of app and user if they are not the provider's defaults.
terraform import clarifai_dataset.trucks trucks
terraform import clarifai_dataset.trucks fleet/trucks
terraform import clarifai_dataset.trucks acme/fleet/trucks
