package emulator

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// versionMetrics are the metrics of a version.
type versionMetrics struct {
	total  *clarifai.DatasetVersionMetrics
	groups []clarifai.DatasetVersionMetricsGroup
}

// count computes the metrics of a version once, since a snapshot does not change.
func (v *version) count() *versionMetrics {
	if v.metrics != nil {
		return v.metrics
	}
	total := &tally{}
	by := map[groupKey]*tally{}
	in := func(t clarifai.DatasetVersionMetricsGroupType, value float64, name string) *tally {
		key := groupKey{t, value, name}
		if by[key] == nil {
			by[key] = &tally{}
		}
		return by[key]
	}
	all := in(clarifai.MetricsGroupInputType, 0, "total") // also in an empty version
	for _, item := range v.items {
		one := &tally{}
		one.add(item.data, "")
		total.sum(one)
		all.sum(one)
		in(clarifai.MetricsGroupInputType, 0, kindOf(item.data)).sum(one)
		labels := positiveLabels(item.data)
		for _, id := range labels {
			in(clarifai.MetricsGroupConceptID, 0, id).add(item.data, id)
		}
		for t, n := range map[clarifai.DatasetVersionMetricsGroupType]int{
			clarifai.MetricsGroupConceptsCount:      len(labels),
			clarifai.MetricsGroupBoundingBoxesCount: one.boxes,
			clarifai.MetricsGroupPolygonsCount:      one.polygons,
			clarifai.MetricsGroupPointsCount:        one.points,
			clarifai.MetricsGroupMasksCount:         one.masks,
		} {
			in(t, float64(n), "").sum(one)
		}
		if width, height := sizeOf(item.data); width > 0 && height > 0 {
			in(clarifai.MetricsGroupPixelsCount, width*height, "").sum(one)
			in(clarifai.MetricsGroupAspectRatio, math.Round(100*width/height)/100, "").sum(one)
		}
	}
	v.metrics = &versionMetrics{total: total.metrics()}
	keys := make([]groupKey, 0, len(by))
	for key := range by {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b groupKey) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value), cmp.Compare(a.name, b.name))
	})
	for _, key := range keys {
		v.metrics.groups = append(v.metrics.groups, clarifai.DatasetVersionMetricsGroup{
			Type: key.kind, Value: key.json(), Metrics: by[key].metrics(),
		})
	}
	return v.metrics
}

// groupKey is the property that the inputs of a group have in common.
type groupKey struct {
	kind  clarifai.DatasetVersionMetricsGroupType
	value float64
	name  string
}

func (k groupKey) json() jsontext.Value {
	switch k.kind {
	case clarifai.MetricsGroupInputType, clarifai.MetricsGroupConceptID:
		quoted, _ := jsontext.AppendQuote(nil, k.name) // names came as valid JSON
		return quoted
	}
	return jsontext.Value(strconv.FormatFloat(k.value, 'f', -1, 64))
}

// positiveLabels returns the concepts that data is positively labelled with, in all its parts, once each.
func positiveLabels(d *clarifai.Data) []string {
	var ids []string
	for _, l := range labelsIn(d) {
		if *valueOf(l) > 0 && !slices.Contains(ids, l.ID) {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

func sizeOf(d *clarifai.Data) (width, height float64) {
	switch {
	case d.Image != nil && d.Image.ImageInfo != nil:
		return float64(d.Image.ImageInfo.Width), float64(d.Image.ImageInfo.Height)
	case d.Video != nil && d.Video.VideoInfo != nil:
		return float64(d.Video.VideoInfo.Width), float64(d.Video.VideoInfo.Height)
	}
	return 0, 0
}

// tally accumulates counts.
type tally struct {
	inputs, unlabeled, withMetadata, withGeo        int
	regions, boxes, polygons, points, masks         int
	regionInputs, regionFrames, frames, frameInputs int
	inputTags, regionTags, frameTags                int
	where                                           [4]int // regions by quarter of the image
}

// add counts an input. If a concept is given, it ignores labels and regions of other
// concepts.
func (t *tally) add(d *clarifai.Data, concept string) {
	t.inputs++
	if len(positiveLabels(d)) == 0 {
		t.unlabeled++
	}
	if len(d.Metadata) > 2 { // more than {}
		t.withMetadata++
	}
	if d.Geo != nil {
		t.withGeo++
	}
	t.inputTags += tagsOf(d, concept)
	before := t.regions
	t.addRegions(d.Regions, concept)
	t.frames += len(d.Frames)
	if len(d.Frames) > 0 {
		t.frameInputs++
	}
	for _, f := range d.Frames {
		if f.Data == nil {
			continue
		}
		t.frameTags += tagsOf(f.Data, concept)
		if len(f.Data.Regions) > 0 {
			t.regionFrames++
		}
		t.addRegions(f.Data.Regions, concept)
	}
	if t.regions > before {
		t.regionInputs++
	}
}

func (t *tally) addRegions(regions []clarifai.Region, concept string) {
	for _, r := range regions {
		if concept != "" && (r.Data == nil || tagsOf(r.Data, concept) == 0) {
			continue
		}
		t.regions++
		if r.Data != nil {
			t.regionTags += tagsOf(r.Data, concept)
		}
		info := r.RegionInfo
		if info == nil {
			continue
		}
		switch {
		case info.BoundingBox != nil:
			t.boxes++
			b := info.BoundingBox
			t.where[quarter(b.TopRow+b.BottomRow)*2+quarter(b.LeftCol+b.RightCol)]++
		case info.Polygon != nil:
			t.polygons++
		case info.Point != nil:
			t.points++
			t.where[quarter(2*info.Point.Row)*2+quarter(2*info.Point.Col)]++
		case info.Mask != nil:
			t.masks++
		}
	}
}

// quarter returns the half that contains the mean of two fractions.
func quarter(sum clarifai.Float) int {
	if sum >= 1 {
		return 1
	}
	return 0
}

// tagsOf counts the positive labels of the data itself: all, or those of a concept.
func tagsOf(d *clarifai.Data, concept string) int {
	n := 0
	for _, l := range d.Concepts {
		if *valueOf(l) > 0 && (concept == "" || concept == l.ID) {
			n++
		}
	}
	return n
}

func (t *tally) sum(o *tally) {
	t.inputs += o.inputs
	t.unlabeled += o.unlabeled
	t.withMetadata += o.withMetadata
	t.withGeo += o.withGeo
	t.regions += o.regions
	t.boxes += o.boxes
	t.polygons += o.polygons
	t.points += o.points
	t.masks += o.masks
	t.regionInputs += o.regionInputs
	t.regionFrames += o.regionFrames
	t.frames += o.frames
	t.frameInputs += o.frameInputs
	t.inputTags += o.inputTags
	t.regionTags += o.regionTags
	t.frameTags += o.frameTags
	for i := range t.where {
		t.where[i] += o.where[i]
	}
}

func (t *tally) metrics() *clarifai.DatasetVersionMetrics {
	n := func(i int) *clarifai.Uint64 {
		u := clarifai.Uint64(i) //nolint:gosec // a count
		return &u
	}
	matrix := &clarifai.MatrixUint64{NCols: 2}
	for _, w := range t.where {
		matrix.Data = append(matrix.Data, *n(w))
	}
	return &clarifai.DatasetVersionMetrics{
		InputsCount: n(t.inputs), UnlabeledInputsCount: n(t.unlabeled), InputsWithMetadataCount: n(t.withMetadata),
		InputsWithGeoCount: n(t.withGeo), RegionsCount: n(t.regions), RegionLocationMatrix: matrix,
		BoundingBoxesCount: n(t.boxes), PolygonsCount: n(t.polygons), PointsCount: n(t.points), MasksCount: n(t.masks),
		RegionInputsCount: n(t.regionInputs), RegionFramesCount: n(t.regionFrames), FramesCount: n(t.frames),
		FrameInputsCount: n(t.frameInputs), EmbeddingsCount: n(0), PositiveInputTagsCount: n(t.inputTags),
		PositiveRegionTagsCount: n(t.regionTags), PositiveFrameTagsCount: n(t.frameTags),
	}
}

// listMetricsGroups returns an empty list until the metrics are counted.
func listMetricsGroups(c *call) (*clarifai.MultiDatasetVersionMetricsGroupResponse, error) {
	_, v, err := c.version()
	if err != nil {
		return nil, err
	}
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	types, err := apiserver.Enums[clarifai.DatasetVersionMetricsGroupType](c.Query, "types")
	if err != nil {
		return nil, err
	}
	if !c.counted(v) {
		return &clarifai.MultiDatasetVersionMetricsGroupResponse{}, nil
	}
	parents := c.Query.List("parent_paths")
	var groups []clarifai.DatasetVersionMetricsGroup
	for _, g := range v.count().groups {
		if (len(types) == 0 || slices.Contains(types, g.Type)) && (len(parents) == 0 || slices.Contains(parents, g.ParentPath)) {
			groups = append(groups, g)
		}
	}
	return &clarifai.MultiDatasetVersionMetricsGroupResponse{DatasetVersionMetricsGroups: apiserver.PageOf(p, groups)}, nil
}
