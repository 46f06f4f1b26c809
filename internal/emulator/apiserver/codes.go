package apiserver

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

// statusMessageTooLarge is sent for bodies over the limit; no client acts on it.
const statusMessageTooLarge clarifai.StatusCode = 40033
