# By id, with as much of what is around it as the provider's defaults do not say.
terraform import clarifai_dataset.trucks trucks
terraform import clarifai_dataset.trucks fleet/trucks
terraform import clarifai_dataset.trucks acme/fleet/trucks
