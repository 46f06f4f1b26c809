package emulator

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func versionRoutes(s *Service) []endpoint {
	path := inApp + "/datasets/{dataset_id}/versions"
	return []endpoint{
		{Op: "ListDatasetVersions", Method: get, Path: path, Action: read(s, listVersions)},
		{Op: "PostDatasetVersions", Method: post, Path: path, Action: write(s, postVersions)},
		{Op: "PatchDatasetVersions", Method: patch, Path: path, Action: write(s, patchVersions)},
		{Op: "DeleteDatasetVersions", Method: remove, Path: path, Action: write(s, deleteVersions)},
		{Op: "GetDatasetVersion", Method: get, Path: path + "/{dataset_version_id}", Action: read(s, getVersion)},
		{Op: "ListDatasetVersionMetricsGroups", Method: get, Path: path + "/{dataset_version_id}/metrics", Action: read(s, listMetricsGroups)},
		{Op: "PutDatasetVersionExports", Method: put, Path: path + "/{dataset_version_id}/exports", Action: write(s, putExports)},
	}
}

// version is a snapshot of a dataset. Its selection is fixed from the start;
// until it is ready, responses only hide it.
type version struct {
	info    clarifai.DatasetVersion // without fields that depend on the clock; replaced as a whole
	takes   time.Duration
	failure *clarifai.Status
	items   []snapshot
	exports []*export
	metrics *versionMetrics // computed when first requested
}

// snapshot is an input as a version has it. Stored data never changes, so the version
// and the input share it.
type snapshot struct {
	id   string
	data *clarifai.Data
}

func (v *version) status(now time.Time) clarifai.Status {
	switch progressAt(now, v.info.CreatedAt, v.takes) {
	case waiting:
		return *statusOf(clarifai.StatusDatasetVersionPending)
	case running:
		return *statusOf(clarifai.StatusDatasetVersionInProgress)
	}
	if v.failure != nil {
		return *v.failure
	}
	return *statusOf(clarifai.StatusDatasetVersionReady)
}

// counted reports whether the metrics are computed, which takes as long again as
// building the version.
func (c *call) counted(v *version) bool {
	takes := 2 * v.takes
	if c.dialect(MetricsWhenReady) {
		takes = v.takes
	}
	return v.failure == nil && progressAt(c.now, v.info.CreatedAt, takes) == finished
}

func (c *call) versionView(d *dataset, v *version) clarifai.DatasetVersion {
	view := v.info
	view.AppID, view.UserID, view.DatasetID = c.app.info.ID, c.app.user.info.ID, d.info.ID
	view.Status = v.status(c.now)
	if config := view.AnnotationFilterConfig; config != nil && config.AnnotationFilter != nil {
		view.AnnotationFilterConfig = &clarifai.AnnotationFilterConfig{
			AnnotationFilter: filterOf(config.AnnotationFilter, c.app), IgnoreEmptyInputs: config.IgnoreEmptyInputs,
		}
	}
	if c.counted(v) {
		key := "all"
		if c.dialect(MetricsKeyTotal) {
			key = "total"
		}
		view.Metrics = map[string]clarifai.DatasetVersionMetrics{key: *v.count().total}
	}
	for _, e := range v.exports {
		if view.ExportInfo == nil {
			view.ExportInfo = &clarifai.DatasetVersionExportInfo{}
		}
		seen := c.exportView(e)
		switch e.format {
		case clarifai.ExportFormatClarifaiDataProtobuf:
			view.ExportInfo.ClarifaiDataProtobuf = &seen
		case clarifai.ExportFormatClarifaiDataJSON:
			view.ExportInfo.ClarifaiDataJSON = &seen
		default:
			view.ExportInfo.COCO = &seen
		}
	}
	return view
}

// version finds the dataset and the version of the path.
func (c *call) version() (*dataset, *version, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, nil, err
	}
	id := c.Path["dataset_version_id"]
	v := d.versions.get(id)
	if v == nil {
		return nil, nil, notFound("dataset_version_id", id)
	}
	return d, v, nil
}

func getVersion(c *call) (*clarifai.SingleDatasetVersionResponse, error) {
	d, v, err := c.version()
	if err != nil {
		return nil, err
	}
	view := c.versionView(d, v)
	return &clarifai.SingleDatasetVersionResponse{DatasetVersion: &view}, nil
}

func listVersions(c *call) (*clarifai.MultiDatasetVersionResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	origins, err := apiserver.Enums[clarifai.DatasetVersionRequestOrigin](c.Query, "request_origins")
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiDatasetVersionResponse{}
	all := d.versions.newest()
	if c.dialect(ListsOldestFirst) {
		all = d.versions.oldest()
	}
	for _, v := range take(p, matching(all, func(v *version) bool {
		return len(origins) == 0 || slices.Contains(origins, v.info.RequestOrigin)
	})) {
		out.DatasetVersions = append(out.DatasetVersions, c.versionView(d, v))
	}
	return out, nil
}

// postVersions creates all or none.
func postVersions(c *call, in *clarifai.PostDatasetVersionsRequest) (*clarifai.MultiDatasetVersionResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	if len(in.DatasetVersions) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "dataset_versions is empty")
	}
	var made []*version
	seen := map[string]bool{}
	for _, sent := range in.DatasetVersions {
		v, err := c.newVersion(d, sent)
		if err != nil {
			return nil, err
		}
		if seen[v.info.ID] || d.versions.has(v.info.ID) {
			return nil, c.duplicate("dataset version", v.info.ID)
		}
		seen[v.info.ID] = true
		made = append(made, v)
	}
	out := &clarifai.MultiDatasetVersionResponse{}
	for _, v := range made {
		v.failure = c.AsyncFailure(objectVersion, v.info.ID, "", clarifai.StatusDatasetVersionFailed)
		d.versions.put(v.info.ID, v)
		view := c.versionView(d, v)
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		view.Status, view.Metrics = *statusOf(clarifai.StatusDatasetVersionPending), nil
		out.DatasetVersions = append(out.DatasetVersions, view)
	}
	return out, nil
}

// newVersion computes the selection of a version.
func (c *call) newVersion(d *dataset, sent clarifai.DatasetVersion) (*version, error) {
	if sent.ID == "" {
		sent.ID = newID()
	}
	if problem := idProblem("dataset version id", sent.ID); problem != "" {
		return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
	}
	if sent.AnnotationFilterConfig != nil && sent.ModelPredictConfig != nil {
		return nil, reject(clarifai.StatusInvalidRequest, "a dataset version has annotation_filter_config or model_predict_config, not both")
	}
	info := clarifai.DatasetVersion{
		ID:             sent.ID,
		CreatedAt:      c.stamp(),
		ModifiedAt:     c.stamp(),
		Description:    sent.Description,
		ProcessingInfo: cmp.Or(sent.ProcessingInfo, d.info.DefaultProcessingInfo),
		Visibility:     visibilityOr(sent.Visibility, private),
		RequestOrigin:  clarifai.DatasetVersionRequestOriginManual,
	}
	var err error
	if info.Metadata, err = normal(sent.Metadata); err != nil {
		return nil, err
	}
	if info.Metadata == nil {
		info.Metadata = clarifai.Struct("{}")
	}
	v := &version{takes: c.options.Async}
	if sent.ModelPredictConfig != nil {
		model := sent.ModelPredictConfig.Model
		if model == nil || model.ID == "" {
			return nil, reject(clarifai.StatusInvalidRequest, "model_predict_config needs a model")
		}
		if strings.HasPrefix(model.ID, missingPrefix) {
			return nil, reject(clarifai.StatusModelDoesNotExist, "model '%s' not found", model.ID)
		}
		info.ModelPredictConfig = sent.ModelPredictConfig
		v.items = c.predicted(d, model)
	} else {
		config := clarifai.AnnotationFilterConfig{}
		if sent.AnnotationFilterConfig != nil {
			config = *sent.AnnotationFilterConfig
		}
		if config.AnnotationFilter, err = c.enrichFilter(config.AnnotationFilter, nil); err != nil {
			return nil, err
		}
		config.AnnotationFilter = cmp.Or(config.AnnotationFilter, d.info.DefaultAnnotationFilter)
		if config != (clarifai.AnnotationFilterConfig{}) {
			info.AnnotationFilterConfig = &config
		}
		if v.items, err = c.filtered(d, config); err != nil {
			return nil, err
		}
	}
	v.info = info
	return v, nil
}

// members returns the inputs of a dataset that have not failed, oldest first.
func (c *call) members(d *dataset) []*input {
	inputs := make([]*input, 0, d.members.len())
	for m := range d.members.oldest() {
		if in := c.app.inputs.get(m.inputID); in.failure == nil {
			inputs = append(inputs, in)
		}
	}
	return inputs
}

// filtered returns the dataset's inputs with those of their annotations that pass
// the filter. Inputs without such annotations stay, unless the config ignores
// them.
func (c *call) filtered(d *dataset, config clarifai.AnnotationFilterConfig) ([]snapshot, error) {
	var search *clarifai.Search
	if config.AnnotationFilter != nil {
		search = config.AnnotationFilter.Search
	}
	chosen, err := c.app.selection(search, c.now)
	if err != nil {
		return nil, err
	}
	var items []snapshot
	for _, in := range c.members(d) {
		data := in.data
		if len(chosen.filters)+len(in.annotations) > 0 || chosen.limited() {
			data = gather(in, slices.DeleteFunc(chosen.annotations(in), func(a *clarifai.Annotation) bool {
				_, enough := chosen.scores(in, a)
				return !enough
			}))
		}
		if config.IgnoreEmptyInputs && isBlank(data) {
			continue
		}
		items = append(items, snapshot{in.id, data})
	}
	return items, nil
}

// gather merges the content of an input with the data of its annotations.
func gather(in *input, annotations []*clarifai.Annotation) *clarifai.Data {
	d := &clarifai.Data{Image: in.data.Image, Video: in.data.Video, Audio: in.data.Audio, Text: in.data.Text}
	for _, a := range annotations {
		if a.Data == nil {
			continue
		}
		d.Concepts = mergeLabels(d.Concepts, a.Data.Concepts)
		d.Regions = append(d.Regions, a.Data.Regions...)
		d.Frames = append(d.Frames, a.Data.Frames...)
		d.TimeSegments = append(d.TimeSegments, a.Data.TimeSegments...)
		if len(a.Data.Metadata) > 0 {
			d.Metadata, _ = mergeStructs(d.Metadata, a.Data.Metadata) // both were parsed when they arrived
		}
		d.Geo = cmp.Or(a.Data.Geo, d.Geo)
	}
	return d
}

// predicted returns the dataset's inputs with predictions of a model. The emulator has
// no models: it derives predictions from the IDs, so that they are the same
// each time.
func (c *call) predicted(d *dataset, model *clarifai.Model) []snapshot {
	versionID := ""
	if model.ModelVersion != nil {
		versionID = model.ModelVersion.ID
	}
	var items []snapshot
	for _, in := range c.members(d) {
		data := gather(in, nil)
		for _, concept := range c.app.concepts.ids() {
			if p := prediction(model.ID, versionID, in.id, concept); p >= 0.5 {
				data.Concepts = append(data.Concepts, clarifai.Concept{ID: concept, Value: &p})
			}
		}
		items = append(items, snapshot{in.id, data})
	}
	return items
}

// prediction returns an invented probability, in thousandths.
func prediction(parts ...string) clarifai.Float {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return clarifai.NewFloat(float64(h.Sum32()%1001) / 1000)
}

// patchVersions changes all or none. The configuration of a version is fixed.
func patchVersions(c *call, in *clarifai.PatchDatasetVersionsRequest) (*clarifai.MultiDatasetVersionResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	if err := checkAction(in.Action, len(in.DatasetVersions), clarifai.ActionOverwrite); err != nil {
		return nil, err
	}
	fields := c.sentFieldsOf("dataset_versions", len(in.DatasetVersions))
	patched := make([]clarifai.DatasetVersion, len(in.DatasetVersions))
	for i, sent := range in.DatasetVersions {
		v := d.versions.get(sent.ID)
		if v == nil {
			return nil, notFound("dataset_version_id", sent.ID)
		}
		if sent.AnnotationFilterConfig != nil || sent.ModelPredictConfig != nil || sent.ProcessingInfo != nil {
			return nil, reject(clarifai.StatusDatasetVersionConflict, "the configuration of dataset version '%s' is fixed: create a new version",
				sent.ID)
		}
		if c.dialect(VersionTextsFixed) && (sent.Description != "" || sent.Metadata != nil) {
			return nil, reject(clarifai.StatusDatasetVersionConflict, "the description and metadata of dataset version '%s' are fixed", sent.ID)
		}
		info := v.info
		info.ModifiedAt = c.stamp()
		change(&info.Description, sent.Description, fields[i], "description")
		info.Visibility = visibilityOr(sent.Visibility, info.Visibility)
		if info.Metadata, err = patchedStruct(info.Metadata, sent.Metadata, in.Action); err != nil {
			return nil, err
		}
		patched[i] = info
	}
	out := &clarifai.MultiDatasetVersionResponse{}
	for _, info := range patched {
		v := d.versions.get(info.ID)
		v.info = info
		out.DatasetVersions = append(out.DatasetVersions, c.versionView(d, v))
	}
	return out, nil
}

// deleteVersions deletes all or none, with their exports.
func deleteVersions(c *call, in *clarifai.DeleteDatasetVersionsRequest) (*clarifai.BaseResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	if len(in.DatasetVersionIDs) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "dataset_version_ids is empty")
	}
	for _, id := range in.DatasetVersionIDs {
		if !d.versions.has(id) {
			if err := c.unknownOnDelete("dataset_version_id", id); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range in.DatasetVersionIDs {
		d.versions.remove(id)
	}
	c.deleteExports()
	c.Outcome.Details = fmt.Sprintf("Dataset version '%s' deleted", strings.Join(in.DatasetVersionIDs, "', '"))
	return &clarifai.BaseResponse{}, nil
}
