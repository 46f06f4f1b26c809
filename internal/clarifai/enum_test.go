package clarifai

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// enum is any enum of the API.
type enum interface {
	fmt.Stringer
	comparable
}

func checkEnum[T enum](t *testing.T, parse func(string) (T, error), values map[int32]string) {
	t.Helper()
	kind := reflect.TypeFor[T]().Name()
	for number, name := range values {
		var byName, byNumber, byText T
		if err := Decode(fmt.Appendf(nil, "%q", name), &byName); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if err := Decode(fmt.Appendf(nil, "%d", number), &byNumber); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if err := Decode(fmt.Appendf(nil, `"%d"`, number), &byText); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if byName != byNumber || byText != byNumber || byName.String() != name || reflect.ValueOf(byName).Int() != int64(number) {
			t.Errorf("%s: %s read as %v, %d as %v", kind, name, byName, number, byNumber)
		}
		if written, err := Encode(byName); err != nil || string(written) != fmt.Sprint(number) {
			t.Errorf("%s: %s written as %s, %v", kind, name, written, err)
		}
		if parse != nil {
			if v, err := parse(name); err != nil || v != byName {
				t.Errorf("%s: %s parsed as %v, %v", kind, name, v, err)
			}
		}
	}
	var v T
	if err := DecodeStrict([]byte(`"NO_SUCH_NAME"`), &v); err == nil {
		t.Errorf("%s: an unknown name passed as %v", kind, v)
	}
	if err := Decode([]byte(`"NO_SUCH_NAME"`), &v); err != nil || v.String() != "NO_SUCH_NAME" {
		t.Errorf("%s: a name newer than the table read as %v, %v", kind, v, err)
	}
	if written, err := Encode(v); err != nil || string(written) != `"NO_SUCH_NAME"` {
		t.Errorf("%s: a name newer than the table written as %s, %v", kind, written, err)
	}
	if err := Decode([]byte(`4711`), &v); err != nil || v.String() != "4711" {
		t.Errorf("%s: a number newer than the table read as %v, %v", kind, v, err)
	}
	if parse != nil {
		if v, err := parse(""); err == nil {
			t.Errorf("%s: an empty text parsed as %v", kind, v)
		}
	}
}

func TestEnums(t *testing.T) {
	checkEnum[Gettable](t, nil, map[int32]string{0: "UNKNOWN_VISIBILITY", 10: "PRIVATE", 30: "ORG", 50: "PUBLIC"})
	checkEnum(t, ParseDatasetVersionExportFormat, map[int32]string{
		0: "DATASET_VERSION_EXPORT_FORMAT_NOT_SET", 1: "CLARIFAI_DATA_PROTOBUF", 2: "COCO", 3: "CLARIFAI_DATA_JSON",
	})
	checkEnum(t, ParseDatasetVersionMetricsGroupType, map[int32]string{
		0: "DATASET_VERSION_METRICS_GROUP_TYPE_NOT_SET", 2: "INPUT_TYPE", 10: "CONCEPT_ID", 11: "CONCEPTS_COUNT", 20: "BOUNDING_BOXES_COUNT",
		21: "POLYGONS_COUNT", 22: "POINTS_COUNT", 23: "MASKS_COUNT", 30: "PIXELS_COUNT", 31: "ASPECT_RATIO",
	})
	checkEnum[DatasetVersionRequestOrigin](t, nil, map[int32]string{
		0: "DATASET_VERSION_REQUEST_ORIGIN_NOT_SET", 1: "MANUAL", 2: "TRAINING", 3: "EVAL_GROUND_TRUTH", 4: "EVAL_PREDICTIONS",
	})
	checkEnum[InputIDConflictResolution](t, nil, map[int32]string{0: "INPUT_ID_CONFLICT_RESOLUTION_NOT_SET", 1: "SKIP", 2: "SUFFIX"})
	checkEnum(t, ParseSearchMetric, map[int32]string{0: "METRIC_NOT_SET", 1: "EUCLIDEAN_DISTANCE", 2: "COSINE_DISTANCE"})
	checkEnum(t, ParseWorkflowModelUseCase, map[int32]string{0: "WORKFLOW_MODEL_USE_CASE_NOT_SET", 1: "CLASSIFICATION", 2: "DETECTION"})
	checkEnum[PointVisibility](t, nil, map[int32]string{0: "NOT_SET", 1: "VISIBLE", 2: "NOT_VISIBLE", 3: "NOT_PRESENT"})
	checkEnum[EmbeddingsStorage](t, nil, map[int32]string{0: "EMBEDDING_STORAGE_NOT_SET", 1: "POSTGRES", 2: "QDRANT"})
	checkEnum[DatasetSplitMethod](t, nil, map[int32]string{0: "NOT_SET", 1: "RANDOM_PERCENTAGE_SPLIT"})
	checkEnum[BookmarkType](t, nil, map[int32]string{0: "unknown", 1: "model", 2: "workflow", 3: "dataset", 4: "module"})
	checkEnum[EvaluationType](t, nil, map[int32]string{0: "Undefined", 1: "Classification", 2: "Detection", 6: "Generation"})
	checkEnum[ModelTypeFieldType](t, nil, map[int32]string{0: "INVALID_MODEL_TYPE_FIELD_TYPE", 1: "BOOLEAN", 7: "RANGE",
		23: "ARRAY_OF_SECRETS"})
}

// The constants carry the numbers of the API.
func TestEnumConstants(t *testing.T) {
	for want, got := range map[string]fmt.Stringer{
		"PRIVATE": GettablePrivate, "ORG": GettableOrg, "PUBLIC": GettablePublic,
		"CLARIFAI_DATA_PROTOBUF": ExportFormatClarifaiDataProtobuf, "COCO": ExportFormatCOCO, "CLARIFAI_DATA_JSON": ExportFormatClarifaiDataJSON,
		"SKIP": ConflictSkip, "SUFFIX": ConflictSuffix,
		"INPUT_TYPE": MetricsGroupInputType, "CONCEPT_ID": MetricsGroupConceptID, "CONCEPTS_COUNT": MetricsGroupConceptsCount,
		"BOUNDING_BOXES_COUNT": MetricsGroupBoundingBoxesCount, "POLYGONS_COUNT": MetricsGroupPolygonsCount,
		"POINTS_COUNT": MetricsGroupPointsCount, "MASKS_COUNT": MetricsGroupMasksCount, "PIXELS_COUNT": MetricsGroupPixelsCount,
		"ASPECT_RATIO": MetricsGroupAspectRatio,
		"MANUAL":       DatasetVersionRequestOriginManual, "TRAINING": DatasetVersionRequestOriginTraining,
		"EVAL_GROUND_TRUTH": DatasetVersionRequestOriginEvalGroundTruth, "EVAL_PREDICTIONS": DatasetVersionRequestOriginEvalPredictions,
		"EUCLIDEAN_DISTANCE": MetricEuclideanDistance, "COSINE_DISTANCE": MetricCosineDistance,
		"CLASSIFICATION": UseCaseClassification, "DETECTION": UseCaseDetection,
		"VISIBLE": PointVisible, "NOT_VISIBLE": PointNotVisible, "NOT_PRESENT": PointNotPresent,
		"POSTGRES": EmbeddingsStoragePostgres, "QDRANT": EmbeddingsStorageQdrant, "RANDOM_PERCENTAGE_SPLIT": DatasetSplitRandomPercentage,
	} {
		if got.String() != want {
			t.Errorf("the constant of %s is %s", want, got)
		}
	}
}

func TestExportInfoByFormat(t *testing.T) {
	info := &DatasetVersionExportInfo{
		ClarifaiDataProtobuf: &DatasetVersionExport{Format: 1},
		COCO:                 &DatasetVersionExport{Format: 2}, ClarifaiDataJSON: &DatasetVersionExport{Format: 3},
	}
	for format := DatasetVersionExportFormat(1); format <= 3; format++ {
		if got := info.Format(format); got == nil || got.Format != format {
			t.Errorf("format %s: got %v", format, got)
		}
	}
	if info.Format(ExportFormatNotSet) != nil || (*DatasetVersionExportInfo)(nil).Format(ExportFormatCOCO) != nil {
		t.Error("an export that is not there was found")
	}
}

func TestScalars(t *testing.T) {
	type scalars struct {
		F Float   `json:"f"`
		I Int64   `json:"i"`
		U Uint64  `json:"u"`
		P *Uint64 `json:"p,omitzero"`
		B []byte  `json:"b,omitempty"`
		S Struct  `json:"s,omitzero"`
	}
	cases := map[string]struct {
		in, out string
	}{
		"numbers": {`{"f":0.7,"i":-5,"u":7,"p":0,"b":"UEsDBA==","s":{"b":[1, 2],"a":{}}}`,
			`{"f":0.7,"i":"-5","u":"7","p":"0","b":"UEsDBA==","s":{"b":[1,2],"a":{}}}`},
		"texts":           {`{"f":"0.7","i":"-5","u":"7"}`, `{"f":0.7,"i":"-5","u":"7"}`},
		"nothing":         {`{}`, `{"f":0,"i":"0","u":"0"}`},
		"null is nothing": {`{"f":null,"i":null,"u":null,"p":null,"b":null}`, `{"f":0,"i":"0","u":"0"}`},
		"the largest": {`{"f":3.4028234663852886e38,"i":"9223372036854775807","u":"18446744073709551615"}`,
			`{"f":3.4028235e+38,"i":"9223372036854775807","u":"18446744073709551615"}`},
		"32 bits of a pi":   {`{"f":3.141592653589793,"i":0,"u":0}`, `{"f":3.1415927,"i":"0","u":"0"}`},
		"a free object {}":  {`{"s":{}}`, `{"f":0,"i":"0","u":"0","s":{}}`},
		"keys in any order": {`{"U":1,"F":40.5}`, `{"f":40.5,"i":"0","u":"1"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var v scalars
			if err := Decode([]byte(c.in), &v); err != nil {
				t.Fatal(err)
			}
			got, err := Encode(v)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree(t, []byte(c.out)), tree(t, got)); diff != "" {
				t.Errorf("%s became %s", c.in, got)
			}
		})
	}
	for _, bad := range []string{`{"f":"much"}`, `{"i":"9223372036854775808"}`, `{"i":1.5}`, `{"u":-1}`, `{"u":"18446744073709551616"}`,
		`{"b":"no base64!"}`} {
		var v scalars
		if err := Decode([]byte(bad), &v); err == nil {
			t.Errorf("%s passed as %+v", bad, v)
		}
	}
	if NewFloat(math.Pi) != 3.1415927 || NewFloat(0.1) != 0.1 {
		t.Errorf("NewFloat: %v, %v", NewFloat(math.Pi), NewFloat(0.1))
	}
}

// An empty message in a filter means "has one of these", so it has to survive encoding.
func TestEncode_emptyFilterMessagesAreKept(t *testing.T) {
	for _, filter := range []string{
		`{"annotation":{"data":{}}}`,
		`{"annotation":{"data":{"text":{}}}}`,
		`{"annotation":{"data":{"frames":[{"frame_info":{"index":0,"time":"0","number":0}}]}}}`,
		`{"annotation":{"data":{"regions":[{"region_info":{"bounding_box":{"top_row":0,"left_col":0,"bottom_row":0,"right_col":0}}}]}}}`,
		`{"annotation":{"data":{"regions":[{"region_info":{"mask":{}}}]}}}`,
		`{"annotation":{"data":{"regions":[{"region_info":{"polygon":{}}}]}}}`,
		`{"annotation":{"data":{"regions":[{"region_info":{"point":{"row":0,"col":0}}}]}}}`,
		`{"annotation":{"data":{"regions":[{"region_info":{"span":{"char_start":0,"char_end":0}}}]}}}`,
		`{"annotation":{"data":{"time_segments":[{"time_info":{}}]}}}`,
		`{"input":{"data":{"image":{}}}}`,
		`{"input":{"data":{"video":{}}}}`,
		`{"input":{"data":{"audio":{}}}}`,
		`{"input":{"data":{"text":{}}}}`,
		`{"annotation":{"data":{"metadata":{}}}}`,
		`{"annotation":{"worker":{"user":{}}}}`,
		`{"last_updated_time_range":{}}`,
	} {
		var v Filter
		if err := Decode([]byte(filter), &v); err != nil {
			t.Fatal(err)
		}
		got, err := Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree(t, []byte(filter)), tree(t, got)); diff != "" {
			t.Errorf("%s became %s", filter, got)
		}
	}
}

// Empty fields are left out or written as the service does it.
func TestEncode_emptyMessages(t *testing.T) {
	zero := Float(0)
	for want, value := range map[string]any{
		`{}`:                     Dataset{},
		`{"id":"d"}`:             Dataset{ID: "d"},
		`{"id":"c","value":0}`:   Concept{ID: "c", Value: &zero},
		`{"id":"c"}`:             Concept{ID: "c"},
		`{"id":"m","app_id":""}`: Model{ID: "m"},
		`{"id":"w","use_cases":[],"check_consents":[]}`: Workflow{ID: "w"},
		`{"score":0}`:                     Hit{},
		`{"longitude":0,"latitude":0}`:    GeoPoint{},
		`{"positive":0,"negative":0}`:     ConceptTypeCount{},
		`{"status":{},"datasets":[]}`:     MultiDatasetResponse{},
		`{"status":{}}`:                   MultiEvalMetricsResponse{},
		`{"status":{},"hits":[]}`:         MultiSearchResponse{},
		`{"datasets":[]}`:                 PostDatasetsRequest{},
		`{"annotation_filter":{}}`:        AnnotationFilterConfig{AnnotationFilter: &AnnotationFilter{}},
		`{"frame_interpolation_info":{}}`: DatasetVersionProcessingInfo{FrameInterpolationInfo: &FrameInterpolationInfo{}},
	} {
		got, err := Encode(value)
		if err != nil || string(got) != want {
			t.Errorf("%T: got %s, %v, want %s", value, got, err, want)
		}
	}
}
