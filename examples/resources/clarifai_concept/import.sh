# By id, preceded by the ids of app and user where the provider's defaults are others.
terraform import clarifai_concept.truck truck
terraform import clarifai_concept.truck fleet/truck
terraform import clarifai_concept.truck acme/fleet/truck
