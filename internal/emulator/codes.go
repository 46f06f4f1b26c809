package emulator

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

// Codes that the service sends and no client branches on.
const (
	statusMetadataPatchInvalid clarifai.StatusCode = 24900
	statusMessageTooLarge      clarifai.StatusCode = 40033
)
