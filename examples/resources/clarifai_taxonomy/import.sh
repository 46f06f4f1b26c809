# With the file, so that the plan afterwards shows only what differs at the service. The path is
# to be spelled as the CLI spells it: "${path.module}/vehicles.csv" mostly is "./vehicles.csv".
terraform import clarifai_taxonomy.vehicles vehicles:csv_file:./vehicles.csv
