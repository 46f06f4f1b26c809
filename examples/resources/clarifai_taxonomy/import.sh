# With the file, so that the next plan shows only differences. Write the path as the
# configuration gives it: "${path.module}/vehicles.csv" usually is "./vehicles.csv".
terraform import clarifai_taxonomy.vehicles vehicles:csv_file:./vehicles.csv
