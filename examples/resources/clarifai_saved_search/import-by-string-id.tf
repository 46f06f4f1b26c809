import {
  to = clarifai_saved_search.unchecked
  id = "acme/fleet/unchecked-night-trucks"
}
