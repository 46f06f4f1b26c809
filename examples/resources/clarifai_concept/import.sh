# By id, with as much of what is around it as the provider's defaults do not say.
terraform import clarifai_concept.truck truck
terraform import clarifai_concept.truck fleet/truck
terraform import clarifai_concept.truck acme/fleet/truck
