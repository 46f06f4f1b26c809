resource "clarifai_concept" "vehicle" {
  id   = "vehicle"
  name = "Vehicle"
}

resource "clarifai_concept" "truck" {
  id         = "truck"
  name       = "Truck"
  definition = "A motor vehicle that carries loads"
  metadata   = jsonencode({ wheels = 6 })

  # Labels of inputs may have made the concept already, and it cannot be deleted.
  adopt_existing = true

  # What destroy does: the API cannot delete concepts. With "prevent" destroying is an error.
  deletion_policy = "abandon"
}
