import {
  to = clarifai_dataset_input.stop
  identity = {
    dataset_id = "signs"
    input_id   = "stop-north"
  }
}
