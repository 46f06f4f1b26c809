import {
  to = clarifai_inputs.signs
  id = "fleet/signs"
}
