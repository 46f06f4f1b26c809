# With the file, so that the plan afterwards shows only what differs at the service.
terraform import clarifai_taxonomy.vehicles vehicles:csv_file:vehicles.csv
