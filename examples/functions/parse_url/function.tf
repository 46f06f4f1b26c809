terraform {
  required_providers {
    clarifai = { source = "clarifai/clarifai" } # functions need this line
  }
}

# The ids of a dataset version, from the address in the browser.
locals {
  release = provider::clarifai::parse_url("https://clarifai.com/acme/fleet/datasets/trucks/versions/v1")
}

output "dataset_id" {
  value = local.release.id # "trucks"
}

output "version_id" {
  value = local.release.version_id # "v1"
}

# For an import block: id = provider::clarifai::parse_url("https://...").import_id
output "import_id" {
  value = local.release.import_id # "acme/fleet/trucks/v1"
}
