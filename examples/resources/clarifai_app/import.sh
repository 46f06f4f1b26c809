# By id, with the user where it is not the provider's.
terraform import clarifai_app.fleet fleet-cameras
terraform import clarifai_app.fleet acme/fleet-cameras
