package provider

// For tests.
var (
	NewRequestContext = newRequestContext
	DisableSDKTraces  = disableSDKTraces
	ReserveHeap       = reserveHeap
	BodyTransport     = bodyTransport
)
