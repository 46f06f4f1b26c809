# By id, preceded by the ids of app and user where the provider's defaults are others.
terraform import clarifai_input.metro metro-north
terraform import clarifai_input.metro fleet/metro-north
terraform import clarifai_input.metro acme/fleet/metro-north
