terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}

# The token comes from CLARIFAI_PAT, or from the Clarifai CLI's context.
provider "clarifai" {
  user_id = "acme"
  app_id  = "fleet"
}
