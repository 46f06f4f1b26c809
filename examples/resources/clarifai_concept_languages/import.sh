# By concept. All its languages are imported; those that the configuration does not name are then forgotten.
terraform import clarifai_concept_languages.truck truck
terraform import clarifai_concept_languages.truck acme/fleet/truck
