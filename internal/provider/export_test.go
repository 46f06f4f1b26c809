package provider

// ForRequest is for tests.
var ForRequest = forRequest
