package datasetversion

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

// Whole finds the counts of a whole version.
func Whole(metrics map[string]clarifai.DatasetVersionMetrics) *clarifai.DatasetVersionMetrics {
	return whole(metrics)
}

// Group is the value of a metrics group, and its location matrix, as they are shown.
func Group(g clarifai.DatasetVersionMetricsGroup) (value, matrix string) {
	shown := groupFromAPI(&g)
	return shown.Value.String(), shown.Metrics.Attributes()["region_location_matrix"].String()
}
