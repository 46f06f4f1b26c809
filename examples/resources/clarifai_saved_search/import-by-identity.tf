import {
  to = clarifai_saved_search.unchecked
  identity = {
    id = "unchecked-night-trucks"
  }
}
