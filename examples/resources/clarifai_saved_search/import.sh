# By id, preceded by the ids of app and user where the provider's defaults are others.
terraform import clarifai_saved_search.unchecked unchecked-night-trucks
terraform import clarifai_saved_search.unchecked fleet/unchecked-night-trucks
terraform import clarifai_saved_search.unchecked acme/fleet/unchecked-night-trucks
