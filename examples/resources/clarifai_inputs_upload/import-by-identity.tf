import {
  to = clarifai_inputs_upload.mail
  identity = {
    id = "tf-84beebb06418e7caf7e5865f3ab00"
  }
}
