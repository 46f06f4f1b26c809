terraform import clarifai_evaluation.release acme/fleet/eval-1
