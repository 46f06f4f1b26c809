import {
  to = clarifai_dataset_inputs.signs
  identity = {
    dataset_id = "signs"
  }
}
