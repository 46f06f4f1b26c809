package input

// For tests of what only long ways round would reach.
var (
	Labels        = conceptsToAPI
	LabelsFromAPI = conceptsFromAPI
	Place         = geoToAPI
	PlaceFromAPI  = geoFromAPI
	MediaInfo     = infoFromAPI
)
