terraform import clarifai_annotation.car crossing/car-1
terraform import clarifai_annotation.car acme/fleet/crossing/car-1
