import {
  to = clarifai_inputs_import.day
  identity = {
    id = "tf-0ffa7ac2e6d30488e5db38b00a83d"
  }
}
