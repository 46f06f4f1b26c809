import {
  to = clarifai_dataset_inputs.signs
  id = "fleet/signs"
}
