# By id, preceded by the user's id if it is not the provider's default.
terraform import clarifai_app.fleet fleet-cameras
terraform import clarifai_app.fleet acme/fleet-cameras
