import {
  to = clarifai_taxonomy.vehicles
  identity = {
    name = "vehicles"
  }
}
