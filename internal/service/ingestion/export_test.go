package ingestion

import (
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
)

// SetPartBytes makes parts of another length, for the provider in this process.
func SetPartBytes(n int64) { addjob.PartBytes = n }
