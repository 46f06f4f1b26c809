resource "clarifai_concept" "vehicle" {
  id   = "vehicle"
  name = "Vehicle"
}

resource "clarifai_concept" "truck" {
  id         = "truck"
  name       = "Truck"
  definition = "A motor vehicle that carries loads"
  metadata   = jsonencode({ wheels = 6 })

  # Labelling an input may have created the concept already, and concepts cannot be deleted.
  adopt_existing = true

  # What destroy does: the API cannot delete concepts. With "prevent" destroying is an error.
  deletion_policy = "abandon"
}
