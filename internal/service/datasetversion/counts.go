package datasetversion

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

type (
	metrics = clarifai.DatasetVersionMetrics
	counter = **clarifai.Uint64 // nil if the service does not return it
)

// count is one of the counts that the service makes of a version or of a group of its inputs.
type count struct {
	name, text string
	of         func(*metrics) counter
}

var counts = []count{
	{"inputs_count", "Inputs.", func(m *metrics) counter { return &m.InputsCount }},
	{"unlabeled_inputs_count", "Inputs without labels.", func(m *metrics) counter { return &m.UnlabeledInputsCount }},
	{"inputs_with_metadata_count", "Inputs with metadata.", func(m *metrics) counter { return &m.InputsWithMetadataCount }},
	{"inputs_with_geo_count", "Inputs with a geo location.", func(m *metrics) counter { return &m.InputsWithGeoCount }},
	{"regions_count", "Regions.", func(m *metrics) counter { return &m.RegionsCount }},
	{"bounding_boxes_count", "Bounding boxes.", func(m *metrics) counter { return &m.BoundingBoxesCount }},
	{"polygons_count", "Polygons.", func(m *metrics) counter { return &m.PolygonsCount }},
	{"points_count", "Points.", func(m *metrics) counter { return &m.PointsCount }},
	{"masks_count", "Masks.", func(m *metrics) counter { return &m.MasksCount }},
	{"region_inputs_count", "Inputs with regions.", func(m *metrics) counter { return &m.RegionInputsCount }},
	{"region_frames_count", "Frames with regions.", func(m *metrics) counter { return &m.RegionFramesCount }},
	{"frames_count", "Frames.", func(m *metrics) counter { return &m.FramesCount }},
	{"frame_inputs_count", "Inputs with frames.", func(m *metrics) counter { return &m.FrameInputsCount }},
	{"embeddings_count", "Embeddings.", func(m *metrics) counter { return &m.EmbeddingsCount }},
	{"positive_input_tags_count", "Concepts that inputs are labelled with.", func(m *metrics) counter { return &m.PositiveInputTagsCount }},
	{"positive_region_tags_count", "Concepts that regions are labelled with.", func(m *metrics) counter { return &m.PositiveRegionTagsCount }},
	{"positive_frame_tags_count", "Concepts that frames are labelled with.", func(m *metrics) counter { return &m.PositiveFrameTagsCount }},
}

const metricsText = "Counts of the whole version. They are null until the service has computed them, some time after the version is " +
	"ready; the resource waits a moment for that. The service keeps counts under keys that it does not document: a single entry, or one " +
	"under `all` or `total`, counts for the whole version, otherwise the entries are added up. `clarifai_dataset_version_metrics` has the " +
	"counts by group."

func countAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, c := range counts {
		attributes[c.name] = schema.Int64Attribute{MarkdownDescription: c.text, Computed: true}
	}
	return attributes
}

func metricsAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: metricsText,
		Computed:            true,
		PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		Attributes:          countAttributes(),
	}
}

func countTypes() map[string]attr.Type {
	t := map[string]attr.Type{}
	for _, c := range counts {
		t[c.name] = types.Int64Type
	}
	return t
}

// countValues are the counts in state: what the service does not return is null, which is not zero.
func countValues(m *clarifai.DatasetVersionMetrics) map[string]attr.Value {
	values := map[string]attr.Value{}
	for _, c := range counts {
		values[c.name] = types.Int64Null()
		if m == nil {
			continue
		}
		if n := *c.of(m); n != nil {
			values[c.name] = types.Int64Value(int64(*n)) //nolint:gosec // no dataset has so many
		}
	}
	return values
}

// metricsFromAPI is the counts of a whole version in state.
func metricsFromAPI(metrics map[string]clarifai.DatasetVersionMetrics) types.Object {
	return types.ObjectValueMust(countTypes(), countValues(whole(metrics)))
}

// whole finds the counts of the whole version among entries whose keys are not documented.
func whole(metrics map[string]clarifai.DatasetVersionMetrics) *clarifai.DatasetVersionMetrics {
	if len(metrics) == 0 {
		return nil
	}
	for key, m := range metrics {
		switch strings.ToLower(key) {
		case "", "all", "total":
			return &m
		}
	}
	var sum clarifai.DatasetVersionMetrics
	for _, m := range metrics {
		for _, c := range counts {
			n := *c.of(&m)
			if n == nil {
				continue
			}
			if at := c.of(&sum); *at == nil {
				*at = n
			} else {
				more := **at + *n
				*at = &more
			}
		}
	}
	return &sum
}
