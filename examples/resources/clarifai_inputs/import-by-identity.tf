import {
  to = clarifai_inputs.signs
  identity = {
    id = "signs"
  }
}
