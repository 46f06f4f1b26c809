import {
  to = clarifai_taxonomy.vehicles
  id = "vehicles:csv_file:vehicles.csv"
}
