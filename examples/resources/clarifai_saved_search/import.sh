# By id, with as much of what is around it as the provider's defaults do not say.
terraform import clarifai_saved_search.unchecked unchecked-night-trucks
terraform import clarifai_saved_search.unchecked fleet/unchecked-night-trucks
terraform import clarifai_saved_search.unchecked acme/fleet/unchecked-night-trucks
