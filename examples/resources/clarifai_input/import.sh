# By id, preceded by the ids of app and user if they are not the provider's defaults.
terraform import clarifai_input.metro metro-north
terraform import clarifai_input.metro fleet/metro-north
terraform import clarifai_input.metro acme/fleet/metro-north
