# By id, with as much of what is around it as the provider's defaults do not say.
terraform import clarifai_input.metro metro-north
terraform import clarifai_input.metro fleet/metro-north
terraform import clarifai_input.metro acme/fleet/metro-north
