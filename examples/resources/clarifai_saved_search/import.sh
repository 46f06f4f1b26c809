# By id, preceded by the ids of app and user if they are not the provider's defaults.
terraform import clarifai_saved_search.unchecked unchecked-night-trucks
terraform import clarifai_saved_search.unchecked fleet/unchecked-night-trucks
terraform import clarifai_saved_search.unchecked acme/fleet/unchecked-night-trucks
