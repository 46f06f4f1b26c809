import {
  to = clarifai_evaluation.release
  id = "acme/fleet/eval-1"
}
