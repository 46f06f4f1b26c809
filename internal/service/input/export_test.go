package input

// For tests of what only long ways round would reach.
var (
	Labels        = labels
	LabelsFromAPI = labelsFromAPI
	Place         = geoToAPI
	PlaceFromAPI  = geoFromAPI
	MediaInfo     = mediaInfo
)
