package input

// For tests of what only long ways round would reach.
var (
	Delta         = delta
	Labels        = labels
	LabelValues   = values
	LabelsFromAPI = labelsFromAPI
	Place         = geoToAPI
	PlaceFromAPI  = geoFromAPI
	SamePlace     = samePlace
	MediaInfo     = mediaInfo
)
