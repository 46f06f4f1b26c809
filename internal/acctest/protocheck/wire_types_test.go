package protocheck

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// wireTypes are all requests with a body and all responses of the client. Messages in them are included.
var wireTypes = []any{
	clarifai.BaseResponse{}, clarifai.CancelBulkOperationRequest{}, clarifai.CancelInputsAddJobRequest{},
	clarifai.CancelInputsExtractionJobsRequest{}, clarifai.DeleteAnnotationFiltersRequest{}, clarifai.DeleteAnnotationsRequest{},
	clarifai.DeleteBulkOperationRequest{}, clarifai.DeleteConceptRelationsRequest{}, clarifai.DeleteDatasetInputsRequest{},
	clarifai.DeleteDatasetVersionsRequest{}, clarifai.DeleteDatasetsRequest{}, clarifai.DeleteInputsRequest{}, clarifai.DeleteUploadsRequest{},
	clarifai.MultiAnnotationFilterResponse{}, clarifai.MultiAnnotationResponse{}, clarifai.MultiAppDuplicationsResponse{},
	clarifai.MultiAppResponse{}, clarifai.MultiBulkOperationsResponse{}, clarifai.MultiConceptCountResponse{},
	clarifai.MultiConceptLanguageResponse{}, clarifai.MultiConceptMappingJobResponse{}, clarifai.MultiConceptRelationResponse{},
	clarifai.MultiConceptResponse{}, clarifai.MultiDatasetInputResponse{}, clarifai.MultiDatasetResponse{},
	clarifai.MultiDatasetVersionExportResponse{}, clarifai.MultiDatasetVersionMetricsGroupResponse{}, clarifai.MultiDatasetVersionResponse{},
	clarifai.MultiEvalMetricsResponse{}, clarifai.MultiInputResponse{}, clarifai.MultiInputsAddJobResponse{},
	clarifai.MultiInputsExtractionJobResponse{}, clarifai.MultiKnowledgeGraphResponse{}, clarifai.MultiModelVersionResponse{},
	clarifai.MultiScopeResponse{}, clarifai.MultiSearchResponse{}, clarifai.MultiStatusCodeResponse{}, clarifai.MultiUploadResponse{},
	clarifai.PatchAnnotationFiltersRequest{}, clarifai.PatchAnnotationsRequest{}, clarifai.PatchAnnotationsSearchesRequest{},
	clarifai.PatchAppRequest{}, clarifai.PatchAppsIdsRequest{}, clarifai.PatchAppsRequest{}, clarifai.PatchConceptLanguagesRequest{},
	clarifai.PatchConceptsRequest{}, clarifai.PatchDatasetVersionsRequest{}, clarifai.PatchDatasetsRequest{}, clarifai.PatchInputsRequest{},
	clarifai.PatchInputsSearchesRequest{}, clarifai.PatchSearchesRequest{}, clarifai.PostAnnotationFiltersRequest{},
	clarifai.PostAnnotationsRequest{}, clarifai.PostAnnotationsSearchesRequest{}, clarifai.PostAppDuplicationsRequest{},
	clarifai.PostAppsRequest{}, clarifai.PostBulkOperationsRequest{}, clarifai.PostConceptLanguagesRequest{},
	clarifai.PostConceptMappingJobsRequest{}, clarifai.PostConceptRelationsRequest{}, clarifai.PostConceptsRequest{},
	clarifai.PostConceptsSearchesRequest{}, clarifai.PostDatasetInputsRequest{}, clarifai.PostDatasetVersionsRequest{},
	clarifai.PostDatasetsRequest{}, clarifai.PostEvaluationsRequest{}, clarifai.PostInputsDataSourcesRequest{}, clarifai.PostInputsRequest{},
	clarifai.PostInputsSearchesRequest{}, clarifai.PostInputsUploadsRequest{}, clarifai.PostKnowledgeGraphsRequest{},
	clarifai.PostModelVersionEvaluationsRequest{}, clarifai.PostSearchesByIDRequest{}, clarifai.PostSearchesRequest{},
	clarifai.PostUploadsRequest{}, clarifai.PutDatasetVersionExportsRequest{}, clarifai.PutUploadContentPartsRequest{},
	clarifai.SingleAnnotationFilterResponse{}, clarifai.SingleAnnotationResponse{}, clarifai.SingleAppDuplicationResponse{},
	clarifai.SingleAppResponse{}, clarifai.SingleBulkOperationsResponse{}, clarifai.SingleConceptLanguageResponse{},
	clarifai.SingleConceptResponse{}, clarifai.SingleDatasetInputResponse{}, clarifai.SingleDatasetResponse{},
	clarifai.SingleDatasetVersionResponse{}, clarifai.SingleEvalMetricsResponse{}, clarifai.SingleInputCountResponse{},
	clarifai.SingleInputResponse{}, clarifai.SingleInputsAddJobResponse{}, clarifai.SingleInputsExtractionJobResponse{},
	clarifai.SingleModelResponse{}, clarifai.SingleModelTypeResponse{}, clarifai.SingleModelVersionResponse{},
	clarifai.SingleSearchResponse{}, clarifai.SingleStatusCodeResponse{}, clarifai.SingleUploadResponse{}, clarifai.SingleUserResponse{},
}

// partialMessages are messages of which the client has only a part of the fields, with the reason. These fields are compared.
var partialMessages = map[protoreflect.Name]string{
	"Model":           "only referred to",
	"ModelVersion":    "only referred to",
	"ModelType":       "only read for the parameters of evaluations",
	"ModelTypeField":  "only read for the parameters of evaluations",
	"Workflow":        "only referred to",
	"WorkflowVersion": "only referred to",
	"User":            "only the id matters, and the rest is personal",
}

// mayBeLeftOut are fields that are shown if empty and that the client's types may omit, with the reason.
var mayBeLeftOut = map[protoreflect.FullName]string{
	"clarifai.api.Concept.value": "absent means 1 in requests",
}

// The client's types have all fields of the official messages, with their names and types.
// Fields that the service shows if empty are encoded if empty.
func TestWireTypes_matchDefinitions(t *testing.T) {
	checker := Need(t)
	seen := map[reflect.Type]bool{}
	for _, value := range wireTypes {
		kind := reflect.TypeOf(value)
		d := checker.newest
		message := d.apiMessage(kind.Name())
		if message == nil { // later releases dropped the message
			d = checker.older
			message = d.apiMessage(kind.Name())
		}
		if message == nil {
			t.Errorf("there is no message %s", kind.Name())
			continue
		}
		compareMessage(t, d, kind, message, seen)
	}
	if len(seen) < 200 {
		t.Errorf("only %d messages were compared", len(seen))
	}
}

func (d *definitions) apiMessage(name string) protoreflect.MessageDescriptor {
	for _, parent := range []protoreflect.FullName{"clarifai.api", "clarifai.api.status", "clarifai.api.utils"} {
		if m := d.message(parent.Append(protoreflect.Name(name))); m != nil {
			return m
		}
	}
	return nil
}

func compareMessage(t testing.TB, d *definitions, kind reflect.Type, message protoreflect.MessageDescriptor, seen map[reflect.Type]bool) {
	t.Helper()
	if seen[kind] {
		return
	}
	seen[kind] = true
	isRequest := strings.HasSuffix(kind.Name(), "Request")
	missing := map[protoreflect.Name]bool{}
	for i := range message.Fields().Len() {
		missing[message.Fields().Get(i).Name()] = true
	}
	for _, member := range reflect.VisibleFields(kind) {
		tag, ok := member.Tag.Lookup("json")
		if !ok {
			continue
		}
		options := strings.Split(tag, ",")
		field := message.Fields().ByName(protoreflect.Name(options[0]))
		if field == nil {
			t.Errorf("%s.%s: the message has no %s", kind.Name(), member.Name, options[0])
			continue
		}
		delete(missing, field.Name())
		compareField(t, d, kind.Name()+"."+member.Name, member.Type, field, seen)
		always := len(options) == 1
		switch shown := d.shown[field.FullName()]; {
		case isRequest, field.Name() == "status": // clients choose which empty fields to send; responses always have a status
		case always && !shown:
			t.Errorf("%s.%s: the service leaves it out when empty", kind.Name(), member.Name)
		case !always && shown && field.Message() == nil && mayBeLeftOut[field.FullName()] == "",
			!always && shown && field.IsList():
			t.Errorf("%s.%s: the service shows it when empty", kind.Name(), member.Name)
		}
		if slices.Contains(options, "omitempty") && member.Type.Kind() == reflect.Pointer {
			t.Errorf("%s.%s: omitempty drops a message that is there and empty", kind.Name(), member.Name)
		}
	}
	for name := range missing {
		// The body does not contain the fields in the path.
		inPath := isRequest && (name == "user_app_id" || message.Fields().ByName(name).Kind() == protoreflect.StringKind)
		if !inPath && partialMessages[message.Name()] == "" {
			t.Errorf("%s: %s is missing", kind.Name(), name)
		}
	}
}

func compareField(t testing.TB, d *definitions, where string, kind reflect.Type, field protoreflect.FieldDescriptor,
	seen map[reflect.Type]bool) {
	t.Helper()
	switch {
	case field.IsMap():
		if kind.Kind() != reflect.Map || kind.Key().Kind() != reflect.String {
			t.Errorf("%s: %s is a map", where, field.FullName())
			return
		}
		kind, field = kind.Elem(), field.MapValue()
	case field.IsList():
		if kind.Kind() != reflect.Slice {
			t.Errorf("%s: %s is a list", where, field.FullName())
			return
		}
		kind = kind.Elem()
	case kind.Kind() == reflect.Pointer:
		kind = kind.Elem()
	}
	if message := field.Message(); message != nil {
		if want, ok := wellKnownTypes[message.FullName()]; ok {
			if kind != want {
				t.Errorf("%s is %s, want %s for %s", where, kind, want, message.FullName())
			}
			return
		}
		if message.Name() == "UserDetail" && kind == reflect.TypeFor[clarifai.Struct]() {
			return // any JSON is kept
		}
		if kind.Kind() != reflect.Struct {
			t.Errorf("%s is %s, want a struct for %s", where, kind, message.FullName())
			return
		}
		compareMessage(t, d, kind, message, seen)
		return
	}
	ok := false
	switch field.Kind() {
	case protoreflect.StringKind:
		ok = kind.Kind() == reflect.String
	case protoreflect.BoolKind:
		ok = kind.Kind() == reflect.Bool
	case protoreflect.BytesKind:
		ok = kind == reflect.TypeFor[[]byte]()
	case protoreflect.Int32Kind:
		ok = kind.Kind() == reflect.Int32 && kind.NumMethod() == 0
	case protoreflect.Uint32Kind:
		ok = kind.Kind() == reflect.Uint32
	case protoreflect.Int64Kind:
		ok = kind == reflect.TypeFor[clarifai.Int64]()
	case protoreflect.Uint64Kind:
		ok = kind == reflect.TypeFor[clarifai.Uint64]()
	case protoreflect.FloatKind:
		ok = kind == reflect.TypeFor[clarifai.Float]()
	case protoreflect.DoubleKind:
		ok = kind.Kind() == reflect.Float64 && kind.NumMethod() == 0
	case protoreflect.EnumKind:
		ok = compareEnum(t, where, kind, field.Enum())
	}
	ok = ok || widened[field.FullName()] && kind == reflect.TypeFor[clarifai.Uint64]()
	if !ok {
		t.Errorf("%s is %s, which does not hold %s %s", where, kind, field.Kind(), field.FullName())
	}
}

var wellKnownTypes = map[protoreflect.FullName]reflect.Type{
	"google.protobuf.Timestamp":   reflect.TypeFor[time.Time](),
	"google.protobuf.Struct":      reflect.TypeFor[jsontext.Value](),
	"google.protobuf.Value":       reflect.TypeFor[jsontext.Value](),
	"google.protobuf.BoolValue":   reflect.TypeFor[bool](),
	"google.protobuf.UInt64Value": reflect.TypeFor[clarifai.Uint64](),
}

// compareEnum decodes every name of the enum.
func compareEnum(t testing.TB, where string, kind reflect.Type, enum protoreflect.EnumDescriptor) bool {
	t.Helper()
	if kind == reflect.TypeFor[clarifai.StatusCode]() {
		return true // has a table of its own, which may be older
	}
	if kind.Kind() != reflect.Int32 || kind.NumMethod() == 0 {
		return false
	}
	for i := range enum.Values().Len() {
		value := enum.Values().Get(i)
		into := reflect.New(kind)
		if err := clarifai.Decode([]byte(`"`+string(value.Name())+`"`), into.Interface()); err != nil {
			t.Errorf("%s: %v", where, err)
		} else if into.Elem().Int() != int64(value.Number()) {
			t.Errorf("%s: %s is read as %d, want %d", where, value.Name(), into.Elem().Int(), value.Number())
		}
	}
	return true
}
