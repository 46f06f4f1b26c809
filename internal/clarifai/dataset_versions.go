package clarifai

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
	"github.com/go-json-experiment/json/jsontext"
)

// DatasetVersion is a snapshot of a dataset, built in the background.
//
// Settable on create: id, one of the two configs, processing_info (all fixed
// afterwards), description, metadata, visibility (patchable). All other fields are output.
type DatasetVersion struct {
	ID                     string                           `json:"id,omitzero"`
	CreatedAt              time.Time                        `json:"created_at,omitzero"`
	ModifiedAt             time.Time                        `json:"modified_at,omitzero"`
	AppID                  string                           `json:"app_id,omitzero"`
	UserID                 string                           `json:"user_id,omitzero"`
	DatasetID              string                           `json:"dataset_id,omitzero"`
	AnnotationFilterConfig *AnnotationFilterConfig          `json:"annotation_filter_config,omitzero"`
	ModelPredictConfig     *ModelPredictConfig              `json:"model_predict_config,omitzero"`
	Status                 Status                           `json:"status,omitzero"`
	Description            string                           `json:"description,omitzero"`
	ProcessingInfo         *DatasetVersionProcessingInfo    `json:"processing_info,omitzero"`
	Metrics                map[string]DatasetVersionMetrics `json:"metrics,omitempty"` // keys are undocumented
	ExportInfo             *DatasetVersionExportInfo        `json:"export_info,omitzero"`
	Metadata               Struct                           `json:"metadata,omitzero"`
	Visibility             *Visibility                      `json:"visibility,omitzero"`
	EmbedModelVersionIDs   []string                         `json:"embed_model_version_ids,omitempty"`
	RequestOrigin          DatasetVersionRequestOrigin      `json:"request_origin,omitzero"`
}

// AnnotationFilterConfig builds a version from the dataset's inputs. Fixed after create.
type AnnotationFilterConfig struct {
	AnnotationFilter  *AnnotationFilter `json:"annotation_filter,omitzero"`
	IgnoreEmptyInputs bool              `json:"ignore_empty_inputs,omitzero"` // leave out inputs that the filter leaves without annotations
}

// ModelPredictConfig builds a version from a model's predictions. Fixed after create.
type ModelPredictConfig struct {
	Model *Model `json:"model,omitzero"`
}

// DatasetVersionProcessingInfo says how a version processes its inputs. It is set with the
// version, or as the dataset's default.
type DatasetVersionProcessingInfo struct {
	FrameInterpolationInfo *FrameInterpolationInfo `json:"frame_interpolation_info,omitzero"`
}

// FrameInterpolationInfo enables frame interpolation if it is present.
type FrameInterpolationInfo struct {
	SampleMs uint32 `json:"sample_ms,omitzero"` // 0: the dataset's default, else the input's own sampling
}

// DatasetVersionRequestOrigin is the reason for which a version was created.
type DatasetVersionRequestOrigin int32

// Origins of versions. Newer than the documented surface.
const (
	DatasetVersionRequestOriginNotSet          DatasetVersionRequestOrigin = 0
	DatasetVersionRequestOriginManual          DatasetVersionRequestOrigin = 1
	DatasetVersionRequestOriginTraining        DatasetVersionRequestOrigin = 2
	DatasetVersionRequestOriginEvalGroundTruth DatasetVersionRequestOrigin = 3
	DatasetVersionRequestOriginEvalPredictions DatasetVersionRequestOrigin = 4
)

var datasetVersionRequestOriginNames = enumNames{
	"DATASET_VERSION_REQUEST_ORIGIN_NOT_SET": 0, "MANUAL": 1, "TRAINING": 2, "EVAL_GROUND_TRUTH": 3, "EVAL_PREDICTIONS": 4,
}

// UnmarshalJSON accepts a number or a name.
func (o *DatasetVersionRequestOrigin) UnmarshalJSON(b []byte) error {
	return datasetVersionRequestOriginNames.unmarshal(b, "DatasetVersionRequestOrigin", (*int32)(o))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (o DatasetVersionRequestOrigin) MarshalJSON() ([]byte, error) {
	return datasetVersionRequestOriginNames.marshal(int32(o))
}

func (o *DatasetVersionRequestOrigin) enum() (enumNames, *int32) {
	return datasetVersionRequestOriginNames, (*int32)(o)
}

// String is the official name.
func (o DatasetVersionRequestOrigin) String() string {
	return datasetVersionRequestOriginNames.name(int32(o))
}

// DatasetVersionMetrics counts the contents of a version or of a group of it. Output only.
// A nil count is unknown, which is not the same as zero.
type DatasetVersionMetrics struct {
	InputsCount             *Uint64       `json:"inputs_count,omitzero"`
	UnlabeledInputsCount    *Uint64       `json:"unlabeled_inputs_count,omitzero"`
	InputsWithMetadataCount *Uint64       `json:"inputs_with_metadata_count,omitzero"`
	InputsWithGeoCount      *Uint64       `json:"inputs_with_geo_count,omitzero"`
	RegionsCount            *Uint64       `json:"regions_count,omitzero"`
	RegionLocationMatrix    *MatrixUint64 `json:"region_location_matrix,omitzero"`
	BoundingBoxesCount      *Uint64       `json:"bounding_boxes_count,omitzero"`
	PolygonsCount           *Uint64       `json:"polygons_count,omitzero"`
	PointsCount             *Uint64       `json:"points_count,omitzero"`
	MasksCount              *Uint64       `json:"masks_count,omitzero"`
	RegionInputsCount       *Uint64       `json:"region_inputs_count,omitzero"`
	RegionFramesCount       *Uint64       `json:"region_frames_count,omitzero"`
	FramesCount             *Uint64       `json:"frames_count,omitzero"`
	FrameInputsCount        *Uint64       `json:"frame_inputs_count,omitzero"`
	EmbeddingsCount         *Uint64       `json:"embeddings_count,omitzero"`
	PositiveInputTagsCount  *Uint64       `json:"positive_input_tags_count,omitzero"`
	PositiveRegionTagsCount *Uint64       `json:"positive_region_tags_count,omitzero"`
	PositiveFrameTagsCount  *Uint64       `json:"positive_frame_tags_count,omitzero"`
}

// MatrixUint64 is a matrix stored by rows. Output only.
type MatrixUint64 struct {
	NCols Uint64   `json:"n_cols,omitzero"`
	Data  []Uint64 `json:"data,omitempty"`
}

// DatasetVersionMetricsGroup holds the metrics of one group of a version's contents. Output only.
type DatasetVersionMetricsGroup struct {
	ParentPath string                         `json:"parent_path,omitzero"` // undocumented, can be absent
	Type       DatasetVersionMetricsGroupType `json:"type,omitzero"`
	Value      jsontext.Value                 `json:"value,omitzero"` // the key of the group: a string for INPUT_TYPE and CONCEPT_ID
	Metrics    *DatasetVersionMetrics         `json:"metrics,omitzero"`
}

// DatasetVersionMetricsGroupType is the property by which metrics are grouped.
type DatasetVersionMetricsGroupType int32

// Types of metrics groups.
const (
	MetricsGroupNotSet             DatasetVersionMetricsGroupType = 0
	MetricsGroupInputType          DatasetVersionMetricsGroupType = 2
	MetricsGroupConceptID          DatasetVersionMetricsGroupType = 10
	MetricsGroupConceptsCount      DatasetVersionMetricsGroupType = 11
	MetricsGroupBoundingBoxesCount DatasetVersionMetricsGroupType = 20
	MetricsGroupPolygonsCount      DatasetVersionMetricsGroupType = 21
	MetricsGroupPointsCount        DatasetVersionMetricsGroupType = 22
	MetricsGroupMasksCount         DatasetVersionMetricsGroupType = 23
	MetricsGroupPixelsCount        DatasetVersionMetricsGroupType = 30
	MetricsGroupAspectRatio        DatasetVersionMetricsGroupType = 31
)

var metricsGroupTypeNames = enumNames{
	"DATASET_VERSION_METRICS_GROUP_TYPE_NOT_SET": 0, "INPUT_TYPE": 2, "CONCEPT_ID": 10, "CONCEPTS_COUNT": 11,
	"BOUNDING_BOXES_COUNT": 20, "POLYGONS_COUNT": 21, "POINTS_COUNT": 22, "MASKS_COUNT": 23, "PIXELS_COUNT": 30, "ASPECT_RATIO": 31,
}

// ParseDatasetVersionMetricsGroupType reads a type by its official name or number.
func ParseDatasetVersionMetricsGroupType(text string) (t DatasetVersionMetricsGroupType, err error) {
	err = t.UnmarshalJSON([]byte(text))
	return t, err
}

// UnmarshalJSON accepts a number or a name.
func (t *DatasetVersionMetricsGroupType) UnmarshalJSON(b []byte) error {
	return metricsGroupTypeNames.unmarshal(b, "DatasetVersionMetricsGroupType", (*int32)(t))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (t DatasetVersionMetricsGroupType) MarshalJSON() ([]byte, error) {
	return metricsGroupTypeNames.marshal(int32(t))
}

func (t *DatasetVersionMetricsGroupType) enum() (enumNames, *int32) {
	return metricsGroupTypeNames, (*int32)(t)
}

// String is the official name.
func (t DatasetVersionMetricsGroupType) String() string { return metricsGroupTypeNames.name(int32(t)) }

// DatasetVersionExportInfo holds a version's exports by format. A format that was never exported is nil. Output only.
type DatasetVersionExportInfo struct {
	ClarifaiDataProtobuf *DatasetVersionExport `json:"clarifai_data_protobuf,omitzero"`
	ClarifaiDataJSON     *DatasetVersionExport `json:"clarifai_data_json,omitzero"`
	COCO                 *DatasetVersionExport `json:"coco,omitzero"`
}

// Format returns the export in the given format, or nil if there is none.
func (i *DatasetVersionExportInfo) Format(format DatasetVersionExportFormat) *DatasetVersionExport {
	if i == nil {
		return nil
	}
	switch format {
	case ExportFormatClarifaiDataProtobuf:
		return i.ClarifaiDataProtobuf
	case ExportFormatClarifaiDataJSON:
		return i.ClarifaiDataJSON
	case ExportFormatCOCO:
		return i.COCO
	}
	return nil
}

// DatasetVersionExport is a downloadable copy of a version. format and include_embeddings
// are settable and fixed. status, url and size are output, the last two only after the
// export is done. The URL changes over time and needs the caller's credential.
type DatasetVersionExport struct {
	Format            DatasetVersionExportFormat `json:"format,omitzero"`
	Status            Status                     `json:"status,omitzero"`
	URL               string                     `json:"url,omitzero"`
	Size              Uint64                     `json:"size,omitzero"` // bytes
	IncludeEmbeddings bool                       `json:"include_embeddings,omitzero"`
}

// DatasetVersionExportFormat is the file format of an export.
type DatasetVersionExportFormat int32

// Formats of exports.
const (
	ExportFormatNotSet               DatasetVersionExportFormat = 0
	ExportFormatClarifaiDataProtobuf DatasetVersionExportFormat = 1
	ExportFormatCOCO                 DatasetVersionExportFormat = 2
	ExportFormatClarifaiDataJSON     DatasetVersionExportFormat = 3
)

var exportFormatNames = enumNames{
	"DATASET_VERSION_EXPORT_FORMAT_NOT_SET": 0, "CLARIFAI_DATA_PROTOBUF": 1, "COCO": 2, "CLARIFAI_DATA_JSON": 3,
}

// ParseDatasetVersionExportFormat reads a format by its official name or number.
func ParseDatasetVersionExportFormat(text string) (f DatasetVersionExportFormat, err error) {
	err = f.UnmarshalJSON([]byte(text))
	return f, err
}

// UnmarshalJSON accepts a number or a name.
func (f *DatasetVersionExportFormat) UnmarshalJSON(b []byte) error {
	return exportFormatNames.unmarshal(b, "DatasetVersionExportFormat", (*int32)(f))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (f DatasetVersionExportFormat) MarshalJSON() ([]byte, error) {
	return exportFormatNames.marshal(int32(f))
}

func (f *DatasetVersionExportFormat) enum() (enumNames, *int32) {
	return exportFormatNames, (*int32)(f)
}

// String is the official name.
func (f DatasetVersionExportFormat) String() string { return exportFormatNames.name(int32(f)) }

// PostDatasetVersionsRequest starts building versions.
type PostDatasetVersionsRequest struct {
	DatasetVersions []DatasetVersion `json:"dataset_versions"`
}

// PatchDatasetVersionsRequest changes description, metadata or visibility of versions.
type PatchDatasetVersionsRequest struct {
	DatasetVersions []DatasetVersion `json:"dataset_versions"`
	Action          PatchAction      `json:"action,omitzero"` // overwrite
}

// DeleteDatasetVersionsRequest deletes versions with their exports.
type DeleteDatasetVersionsRequest struct {
	DatasetVersionIDs []string `json:"dataset_version_ids"`
}

// PutDatasetVersionExportsRequest starts exports, or reads the status of exports that have started.
type PutDatasetVersionExportsRequest struct {
	Exports []DatasetVersionExport `json:"exports"`
}

// SingleDatasetVersionResponse carries one version.
type SingleDatasetVersionResponse struct {
	Envelope
	DatasetVersion *DatasetVersion `json:"dataset_version,omitzero"`
}

// MultiDatasetVersionResponse carries versions.
type MultiDatasetVersionResponse struct {
	Envelope
	DatasetVersions []DatasetVersion `json:"dataset_versions"`
}

// MultiDatasetVersionExportResponse carries exports in the order of the request.
type MultiDatasetVersionExportResponse struct {
	Envelope
	Exports []DatasetVersionExport `json:"exports"`
}

// MultiDatasetVersionMetricsGroupResponse carries metrics groups. There are none until they are computed.
type MultiDatasetVersionMetricsGroupResponse struct {
	Envelope
	DatasetVersionMetricsGroups []DatasetVersionMetricsGroup `json:"dataset_version_metrics_groups"`
}

// ListDatasetVersionsQuery selects versions.
type ListDatasetVersionsQuery struct {
	Page
	RequestOrigins []DatasetVersionRequestOrigin // newer than the documented surface
}

func (q ListDatasetVersionsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	for _, origin := range q.RequestOrigins {
		v.Add("request_origins", origin.String())
	}
	return v.Values
}

// GetDatasetVersion reads one version with its exports and metrics, if there are any; not found if it does not exist.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/versions/{version};
// response SingleDatasetVersionResponse. [documented]
func (c *Client) GetDatasetVersion(ctx context.Context, app AppRef, datasetID, versionID string) (*DatasetVersion, error) {
	var out SingleDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "GetDatasetVersion", method: http.MethodGet, path: app.path("datasets", datasetID, "versions", versionID),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetDatasetVersion", "dataset_version", out.DatasetVersion)
}

// ListDatasetVersions reads one page of a dataset's versions; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/versions; response MultiDatasetVersionResponse. [documented]
func (c *Client) ListDatasetVersions(
	ctx context.Context, app AppRef, datasetID string, query ListDatasetVersionsQuery,
) ([]DatasetVersion, error) {
	var out MultiDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "ListDatasetVersions", method: http.MethodGet, path: app.path("datasets", datasetID, "versions"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.DatasetVersions, nil
}

// AllDatasetVersions yields a dataset's versions, page by page.
func (c *Client) AllDatasetVersions(
	ctx context.Context, app AppRef, datasetID string, query ListDatasetVersionsQuery,
) iter.Seq2[DatasetVersion, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]DatasetVersion, error) {
		query := query
		query.Page = page
		return c.ListDatasetVersions(ctx, app, datasetID, query)
	}, datasetVersionID)
}

// PostDatasetVersions starts building versions: read them until 64015 (ready), or 64020 or 64025 (failed). Without a
// config the dataset's default filter is used. An ID that exists is a duplicate [inferred].
// POST /v2/users/{user}/apps/{app}/datasets/{dataset}/versions;
// body PostDatasetVersionsRequest, response MultiDatasetVersionResponse. [documented]
func (c *Client) PostDatasetVersions(
	ctx context.Context, app AppRef, datasetID string, versions []DatasetVersion,
) ([]DatasetVersion, error) {
	var out MultiDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "PostDatasetVersions", method: http.MethodPost, path: app.path("datasets", datasetID, "versions"),
		in: PostDatasetVersionsRequest{DatasetVersions: versions},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostDatasetVersions", "dataset_versions", versions, out.DatasetVersions, datasetVersionID)
}

// PatchDatasetVersions changes description, metadata or visibility [inferred] of versions. Only overwrite is known to work.
// PATCH /v2/users/{user}/apps/{app}/datasets/{dataset}/versions;
// body PatchDatasetVersionsRequest, response MultiDatasetVersionResponse. [documented]
func (c *Client) PatchDatasetVersions(
	ctx context.Context, app AppRef, datasetID string, versions []DatasetVersion, action PatchAction,
) ([]DatasetVersion, error) {
	var out MultiDatasetVersionResponse
	if err := c.do(ctx, call{
		op: "PatchDatasetVersions", method: http.MethodPatch, path: app.path("datasets", datasetID, "versions"),
		in: PatchDatasetVersionsRequest{DatasetVersions: versions, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchDatasetVersions", "dataset_versions", versions, out.DatasetVersions, datasetVersionID)
}

// DeleteDatasetVersions deletes versions with their exports. A version in use is rejected with 64030 [inferred].
// DELETE /v2/users/{user}/apps/{app}/datasets/{dataset}/versions;
// body DeleteDatasetVersionsRequest, response BaseResponse. [documented]
func (c *Client) DeleteDatasetVersions(ctx context.Context, app AppRef, datasetID string, versionIDs []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteDatasetVersions", method: http.MethodDelete, path: app.path("datasets", datasetID, "versions"),
		in: DeleteDatasetVersionsRequest{DatasetVersionIDs: versionIDs},
	}, &out)
}

// PutDatasetVersionExports starts exports of a version. If sent again, it returns their status and restarts nothing. An export is
// done at 64200 and then has url and size. A version that is not ready is rejected [inferred].
// PUT /v2/users/{user}/apps/{app}/datasets/{dataset}/versions/{version}/exports;
// body PutDatasetVersionExportsRequest, response MultiDatasetVersionExportResponse. [documented]
func (c *Client) PutDatasetVersionExports(
	ctx context.Context, app AppRef, datasetID, versionID string, exports []DatasetVersionExport,
) ([]DatasetVersionExport, error) {
	var out MultiDatasetVersionExportResponse
	if err := c.do(ctx, call{
		op: "PutDatasetVersionExports", method: http.MethodPut, path: app.path("datasets", datasetID, "versions", versionID, "exports"),
		in: PutDatasetVersionExportsRequest{Exports: exports},
	}, &out); err != nil {
		return nil, err
	}
	return wholeNumber("PutDatasetVersionExports", "exports", len(exports), out.Exports, exportFormat)
}

// ListDatasetVersionMetricsGroupsQuery selects metrics groups. The values of one field are alternatives.
type ListDatasetVersionMetricsGroupsQuery struct {
	Page
	ParentPaths []string
	Types       []DatasetVersionMetricsGroupType
}

func (q ListDatasetVersionMetricsGroupsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.texts("parent_paths", q.ParentPaths)
	for _, t := range q.Types {
		v.Add("types", t.String())
	}
	return v.Values
}

// ListDatasetVersionMetricsGroups reads one page of a version's metrics groups. There are none until they are computed,
// which is some time after the version is ready.
// GET /v2/users/{user}/apps/{app}/datasets/{dataset}/versions/{version}/metrics;
// response MultiDatasetVersionMetricsGroupResponse. [documented]
func (c *Client) ListDatasetVersionMetricsGroups(
	ctx context.Context, app AppRef, datasetID, versionID string, query ListDatasetVersionMetricsGroupsQuery,
) ([]DatasetVersionMetricsGroup, error) {
	var out MultiDatasetVersionMetricsGroupResponse
	if err := c.do(ctx, call{
		op: "ListDatasetVersionMetricsGroups", method: http.MethodGet,
		path:  app.path("datasets", datasetID, "versions", versionID, "metrics"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.DatasetVersionMetricsGroups, nil
}

// AllDatasetVersionMetricsGroups yields a version's metrics groups, page by page.
func (c *Client) AllDatasetVersionMetricsGroups(
	ctx context.Context, app AppRef, datasetID, versionID string, query ListDatasetVersionMetricsGroupsQuery,
) iter.Seq2[DatasetVersionMetricsGroup, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]DatasetVersionMetricsGroup, error) {
		query := query
		query.Page = page
		return c.ListDatasetVersionMetricsGroups(ctx, app, datasetID, versionID, query)
	}, func(g DatasetVersionMetricsGroup) string {
		return g.Type.String() + "\x00" + g.ParentPath + "\x00" + string(g.Value)
	})
}

func datasetVersionID(v DatasetVersion) string { return v.ID }

var updateDatasetVersions = write[DatasetVersion, DatasetVersion]{
	op: "PatchDatasetVersions", id: datasetVersionID,
	send: func(ctx context.Context, c *Client, at scope, versions []DatasetVersion) ([]Item[DatasetVersion], error) {
		updated, err := c.PatchDatasetVersions(ctx, at.app, at.parent, versions, ActionOverwrite)
		return matchItems("PatchDatasetVersions", versions, updated, datasetVersionID, err)
	},
}

var removeDatasetVersions = remove("DeleteDatasetVersions", func(ctx context.Context, c *Client, at scope, ids []string) error {
	return c.DeleteDatasetVersions(ctx, at.app, at.parent, ids)
})

// UpdateDatasetVersion changes one version: [Client.PatchDatasetVersions] with overwrite and up to 128 of the same
// dataset.
func (c *Client) UpdateDatasetVersion(ctx context.Context, app AppRef, dataset string, version DatasetVersion) (*DatasetVersion, error) {
	return updateDatasetVersions.one(ctx, c, &c.batchers.updateDatasetVersion, scope{app: app, parent: dataset}, version)
}

// RemoveDatasetVersion deletes one version: [Client.DeleteDatasetVersions] with up to 128 of the same dataset.
func (c *Client) RemoveDatasetVersion(ctx context.Context, app AppRef, dataset, id string) error {
	_, err := removeDatasetVersions.one(ctx, c, &c.batchers.removeDatasetVersion, scope{app: app, parent: dataset}, id)
	return err
}

// ReadDatasetVersion reads one version of a dataset: [Client.GetDatasetVersion] alone, [Client.ListDatasetVersions]
// together with others.
func (c *Client) ReadDatasetVersion(ctx context.Context, app AppRef, dataset, id string) (*DatasetVersion, error) {
	return c.caches.datasetVersions.Get(ctx, scope{app: app, parent: dataset}, id, cached(c, batch.Source[DatasetVersion]{
		ID: datasetVersionID,
		Get: func(ctx context.Context, id string) (*DatasetVersion, error) {
			return c.GetDatasetVersion(ctx, app, dataset, id)
		},
		Page: func(ctx context.Context, number int) ([]DatasetVersion, error) {
			return c.ListDatasetVersions(ctx, app, dataset, ListDatasetVersionsQuery{Page: longPage(number)})
		},
	}))
}

// PollDatasetVersion reads a version's current state, exports and metrics included, within the given time, or earlier if
// others poll versions of the dataset. [Client.GetDatasetVersion] alone, [Client.ListDatasetVersions] together with
// others.
func (c *Client) PollDatasetVersion(
	ctx context.Context, app AppRef, dataset, id string, within time.Duration,
) (*DatasetVersion, error) {
	return c.pollers.datasetVersions.Poll(ctx, scope{app: app, parent: dataset}, id, within, polled(c, MaxPerPage,
		func(ctx context.Context, c *Client, ids []string) map[string]Item[*DatasetVersion] {
			return c.pollDatasetVersions(ctx, app, dataset, ids)
		}))
}

// pollDatasetVersions reads pages as long as that costs fewer requests than one for each version that is still missing.
func (c *Client) pollDatasetVersions(ctx context.Context, app AppRef, dataset string, ids []string) map[string]Item[*DatasetVersion] {
	found := map[string]Item[*DatasetVersion]{}
	omitted := slices.Clone(ids)
	for page := 1; len(omitted) > page; page++ {
		versions, err := c.ListDatasetVersions(ctx, app, dataset, ListDatasetVersionsQuery{Page: longPage(page)})
		if err != nil && isTransient(err) {
			maps.Copy(found, failedAll[DatasetVersion](omitted, err))
			return found
		}
		for i := range versions {
			found[versions[i].ID] = Item[*DatasetVersion]{Value: &versions[i]}
		}
		omitted = slices.DeleteFunc(omitted, func(id string) bool { return found[id].Value != nil })
		if len(versions) < defaultPerPage { // also if the page was rejected
			break
		}
	}
	maps.Copy(found, getEach(ctx, omitted, func(ctx context.Context, id string) (*DatasetVersion, error) {
		return c.GetDatasetVersion(ctx, app, dataset, id)
	}))
	return found
}

func exportFormat(e DatasetVersionExport) string {
	if e.Format == ExportFormatNotSet {
		return ""
	}
	return e.Format.String()
}
