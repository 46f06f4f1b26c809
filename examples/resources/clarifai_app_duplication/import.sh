# The source app and the job's id.
terraform import clarifai_app_duplication.staging acme/fleet/523af537946b79c4f8369ed39ba78605
