package input

// For tests of what only long ways round would reach.
var (
	Labels        = conceptsToAPI
	LabelsFromAPI = conceptsFromAPI
	MediaInfo     = infoFromAPI
)
