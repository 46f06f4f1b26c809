package ingestion

// SetPartBytes makes parts of another length, for the provider in this process.
func SetPartBytes(n int64) { partBytes = n }
