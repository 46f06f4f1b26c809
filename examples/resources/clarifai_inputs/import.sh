# With a manifest: the existing inputs that it lists are imported as they are. Write the path as the
# configuration gives it: "${path.module}/signs.jsonl" usually is "./signs.jsonl".
terraform import clarifai_inputs.signs signs:manifest:./signs.jsonl
terraform import clarifai_inputs.signs acme/fleet/signs:manifest:./signs.jsonl

# Without a manifest: the inputs are the members of the tracking dataset, which an earlier apply of this resource created.
terraform import clarifai_inputs.signs signs
terraform import clarifai_inputs.signs acme/fleet/signs
