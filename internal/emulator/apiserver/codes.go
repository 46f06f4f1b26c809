package apiserver

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

// statusMessageTooLarge is sent for bodies over the limit; no client treats it specially.
const statusMessageTooLarge clarifai.StatusCode = 40033
