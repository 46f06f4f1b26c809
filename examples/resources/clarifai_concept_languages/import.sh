# By concept. All its languages are imported; those that the configuration does not list are then removed from state.
terraform import clarifai_concept_languages.truck truck
terraform import clarifai_concept_languages.truck acme/fleet/truck
