# By the id of the resource that made them. What is imported is the list that the provider keeps of its inputs; inputs
# that were made otherwise need no import: they are taken over when they are as the manifest says.
terraform import clarifai_inputs.signs signs
terraform import clarifai_inputs.signs acme/fleet/signs
