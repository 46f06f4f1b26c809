# By id, preceded by the ids of app and user if they are not the provider's defaults.
terraform import clarifai_concept.truck truck
terraform import clarifai_concept.truck fleet/truck
terraform import clarifai_concept.truck acme/fleet/truck
