import {
  to = clarifai_evaluation.release
  identity = {
    id = "eval-1"
  }
}
